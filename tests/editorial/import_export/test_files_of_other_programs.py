"""Files as spreadsheets, pandas, R and portals make them, uploaded in the admin."""

import zipfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conflict.models import (
    Actor,
    ActorName,
    Citation,
    Claim,
    ClaimParty,
    Event,
    Location,
    LocationName,
    Notice,
    Participation,
    Source,
)
from editorial.import_export import files, sheets, uploads
from editorial.import_export.exceptions import FileRefused
from editorial.import_export.resources import RESOURCES
from editorial.models import ImportRun
from tests import spreadsheets
from tests.desk import an_event
from tests.editorial.import_export.rows import acled, ged

HEADER = ["key", "title", "summary", "kind", "when", "as_written", "date_basis", "year_basis", "standing", "location", "location_precision", "period"]  # fmt: skip
OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def cells(path: Path) -> list[list[str]]:
    return [line.cells for line in files.lines_of(path)]


def csv_of(*rows: Iterable[object]) -> bytes:
    """As pandas and R write it: in quotation marks, the lines ended by a line feed."""
    quoted = (",".join('"{}"'.format(str(cell or "").replace('"', '""')) for cell in row) for row in rows)
    return "\n".join(quoted).encode()


def event_row(key: str, when: object, title: str = "Invented") -> list[object]:
    return [key, title, None, "report", when, None, "stated", "explicit", "stated", None, None, None]


class TestAWorkbook:
    @pytest.mark.parametrize("said", ["A1:B2", "A1", "A1:XFD1048576", "A:B"])
    def test_has_the_rows_that_it_holds_whatever_size_it_says(self, said, tmp_path):
        path = spreadsheets.xlsx(tmp_path / "kept-without-suffix", [["a", "b"], ["1", "2"], ["3", "4"]])
        spreadsheets.changed_within(path, ('<dimension ref="A1:B3" />', f'<dimension ref="{said}" />'))

        assert cells(path) == [["a", "b"], ["1", "2"], ["3", "4"]]

    def test_of_the_strict_edition_is_read(self, tmp_path):
        path = spreadsheets.strict(spreadsheets.xlsx(tmp_path / "strict", [["a", "b"], ["é", 2.5]]))

        assert cells(path) == [["a", "b"], ["é", "2.5"]]

    def test_with_its_parts_at_other_names_is_read_as_portals_write_it(self, tmp_path):
        usual, flat = spreadsheets.xlsx(tmp_path / "usual", [["a", "b"], ["1", "2"]]), tmp_path / "flat"
        with zipfile.ZipFile(usual) as packed, zipfile.ZipFile(flat, "w") as moved:
            for name in packed.namelist():
                content = packed.read(name).replace(b'"/xl/', b'"/').replace(b'"xl/', b'"')
                moved.writestr(name.removeprefix("xl/"), content)

        assert cells(flat) == [["a", "b"], ["1", "2"]]

    @pytest.mark.parametrize(
        "name",
        [
            lambda name: name.replace("/", "\\"),
            lambda name: name.replace("sharedStrings", "SharedStrings"),
            lambda name: "" if "sharedStrings" in name else name,
        ],
        ids=["backslashes", "other capitals", "without the list of its texts"],
    )
    def test_is_read_however_a_program_names_its_parts(self, name, tmp_path):
        rows = '<row><c t="inlineStr"><is><t>a</t></is></c><c><v>2</v></c></row>'
        usual, odd = spreadsheets.excel(tmp_path / "usual", rows, ""), tmp_path / "odd"
        with zipfile.ZipFile(usual) as packed, zipfile.ZipFile(odd, "w") as written:
            for part in filter(name, packed.namelist()):
                written.writestr(name(part), packed.read(part))

        assert cells(odd) == [["a", "2"]]

    def test_of_numbers_is_read_without_its_summary_and_the_title_of_its_table(self, tmp_path):
        path = spreadsheets.xlsx(tmp_path / "numbers.xlsx", [["Table 1"], ["a", "b"], ["1", "2"]])
        book = openpyxl.load_workbook(path)
        remark = "This document was exported from Numbers. Each table was converted to an Excel worksheet."
        book.create_sheet("Export Summary", 0)["A2"] = remark
        book.save(path)

        assert cells(path) == [["a", "b"], ["1", "2"]]

    @pytest.mark.parametrize("edition", [lambda path: path, spreadsheets.strict], ids=["transitional", "strict"])
    def test_of_excel_has_its_shared_texts_read(self, edition, tmp_path):
        shared = '<si><t>a</t></si><si><r><t>sha</t></r><r><rPr><b/></rPr><t xml:space="preserve">red </t></r></si>'
        rows = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="3"><c r="A3" t="s"><v>1</v></c></row>'

        assert cells(edition(spreadsheets.excel(tmp_path / "excel", rows, shared))) == [["a"], ["shared "]]

    def test_whose_rows_claim_numbers_no_sheet_has_is_refused(self, tmp_path):
        rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="999999999"><c r="A999999999"><v>1</v></c></row>'

        with pytest.raises(FileRefused, match="at most 1048576 rows"):
            cells(spreadsheets.excel(tmp_path / "file", rows, ""))

    def test_whose_rows_are_nearly_all_empty_cells_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setattr(sheets, "MOST_CELLS", 100_000)
        rows = '<row r="1"><c r="A1"><v>1</v></c></row>'
        rows += "".join(f'<row r="{row}"><c r="ZZZ{row}"/></row>' for row in range(2, 20))

        with pytest.raises(FileRefused, match="most of them empty"):
            cells(spreadsheets.excel(tmp_path / "file", rows, ""))

    @pytest.mark.parametrize(
        ("number_format", "text"),
        [
            ("yyyy-mm-dd", "2013-01-01"),
            ("mmm-yy", "2013-01"),
            ("[$-40C]mmmm\\ yyyy;@", "2013-01"),
            ("yyyy", "2013"),
            ("dd/mm/yyyy", "2013-01-01"),
            ('d" de "mmmm" de "yyyy', "2013-01-01"),
        ],
    )
    def test_has_a_date_as_precise_as_it_shows(self, number_format, text, tmp_path):
        path = spreadsheets.xlsx(tmp_path / "dates", [["when"], [date(2013, 1, 1)]], {"A2": number_format})

        assert cells(path)[1] == [text]

    def test_is_refused_a_date_that_shows_no_year(self, tmp_path):
        path = spreadsheets.xlsx(tmp_path / "dates", [["when"], [date(2013, 6, 9)]], {"A2": "d-mmm"})

        with pytest.raises(FileRefused, match=r"line 2, column when: The cell A2 shows a date without its year"):
            cells(path)

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (OLD_CONTAINER, "of an old kind"),
            (OLD_CONTAINER + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
            (b"a,b\r1,2\r", "CR alone"),
        ],
        ids=["xls", "encrypted", "old lines"],
    )
    def test_that_is_none_is_named_for_what_it_is(self, content, sentence, tmp_path):
        path = tmp_path / "file"
        path.write_bytes(content)

        with pytest.raises(FileRefused, match=sentence):
            cells(path)


class TestOpenDocument:
    def test_is_read_with_its_types(self, tmp_path):
        rows = [
            "".join(
                f'<table:table-cell office:value-type="string"><text:p>{name}</text:p></table:table-cell>'
                for name in "abcd"
            ),
            (
                '<table:table-cell office:value-type="float" office:value="14.5"/><table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
                '<table:table-cell table:style-name="ce1" office:value-type="date" office:date-value="2013-01-01"><text:p>Jan 13</text:p></table:table-cell>'
                '<table:table-cell office:value-type="string"><text:p>two<text:s text:c="2"/>spaces</text:p><text:p>and <text:span>lines</text:span></text:p></table:table-cell>'
            ),
            '<table:table-cell office:value-type="float" office:value="3" table:number-columns-repeated="2"/><table:table-cell table:number-columns-repeated="16382"/>',
        ]
        styles = (
            '<number:date-style style:name="N1"><number:month number:textual="true"/><number:year/></number:date-style>'
            '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>'
        )

        assert cells(spreadsheets.ods(tmp_path / "file", rows, styles)) == [
            ["a", "b", "c", "d"],
            ["14.5", "True", "2013-01", "two  spaces\nand lines"],
            ["3", "3", "", ""],
        ]

    @pytest.mark.parametrize(
        ("cell", "sentence"),
        [
            (
                '<table:table-cell table:formula="of:=[.A1]" office:value-type="float" office:value="1"/>',
                "holds a formula",
            ),
            ('<table:table-cell office:value-type="time" office:time-value="PT1H"/>', "time of day"),
        ],
    )
    def test_is_refused_where_a_cell_is_no_value(self, cell, sentence, tmp_path):
        head = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'

        with pytest.raises(FileRefused, match=sentence):
            cells(spreadsheets.ods(tmp_path / "file", [head, cell]))

    def test_that_repeats_its_rows_beyond_any_sheet_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setattr(sheets, "MOST_ROWS", 1_000)
        head = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
        path = spreadsheets.ods(tmp_path / "file", [head])
        repeated = '<table:table-row table:number-rows-repeated="10000">'
        spreadsheets.changed_within(path, ("<table:table-row>", repeated), parts="content")

        with pytest.raises(FileRefused, match="at most 1000 rows"):
            cells(path)


class TestCsv:
    @pytest.mark.parametrize(
        "content",
        [
            "a,b\r\n1,2\r\n",
            "\ufeffa;b\r\n1;2\r\n",
            "sep=;\r\na;b\r\n1;2\r\n",
            "a\tb\n1\t2\n\n",
            "a,b,,\r\n1,2,,\r\n,,,\r\n , ,,\r\n",
        ],
        ids=["plain", "semicolons", "sep", "tabs", "empty rows and columns"],
    )
    def test_is_read(self, content, tmp_path):
        path = tmp_path / "file"
        path.write_bytes(content.encode())

        assert cells(path) == [["a", "b"], ["1", "2"]]


@pytest.fixture
def upload(client, author, tmp_path, monkeypatch):
    """`upload("event", "event.xlsx", bytes)` previews the file in the admin; the run, or the page that refuses it."""
    monkeypatch.setattr(uploads, "FOLDER", tmp_path / "imports")
    client.force_login(author)

    def send(holds, name, content, *, confirm=False):
        form = {"holds": holds, "file": SimpleUploadedFile(name, content)}
        page = client.post(reverse("admin:editorial_importrun_add"), form, follow=True)
        run = ImportRun.objects.order_by("-pk").first()
        if run is None:
            return page.content.decode()
        if confirm:
            client.post(reverse("admin:editorial_importrun_confirm", args=[run.pk]))
        return run

    return send


@pytest.mark.django_db
class TestUploading:
    @pytest.mark.parametrize("form", ["xlsx", "csv"])
    @pytest.mark.parametrize("table", ["event", "location", "source", "claim", "participation", "citation"])
    def test_the_desks_own_export_brings_it_back_unchanged(self, table, form, client, upload):
        an_event()
        Location.objects.update(
            latitude="14.94200", longitude="-3.89300", coordinate_origin="a map", coordinate_precision="settlement"
        )
        data = client.get(reverse("admin:editorial_importrun_export", args=[table, form])).content

        run = upload(table, f"{table}.{form}", data)

        assert (run.new, run.changed, run.refused, run.unchanged) == (0, 0, 0, run.rows)

    def test_a_month_typed_into_excel_stays_a_month(self, upload, tmp_path):
        rows = [HEADER, event_row("invented-month", date(2013, 1, 1)), event_row("invented-day", date(2013, 1, 10))]
        path = spreadsheets.xlsx(tmp_path / "month", rows, {"E2": "mmm-yy", "E3": "yyyy-mm-dd"})

        upload("event", "month.xlsx", path.read_bytes(), confirm=True)

        assert list(Event.objects.order_by("key").values_list("when", flat=True)) == ["2013-01-10", "2013-01"]

    def test_a_pasted_vertical_tab_becomes_a_line_break(self, upload):
        row = event_row("invented-tab", "2013-03-04")
        row[2] = "Line\x0bpasted\u00a0from a slide."
        content = csv_of(HEADER, row)

        upload("event", "tab.csv", content, confirm=True)

        assert Event.objects.get().summary == "Line\npasted from a slide."

    @pytest.mark.parametrize(
        ("when", "sentence"),
        [("2013-01-X1", "leaves out a digit"), ("1950S2", "is not a date"), ("Jun-12", "which century")],
    )
    def test_a_date_that_is_none_is_refused_in_a_sentence(self, when, sentence, upload):
        content = csv_of(HEADER, event_row("invented", when))

        run = upload("event", "event.csv", content)

        line = run.lines.get(outcome="refused")
        assert (line.column, sentence in line.reason) == ("when", True)

    def test_columns_that_others_have_added_are_passed_over_and_named(self, upload):
        row = {**ged(), "start_year": "2013", "end_year": "2013"}
        content = csv_of(row, row.values())

        run = upload("ucdp-ged", "ged251.csv", content)

        assert (run.new, run.refused) == (1, 0)
        assert run.options["added_columns"] == ["start_year", "end_year"]

    @pytest.mark.parametrize("number", ["", "Unnamed: 0"])
    def test_a_row_of_tags_is_told_though_the_rows_are_numbered(self, number, upload):
        row = ged()
        tags = ["#event+code" if name == "id" else "" for name in row]
        lines = [[number, *row], ["0", *tags], ["1", *row.values()]]
        content = csv_of(*lines)

        run = upload("ucdp-ged", "ged251.csv", content)

        assert (run.new, run.refused) == (1, 0)

    @pytest.mark.parametrize(
        ("day", "year", "reason"),
        [
            ("4-Mar-31", "2031", ""),
            ("4-Mar-31", None, "which century"),
            ("25/3/2031", None, ""),
            ("3/4/2031", None, "can be 2031-04-03 or 2031-03-04"),
        ],
    )
    def test_a_day_is_read_where_it_is_certain(self, day, year, reason, upload):
        row = {name: cell for name, cell in acled(event_date=day).items() if name != "year"} | (
            {"year": year} if year else {}
        )
        content = csv_of(row, row.values())

        run = upload("acled", "acled.csv", content)

        assert (run.new, run.refused) == ((0, 1) if reason else (1, 0))
        assert not reason or reason in run.lines.get(outcome="refused").reason

    def test_a_layout_of_acled_that_is_not_read_is_named_for_what_it_is(self, upload):
        row = {name: cell for name, cell in acled().items() if name != "sub_event_type"}
        content = csv_of(row, row.values())

        assert "before 2019 are not read" in upload("acled", "acled.csv", content)


# In each table one cell that says nothing twice, and what it is changed to; None where all columns together identify a row.
ONE_CELL: dict[str, tuple[str, str, str] | None] = {
    "actor": ("country", "Mali", "Niger"),
    "actorname": ("language", "ar", "fr"),
    "affiliation": ("role", "a | b", "a | c"),
    "citation": ("locator", "p. 7", "p. 8"),
    "claim": ("statement", "Forty-six dead.", "Forty dead."),
    "claimparty": ("described_as", "a nurse", "a doctor"),
    "claimrelation": ("kind", "contradicts", "confirms"),
    "event": ("title", "Another", "Konna is taken"),
    "eventlocation": None,
    "eventrelation": ("kind", "part_of", "possibly_same_as"),
    "finding": ("reason", "One count.", "Two counts."),
    "findingbasis": None,
    "findingparty": ("actor", "malian-army", "ansar-dine"),
    "location": ("name", "Konna", "Kona"),
    "locationname": ("language", "fr", "bm"),
    "notice": ("resolution", "Filled.", "Filled by hand."),
    "noticemention": None,
    "participation": ("note", "at dawn", "at noon"),
    "period": ("title", "First", "Second"),
    "source": ("authors", "A. Author", "B. Author"),
}


@pytest.mark.django_db
@pytest.mark.skipif(spreadsheets.SOFFICE is None, reason="LibreOffice is not installed")
class TestLibreOffice:
    """The real program opens the export of every table, one cell of each is changed, it saves."""

    @pytest.fixture
    def exported(self, everything):
        other = "2013-01-11-konna"
        Actor.objects.filter(key="ansar-dine").update(country="Mali")
        ActorName.objects.update(language="ar")
        Citation.objects.filter(affiliation__isnull=False).update(locator="p. 7", accessed_on="2013-02-01")
        Claim.objects.filter(event__key=other).update(statement="Forty-six dead.")
        ClaimParty.objects.filter(claim__event__key=other).update(described_as="a nurse")
        Event.objects.filter(key=other).update(title="Another")
        Location.objects.filter(key="konna").update(pcode="05001")
        LocationName.objects.update(language="fr")
        Notice.objects.update(resolution="Filled.", resolved_on="2026-01-31")
        Participation.objects.filter(event__key=other).update(note="at dawn")
        Source.objects.update(
            isbn="0306406152", pages="1.10", published_on="2012-06", title="1984", authors="A. Author"
        )

    @pytest.mark.parametrize("to", ["xlsx", "ods", spreadsheets.CSV_OF_LIBREOFFICE], ids=["xlsx", "ods", "csv"])
    @pytest.mark.parametrize("form", ["xlsx", "csv"])
    def test_changes_one_cell_and_only_that_cell_changes(self, form, to, exported, client, upload, tmp_path):
        changes, paths = {}, []
        for table, cell in ONE_CELL.items():
            paths.append(tmp_path / f"{table}.{form}")
            paths[-1].write_bytes(client.get(reverse("admin:editorial_importrun_export", args=[table, form])).content)
            changes[table] = [tuple(f"<text:p>{text}</text:p>" for text in cell[1:])] if cell else []

        saved = spreadsheets.with_cells_changed(paths, changes, to, tmp_path / "saved")

        assert ONE_CELL.keys() == RESOURCES.keys()
        for path in saved:
            table, run = path.stem, upload(path.stem, path.name, path.read_bytes())
            column, old, new = ONE_CELL[table] or ("", "", "")
            assert [(line.line, line.reason) for line in run.lines.filter(outcome="refused")] == [], table
            told = [change for line in run.lines.all() for change in line.changes]
            assert told == ([{"column": column, "old": old, "new": new}] if column else []), table
            assert (run.changed, run.unchanged) == (len(told), run.rows - len(told)), table
