"""Erasure by law: two people, a public reason, and afterwards no trace of the text in the database, releases or copies."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conflict.documents import sha256
from conflict.models import Claim, Event, Source
from conflict.ops import replica_client
from conflict.ops.replica_client import Replica
from conflict.record.closure import ClosureRefused
from conflict.record.models import Publication, Tombstone
from conflict.vocabulary import ChangeKind
from editorial.accounts.roles import Role
from editorial.models import Erasure, ErasureConfirmation, JournalNote, Report, Review
from editorial.workflow import drafts, edit_history, erasures, quotations, remarks, review, submissions
from editorial.workflow.exceptions import FourEyes, NotPermitted, WorkflowRefused
from editorial.workflow.submissions import EntryChange
from tests.desk import an_event, at_the_desk_of, just_signed_in, person

pytestmark = pytest.mark.django_db

SECRET = "Amadou Fictitious of Konna"
WHY = "Ordered by a court."


@pytest.fixture
def second(db):
    return person("second", Role.ADMINISTRATOR)


@pytest.fixture
def named(published, draft, author, reviewer, chief):
    """The event is public in two versions, both of which name a person; the second was submitted twice."""
    for number in (1, 2):
        now = timezone.now()
        with at_the_desk_of(author):
            draft.summary = f"{SECRET} was hurt ({number})."
            draft.save()
            draft.claims.update(statement=f"46 dead, {SECRET} among them.")
        made = submissions.submit(
            entries=[EntryChange("event", draft.key)],
            by=author,
            at=now,
            title="Konna",
            reason="More is known.",
            change_kind=ChangeKind.CORRECTION,
        )
        with at_the_desk_of(author):
            draft.summary += " So it is said."
            draft.save()
        submissions.resubmit(submission=made, by=author, at=now)
        made.refresh_from_db()
        review.approve(submission=made, by=reviewer, at=now)
        review.publish(submission=made, by=chief, at=now)
    JournalNote.objects.create(entry_kind="event", key=draft.key, by=author, at=now, text=f"Ask {SECRET}.")
    return draft


def erased(entry: Event, by, second) -> Publication:
    asked = erasures.ask(kind="event", key=entry.key, by=by, at=timezone.now(), reason=WHY)
    return erasures.confirm(erasure=asked, by=second, at=timezone.now())


def tables_with(text: str) -> list[str]:
    """Tables in which any column of any row has the text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" row WHERE strpos(row::text, %s) > 0', [text])
            if cursor.fetchone()[0]:
                found.append(table)
    return found


class TestErasing:
    def test_leaves_the_text_nowhere_and_the_chain_whole(self, named, chief, second):
        assert "conflict_eventhistory" in tables_with(SECRET)
        texts = list(
            Publication.objects.of("event", named.key).exclude(document=None).values_list("document", flat=True)
        )

        step = erased(named, chief, second)

        assert tables_with(SECRET) == []
        hashes = {sha256(text) for text in texts}
        assert not [table for guess in hashes for table in tables_with(guess)]
        said = StringIO()
        call_command("verify_record", "--eyes", stdout=said, stderr=StringIO())
        assert f"{step.number} publications verified" in said.getvalue()
        assert Tombstone.objects.get(entry_kind="event", key=named.key).reason == WHY
        answer = Client().get(f"/api/v1/events/{named.key}/versions/2/changes/")
        assert (answer.status_code, answer.json()["code"]) == (410, "redacted")
        shown = Client().get(
            f"/api/v1/publications/{Publication.objects.of('event', named.key).latest('number').number}/"
        )
        assert (shown.json()["action"], shown.json()["reason"], shown.json()["writers"]) == ("redact", WHY, 1)

    def test_takes_a_second_person_who_may(self, named, chief, reviewer, second):
        asked = erasures.ask(kind="event", key=named.key, by=chief, at=timezone.now(), reason=WHY)

        with pytest.raises(FourEyes):
            erasures.confirm(erasure=asked, by=chief, at=timezone.now())
        with pytest.raises(NotPermitted):
            erasures.confirm(erasure=asked, by=reviewer, at=timezone.now())
        chief.is_active = False
        chief.save()
        asked.refresh_from_db()
        with pytest.raises(WorkflowRefused, match="may no longer ask"):
            erasures.confirm(erasure=asked, by=second, at=timezone.now())
        assert Publication.objects.of("event", named.key).filter(document=None).count() == 0

    def test_is_refused_while_the_entry_is_proposed_or_named(self, named, published, author, chief, second):
        asked = erasures.ask(kind="actor", key="malian-army", by=chief, at=timezone.now(), reason=WHY)
        with pytest.raises(ClosureRefused):
            erasures.confirm(erasure=asked, by=second, at=timezone.now())
        with at_the_desk_of(author):
            named.title = "Another"
            named.save()
        submissions.submit(
            entries=[EntryChange("event", named.key)],
            by=author,
            at=timezone.now(),
            title="",
            reason="A title.",
            change_kind=ChangeKind.CORRECTION,
        )
        with pytest.raises(WorkflowRefused, match="take that back first"):
            erasures.ask(kind="event", key=named.key, by=chief, at=timezone.now(), reason=WHY)

    def test_is_refused_while_only_its_history_tells_who_moved_what(self, named, author, reviewer, chief, second):
        other = an_event("2013-01-11-konna")
        made = submissions.submit(
            entries=[EntryChange("event", other.key)],
            by=author,
            at=timezone.now(),
            title="",
            reason="New.",
            change_kind=ChangeKind.NEW,
        )
        review.approve(submission=made, by=reviewer, at=timezone.now())
        review.publish(submission=made, by=chief, at=timezone.now())
        moved = Claim.objects.filter(key=f"{other.key}-46")
        with at_the_desk_of(reviewer):
            moved.update(event=named)

        with pytest.raises(WorkflowRefused, match=f"between it and the event {other.key}"):
            erased(named, chief, second)
        drafts.discard_draft(kind="event", key=other.key, by=author, at=timezone.now())
        erasures.confirm(erasure=Erasure.objects.get(), by=second, at=timezone.now())

        assert moved.get().event == other

    def test_takes_what_the_desk_says_elsewhere_with_it_and_names_the_rest(
        self, named, author, reviewer, chief, second
    ):
        now = timezone.now()
        with at_the_desk_of(author):
            other = an_event("2013-01-11-konna")
            other.summary = f"{SECRET} again."
            other.save()
            Source.objects.create(key="hidden", kind="book", title=f"Book on {SECRET}", access="restricted")
        made = submissions.submit(
            entries=[EntryChange("event", other.key)],
            by=author,
            at=now,
            title=f"On {SECRET}",
            reason=f"On {SECRET}.",
            change_kind=ChangeKind.NEW,
        )
        remarks.comment(submission=made, by=reviewer, at=now, text=f"Is {SECRET} named?")
        review.return_for_revision(submission=made, by=reviewer, at=now, note=f"Leave {SECRET} out.")
        Report.objects.create(
            kind="error",
            version=1,
            entry_kind="event",
            key=other.key,
            ground="other",
            text=SECRET,
            receipt_sha256="0" * 64,
            received_at=now,
        )
        words = ["amadou FICTITIOUS"]
        with pytest.raises(WorkflowRefused, match="repeats what is to be removed"):
            erasures.ask(kind="event", key=named.key, by=chief, at=now, reason=f"For {SECRET}.", words=words)
        with pytest.raises(WorkflowRefused, match="one a line"):
            erasures.ask(kind="event", key=named.key, by=chief, at=now, reason=WHY, words=["of"])

        asked = erasures.ask(kind="event", key=named.key, by=chief, at=now, reason=WHY, words=words)
        looked = quotations.found("event", named.key, words, second)
        erasures.confirm(erasure=asked, by=second, at=timezone.now())

        assert {one.where for one in looked if one.goes} == {
            "audit entry", "comment", "journal note", "report", "review", "submission"
        }  # fmt: skip
        assert {one.where for one in looked if not one.goes} == {
            "draft: event", "draft: source", "history: event", "history: source", "proposed text of another entry", "published reason of a submission"
        }  # fmt: skip
        assert set(tables_with(SECRET)) == {
            "conflict_event", "conflict_eventhistory", "conflict_source", "conflict_sourcehistory", "editorial_submission", "editorial_submittedentry"
        }  # fmt: skip
        assert not [one for one in looked if "Book" in one.row]  # the second may not see restricted sources
        made.refresh_from_db()
        assert made.title == made.comments.get().text == "[erased by law]"
        assert Erasure.objects.get().words == []

    def test_keeps_what_reviews_of_other_texts_refer_to(self, named, chief, second):
        kept = Review.objects.order_by("pk").first()
        erased(named, chief, second)

        assert Review.objects.count() == 3
        assert Review.objects.get(pk=kept.pk).digest != kept.digest  # it covered the event, too
        assert edit_history.history_of(Event).filter(key=named.key).count() == 0

    def test_reaches_a_copy_and_the_releases(self, named, chief, second, tmp_path, settings, monkeypatch):
        settings.RELEASES_DIR = tmp_path / "releases"
        monkeypatch.setattr(transaction, "on_commit", lambda call, using=None: call())

        def pages(url):
            while url:
                page = Client().get(url).json()
                yield page["results"]
                url = page["next"]

        monkeypatch.setattr(replica_client, "pages", pages)
        copy = Replica(tmp_path / "copy.sqlite3")
        copy.follow("https://chronology.example")
        call_command("release", "2026.1", stdout=StringIO(), stderr=StringIO())

        erased(named, chief, second)
        copy.follow("https://chronology.example")

        assert not [row for row in copy.database.iterdump() if SECRET in row]
        copy.close()
        assert SECRET.encode() not in (tmp_path / "copy.sqlite3").read_bytes()
        assert [path.name for path in (tmp_path / "releases" / "2026.1").iterdir()] == ["datapackage.json"]
        answer = Client().get("/api/v1/releases/2026.1/events.csv")
        assert (answer.status_code, answer.json()["code"], WHY in answer.json()["message"]) == (410, "redacted", True)
        assert Client().get("/api/v1/releases/2026.1/").json()["withdrawn"]["reason"] == WHY

    def test_looks_into_every_table_of_the_desk_that_holds_what_people_wrote(self):
        of_entries, of_accounts = {"SubmittedEntry", "SupersededEntry", "Erasure"}, {"Partner", "RoleChange"}
        of_machines = {"AddressCheck", "CacheRow", "HistoryCheckpoint", "SheetMapping", "Webhook"}
        holding = {
            model.__name__
            for model in apps.get_app_config("editorial").get_models()
            if any(field.get_internal_type() in ("TextField", "JSONField") for field in model._meta.concrete_fields)
        }

        assert holding - {model.__name__ for model in quotations.ERASED} == of_entries | of_accounts | of_machines


class TestTheFunctionOfTheDatabase:
    def test_erases_nothing_that_two_people_and_the_log_do_not_ask_for(self, named, chief, second):
        def call(erasure: int, confirmer: int) -> str:
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute("SELECT erase_entry(%s, %s)", [erasure, confirmer])
            except DatabaseError as refused:
                return str(refused)
            return ""

        asked = erasures.ask(kind="event", key=named.key, by=chief, at=timezone.now(), reason=WHY)
        old = Erasure.objects.create(
            entry_kind="event", key="x", reason=WHY, asked_by=chief, asked_at=timezone.now() - timedelta(days=15)
        )

        assert "takes two people" in call(asked.pk, chief.pk)
        assert "takes two people" in call(asked.pk, 0)
        assert "The log does not say" in call(asked.pk, second.pk)
        assert "No erasure waits" in call(old.pk, second.pk)
        assert "No erasure waits" in call(0, second.pk)
        assert not ErasureConfirmation.objects.exists()

    def test_is_all_that_the_desks_login_has(self, log_in_as):
        desk = log_in_as("desk")

        def may(what: str) -> bool:
            return bool(desk.execute(f"SELECT {what}").fetchone()[0])

        assert may("has_function_privilege('erase_entry(bigint, bigint)', 'EXECUTE')")
        assert (
            not log_in_as("public")
            .execute("SELECT has_function_privilege('erase_entry(bigint, bigint)', 'EXECUTE')")
            .fetchone()[0]
        )
        assert not may("has_table_privilege('editorial_erasureconfirmation', 'INSERT')")
        assert not may("has_any_column_privilege('record_publication', 'UPDATE')")
        assert not may("has_table_privilege('editorial_erasure', 'UPDATE, DELETE')")


class TestThePage:
    def test_lets_one_ask_and_another_confirm_once_each_said_who_they_are(self, named, chief, second):
        page = reverse("admin:conflict_event_erase", args=[named.pk])
        client = Client()
        client.force_login(chief)
        assert client.post(page, {"reason": WHY}).status_code == 302
        assert not Erasure.objects.exists()  # first they had to say who they are

        just_signed_in(client, chief)
        looked = client.post(page, {"look": "yes", "words": SECRET}).content.decode()
        assert "journal note" in looked
        assert not Erasure.objects.exists()
        client.post(page, {"reason": WHY, "words": SECRET})
        client.post(page, {"confirm": "1"})
        assert Publication.objects.of("event", named.key).filter(action="redact").count() == 0

        other = Client()
        other.force_login(second)
        just_signed_in(other, second)
        assert "to be confirmed by a second person" in other.get("/admin/").content.decode()
        assert other.post(page, {"confirm": "1"}).status_code == 302
        assert json.loads(Client().get("/api/v1/publications/?page_size=1").content)["results"]
        assert tables_with(SECRET) == []
