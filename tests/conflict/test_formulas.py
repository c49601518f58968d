"""Formula escaping: one rule for every file from the desk or the API."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from conflict.formulas import escaped, restored

TEXTS = st.text("a1é-=+@'.\t\r\n", max_size=6)


class TestACell:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1+1", "-a", "@x", "\tx", "\r=x", "'=1", "--5", "-5.", "-٣"])
    def test_that_a_spreadsheet_would_run_has_an_apostrophe_in_front(self, text):
        assert escaped(text) == f"'{text}"

    @pytest.mark.parametrize("text", ["-3.89216", "-5", "5", "", "a=1", "'s-Hertogenbosch", "2013-01-10"])
    def test_that_is_a_number_or_harmless_stays_as_it_is(self, text):
        assert escaped(text) == text

    @given(TEXTS)
    @example("'-5")
    def test_comes_back_as_it_was(self, text):
        assert restored(escaped(text)) == text
