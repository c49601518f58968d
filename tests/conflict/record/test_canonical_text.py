"""Canonical text: each document has exactly one, which the fast writer must produce too."""

import json
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflict.documents import SCHEMA, canonical_text
from conflict.documents.schema_upgrades import lifted, same

TEXT = st.text() | st.sampled_from(
    ["Gao\u0301", "Gaó", "\u0338", '"\u0301', "\x00\x1f\x7f\u2028", "\U0001f54a", "é", "e\u0301"]
)
LEAF = st.none() | st.booleans() | st.integers(-(2**70), 2**70) | TEXT
VALUE = st.recursive(LEAF, lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner), max_leaves=6)
DOCUMENT = st.dictionaries(TEXT, VALUE, max_size=4)


def as_defined(value):
    """The definition, word for word: strings in NFC, keys sorted, no white space."""
    if isinstance(value, dict):
        value = {unicodedata.normalize("NFC", key): as_defined(item) for key, item in value.items()}
        return "{" + ",".join(f"{json.dumps(key, ensure_ascii=False)}:{value[key]}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(as_defined, value)) + "]"
    return json.dumps(unicodedata.normalize("NFC", value) if isinstance(value, str) else value, ensure_ascii=False)


@settings(max_examples=60, deadline=None)
@given(DOCUMENT)
def test_is_what_its_definition_says_and_the_same_for_what_was_read_from_it(document):
    text = canonical_text(document)

    assert text == as_defined(document)
    assert canonical_text(json.loads(text)) == text


def test_writes_a_decimal_as_its_digits():
    assert canonical_text({"latitude": Decimal("14.94200")}) == '{"latitude":"14.94200"}'


@pytest.mark.parametrize("number", [1.5, float("nan")])
def test_refuses_a_float_by_name(number):
    with pytest.raises(TypeError, match="use a whole number or a decimal"):
        canonical_text({"claims": [{"low": number}]})


class TestAnOldDocument:
    def test_is_lifted_to_figures_with_a_scope(self):
        old = {"schema": 1, "key": "konna", "claims": [{"key": "a", "low": 3}]}

        shown = lifted("event", canonical_text(old))

        assert shown["schema"] == SCHEMA
        (claim,) = shown["claims"]
        assert claim.items() >= {"key": "a", "low": 3, "best": None, "scope": "event", "scope_when": ""}.items()

    def test_still_says_what_it_said(self):
        old = {"schema": 1, "key": "army", "name": "Malian Army"}

        now = lifted("actor", canonical_text(old))

        assert now["schema"] == SCHEMA
        assert same("actor", canonical_text(old), canonical_text(now))
        assert not same("actor", canonical_text(old), canonical_text({**now, "name": "Army"}))
