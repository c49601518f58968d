"""The audit log at the desk: searchable by person, verb, entry and time, exportable, read-only, never public."""

import csv
from datetime import timedelta

import pytest
from django.urls import reverse

from conflict.vocabulary import ChangeKind
from editorial.models import AuditEntry
from editorial.workflow import submissions
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING

LIST = "admin:editorial_auditentry_changelist"
pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(published, chief, at_desk):
    """The managing editor reads the audit of one publication."""
    return at_desk(chief)


def rows(client, **asked):
    body = b"".join(client.get(reverse("admin:editorial_auditentry_export"), asked).streaming_content).decode()
    found = csv.DictReader(body.splitlines())
    return [row for row in found if row["verb"] != "rights_changed"]  # of the cast itself: the triggers write it down


class TestTheAudit:
    def test_says_who_did_what_to_which_entry_and_when(self, audit):
        page = audit.get(reverse(LIST)).content.decode()

        assert "reviewer" in page
        assert "approve" in page
        assert "event 2013-01-10-konna" in page

    @pytest.mark.parametrize(
        ("asked", "verbs"),
        [
            ({}, ["publish", "approve", "submit"]),
            ({"verb": "approve"}, ["approve"]),
            ({"q": "event 2013-01-10-konna"}, ["publish", "approve", "submit"]),
            ({"q": "konna"}, ["publish", "approve", "submit"]),
            ({"q": "event another"}, []),
            ({"q": "First account"}, ["submit"]),
            ({"from": "2026-03-02"}, []),
            ({"until": "2026-03-01"}, ["publish", "approve", "submit"]),
            ({"from": "2026-03-01", "until": "2026-03-01", "verb": "submit"}, ["submit"]),
        ],
        ids=str,
    )
    def test_is_found_by_verb_entry_and_time(self, audit, asked, verbs):
        assert [row["verb"] for row in rows(audit, **asked)] == verbs

    def test_is_found_by_person(self, audit, reviewer):
        found = rows(audit, by__id__exact=reviewer.pk)

        assert [(row["by"], row["verb"]) for row in found] == [("reviewer", "approve")]

    def test_says_when_a_day_is_none(self, audit):
        page = audit.get(reverse(LIST), {"from": "2026-02-31"}).content.decode()

        assert "is no day" in page

    def test_exports_what_a_spreadsheet_would_run_as_text(self, audit, draft, author):
        type(draft).objects.filter(pk=draft.pk).update(title="Another title")
        submissions.submit(
            entries=[EntryChange("event", draft.key)],
            by=author,
            at=MORNING + timedelta(hours=1),
            title="",
            reason='=HYPERLINK("https://evil.example")',
            change_kind=ChangeKind.CORRECTION,
        )

        assert rows(audit)[0]["why"].startswith("'=HYPERLINK")

    def test_takes_as_many_queries_for_many_deeds_as_for_few(
        self, audit, submission, django_assert_max_num_queries, chief
    ):
        for number in range(60):
            AuditEntry.objects.create(verb="comment", by=chief, at=MORNING, why=str(number), submission=submission)

        with django_assert_max_num_queries(14):
            audit.get(reverse(LIST))

    @pytest.mark.parametrize("view", ["changelist", "export", "change"])
    @pytest.mark.parametrize("who", ["author", "reviewer"])
    def test_is_refused_to_who_may_not_read_it(self, published, at_desk, request, who, view):
        args = [AuditEntry.objects.order_by("pk").values_list("pk", flat=True)[0]] if view == "change" else []

        answer = at_desk(request.getfixturevalue(who)).get(reverse(f"admin:editorial_auditentry_{view}", args=args))

        assert answer.status_code == 403

    @pytest.mark.parametrize("view", ["changelist", "export"])
    def test_is_not_shown_to_a_stranger(self, published, client, view):
        assert client.get(reverse(f"admin:editorial_auditentry_{view}")).status_code == 302

    def test_is_read_by_an_administrator(self, published, administrator, at_desk):
        assert at_desk(administrator).get(reverse(LIST)).status_code == 200

    def test_cannot_be_written(self, audit):
        audit_entry = AuditEntry.objects.order_by("pk")[0]

        answers = [
            audit.get(reverse("admin:editorial_auditentry_add")),
            audit.post(reverse("admin:editorial_auditentry_change", args=[audit_entry.pk]), {"why": "something else"}),
            audit.post(reverse("admin:editorial_auditentry_delete", args=[audit_entry.pk]), {"post": "yes"}),
        ]

        assert [answer.status_code for answer in answers] == [403, 403, 403]
        assert audit.get(reverse("admin:editorial_auditentry_change", args=[audit_entry.pk])).status_code == 200
