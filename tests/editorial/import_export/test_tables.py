"""Export and reimport of every desk table: identical bytes, and no invalid rows."""

import csv

import pytest

from conflict import models as desk
from conflict.models import TABLES, Actor, Citation, Event, Source
from conflict.vocabulary import SourceAccess
from editorial.import_export import imports
from editorial.import_export.exceptions import FileRefused, ImportRefused
from editorial.import_export.formats import FORMATS
from editorial.import_export.resources import RESOURCES
from editorial.models import ImportRun
from tests.desk import MORNING

pytestmark = pytest.mark.django_db


@pytest.fixture
def exported(tmp_path):
    def export(table, form, user=None):
        resource = RESOURCES[table](user=user)
        data = FORMATS[form]().export_data(resource.export(queryset=resource.get_queryset()))
        path = tmp_path / f"{table}.{form}"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path

    return export


@pytest.fixture
def imported():
    def bring(table, path, user):
        run = imports.preview(imports.new_run(holds=table, path=path, by=user, at=MORNING), path)
        if not run.refused:
            imports.confirm(run=run, path=path, by=user, at=MORNING)
        return run

    return bring


def test_there_is_a_resource_for_every_table():
    assert set(RESOURCES) == set(TABLES)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
class TestRoundTrip:
    @pytest.mark.parametrize("table", sorted(RESOURCES))
    def test_onto_the_same_desk_changes_nothing(self, table, form, everything, exported, imported, chief):
        path = exported(table, form)
        before = path.read_bytes()

        run = imported(table, path, chief)

        assert list(run.lines.exclude(outcome="unchanged").values_list("line", "column", "reason", "changes")) == []
        assert (run.new, run.changed, run.refused) == (0, 0, 0)
        assert run.rows > 0
        assert exported(table, form).read_bytes() == before

    def test_onto_an_empty_desk_restores_every_table(self, form, everything, exported, imported, chief):
        order = [
            *("actor", "location", "source", "period", "event", "claim", "notice", "finding", "participation"),
            "affiliation",
        ]
        order += [table for table in RESOURCES if table not in order]
        before = {table: exported(table, form).read_bytes() for table in order}
        desk.Period.objects.update(parent=None)
        desk.Location.objects.update(parent=None)
        for table in reversed(order):
            RESOURCES[table].model()._default_manager.all().delete()

        for table in order:
            path = exported("actor", form).with_name(f"again.{form}")
            path.write_bytes(before[table])
            run = imported(table, path, chief)
            assert (run.refused, [line.reason for line in run.lines.filter(outcome="refused")]) == (0, [])

        assert {table: exported(table, form).read_bytes() for table in order} == before


class TestFormulas:
    def test_are_escaped_on_export_and_restored_on_import(self, everything, exported, imported, chief):
        path = exported("actor", "csv")
        Actor.objects.update(name="changed")

        imported("actor", path, chief)

        text = path.read_text()
        assert "'-Ansar Dine" in text
        assert "''=already escaped" in text
        assert sorted(Actor.objects.values_list("name", flat=True)) == ["'=already escaped", "-Ansar Dine"]


class TestPreviewing:
    def test_writes_nothing_and_names_old_and_new(self, everything, exported, chief):
        path = exported("event", "csv")
        path.write_text(path.read_text().replace("Konna falls", "Konna taken", 1))

        run = imports.preview(imports.new_run(holds="event", path=path, by=chief, at=MORNING), path)

        assert (run.changed, run.unchanged) == (1, 1)
        line = run.lines.get(outcome="changed")
        assert line.reason == ""
        assert line.changes == [{"column": "title", "old": "Konna falls", "new": "Konna taken"}]
        assert not Event.objects.filter(title="Konna taken").exists()

    def test_refuses_with_line_column_and_reason(self, everything, exported, chief):
        path = exported("event", "csv")
        path.write_text(path.read_text().replace(",2013-01-10,", ",2015-02-29,", 1))

        run = imports.preview(imports.new_run(holds="event", path=path, by=chief, at=MORNING), path)

        line = run.lines.get(outcome="refused")
        assert (line.line, line.column) == (2, "when")
        assert "2015-02-29" in line.reason

    def test_refuses_a_name_of_nothing(self, everything, exported, chief):
        path = exported("participation", "csv")
        path.write_text(path.read_text().replace("malian-army", "nobody", 1))

        run = imports.preview(imports.new_run(holds="participation", path=path, by=chief, at=MORNING), path)

        line = run.lines.get(outcome="refused")
        assert (line.column, run.refused) == ("actor", 1)
        assert "There is no actor “nobody”" in line.reason

    def test_refuses_a_row_given_twice(self, everything, exported, chief):
        path = exported("source", "csv")
        path.write_text(path.read_text() + path.read_text().splitlines()[1] + "\r\n")

        run = imports.preview(imports.new_run(holds="source", path=path, by=chief, at=MORNING), path)

        assert "given twice, first on line 2" in run.lines.get(outcome="refused").reason

    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            (lambda text: text.replace("title", "titel", 1), "Not known: titel"),
            (lambda text: "\n".join(line.partition(",")[2] for line in text.splitlines()), "Missing: key"),
            (lambda text: text.splitlines()[0], "no rows"),
        ],
        ids=["unknown column", "missing column", "no rows"],
    )
    def test_refuses_the_file_for(self, change, reason, everything, exported, chief):
        path = exported("period", "csv")
        path.write_text(change(path.read_text()))

        with pytest.raises(FileRefused, match=reason):
            imports.preview(imports.new_run(holds="period", path=path, by=chief, at=MORNING), path)

    def test_takes_columns_in_any_order(self, everything, exported, chief):
        path = exported("eventlocation", "csv")
        path.write_text(
            "\n".join(",".join(reversed(line.split(","))) for line in path.read_text("utf-8-sig").splitlines())
        )

        run = imports.preview(imports.new_run(holds="eventlocation", path=path, by=chief, at=MORNING), path)

        assert (run.unchanged, run.refused) == (1, 0)


class TestConfirming:
    def test_refuses_a_desk_that_changed_meanwhile(self, everything, exported, chief):
        path = exported("event", "csv")
        path.write_text(path.read_text().replace("Konna falls", "Konna taken"))
        run = imports.preview(imports.new_run(holds="event", path=path, by=chief, at=MORNING), path)
        Event.objects.update(title="Konna is taken")

        with pytest.raises(ImportRefused, match="desk has changed"):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)

        assert not Event.objects.filter(title="Konna taken").exists()

    def test_refuses_a_swapped_file(self, everything, exported, chief):
        path = exported("event", "csv")
        run = imports.preview(imports.new_run(holds="event", path=path, by=chief, at=MORNING), path)
        path.write_text(path.read_text().replace("Konna falls", "Konna taken"))

        with pytest.raises(ImportRefused, match="not the one that was previewed"):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)

    def test_refuses_to_do_it_twice(self, everything, exported, chief):
        path = exported("event", "csv")
        run = imports.preview(imports.new_run(holds="event", path=path, by=chief, at=MORNING), path)
        imports.confirm(run=run, path=path, by=chief, at=MORNING)

        with pytest.raises(ImportRefused, match="settled already"):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)

    def test_is_noted_in_the_history_with_who_did_it(self, everything, exported, imported, chief):
        path = exported("event", "csv")
        path.write_text(path.read_text().replace("Konna falls", "Konna taken"))

        run = imported("event", path, chief)

        noted = everything.history.order_by("-pgh_id").first().pgh_context.metadata
        assert noted == {"user": chief.pk, "import_run": run.pk}


class TestRestrictedSources:
    @pytest.fixture
    def restricted(self, everything):
        Source.objects.filter(key="cite-1").update(access=SourceAccess.RESTRICTED, title="Secret witness")

    def test_leave_only_for_those_who_may(self, restricted, exported, author, administrator):
        administrator.is_superuser = True

        assert b"cite-1" not in exported("source", "csv", author).read_bytes()
        assert b"cite-1" not in exported("citation", "csv", author).read_bytes()
        assert b"Secret witness" in exported("source", "csv", administrator).read_bytes()

    def test_are_not_told_by_a_preview(self, restricted, exported, author, administrator):
        administrator.is_superuser = True
        path = exported("source", "csv", administrator)
        path.write_text(path.read_text().replace("Secret witness", "?"))

        run = imports.preview(imports.new_run(holds="source", path=path, by=author, at=MORNING), path)

        assert run.refused == 1
        assert "Secret" not in str(run.lines.values())
        assert ImportRun.objects.get().lines.get().changes == []


@pytest.fixture
def rewritten(exported, imported, chief):
    """`rewritten("source", edit)` imports a table whose rows, as lists of cells, `edit` has changed; the run that it made."""

    def rewrite(table, edit):
        path = exported(table, "csv")
        rows = list(csv.reader(path.read_text("utf-8-sig").splitlines(keepends=True)))
        path.write_text("".join(",".join(edit(row)) + "\r\n" for row in rows))
        return imported(table, path, chief)

    return rewrite


class TestATableThatASpreadsheetHasSaved:
    @pytest.mark.parametrize(("true", "false"), [("TRUE", "FALSE"), ("VRAI", "FAUX"), ("1", "0"), ("true", "false")])
    def test_has_its_truths_read(self, true, false, everything, rewritten):
        run = rewritten("source", lambda row: [{"True": true, "False": false}.get(cell, cell) for cell in row])

        assert (run.unchanged, run.refused) == (1, 0)

    def test_has_its_days_read_where_they_are_certain(self, everything, rewritten):
        run = rewritten(
            "event",
            lambda row: [
                cell.replace("2013-01-10", "10 January 2013") if cell == "2013-01-10" else cell for cell in row
            ],
        )

        assert (run.unchanged, run.refused) == (2, 0)

    def test_is_asked_about_a_day_that_might_be_two(self, everything, rewritten):
        run = rewritten("event", lambda row: ["10/01/2013" if cell == "2013-01-10" else cell for cell in row])

        line = run.lines.filter(outcome="refused").first()
        assert "can be 2013-01-10 or 2013-10-01" in line.reason

    def test_is_refused_what_it_read_in_the_wrong_encoding(self, everything, rewritten):
        run = rewritten("location", lambda row: ["KonnÃ©" if cell == "Konna" else cell for cell in row])

        line = run.lines.get(outcome="refused")
        assert (line.column, "looks like “Konné”" in line.reason) == ("name", True)

    def test_has_its_empty_rows_passed_over(self, everything, exported, imported, chief):
        path = exported("event", "csv")
        path.write_text(path.read_text() + "," * 11 + "\r\n" + " ,\u00a0" + "," * 10 + "\r\n")

        assert imported("event", path, chief).unchanged == 2

    def test_keeps_line_ends_as_they_are_stored(self, everything, exported, imported, chief):
        Event.objects.filter(pk=everything.pk).update(summary="One.\r\nTwo.\u200b")
        path = exported("event", "csv")
        path.write_text(
            path.read_bytes().decode().replace("\r\nTwo.\u200b", "\nTwo.").replace("Konna falls", "Konna taken", 1),
            newline="",
        )

        run = imported("event", path, chief)

        assert [line.changes for line in run.lines.filter(outcome="changed")] == [
            [{"column": "title", "old": "Konna falls", "new": "Konna taken"}]
        ]
        everything.refresh_from_db()
        assert everything.summary == "One.\r\nTwo.\u200b"

    def test_has_control_characters_taken_out(self, everything, rewritten):
        run = rewritten(
            "event", lambda row: ["Konna\x0bfalls\u200b\u00a0today" if cell == "Konna falls" else cell for cell in row]
        )

        assert run.lines.first().changes == [{"column": "title", "old": "Konna falls", "new": "Konna falls today"}]


class TestATableExportedBeforeAnUpgrade:
    def test_lacks_newer_columns_and_changes_nothing_in_them(self, everything, exported, imported, chief):
        path = exported("claim", "csv")
        desk.Claim.objects.update(scope="part")
        rows = list(csv.DictReader(path.read_text("utf-8-sig").splitlines(keepends=True)))
        newer = ("best", "scope", "scope_when", "translations")
        older = [{name: cell for name, cell in row.items() if name not in newer} for row in rows]
        older[0]["unit"] = "corrected"
        with path.open("w", newline="", encoding="utf-8") as file:
            table = csv.DictWriter(file, older[0])
            table.writeheader()
            table.writerows(older)

        run = imported("claim", path, chief)

        assert (run.changed, run.refused, run.columns_changed) == (1, 0, {"unit": 1})
        assert set(desk.Claim.objects.values_list("scope", flat=True)) == {"part"}


class TestCorrecting:
    def test_the_role_of_a_participant(self, everything, rewritten):
        run = rewritten(
            "participation",
            lambda row: ["attacker" if cell == "defender" and row[0].endswith("10-konna") else cell for cell in row],
        )

        assert (run.new, run.changed) == (0, 1)
        assert everything.participations.get().role == "attacker"

    def test_the_locator_of_a_citation(self, everything, rewritten):
        before = Citation.objects.count()

        run = rewritten("citation", lambda row: row if row[0] == "source" else [*row[:6], "p. 4", *row[7:]])

        assert (run.new, run.refused, Citation.objects.count()) == (0, 0, before)
        assert set(Citation.objects.values_list("locator", flat=True)) == {"p. 4"}

    def test_a_participant_is_added_without_a_number(self, everything, exported, imported, chief):
        path = exported("participation", "csv")
        path.write_text(
            "event,actor,role,side,standing,note\r\n2013-01-10-konna,ansar-dine,attacker,,known,\r\n2013-01-10-konna,malian-army,defender,,known,\r\n"
        )

        run = imported("participation", path, chief)

        assert (run.new, run.unchanged) == (1, 1)
