"""Normalization of text: stored form, and differences that do not matter."""

import unicodedata
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflict import text

LINES = {
    "  two   spaces ": "two spaces",
    "no\u00a0break\u202fthin\u2009and\tTab": "no break thin and Tab",
    "zero\u200bwidth\ufeff\u00ad": "zerowidth",
    "\u202eturned\u202c": "turned",
    "left\u200eto\u200fright": "lefttoright",
    "one\x0btwo\r\nthree": "one two three",
    "bell\x07 and NUL\x00": "bell and NUL",
    "N\x92Tillit": "N\u2019Tillit",
    "Me\u0301naka": "M\u00e9naka",
    "\u0646\u0635\u0631\u200c\u0647\u0627": "\u0646\u0635\u0631\u200c\u0647\u0627",
}


class TestText:
    @pytest.mark.parametrize(("given_text", "stored"), LINES.items(), ids=map(ascii, LINES))
    def test_of_one_line_is_stored_as(self, given_text, stored):
        assert text.line(given_text) == stored

    def test_of_several_lines_keeps_them(self):
        assert text.prose("\r\nOne.  \r\n\r\nTwo\x0bthree\u2028four. \n") == "One.\n\nTwo\nthree\nfour."

    @settings(deadline=None)
    @given(st.text())
    def test_is_evened_out_once_and_for_all(self, given_text):
        for even_out in (text.line, text.prose):
            stored = even_out(given_text)
            assert even_out(stored) == stored
            assert unicodedata.is_normalized("NFC", stored)
            ElementTree.fromstring(f"<a>{stored.replace('&', '').replace('<', '')}</a>")  # noqa: S314

    def test_is_the_same_where_only_its_lines_end_otherwise(self):
        assert text.is_the_same("One.\r\nTwo.", "One.\nTwo. ")
        assert not text.is_the_same("One.", "Two.")

    def test_says_what_it_took_out(self):
        assert (
            text.evened_out("a\x0b b\u00a0\u00a0c\u200b")
            == "1 control character, 2 special spaces, 1 invisible character"
        )
        assert text.evened_out("plain\r\nlines\t") == ""

    def test_folded_forgets_accents_capitals_and_apostrophes(self):
        assert text.folded("N\u2019TILLIT  M\u00e9naka") == text.folded("n'tillit menaka")


class TestTextReadInTheWrongEncoding:
    @pytest.mark.parametrize(
        ("garbled", "meant"),
        [
            ("SÃ©gou", "Ségou"),
            ("S√©gou", "Ségou"),
            ("S├⌐gou", "Ségou"),
            ("S\ufffdgou", "S?gou"),
            ("the mayor’s house in SÃ©gou", "the mayor’s house in Ségou"),
            ("donâ€™t", "don’t"),
            ("Ù…Ø§Ù„ÙŠ", "مالي"),
        ],
    )
    def test_is_recognised_with_what_it_meant(self, garbled, meant):
        assert text.ungarbled(garbled) == meant

    @pytest.mark.parametrize(
        "fine", ["Ségou", "N’Tillit", "où l’on dit « rien »", "Øystein Åland", "âgé", "Ségou\u00a0!"]
    )
    def test_is_not_seen_where_there_is_none(self, fine):
        assert text.ungarbled(fine) is None
