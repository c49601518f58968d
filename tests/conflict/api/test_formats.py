"""Formats of whole lists: their content, streaming, and how spreadsheets read them."""

import csv
import io
import json

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from conflict.api import exports
from conflict.api.formats import BulkRenderer, Csv, GeoJson, Hxl, bulk_renderer
from conflict.api.resources import CHANGES, CLAIMS, EVENTS, LOCATIONS, RESOURCES
from conflict.documents.tables import rows
from conflict.documents.tables.columns import OF_KIND, Column
from conflict.documents.tables.csv_lines import escaped
from conflict.public.cache import contents, responses
from conflict.public.page_query import bodies
from conflict.record.models import ProjectionState
from conflict.record.projection import version
from editorial.import_export import files
from tests.documents import actor, claim, described, event, in_french, location, published

OFFERED = [(resource, form) for resource in RESOURCES for form in resource.formats if issubclass(form, BulkRenderer)]
FLAT = [resource for resource in RESOURCES if resource.columns]
KEPT = [resource for resource in FLAT if resource.read is bodies]


def named(value):
    return getattr(value, "name", None) or getattr(value, "format", "")


def content(answer):
    assert answer.status_code == 200, answer.content
    return b"".join(answer)


def table(answer):
    return list(csv.DictReader(io.StringIO(content(answer).decode(), newline="")))


class TestEveryFormat:
    def test_can_be_asked_for_by_name(self, ask, konna):
        for resource, form in OFFERED:
            answer = ask(resource.name, format=form.format)

            assert answer.headers["Content-Type"].partition(";")[0] == form.media_type
            assert answer.headers["Content-Disposition"] == f'attachment; filename="{resource.name}.{form.extension}"'
            assert len(content(answer)) > 50

    def test_can_be_asked_for_by_accept_header(self, ask, konna):
        for resource, form in OFFERED:
            if form is not Hxl:  # is text/csv too, and is asked for by name
                answer = ask(resource.name, headers={"Accept": form.media_type})

                assert answer.headers["Content-Type"].partition(";")[0] == form.media_type
                assert "Accept" in answer.headers["Vary"]

    def test_has_the_bodies_as_the_pages_have_them(self, db, ask):
        published([event("one", 'a \\ "b"\n\tć'), event("two", "\\N \\."), event("three", "\x01")])

        copied = content(ask("events", format="jsonl"))

        assert copied == content(ask("events", format="jsonl", page_size=10))
        assert {json.loads(line)["title"] for line in copied.splitlines()} == {'a \\ "b"\n\tć', "\\N \\.", "\x01"}

    def test_is_a_whole_file_before_anything_is_published(self, db, ask):
        for resource, form in OFFERED:
            content(ask(resource.name, format=form.format))

    def test_asked_for_by_name_goes_before_the_accept_header(self, ask, konna):
        answer = ask("events", format="csv", headers={"Accept": "application/json"})

        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"

    def test_has_all_rows_in_the_order_and_with_the_filters_of_the_list(self, ask, keys, konna, monkeypatch):
        monkeypatch.setattr(exports, "AT_ONCE", 2)
        for question in ({}, {"place": "mopti"}, {"ordering": "-chronology"}):
            lines = content(ask("events", format="jsonl", **question)).decode().splitlines()

            assert [json.loads(line)["key"] for line in lines] == keys("events", **question)

    def test_is_copied_where_it_is_a_whole_table(self, ask, konna):
        with CaptureQueriesContext(connections["default"]) as captured:
            content(ask("events", format="jsonl"))

        assert [query["sql"] for query in captured if query["sql"].startswith("COPY")]

    def test_that_is_narrowed_is_read_in_portions_of_one_size(self, ask, konna, monkeypatch):
        monkeypatch.setattr(exports, "AT_ONCE", 2)
        with CaptureQueriesContext(connections["default"]) as captured:
            content(ask("events", format="jsonl", published_since="2026-01-01"))

        portions = [query["sql"] for query in captured if "body" in query["sql"]]
        assert len(portions) == 3
        assert all("LIMIT 3" in portion for portion in portions)

    def test_goes_on_after_the_last_row_that_a_client_has(self, ask, keys, konna):
        whole = content(ask("events", format="jsonl")).splitlines()

        rest = content(ask("events", format="jsonl", starting_after="konna-bombed")).splitlines()

        assert rest == whole[3:]
        assert keys("events", starting_after="konna-bombed") == ["mopti-meeting", "menaka-attack", "undated"]

    def test_refuses_to_go_on_after_a_row_that_is_not_there(self, ask, konna):
        assert ask("events", format="csv", starting_after="nothing").json()["field"] == "starting_after"
        assert ask("publications", format="csv", starting_after="x").json()["field"] == "starting_after"

    def test_can_be_had_page_by_page_with_links(self, ask, client, konna):
        page = ask("events", format="csv", page_size=4)
        rest = client.get(page.headers["Link"].split(">")[0].strip("<"))

        assert [row["key"] for row in table(page) + table(rest)] == [
            row["key"] for row in table(ask("events", format="csv"))
        ]

    def test_with_columns_takes_no_selection_of_fields(self, ask, konna):
        assert ask("events", format="csv", fields="key").json()["field"] == "fields"
        assert content(ask("events", format="jsonl", fields="key", kind="battle")) == b'{"key":"konna-taken"}\n'

    def test_confirms_a_copy_that_still_stands(self, ask, konna):
        etag = ask("events", format="csv").headers["ETag"]

        assert ask("events", format="csv", headers={"If-None-Match": etag}).status_code == 304


class TestCsv:
    def test_has_a_header_and_a_row_for_each_event(self, ask, konna):
        row = {row["key"]: row for row in table(ask("events", format="csv"))}["konna-taken"]

        assert row["when"] == "2013-01-10"
        assert (row["latitude"], row["longitude"]) == ("14.94530", "-3.89140")
        assert row["participants"] == "Ansar Dine (attacker); Malian Army (defender)"
        assert (row["killed_low"], row["killed_high"], row["claims"]) == ("25", "25", "3")
        assert row["url"] == "http://testserver/api/v1/events/konna-taken/"

    def test_gives_the_bounds_of_the_killed_and_says_that_figures_may_overlap(self, db, ask):
        figures = [
            claim("a", low=3, high=3, qualifier="exact", subject=[described("soldiers")]),
            claim("b", low=5, high=5, qualifier="exact", subject=[described("rebels")]),
        ]
        published(
            [event("clash", claims=figures), event("quiet"), event("told", claims=[claim("c", qualifier="dozens")])]
        )

        clash, quiet, told = sorted(table(ask("events", format="csv")), key=lambda row: row["key"])

        assert (clash["killed_low"], clash["killed_high"]) == ("5", "8")
        assert clash["killed_note"] == "figures may count the same persons: low without them, high with all"
        assert clash["killed_said"] == "Rebels: 5 killed, says a witness. Soldiers: 3 killed, says a witness."
        assert (quiet["killed_low"], quiet["killed_note"]) == ("", "nobody gives a figure")
        assert (told["killed_low"], told["killed_note"]) == ("", "no account gives a number")
        assert told["killed_said"] == "Dozens killed, says a witness."

    @pytest.mark.parametrize("resource", FLAT, ids=named)
    def test_has_values_where_the_entries_have(self, ask, konna, resource):
        rows = table(ask(resource.name, format="csv"))

        assert rows[0].keys() == {column.name for column in resource.columns}
        for body, row in zip(ask(resource.name).json()["results"], rows, strict=True):
            for name, value in body.items():
                if name in row and name != "url" and isinstance(value, str | int) and not isinstance(value, bool):
                    assert row[name] == str(value), name

    @pytest.mark.parametrize(
        ("text", "cell"),
        [
            ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
            ("+1 (223) 20", "'+1 (223) 20"),
            ("-x", "'-x"),
            ("@sum", "'@sum"),
            ("\tx", "'\tx"),
            ("\rx", "'\rx"),
            ("'=x", "''=x"),
            ("'s-Hertogenbosch", "'s-Hertogenbosch"),
            ("-3.89140", "-3.89140"),
            ("2012-01~", "2012-01~"),
            (-3, -3),
            (None, None),
        ],
        ids=repr,
    )
    def test_cannot_run_a_formula_in_a_spreadsheet(self, text, cell):
        assert escaped(text) == cell

    def test_says_true_and_false_in_words(self):
        flags = [Column("negated"), Column("resolved"), Column("is_open")]

        *_, line = Csv().pieces([b'{"negated": true, "resolved": false}'], flags, "")

        assert line == b"true,false,\r\n"

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_gives_the_import_of_the_desk_back_what_was_published(self, form, db, ask, tmp_path):
        titles = {
            "one": "=1+1",
            "two": "'=1+1",
            "three": "''-x",
            "four": "'s-Hertogenbosch",
            "five": "@a",
            "six": "a\x0bb",
        }
        published([event(key, title) for key, title in titles.items()])
        path = tmp_path / f"events.{form}"
        path.write_bytes(b"".join(ask("events", format=form)))

        header, *rows = (line.cells for line in files.lines_of(path))

        assert {row[header.index("key")]: row[header.index("title")] for row in rows} == titles

    def test_escapes_titles(self, db, ask):
        published([event("evil", '=cmd|"/c calc"!A1')])

        assert table(ask("events", format="csv"))[0]["title"] == '\'=cmd|"/c calc"!A1'


class TestKeptLines:
    """Lines of CSV that the record keeps beside the bodies."""

    @pytest.fixture(autouse=True)
    def _record_of_this_code(self, konna):
        version.remember()

    def test_are_what_the_bodies_give(self, ask):
        kind, translated = event(
            "evil", "=1+1", summary='a, "b"\nc', claims=[claim("evil-claim", "-x, y", negated=True)]
        )
        published([(kind, in_french(translated, title="=2+2, même"))])
        questions = [
            {},
            {"page_size": 2},
            {"starting_after": "konna-taken"},
            {"search": "Konna"},
            {"after": "2013-01-11"},
        ]
        asked = [
            (resource.name, form, question) for resource in FLAT for form in ("csv", "hxl") for question in questions
        ]
        with CaptureQueriesContext(connections["default"]) as captured:
            kept = [b"".join(ask(name, format=form, **question)) for name, form, question in asked]
        read = {
            kind for kind in OF_KIND for query in captured if f'"record_published{kind}"."csv_line"' in query["sql"]
        }
        responses.store.clear()
        contents.store.clear()
        ProjectionState.objects.update(version="of other code")

        made = [b"".join(ask(name, format=form, **question)) for name, form, question in asked]

        for question, line, body in zip(asked, kept, made, strict=True):
            assert line == body, question
        assert read == OF_KIND.keys()

    def test_show_new_names(self, ask):
        published([actor("ansar-dine", "Defenders, of faith", family="jihadist"), location("konna", "Konna town")])

        taken = next(row for row in table(ask("events", format="csv")) if row["key"] == "konna-taken")
        said = {row["key"]: row for row in table(ask("claims", format="csv"))}["konna-taken-spokesman"]

        assert (taken["location"], taken["participants"][:19]) == ("Konna town", "Defenders, of faith")
        assert (said["claimant"], said["subject"]) == ("Defenders, of faith", "Konna town")

    def test_are_not_read_in_another_language(self, ask):
        published([(kind, in_french(document, title="Ménaka attaquée")) for kind, document in [event("menaka-attack")]])

        assert "Ménaka attaquée" in [row["title"] for row in table(ask("events", format="csv", lang="fr"))]

    def test_begin_with_the_key_and_end_before_the_address(self):
        assert {(columns[0].name, columns[-1].name) for columns in OF_KIND.values()} == {("key", "url")}
        assert {resource.columns for resource in KEPT} == set(OF_KIND.values())


class TestHxl:
    def test_has_a_tag_under_every_header(self, ask, konna):
        for resource in FLAT:
            tags = content(ask(resource.name, format="hxl")).decode().splitlines()[1].split(",")

            assert len(tags) == len(resource.columns)
            assert len(set(tags)) == len(tags)
            assert all(tag.startswith("#") for tag in tags)


class TestXlsx:
    def test_holds_texts_as_texts_and_numbers_as_numbers(self, db, ask):
        published([event("evil", "=1+1", summary="bell \x07 rings", when="2013"), actor("a")])

        sheet = load_workbook(io.BytesIO(content(ask("events", format="xlsx")))).active
        header, row = (list(cells) for cells in sheet.iter_rows())

        cell = {column.value: cell for column, cell in zip(header, row, strict=True)}
        assert (cell["title"].value, cell["title"].data_type) == ("=1+1", "s")
        assert cell["summary"].value == "bell _x0007_ rings"  # as workbooks write what they cannot hold (ECMA-376)
        assert cell["version"].value == 1


class TestGeoJson:
    def test_is_a_collection_of_features(self, ask, konna):
        collection = json.loads(content(ask("events", format="geojson")))

        feature = {feature["id"]: feature for feature in collection["features"]}
        assert (collection["type"], collection["name"]) == ("FeatureCollection", "events")
        assert feature["konna-taken"]["geometry"] == {"type": "Point", "coordinates": [-3.8914, 14.9453]}
        assert feature["konna-taken"]["properties"]["location"] == "Konna"

    def test_has_no_geometry_where_there_are_no_coordinates(self, ask, konna):
        for resource in (EVENTS, LOCATIONS):
            features = json.loads(content(ask(resource.name, format="geojson")))["features"]

            assert {"undated", "mali"} & {feature["id"] for feature in features if feature["geometry"] is None}

    def test_is_not_offered_of_what_lies_nowhere(self, ask, konna):
        assert GeoJson not in CLAIMS.formats + CHANGES.formats
        assert ask("claims", format="geojson").json()["field"] == "format"


@pytest.mark.django_db(transaction=True)
class TestAnExportDuringAPublication:
    def test_is_of_one_moment(self, ask, monkeypatch):
        monkeypatch.setattr(exports, "AT_ONCE", 1)
        monkeypatch.setattr(bulk_renderer, "BLOCK", 1)
        published([event("a"), event("b")])
        lines = iter(ask("events", format="jsonl", ordering="key").streaming_content)
        first = json.loads(next(lines))["key"]

        assert connections["public"].in_atomic_block
        assert [first, *(json.loads(line)["key"] for line in lines)] == ["a", "b"]
        assert not connections["public"].in_atomic_block

    def test_that_the_client_leaves_in_the_middle_keeps_no_transaction_open(self, ask, monkeypatch):
        monkeypatch.setattr(exports, "AT_ONCE", 1)
        monkeypatch.setattr(rows, "AT_ONCE", 1)
        monkeypatch.setattr(bulk_renderer, "BLOCK", 1)
        published([event("a"), event("b")])
        answer = ask("events", format="csv")
        next(iter(answer.streaming_content)), next(iter(answer.streaming_content))

        answer.close()

        assert not connections["public"].in_atomic_block
        assert len(ask("events").json()["results"]) == 2
