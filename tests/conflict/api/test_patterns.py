"""Patterns given by clients: matches, linear time in the length of the text, and their maximum number."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflict.api.compat.conditions import LONGEST, MOST, Pattern, Table
from conflict.api.errors import Refusal

TABLE = Table({"notes": str}, {})


class TestAPattern:
    @given(st.text("ab%_ ", max_size=8), st.text("abAB_ ", max_size=12))
    def test_fits_what_the_words_between_its_signs_fit_in_order(self, pattern, value):
        parts = pattern.split("%") if "%" in pattern else ["", pattern, ""]
        wanted = re.fullmatch(".*".join(map(re.escape, parts)), value, re.IGNORECASE | re.DOTALL)

        assert Pattern(pattern).fits(value) == bool(wanted)

    def test_of_many_signs_is_looked_for_once_from_left_to_right(self):
        """As a regular expression this took minutes: every sign doubled the ways to fail."""
        assert not Pattern("%a" * 500 + "%b").fits("a" * 20_000)

    def test_stands_for_itself_in_sql(self):
        assert Pattern("50%_a\\b").like == "50%\\_a\\\\b"

    @pytest.mark.parametrize("value", ["a" * (LONGEST + 1), "|".join("a" * (MOST + 2))], ids=["too long", "too many"])
    def test_is_refused_where_it_asks_for_too_much(self, value):
        with pytest.raises(Refusal, match="too long"):
            TABLE.conditions({"notes": value})
