"""Markers in every text that only the desk may read; then the whole public side is crawled for them."""

import re
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from conflict.models import ENTRIES, Event, Notice, Source
from conflict.vocabulary import Audience, ChangeKind, SourceAccess
from editorial import publishing, workflow
from editorial.models import Ground, JournalNote, User
from editorial.refusals import WorkflowRefused
from editorial.roles import Role
from editorial.workflow import Proposal
from tests.desk import MORNING, an_event, at_the_desk_of, person

pytestmark = pytest.mark.django_db
MARKER = "zzunreviewed"
STARTS = [
    "/",
    "/api/v1/",
    "/search/?q=konna",
    "/changes/",
    "/notices/",
    "/sitemap.xml",
    "/api/v1/schema/",
    "/robots.txt",
]
WITHOUT_ACCOUNT = re.compile(r"^/(admin|accounts|static)/")


def mark_every_text(table: type[models.Model]) -> None:
    """Write the marker into every free text of every row, past the forms; keys, terms, dates and codes stay."""
    texts = [
        column
        for column in table._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField)
        and not column.choices
        and not column.validators[1:]
        and column.name not in KEPT
        and not column.primary_key
        and not column.unique
        and type(column) in (models.CharField, models.TextField)
    ]
    for row in table._default_manager.all():
        values = {column.name: f"{MARKER} {row.pk}"[: column.max_length or 200] for column in texts}
        if table.__name__ in ("ClaimParty", "FindingParty") and not row.described_as:
            continue
        table._default_manager.filter(pk=row.pk).update(**values)


KEPT = {"unit", "pcode", "doi", "isbn", "language", "rank_reason"}


def crawl(client: Client, limit: int = 400) -> dict[str, Any]:
    """Every public address that the public side itself names, from its front doors."""
    waiting, answers = list(STARTS), {}
    while waiting and len(answers) < limit:
        address = waiting.pop(0)
        if address in answers:
            continue
        answer = client.get(address, headers={"accept": "*/*"})
        text = (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode(errors="replace")
        answers[address] = (answer.status_code, text)
        for found in re.findall(r'(?:href|src|loc)="?>?([^"<>\s]+)|(https?://testserver[^"<>\s\\]+)', text):
            link = urlsplit(urljoin(f"http://testserver{address}", unescape(next(filter(None, found)))))
            path = link.path + (f"?{link.query}" if link.query else "")
            if link.netloc == "testserver" and not WITHOUT_ACCOUNT.match(link.path) and path not in answers:
                waiting.append(path)
    return answers


@pytest.fixture
def marked():
    """A public event; then everything on the desk is rewritten, submitted, disputed, noted and withheld."""
    author = person(
        "zzunreviewed-author", Role.CONTRIBUTOR, first_name=MARKER, last_name=MARKER, email=f"{MARKER}@example.org"
    )
    reviewer = person("zzunreviewed-reviewer", Role.REVIEWER)
    with at_the_desk_of(author):
        event = an_event()
    publishing.publish_baseline(at=MORNING)
    with at_the_desk_of(author):
        for table in apps.get_app_config("conflict").get_models():
            if not hasattr(table, "pgh_tracked_model"):
                mark_every_text(table)
        second = Event.objects.create(key=f"{MARKER}-event", title=MARKER, kind="battle", when="2013-01-11")
        Notice.objects.create(
            key=f"{MARKER}-desk", kind="naming_variant", reason=MARKER, event=event, audience=Audience.DESK
        )
        Source.objects.create(key=f"{MARKER}-restricted", kind="report", title=MARKER, access=SourceAccess.RESTRICTED)
    submission = workflow.submit(
        entries=[Proposal("event", event.key)],
        by=author,
        at=MORNING,
        title=MARKER,
        reason=MARKER,
        change_kind=ChangeKind.CORRECTION,
    )
    workflow.comment(submission=submission, by=reviewer, at=MORNING, text=MARKER)
    workflow.return_for_revision(submission=submission, by=reviewer, at=MORNING, note=MARKER)
    workflow.dispute(kind="event", key=event.key, by=author, at=MORNING, ground=Ground.OTHER, statement=MARKER)
    JournalNote.objects.create(entry_kind="event", key=event.key, by=author, at=MORNING, text=MARKER)
    return second


class TestThePublicSide:
    def test_shows_nothing_of_the_desk_anywhere(self, marked, client):
        answers = crawl(client)

        assert len(answers) > 40
        assert not [address for address, (status, _) in answers.items() if status >= 500]
        assert not [address for address, (_, text) in answers.items() if MARKER in text.lower()]

    def test_is_where_the_same_crawl_finds_what_was_published(self, marked, client):
        """The crawl can fail: it reaches what is public in many places."""
        reached = [address for address, (_, text) in crawl(client).items() if "Konna falls" in text]

        assert len(reached) >= 10

    def test_answers_for_a_draft_as_for_what_never_was(self, marked, client):
        for address in (
            f"/events/{MARKER}-event/",
            f"/api/v1/events/{MARKER}-event/",
            f"/sources/{MARKER}-restricted/",
        ):
            assert client.get(address).status_code == 404

    def test_finds_no_draft_by_its_words(self, marked, client):
        answer = client.get("/api/v1/events/", {"search": MARKER})

        assert answer.json()["results"] == []


class TestARestrictedSource:
    def test_is_in_no_document_even_of_an_entry_that_cites_it(self):
        event = an_event()
        secret = Source.objects.create(key="secret", kind="report", title=MARKER, access=SourceAccess.RESTRICTED)
        event.citations.create(source=secret, quotation=MARKER)

        publications = publishing.publish_baseline(at=MORNING)

        assert {publication.entry_kind for publication in publications} >= {"event", "source"}
        assert not [
            publication
            for publication in publications
            if MARKER in (publication.document or "") or publication.key == "secret"
        ]

    def test_cannot_be_submitted(self):
        author = person("ana", Role.CONTRIBUTOR)
        Source.objects.create(key="secret", kind="report", title=MARKER, access=SourceAccess.RESTRICTED)

        with pytest.raises(WorkflowRefused, match="kept from the public"):
            workflow.submit(
                entries=[Proposal("source", "secret")],
                by=author,
                at=MORNING,
                title="",
                reason="New.",
                change_kind=ChangeKind.NEW,
            )


def test_every_kind_of_entry_and_account_was_marked(marked):
    assert {kind for kind, model in ENTRIES.items() if model.objects.exists()} >= {
        "actor",
        "location",
        "source",
        "period",
        "event",
        "notice",
    }
    assert User.objects.filter(username__startswith=MARKER).count() == 2
