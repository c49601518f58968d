"""The pages for partners under docs/, and the examples of the API's own page: every command on them runs."""

import html
import json
import re
import shlex
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from conflict.models import Location
from conflict.ops import replica_client
from conflict.record.models import PUBLISHED, Publication
from editorial.webhooks import management, outbox, sender
from editorial.workflow import publisher
from tests import docs
from tests.desk import an_event
from tests.editorial.webhooks.conftest import Clock, receiver  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db
SITE = "https://chronology.example"
TEXT = "\n".join(docs.page(name) for name in ("api", "partners", "webhooks"))
KEY = "2013-01-10-konna-taken"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def commands(text: str) -> list[list[str]]:
    """The lines of a shell, taken apart as it would."""
    return [shlex.split(line) for line in re.split(r"\n(?=[a-z][a-z0-9-]+ )", text.strip().replace("\\\n", " "))]


def names(said: Any) -> Any:
    """The names of a JSON text at every depth."""
    if isinstance(said, dict):
        return {name: names(value) for name, value in said.items()}
    return [names(value) for value in said] if isinstance(said, list) else None


@pytest.fixture
def world(db):
    an_event(KEY)
    Location.objects.create(key="mopti-region", name="Mopti", kind="region")
    publisher.publish_baseline(at=timezone.now())


@pytest.fixture
def curl(client, key):
    """As the program does it: a body makes it a POST."""

    def asked(words: list[str]) -> Any:
        url, headers, body = "", {}, None
        rest = iter(words[1:])
        for word in rest:
            if word == "-H":
                name, _, value = next(rest).partition(": ")
                headers[name] = value.replace("abcdefghij.SECRET", key.text)
            elif word == "-d":
                body = next(rest)
            else:
                assert word.startswith(("https://", "http://testserver/")), word
                url = word.removeprefix(SITE)
        if body is None:
            return client.get(url, headers=headers)
        return client.post(url, body, content_type=headers.pop("Content-Type"), headers=headers)

    return asked


def test_the_commands_of_the_page_answer_what_it_says(world, curl):
    asked = [command for block in blocks("sh") for command in commands(block) if command[0] == "curl"]
    answers = [curl(command) for command in asked]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 201, 200]
    search, table, versions, changes, proposed, proposals = answers
    assert [row["key"] for row in search.json()["results"]] == [KEY]
    assert KEY in b"".join(table).decode()
    assert len(versions.json()["results"]) == 1
    assert len(changes.json()["results"]) == 6
    assert proposed.json()["status"] == "received"
    assert proposals.json()["results"] == [proposed.json()]


def test_the_copy_is_kept_by_its_command(world, client, monkeypatch, tmp_path):
    def pages(url):
        while url:
            page = client.get(url.removeprefix(SITE)).json()
            yield page["results"]
            url = page["next"]

    monkeypatch.setattr(replica_client, "pages", pages)
    (command,) = [command for block in blocks("sh") for command in commands(block) if command[0] == "python"]
    assert command[1] == "manage.py"

    call_command(*command[2:-1], str(tmp_path / command[-1]), stdout=StringIO())

    copy = replica_client.Replica(tmp_path / command[-1])
    kept = copy.documents().keys()
    copy.close()
    assert kept == {(kind, row.key) for kind, table in PUBLISHED.items() for row in table._default_manager.all()}


def test_the_lines_that_verify_a_message_do(db, partner, administrator, receiver):  # noqa: F811
    now = timezone.now()
    webhook, secret = management.create(partner=partner, by=administrator, at=now, url=receiver.url)
    an_event(KEY)
    publisher.publish_baseline(at=now)
    assert sender.deliver(webhook_id=webhook.pk, clock=Clock(now)) == 1
    (came,) = receiver.received
    headers = {name.lower(): value for name, value in came.headers.items()}
    program: dict[str, Any] = {}
    exec(blocks("python")[0], program)  # noqa: S102  # of our own page
    is_genuine = program["is_genuine"]

    assert is_genuine(secret, headers, came.body)
    assert not is_genuine(secret, headers, came.body + b" ")
    assert not is_genuine("whsec_AAAA", headers, came.body)
    assert not is_genuine(secret, {**headers, "webhook-id": "msg_other"}, came.body)
    assert not is_genuine(secret, {**headers, "webhook-timestamp": "1"}, came.body)


def test_the_message_of_the_page_is_of_the_shape_that_is_sent(world):
    sent = json.loads(outbox.body(list(Publication.objects.order_by("number")[:1])))

    assert names(json.loads(blocks("json")[0])) == names(sent)


def test_the_examples_of_the_api_page_answer(world, client, curl):
    page = client.get("/api/v1/docs/").content.decode().replace("2013-01-10-town-taken", KEY)
    examples = [html.unescape(block) for block in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)]

    asked = [command for block in examples for command in commands(block) if command[0] == "curl"]
    answers = [curl(command).status_code for command in asked]

    assert len(answers) >= 3
    assert set(answers) == {200, 201}
