"""Preview, confirm, and a later release of the same data set."""

import re
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from conflict import message
from conflict.models import Actor, Claim, ClaimRelation, Event, Location, Participation, Source
from conflict.record.models import Publication
from editorial.import_export import choices, files, import_state, import_undo, imports, plan
from editorial.import_export.exceptions import FileRefused, ImportRefused
from editorial.models import ExternalId, ImportRun
from tests import spreadsheets
from tests.desk import MORNING, at_the_desk_of
from tests.editorial.import_export.rows import ged, ged_later, written

pytestmark = pytest.mark.django_db
ALL = (Event, Claim, Actor, Location, Source, Participation, ExternalId)


def counts():
    return {model.__name__: model.objects.count() for model in ALL}


class TestPreviewing:
    def test_writes_nothing_onto_the_desk(self, previewed):
        run, _ = previewed("ucdp-ged", ged(), ged(id="2"))

        assert (run.rows, run.new, run.stage) == (2, 2, "previewed")
        assert set(counts().values()) == {0}

    def test_says_every_outcome_line_by_line(self, imported, previewed):
        imported("ucdp-ged", ged(), ged(id="2"), ged(id="3"))

        run, _ = previewed("ucdp-ged", ged(best="9"), ged(id="2"), ged(id="4"), ged(id="5", where_prec="99"))

        assert (run.new, run.changed, run.unchanged, run.refused, run.vanished) == (1, 1, 1, 1, 1)
        lines = {line.outcome: line for line in run.lines.all()}
        assert lines["changed"].changes == [{"column": "best", "old": "8", "new": "9"}]
        assert (lines["new"].line, lines["new"].external_id) == (4, "4")
        assert (lines["refused"].line, lines["refused"].column) == (5, "where_prec")
        assert "expected 1 (exact), 2 (near" in lines["refused"].reason
        assert lines["vanished"].external_id == "3"

    def test_does_not_miss_what_lies_outside_the_file(self, imported, previewed):
        imported(
            "ucdp-ged",
            ged(),
            ged(id="2", country="Elsewhere"),
            ged(id="3", date_start="2020-01-01", date_end="2020-01-01"),
        )

        run, _ = previewed("ucdp-ged", ged())

        assert run.vanished == 0

    def test_counts_lines_of_the_file_not_rows(self, previewed):
        run, _ = previewed("ucdp-ged", ged(source_original="two\nlines"), ged(id="2", best="x"))

        assert run.lines.get(outcome="refused").line == 4

    def test_refuses_an_id_given_twice(self, previewed):
        run, _ = previewed("ucdp-ged", ged(), ged(id="1.0", best="9"))

        line = run.lines.get(outcome="refused")
        assert (line.line, line.column) == (3, "id")
        assert "given twice, first on line 2" in line.reason

    def test_refuses_an_id_whose_key_somebody_else_has(self, previewed):
        Event.objects.create(key="ucdp-ged-1", title="Another", kind="battle")

        run, _ = previewed("ucdp-ged", ged())

        assert "did not come from this data set" in run.lines.get().reason


class TestConfirming:
    def test_the_same_file_twice_changes_nothing(self, imported):
        imported("ucdp-ged", ged(), ged(id="2"))
        before, versions = counts(), list(Event.objects.values_list("modified_at"))

        run = imported("ucdp-ged", ged(), ged(id="2"))

        assert (run.new, run.changed, run.unchanged) == (0, 0, 2)
        assert (counts(), list(Event.objects.values_list("modified_at"))) == (before, versions)

    def test_makes_nothing_public(self, imported):
        imported("ucdp-ged", ged())

        assert not Publication.objects.exists()

    def test_is_refused_where_a_line_is(self, previewed, chief):
        run, path = previewed("ucdp-ged", ged(), ged(id="2", best="x"))

        with pytest.raises(ImportRefused, match="1 line is refused"):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)

        assert set(counts().values()) == {0}

    def test_is_refused_for_a_swapped_file(self, previewed, chief):
        run, path = previewed("ucdp-ged", ged())
        written(path, ged(best="9"))

        with pytest.raises(ImportRefused, match="not the one that was previewed"):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)

        assert set(counts().values()) == {0}

    @pytest.mark.parametrize(
        "meddle",
        [
            lambda event: Event.objects.filter(pk=event.pk).update(summary="Edited."),
            lambda event: event.claims.filter(key__endswith="killed").update(low=1, best=2, high=3),
            lambda event: event.delete(),
        ],
        ids=["edited", "a claim edited", "deleted"],
    )
    def test_is_refused_where_the_desk_changed_meanwhile(self, meddle, imported, previewed, chief):
        imported("ucdp-ged", ged())
        event = Event.objects.get()
        run, path = previewed("ucdp-ged", ged(best="9"))
        meddle(event)

        with pytest.raises(ImportRefused, match="desk has changed"):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)

        assert not Claim.objects.filter(best=9).exists()

    def test_is_refused_where_a_new_event_would_now_be_matched_otherwise(self, previewed, chief):
        run, path = previewed("ucdp-ged", ged())
        Actor.objects.create(key="blue", name="Blue Army", kind="armed_group")

        with pytest.raises(ImportRefused, match="desk has changed"):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)

    def test_is_refused_twice(self, previewed, chief):
        run, path = previewed("ucdp-ged", ged())
        imports.confirm(run=run, path=path, by=chief, at=MORNING)

        with pytest.raises(ImportRefused, match="settled already: imported"):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)

    def test_is_refused_after_it_was_given_up(self, previewed, chief):
        run, path = previewed("ucdp-ged", ged())
        import_state.abandon(run=run, by=chief, at=MORNING)

        with pytest.raises(ImportRefused, match="settled already: given up"):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)

    def test_writes_all_or_nothing(self, previewed, chief, monkeypatch):
        run, path = previewed("ucdp-ged", *(ged(id=str(number)) for number in range(1, 8)))
        monkeypatch.setattr(plan, "CHUNK", 3)
        ImportRun.objects.update(preview_sha256="of another preview")

        with pytest.raises(ImportRefused):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)

        assert set(counts().values()) == {0}
        assert ImportRun.objects.get().stage == "previewed"


class TestALaterRelease:
    def test_changes_the_compilers_claim_and_keeps_what_it_said_before(self, imported):
        imported("ucdp-ged", ged(), release="1.1")
        killed: Any = Claim.objects.get(key="ucdp-ged-1-killed")

        imported("ucdp-ged", ged(best="9"), release="2.1")

        killed.refresh_from_db()
        assert (killed.low, killed.best, killed.high) == (6, 9, 30)
        assert [row.best for row in killed.history.order_by("pgh_id")] == [8, 9]
        assert {citation.source.key for citation in killed.citations.all()} >= {"ucdp-ged-11", "ucdp-ged-21"}

    def test_moves_the_entrys_clock(self, imported):
        imported("ucdp-ged", ged())
        event = Event.objects.get()
        Event.objects.filter(pk=event.pk).update(summary=event.summary + " ")
        Event.objects.filter(pk=event.pk).update(summary=event.summary)

        imported("ucdp-ged", ged(best="9"))

        assert Event.objects.get().history.count() >= 1
        killed: Any = Claim.objects.get(key="ucdp-ged-1-killed")
        assert killed.history.count() == 2

    def test_adds_what_is_new_and_says_none_for_what_is_none_now(self, imported):
        imported("ucdp-ged", ged(deaths_b="5", deaths_unknown="0"))

        imported("ucdp-ged", ged(deaths_b="0", deaths_unknown="5"))

        figures = {claim.key.removeprefix("ucdp-ged-1-"): claim.low for claim in Claim.objects.all()}
        assert (figures["deaths-b"], figures["deaths-unknown"]) == (0, 5)
        parts = ClaimRelation.objects.filter(kind="part_of", other__key="ucdp-ged-1-killed")
        assert parts.filter(claim__key="ucdp-ged-1-deaths-unknown").exists()

    def test_renames_moves_and_redates(self, imported):
        imported("ucdp-ged", ged())

        imported(
            "ucdp-ged",
            ged(
                side_b="Green Army",
                side_b_new_id="303",
                where_coordinates="Beta village",
                latitude="15",
                date_end="2031-05-13",
            ),
        )

        event = Event.objects.get()
        assert event.location.name == "Beta village"
        assert (event.when, str(event.span.upper)) == ("2031-05-12/2031-05-13", "2031-05-14")
        assert {part.actor.name for part in event.participations.all()} == {"Government of Nowhere", "Green Army"}
        losses = event.claims.get(key="ucdp-ged-1-deaths-b")
        assert [str(party) for party in losses.subjects] == ["Green Army"]

    def test_adds_reports_and_removes_none(self, imported):
        imported("ucdp-ged", ged())

        imported("ucdp-ged", ged(source_article='"Third Voice,2031-05-20,Later told"'))

        titles = {citation.source.title for citation in Event.objects.get().citations.all()}
        assert {"Later told", "Clash in Alpha"} <= titles

    def test_keeps_what_an_editor_wrote(self, imported, previewed, chief):
        imported("ucdp-ged", ged())
        Event.objects.update(title="The battle of Alpha")
        Claim.objects.filter(key="ucdp-ged-1-deaths-b").update(low=7, high=7)

        run, path = previewed("ucdp-ged", ged(dyad_name="Government - Blue", deaths_b="9", high="31"))
        imports.confirm(run=run, path=path, by=chief, at=MORNING)

        event = Event.objects.get()
        assert event.title == "The battle of Alpha"
        assert event.claims.get(key="ucdp-ged-1-deaths-b").low == 7
        assert event.claims.get(key="ucdp-ged-1-killed").high == 31
        kept = [change["kept"] for change in run.lines.get().changes if "kept" in change]
        assert kept == ["claim deaths-b", "title"]

    def test_deletes_nothing_that_vanished(self, imported):
        imported("ucdp-ged", ged(), ged(id="2"))

        run = imported("ucdp-ged", ged())

        assert run.vanished == 1
        assert Event.objects.count() == 2

    @pytest.mark.parametrize(
        "cells",
        [{"adm_1": "North  Province"}, {"best": "8.0"}, {"latitude": "14.50"}, {"active_year": "True"}, {"relid": "x"}],
        ids=["capitals and spaces", "decimals", "zeros", "a column that is not read", "an id that is not read"],
    )
    def test_does_not_take_spelling_for_a_change(self, cells, imported, previewed):
        imported("ucdp-ged", {**ged(), "relid": ""})

        run, _ = previewed("ucdp-ged", {**ged(), "relid": "", **cells})

        assert (run.unchanged, run.changed) == (1, 0)

    def test_does_not_take_a_column_that_one_layout_lacks_for_a_change(self, imported, previewed):
        imported("ucdp-ged", ged())

        run, _ = previewed("ucdp-ged", ged_later())

        assert run.unchanged == 1

    @pytest.mark.parametrize("later", [{"where_coordinates": "ALPHA town"}, {"where_description": "the market"}])
    def test_is_not_taken_for_an_editor_where_it_only_spelled_otherwise(self, later, imported):
        imported("ucdp-ged", ged())
        imported("ucdp-ged", ged(**later, best="9"))

        run = imported("ucdp-ged", ged(**later, best="9", dyad_name="Government - Blue", conflict_name="The war"))

        assert not run.mentions.filter(kind="kept").exists()
        event = Event.objects.get()
        assert event.title == "Government - Blue: Alpha town"
        assert "(The war)" in event.summary

    def test_renames_an_actor_whose_id_it_keeps_until_it_is_undone(self, imported, chief):
        imported("ucdp-ged", ged(), ged(id="2"))
        run = imported("ucdp-ged", ged(best="9", side_b="Red Army"), ged(id="3", side_b="Red Army"))

        actor = Actor.objects.get(key="ucdp-actor-202")
        assert [actor.name, *actor.names.values_list("name", "kind")] == ["Red Army", ("Blue Army", "former")]
        assert message.read(run.mentions.get(name_key=actor.key).detail) == "so far “Blue Army”"
        assert imported("ucdp-ged", ged(best="9", side_b="Red Army")).unchanged == 1
        import_undo.undo(run=run, by=chief)
        actor.refresh_from_db()
        assert [actor.name, *actor.names.all()] == ["Blue Army"]

    def test_asks_before_it_renames_an_actor_that_an_editor_named(self, imported, chief):
        imported("ucdp-ged", ged())
        with at_the_desk_of(chief):
            Actor.objects.filter(key="ucdp-actor-202").update(name="The Blues")
        imported("ucdp-ged", ged(side_b="Red Army"))
        run = imported("ucdp-ged", ged(side_b="Red Army"))

        assert Actor.objects.get(key="ucdp-actor-202").name == "The Blues"
        asked = run.mentions.get(kind="kept")
        answer = choices.Decision("kept", asked.name_key, "accept")
        choices.decide(run=run, by=chief, at=MORNING, decisions=[answer])
        imported("ucdp-ged", ged(side_b="Red Army"))
        assert Actor.objects.get(key="ucdp-actor-202").name == "Red Army"


class TestTextInTheWrongEncoding:
    def test_is_asked_about_once(self, previewed, imported, chief):
        rows = (ged(where_coordinates="SÃ©gou town"), ged(id="2"))

        run, path = previewed("ucdp-ged", *rows)

        assert "1 row was read in the wrong encoding" in message.read(run.questions["wrong_encoding"])
        assert "“SÃ©gou town” for “Ségou town”" in message.read(run.questions["wrong_encoding"])
        imports.confirm(run=run, path=path, by=chief, at=MORNING, accepted=["wrong_encoding"])
        assert previewed("ucdp-ged", *rows)[0].questions == {}


class TestWhatWasImportedAsThreeClaims:
    """Low, best and high estimate were told apart once."""

    @pytest.fixture
    def event(self, imported):
        imported("ucdp-ged", ged())
        event: Any = Event.objects.get()
        event.claims.get(key="ucdp-ged-1-killed").relations.model.objects.all().delete()
        event.claims.get(key="ucdp-ged-1-killed").delete()
        for name, figure in (("low", 6), ("best", 8), ("high", 30)):
            event.claims.create(
                key=f"ucdp-ged-1-{name}",
                kind="figure",
                measure="killed",
                statement=name,
                low=figure,
                high=figure,
                qualifier="exact",
            )
        return event

    def test_is_one_account_once_a_release_changes_it(self, event, imported):
        imported("ucdp-ged", ged(best="9"))

        told = {claim.key.removeprefix("ucdp-ged-1-"): (claim.best, claim.rank) for claim in event.claims.all()}
        assert told["killed"] == (9, "normal")
        assert {told[name][1] for name in ("low", "best", "high")} == {"deprecated"}

    def test_is_left_alone_by_a_file_that_says_the_same(self, event, imported):
        assert imported("ucdp-ged", ged()).unchanged == 1
        assert not event.claims.filter(rank="deprecated").exists()


HEADERS = {
    "a missing column": (lambda text: text.replace(",best", "", 1), "missing: best"),
    "an unknown column": (lambda text: text.replace("region", "regoin", 1), "not known: regoin. Is region meant?"),
    "a missing and needed column": (lambda text: text.replace("adm_1", "gwnoa2", 1), "missing: adm_1"),
    "a column given twice": (lambda text: text.replace("region", "country", 1), "“country” is given twice"),
    "another table": (lambda text: "a,b\n1,2\n", "no table of UCDP GED"),
    "a header alone": (lambda text: text.splitlines()[0], "no rows"),
    "nothing": (lambda text: "", "empty"),
    "a web page": (lambda text: "<!DOCTYPE html><html>log in</html>", "web page"),
    "an open quotation mark": (lambda text: text.replace(",1,", ',"1,', 1), "not CSV|cells"),
}


class TestFiles:
    @pytest.mark.parametrize(("change", "reason"), HEADERS.values(), ids=HEADERS)
    def test_are_refused_for(self, change, reason, previewed, tmp_path):
        path = written(tmp_path / "broken.csv", ged(), ged(id="2"))
        path.write_text(change(path.read_text()))

        try:
            run, _ = previewed("ucdp-ged", file="broken.csv")
        except FileRefused as refused:
            told = str(refused)
        else:
            told = run.lines.filter(outcome="refused").order_by("line")[0].reason

        assert re.search(reason, told)

    @pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "cp1252"])
    def test_in_another_encoding_are_refused_by_line(self, encoding, previewed, tmp_path):
        path = written(tmp_path / "latin.csv", ged(source_original="Mopti"), ged(id="2", source_original="Ménaka"))
        path.write_bytes(path.read_text().encode(encoding))

        try:
            run, _ = previewed("ucdp-ged", file="latin.csv")
            told = str(run.lines.get(outcome="refused").reason)
        except FileRefused as refused:
            told = str(refused)

        assert "UTF-8" in told

    def test_may_have_a_mark_at_their_start_columns_in_any_order_and_semicolons(self, previewed, tmp_path):
        row = dict(reversed(ged().items()))
        row |= dict.fromkeys(("source_article", "source_office", "source_date", "source_headline"), "none")
        lines = [";".join(row), ";".join(row.values())]
        (tmp_path / "semi.csv").write_text("﻿" + "\r\n".join(lines), encoding="utf-8")

        assert previewed("ucdp-ged", file="semi.csv")[0].new == 1

    def test_may_leave_out_an_unknown_column_by_name(self, previewed):
        run, _ = previewed("ucdp-ged", ged(weather="fair"), left_out=("weather",))

        assert run.new == 1

    def test_are_taken_as_workbooks_too(self, previewed, tmp_path):
        book = openpyxl.Workbook()
        book.active.append([*ged()])
        book.active.append([float(cell) if cell.isdecimal() else cell for cell in ged().values()])
        book.save(tmp_path / "ged.xlsx")

        assert previewed("ucdp-ged", file="ged.xlsx")[0].new == 1

    def test_with_formulas_are_refused(self, previewed, tmp_path):
        book = openpyxl.Workbook()
        book.active.append([*ged()])
        book.active.append(["=1+1", *[*ged().values()][1:]])
        book.save(tmp_path / "ged.xlsx")

        run, _ = previewed("ucdp-ged", file="ged.xlsx")

        assert "cell A2 holds a formula" in run.lines.get().reason

    def test_that_unpack_to_more_than_any_table_are_refused_unpacked(self, previewed, tmp_path):
        with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("xl/workbook.xml", "<workbook/>")
            bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_000)

        with pytest.raises(FileRefused, match="unpack to 30 MB"):
            previewed("ucdp-ged", file="bomb.xlsx")

    @pytest.mark.parametrize(
        "content", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old"], ids=["damaged", "of an old kind"]
    )
    def test_that_are_no_workbooks_are_refused(self, content, previewed, tmp_path):
        (tmp_path / "x.xlsx").write_bytes(content)

        with pytest.raises(FileRefused, match="workbook"):
            previewed("ucdp-ged", file="x.xlsx")

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b'{"TotalCount": 1, "Result": []}', "This is JSON"),
            (b"%PDF-1.7", "This is a PDF"),
            (b"\x1f\x8b\x08", "compressed"),
            (b"# exported\nonce more\nid,year\n", "first line, “# exported”, has none"),
            (b"id,best\r" * 600_000, "CR alone"),
        ],
        ids=["JSON", "a PDF", "packed", "a comment first", "without line feeds"],
    )
    def test_of_other_kinds_are_told_by_what_they_are(self, content, reason, previewed, tmp_path):
        (tmp_path / "x.csv").write_bytes(content)

        with pytest.raises(FileRefused, match=reason):
            previewed("ucdp-ged", file="x.csv")

    def test_may_number_their_rows_as_r_and_pandas_do(self, previewed):
        assert previewed("ucdp-ged", {"": "1", **ged()})[0].new == 1
        assert previewed("ucdp-ged", {"Unnamed: 0": "0", **ged()})[0].new == 1
        blank = {"": "2", **dict.fromkeys(ged(), "")}
        assert previewed("ucdp-ged", {"": "1", **ged()}, blank)[0].rows == 1

    def test_lose_nothing_that_stands_under_no_name(self, previewed):
        run, _ = previewed("ucdp-ged", {**ged(), "": ""}, {**ged(id="2"), "": "a remark"})

        assert (run.new, run.refused) == (1, 1)
        assert "“a remark” stands in column 43, which has no name" in run.lines.get(outcome="refused").reason

    def test_with_two_sheets_that_have_their_columns_are_refused_by_their_names(self, previewed, tmp_path):
        book = openpyxl.Workbook()
        book.active.title = "first"
        for sheet in (book.active, book.create_sheet("second")):
            sheet.append([*ged()])
        book.create_sheet("readme").append(["more"])
        book.save(tmp_path / "ged.xlsx")

        with pytest.raises(FileRefused, match="“first”, “second”"):
            previewed("ucdp-ged", file="ged.xlsx")

    @pytest.mark.parametrize("kind", ["xlsx", "ods"])
    def test_with_a_readme_beside_them_are_read_and_it_is_named(self, kind, previewed, tmp_path):
        readme, data = [["About this file"], ["", "More"]], [[*ged()], [*ged().values()]]
        write = spreadsheets.book if kind == "xlsx" else spreadsheets.ods_book
        write(tmp_path / f"ged.{kind}", {"readme": readme, "data": data})

        run, _ = previewed("ucdp-ged", file=f"ged.{kind}")

        assert (run.new, run.options["other_sheets"]) == (1, ["readme"])

    def test_with_their_only_rows_on_the_second_sheet_are_read(self, previewed, tmp_path):
        book = openpyxl.Workbook()
        sheet = book.create_sheet("data")
        sheet.append([*ged()])
        days = ("date_start", "date_end")
        sheet.append([datetime.fromisoformat(cell) if name in days else cell for name, cell in ged().items()])
        book.save(tmp_path / "ged.xlsx")

        assert previewed("ucdp-ged", file="ged.xlsx")[0].new == 1

    def test_whose_year_is_not_that_of_the_days_are_refused_by_line(self, previewed):
        run, _ = previewed(
            "ucdp-ged", ged(year="1999"), ged(id="2", date_start="2030-12-30", date_end="2031-01-02", year="2031")
        )

        assert (run.new, run.refused) == (1, 1)
        assert run.lines.get(outcome="refused").column == "year"

    def test_may_hold_control_characters_and_no_feed_ever_does(self, imported):
        imported("ucdp-ged", ged(source_original="the\x07 mayor\x1b[1m"))

        assert "the mayor[1m" in Event.objects.get().summary

    def test_are_read_line_by_line(self, tmp_path):
        path = written(tmp_path / "many.csv", *(ged(id=str(number)) for number in range(50)))

        first = next(files.lines_of(path))

        assert first.number == 1
