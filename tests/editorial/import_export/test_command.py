"""`manage.py import_dataset`: its output, and the account it writes as."""

import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from conflict.models import Claim, Event, Period
from editorial.import_export import plan
from editorial.import_export.writer import Writer
from editorial.models import ImportRun
from tests.editorial.import_export.rows import acled, ged, ged_later, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(tmp_path):
    def call(dataset, *rows, **options):
        said = io.StringIO()
        path = written(tmp_path / "ged991.csv", *rows)
        call_command("import_dataset", dataset, str(path), json=True, stdout=said, **options)
        return json.loads(said.getvalue())

    return call


COUNTS = ("new", "changed", "unchanged", "refused", "vanished")


def test_counts_two_releases(answered):
    first = answered("ucdp-ged", *(ged(id=str(number)) for number in (1, 2, 3)))
    second = answered("ucdp-ged", ged_later(), ged_later(id="2", best="9"), ged_later(id="4"))
    again = answered("ucdp-ged", ged_later(), ged_later(id="2", best="9"), ged_later(id="4"))

    assert [first[name] for name in COUNTS] == [3, 0, 0, 0, 0]
    assert [second[name] for name in COUNTS] == [1, 1, 1, 0, 1]
    assert second["columns_changed"] == {"best": 1}
    assert (second["changes"][0]["external_id"], second["vanished_ids"]) == ("2", ["3"])
    assert [again[name] for name in COUNTS] == [0, 0, 3, 0, 1]
    assert first["release"] == "99.1"


def test_the_same_file_again_is_kept_as_an_import_that_did_nothing(answered):
    first, again = (answered("ucdp-ged", ged(), ged(id="2")) for _ in range(2))

    assert (first["new"], again["unchanged"]) == (2, 2)
    assert again["imported"]
    assert [run.stage for run in ImportRun.objects.order_by("pk")] == ["imported", "imported"]
    assert ImportRun.objects.order_by("pk").last().unchanged == 2


def test_stopped_in_the_middle_it_says_that_nothing_was_written(tmp_path, monkeypatch):
    path = written(tmp_path / "x.csv", ged(), ged(id="2"))
    monkeypatch.setattr(plan, "CHUNK", 1)
    write = Writer.write
    monkeypatch.setattr(Writer, "write", lambda self, chunk: write(self, chunk) if chunk[0].line == 2 else interrupt())

    with pytest.raises(CommandError, match=r"Stopped\. Nothing was written\."):
        call_command("import_dataset", "ucdp-ged", str(path), json=True)

    assert not Event.objects.exists()
    assert not ImportRun.objects.exists()


def interrupt():
    raise KeyboardInterrupt


def test_a_preview_writes_nothing(answered):
    answer = answered("acled", acled(), preview=True)

    assert (answer["new"], answer["imported"]) == (1, False)
    assert not Event.objects.exists()
    assert not ImportRun.objects.exists()


def test_a_refused_line_stops_the_whole_file(tmp_path):
    path, said = written(tmp_path / "x.csv", ged(), ged(id="2", date_end="2031-02-30")), io.StringIO()

    with pytest.raises(CommandError, match="1 lines are refused, so nothing was written"):
        call_command("import_dataset", "ucdp-ged", str(path), json=True, stdout=said)

    problem = json.loads(said.getvalue())["problems"][0]
    assert (problem["line"], problem["column"]) == (3, "date_end")
    assert "2031-02-30" in problem["reason"]
    assert not Event.objects.exists()


def test_a_file_of_another_kind_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "page.csv").write_text("<html>")

    with pytest.raises(CommandError, match="web page"):
        call_command("import_dataset", "acled", str(tmp_path / "page.csv"))


def test_the_history_names_who_is_given(answered, author):
    answered("ucdp-ged", ged(), username=author.username)

    claim: Any = Claim.objects.get(key="ucdp-ged-1-killed")
    assert claim.history.get().pgh_context.metadata["user"] == author.pk
    assert ImportRun.objects.get().previewed_by == author


def test_an_account_that_may_not_import_is_refused(answered, administrator):
    with pytest.raises(CommandError, match="may not import"):
        answered("ucdp-ged", ged(), username=administrator.username)


def test_new_events_are_drafts_without_a_period_unless_one_is_named(answered):
    Period.objects.create(key="war", title="War", position=1)

    answered("ucdp-ged", ged())
    answered("ucdp-ged", ged(), ged(id="2"), period="war")

    assert dict(Event.objects.values_list("key", "period__key")) == {"ucdp-ged-1": None, "ucdp-ged-2": "war"}
