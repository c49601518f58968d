"""Uploads too large for a request: handled by the worker, with visible progress, and never lost."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from conflict.models import Event, Period
from editorial import tasks
from editorial.import_export import batches, imports, jobs, proposals, uploads
from editorial.import_export.exceptions import FileRefused, ImportRefused
from editorial.models import ImportRun
from tests.desk import MORNING
from tests.editorial.import_export.rows import ged, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything_is_large(tmp_path, monkeypatch):
    monkeypatch.setattr(uploads, "FOLDER", tmp_path / "imports")
    monkeypatch.setattr(jobs, "AT_ONCE", 0)


@pytest.fixture
def received(tmp_path, author):
    """An upload that waits to be read."""

    def receive(*rows, content=b"", holds="ucdp-ged"):
        content = content or written(tmp_path / "up.csv", *rows).read_bytes()
        return jobs.receive(
            upload=SimpleUploadedFile("ged991.csv", content),
            holds=holds,
            release="",
            period=None,
            left_out=frozenset(),
            by=author,
            at=MORNING,
        )

    return receive


def the_worker_comes():
    task: Any = tasks.import_waiting
    task(timestamp=0)


def stage():
    return ImportRun.objects.get().stage


class TestALargeUpload:
    def test_is_read_by_the_worker_and_waits_for_confirmation(self, received):
        received(ged(), ged(id="2"))
        assert (stage(), ProcrastinateJob.objects.filter(task_name=jobs.IMPORT).count()) == ("reading", 1)

        the_worker_comes()

        run = ImportRun.objects.get()
        assert (run.stage, run.rows, run.new, run.release) == ("previewed", 2, 2, "99.1")

    def test_is_written_by_the_worker_once_it_is_confirmed(self, received, author):
        run = received(ged(), ged(id="2"))
        the_worker_comes()

        jobs.confirm(run=run, by=author, at=MORNING)
        assert (stage(), Event.objects.count()) == ("importing", 0)
        the_worker_comes()

        run.refresh_from_db()
        assert (run.stage, run.settled_by, Event.objects.count()) == ("imported", author, 2)
        assert list(uploads.FOLDER.iterdir()) == []

    def test_is_shown_while_the_worker_is_at_it(self, received, client, author):
        run = received(ged())
        client.force_login(author)
        ImportRun.objects.update(tries=1, rows_done=12_000)

        page = client.get(reverse("admin:editorial_importrun_change", args=[run.pk]))

        assert "Reading: 12,000 rows so far." in page.content.decode()
        assert page.headers["Refresh"] == "5"
        assert "Import exactly this" not in page.content.decode()

    def test_is_listed_among_what_is_not_settled(self, received, client, author):
        received(ged())
        client.force_login(author)

        for choice in ("open", "worker"):
            page = client.get(reverse("admin:editorial_importrun_changelist"), {"progress": choice})
            assert "ged991.csv" in page.content.decode()

    def test_tells_how_far_it_is(self, received, monkeypatch):
        received(*(ged(id=str(number)) for number in range(1, 4)))
        monkeypatch.setattr(jobs, "TELL_EVERY", 0)
        told = []
        monkeypatch.setattr(jobs, "_say", lambda cursor, run, rows: told.append(rows))

        the_worker_comes()

        assert told == [3]

    def test_that_is_no_such_table_says_so_and_keeps_no_copy(self, received):
        received(content=b"<html>log in</html>")

        the_worker_comes()

        run = ImportRun.objects.get()
        assert (run.stage, "web page" in run.failure) == ("failed", True)
        assert list(uploads.FOLDER.iterdir()) == []

    def test_can_be_given_up_before_it_is_read(self, received, author):
        run = received(ged())

        jobs.abandon(run=run, by=author, at=MORNING)
        the_worker_comes()

        assert (stage(), list(uploads.FOLDER.iterdir())) == ("abandoned", [])

    def test_whose_copy_was_swapped_is_not_imported(self, received, author):
        run = received(ged())
        the_worker_comes()
        jobs.confirm(run=run, by=author, at=MORNING)
        uploads.stored_path(run).write_bytes(uploads.stored_path(run).read_bytes().replace(b"Blue", b"Pink"))

        the_worker_comes()

        run.refresh_from_db()
        assert (run.stage, Event.objects.count()) == ("previewed", 0)
        assert "not the one that was previewed" in run.failure

    def test_is_confirmed_once(self, received, author, chief):
        run, same = received(ged()), ImportRun.objects.get()
        the_worker_comes()
        jobs.confirm(run=run, by=author, at=MORNING)

        with pytest.raises(ImportRefused, match="under way: being imported"):
            jobs.confirm(run=same, by=chief, at=MORNING)

    def test_that_the_desk_overtook_waits_again_and_says_why(self, imported, received, author):
        imported("ucdp-ged", ged())
        run = received(ged(best="9"))
        the_worker_comes()
        jobs.confirm(run=run, by=author, at=MORNING)
        Event.objects.update(summary="Edited.")

        the_worker_comes()

        run.refresh_from_db()
        assert (run.stage, run.settled_by) == ("previewed", None)
        assert "desk has changed" in run.failure

    def test_that_breaks_off_in_the_middle_keeps_no_copy(self, received, tmp_path):
        content = written(tmp_path / "broken.csv", ged(), ged(id="2")).read_bytes()
        received(content=content + b'3,"never closed\n')

        the_worker_comes()

        assert (stage(), ImportRun.objects.get().refused) == ("previewed", 1)
        assert list(uploads.FOLDER.iterdir()) == []

    def test_of_which_a_line_is_refused_can_give_its_good_rows(self, received, author):
        run = received(ged(where_prec="77"), ged(id="2"))
        the_worker_comes()
        run.refresh_from_db()
        run.without_refused = True

        jobs.confirm(run=run, by=author, at=MORNING)
        the_worker_comes()

        assert stage() == "imported"
        assert Event.objects.get().key == "ucdp-ged-2"


class TestTheWorker:
    def test_goes_on_with_the_next_after_a_fault(self, received, monkeypatch):
        received(ged())
        second = received(ged(id="2"))
        read = imports.read
        faults = iter([ZeroDivisionError()])

        def broken(**options):
            for fault in faults:
                raise fault
            read(**options)

        monkeypatch.setattr(imports, "read", broken)

        the_worker_comes()

        second.refresh_from_db()
        assert second.stage == "previewed"
        assert "ZeroDivisionError" in ImportRun.objects.get(stage="failed").failure

    def test_leaves_alone_what_ended_it_three_times(self, received):
        received(ged())
        ImportRun.objects.update(tries=jobs.MOST_TRIES)

        the_worker_comes()

        assert "begun 3 times" in ImportRun.objects.get(stage="failed").failure

    def test_keeps_away_from_what_is_written_while_somebody_waits(self, received, author, monkeypatch):
        """It looks every minute for what a killed process left over, also while a request is at it."""
        run = received(ged())
        the_worker_comes()
        carry_out = imports.carry_out

        def meanwhile(**options):
            the_worker_comes()
            return carry_out(**options)

        monkeypatch.setattr(imports, "carry_out", meanwhile)
        monkeypatch.setattr(jobs, "AT_ONCE", 1024 * 1024)

        jobs.confirm(run=run, by=author, at=MORNING)

        run.refresh_from_db()
        assert (run.stage, run.tries, Event.objects.count()) == ("imported", 0, 1)

    def test_takes_what_is_confirmed_while_it_is_at_another(self, received, author, monkeypatch):
        run = received(ged())
        the_worker_comes()
        monkeypatch.setattr(jobs, "AT_ONCE", 1024 * 1024)

        with jobs._alone():
            jobs.confirm(run=run, by=author, at=MORNING)
        assert (stage(), Event.objects.count()) == ("importing", 0)
        the_worker_comes()

        assert (stage(), Event.objects.count()) == ("imported", 1)

    def test_comes_once_for_many(self, received):
        for number in range(3):
            received(ged(id=str(number)))

        assert ProcrastinateJob.objects.filter(task_name=jobs.IMPORT, status="todo").count() == 1


class TestTooLarge:
    def test_an_upload_is_let_go_by_unkept(self, client, author, monkeypatch, tmp_path):
        monkeypatch.setattr(uploads, "LARGEST", 1000)
        monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
        kept: list[Any] = []
        monkeypatch.setattr(uploads, "keep", kept.append)
        client.force_login(author)

        page = client.post(
            reverse("admin:editorial_importrun_add"),
            {"holds": "ucdp-ged", "file": SimpleUploadedFile("x.csv", b"x" * 5000)},
        )

        assert "manage.py import_dataset on the server" in page.content.decode()
        assert (kept, page.wsgi_request.FILES) == ([], {})

    def test_a_table_is_refused_sooner_than_a_data_set(self, received, monkeypatch):
        monkeypatch.setattr(uploads, "LARGEST_TABLE", 10)

        with pytest.raises(FileRefused, match="split it"):
            received(content=b"key,name\n" * 10, holds="actor")

    def test_small_ones_are_read_while_somebody_waits(self, received, monkeypatch):
        monkeypatch.setattr(jobs, "AT_ONCE", 1024 * 1024)

        assert received(ged()).stage == "previewed"


def test_many_events_are_proposed_by_the_worker_in_batches(imported, author, client, monkeypatch):
    monkeypatch.setattr(jobs, "PROPOSED_AT_ONCE", 2)
    monkeypatch.setattr(proposals, "EVENTS_AT_ONCE", 2)
    war = Period.objects.create(key="war", title="War", position=1)
    run = imported("ucdp-ged", *(ged(id=str(number)) for number in range(1, 6)), period=war)
    client.force_login(author)

    page = client.post(reverse("admin:editorial_importrun_propose", args=[run.pk]), {"reason": "New."}, follow=True)
    assert "The worker is still proposing" in page.content.decode()
    the_worker_comes()

    run.refresh_from_db()
    assert run.proposing == {}
    assert [batch.submission.submitted_by for batch in batches.batches(run)] == [author] * 3
