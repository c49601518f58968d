"""Failures leave no partial state: a killed publication, a tampered log, a database without spare connections."""

import io
import json
import signal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from conflict.models import ENTRIES
from conflict.record.consistency import rebuild, verification
from conflict.record.models import Publication, PublishedEvent
from conflict.vocabulary import ChangeKind
from editorial.accounts.roles import Role
from editorial.models import Submission, User
from editorial.models.stages import Stage
from editorial.workflow import review, submissions
from editorial.workflow.submissions import EntryChange
from tests import processes
from tests.desk import MORNING, an_event, at_the_desk_of, person

KILLED_AT = {
    "before the log": "conflict.record.log.append",
    "between log and record": "conflict.record.projection.projector.apply",
    "after the record": "editorial.workflow.review.record_audit",
}
PUBLISH = """
import os, signal
from contextlib import nullcontext
from django.utils import timezone
from unittest.mock import patch
from editorial.models import Submission, User
from editorial.workflow import review

def die(*given, **named):
    os.kill(os.getpid(), signal.SIGKILL)

with patch({where!r}, die) if {where!r} else nullcontext():
    review.publish(submission=Submission.objects.get(), by=User.objects.get(username="chief"), at=timezone.now())
"""


@pytest.fixture
def approved() -> Submission:
    """Ready to be published, for other processes to see."""
    author, reviewer = person("author", Role.CONTRIBUTOR), person("reviewer", Role.REVIEWER)
    person("chief", Role.MANAGING_EDITOR)
    with at_the_desk_of(author):
        an_event()
    entries = [
        EntryChange(kind, entry.key) for kind, model in ENTRIES.items() for entry in model.objects.in_key_order()
    ]
    submission = submissions.submit(
        entries=entries, by=author, at=MORNING, title="Konna", reason="First account.", change_kind=ChangeKind.NEW
    )
    review.approve(submission=submission, by=reviewer, at=MORNING)
    return submission


@pytest.mark.django_db(transaction=True)
class TestAPublicationThatIsKilled:
    @pytest.mark.parametrize("where", KILLED_AT.values(), ids=KILLED_AT)
    def test_leaves_nothing_and_can_be_done_again(self, approved, where):
        done = processes.program(PUBLISH.format(where=where))

        assert done.returncode == -signal.SIGKILL, done.stderr
        approved.refresh_from_db()
        assert (approved.stage, Publication.objects.count(), PublishedEvent.objects.count()) == (Stage.APPROVED, 0, 0)

        again = processes.program(PUBLISH.format(where=""))  # the locks of the dead are gone

        assert again.returncode == 0, again.stderr
        assert Publication.objects.count() == 5
        assert list(verification.faults_in_the_log()) == []
        assert list(rebuild.differences()) == []


@pytest.mark.django_db
class TestALogThatWasTamperedWith:
    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("UPDATE record_publication SET document = document || ' ' WHERE number = 5", "Publication 5 "),
            ("UPDATE record_publication SET reason = 'Another reason.' WHERE number = 5", "Publication 5 "),
            ("DELETE FROM record_publication WHERE number = 3", "Publication 3 is missing"),
        ],
        ids=["a byte of the last document", "the reason of the last step", "a step taken out"],
    )
    def test_is_told_with_its_number(self, approved_and_published, change, said):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("ALTER TABLE record_publication DISABLE TRIGGER USER")  # as only its owner can
            cursor.execute(change)

            with pytest.raises(CommandError, match=said):
                call_command("verify_record", stdout=io.StringIO())

            transaction.set_rollback(True)


@pytest.fixture
def approved_and_published(approved) -> None:
    review.publish(submission=approved, by=User.objects.get(username="chief"), at=MORNING)


EXHAUSTED = """
import json, logging, threading, time
from django.db import connections
from django.test import Client
from conflict.postgres import base
logging.disable()
base.PATIENCE = 0.3  # seconds; a reader waits 10
client = Client(raise_request_exception=False, headers={"host": "chronology.example"})
held, enough = threading.Barrier(2), threading.Event()

def hold():
    for alias in ("default", "public"):
        connections[alias].ensure_connection()
    held.wait()
    enough.wait()
    for alias in ("default", "public"):
        connections[alias].close()

holder = threading.Thread(target=hold)
holder.start()
held.wait()
answers = {}
for path in ("/", "/api/v1/events/", "/account/sign-in/", "/healthz", "/readyz"):
    answer = client.get(path, secure=True)
    answers[path] = [answer.status_code, answer.headers.get("Retry-After"), answer.content.decode()]
enough.set()
holder.join()
until = time.monotonic() + 10
while (state := client.get("/readyz", secure=True).status_code) != 200 and time.monotonic() < until:
    time.sleep(0.1)  # what was asked meanwhile is answered first
answers["afterwards"] = [state, None, ""]
print(json.dumps(answers))
"""


@pytest.mark.django_db(transaction=True)
class TestADatabaseWithoutAConnectionToSpare:
    def test_is_said_so_on_the_website_and_in_the_api(self):
        done = processes.program(EXHAUSTED, DATABASE_POOL="1")

        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert said["/"][:2] == [503, "60"]
        assert "Temporarily unavailable" in said["/"][2]
        assert said["/api/v1/events/"][:2] == [503, "60"]
        assert json.loads(said["/api/v1/events/"][2])["code"] == "unavailable"
        assert (said["/healthz"][0], said["/readyz"][0], said["afterwards"][0]) == (200, 503, 200)
        assert not any("Traceback" in page for _, _, page in said.values())


HANGING_UP = """
import json
from django.db import connections
from conflict.api import exports
from conflict.public import queries
from conflict.api.resources import EVENTS
from conflict.api.selection import Selection
ordering = EVENTS.orderings[EVENTS.default_order]
texts = exports.texts([queries.rows(EVENTS.model)], ordering, None, EVENTS.read, Selection())
begun = next(texts)
within = connections["public"].in_atomic_block
texts.close()  # what the server does when the client has gone
with connections["default"].cursor() as cursor:
    cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'")
    print(json.dumps([bool(begun), within, connections["public"].in_atomic_block, *cursor.fetchone()]))
"""


@pytest.mark.django_db(transaction=True)
class TestAClientThatHangsUpInTheMiddleOfAnExport:
    def test_leaves_no_transaction_behind(self, approved_and_published):
        done = processes.program(HANGING_UP)

        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout) == [True, True, False, 0]
