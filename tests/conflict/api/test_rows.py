"""Bodies as rows, and rows as lines of CSV: the fast path gives the same result as the plain one."""

import csv
import io
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conflict.api.formats import Csv
from conflict.api.resources import RESOURCES
from conflict.documents.tables import rows as reading
from conflict.documents.tables.columns import Column
from conflict.documents.tables.csv_lines import FLAGS, escaped
from conflict.documents.tables.rows import rows

FLAT = [resource for resource in RESOURCES if resource.columns]
TEXTS = st.text("a1é“-=+@'.,;\"\t\r\n\0", max_size=5) | st.sampled_from(
    ["-5", "-5.0", "-5.", "--5", "'-5", "-5,=1", "-5\r", "-5\0x", "'=1", "''-x", "'s-Hertogenbosch", "\0=1", "-\u0663"]
)
LEAVES = TEXTS | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | st.none()
VALUES = LEAVES | st.lists(LEAVES, max_size=3)
PARTS = st.none() | st.fixed_dictionaries({}, optional={"b": VALUES})
BODIES = st.fixed_dictionaries(
    {"key": st.just("k")},
    optional={
        "text": TEXTS,
        "any": VALUES,
        "is_open": st.booleans() | st.none(),
        "a": PARTS | st.lists(PARTS.filter(bool)),
    },
)
COLUMNS = [Column("key"), Column("text"), Column("any"), Column("is_open"), Column("part", "a.b"), Column("url")]


def plain(texts, columns, site):
    """The same file, cell by cell."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([column.name for column in columns])
    flags = [index for index, column in enumerate(columns) if column.name == "is_open"]
    for row in rows(texts, columns, site):
        writer.writerow([FLAGS.get(cell) if index in flags else escaped(cell) for index, cell in enumerate(row)])
    return file.getvalue().encode()


def plain_cell(value):
    """What a body's value is in a row, with its lists taken apart one by one."""
    if not isinstance(value, list):
        return None if value == "" else value
    found = [item for item in value if item is not None and item != ""]
    return "; ".join(map(str, found)) if len(found) > 1 else found[0] if found else None


class TestRows:
    @pytest.mark.parametrize(
        ("body", "cell"),
        [
            ('{"parts": [{"actor": {"key": "a"}}, {"actor": {"key": "b"}}]}', "a; b"),
            ('{"parts": [{"actor": {"key": "a"}}, {"actor": null}, {}]}', "a"),
            ('{"parts": [{"actor": [{"key": 1}, {"key": 2}]}, {"actor": {"key": 3}}]}', "1; 2; 3"),
            ('{"parts": {"actor": {"key": 4}}}', 4),
            ('{"parts": {"actor": {"key": ""}}}', None),
            ('{"parts": []}', None),
            ('{"parts": null}', None),
            ("{}", None),
        ],
    )
    def test_join_what_lies_at_a_path(self, body, cell):
        assert list(rows([body.encode()], [Column("keys", "parts.actor.key")], "")) == [[cell]]

    @given(st.lists(BODIES, max_size=5))
    def test_say_the_same_however_many_are_read_at_once(self, bodies):
        texts = [json.dumps(body).encode() for body in bodies]

        together = list(rows(texts, COLUMNS, "/"))

        assert repr(together) == repr([row for text in texts for row in rows([text], COLUMNS, "/")])
        for body, (key, text, anything, is_open, part, url) in zip(bodies, together, strict=True):
            parts = body.get("a") or []
            found = [one.get("b") for one in (parts if isinstance(parts, list) else [parts])]
            flat = [item for value in found for item in (value if isinstance(value, list) else [value])]
            assert repr(part) == repr(plain_cell(flat))
            assert repr(anything) == repr(plain_cell(body.get("any")))
            assert (key, text, is_open, url) == ("k", body.get("text") or None, body.get("is_open"), "/k/")

    def test_are_read_in_portions(self, monkeypatch):
        monkeypatch.setattr(reading, "AT_ONCE", 2)
        texts = (b'{"key": %d}' % number for number in range(5))

        found = rows(texts, [Column("key")], "")

        assert [next(found), next(texts)] == [[0], b'{"key": 2}']
        assert list(found) == [[1], [3], [4]]

    def test_have_no_column_that_a_list_would_answer_itself(self):
        names = {name for resource in FLAT for column in resource.columns for name in ".".join(column.paths).split(".")}

        assert not names & set(dir([]))

    def test_a_function_of_a_body_says_what_it_reads(self):
        for resource in FLAT:
            assert all(column.reads for column in resource.columns if callable(column.value))


class TestLines:
    @given(st.lists(BODIES, max_size=5))
    @example([{"key": "k", "text": text} for text in ("-5", "-5\0x")])
    @example([{"key": "k", "text": text} for text in ("-5,=1", "-3.89140")])
    @example([{"key": "k", "any": value} for value in (-5, -5.0, True, None, ["-5"], [-5], [None, ""], ["=1", "=2"])])
    def test_are_what_the_module_csv_writes_of_safe_cells(self, bodies):
        texts = [json.dumps(body).encode() for body in bodies]

        assert b"".join(Csv().pieces(texts, COLUMNS, "=/")) == plain(texts, COLUMNS, "=/")
