"""Two texts are compared word by word."""

import pytest

from conflict.public.word_changes import word_changes, words_apart


class TestWordChanges:
    @pytest.mark.parametrize(
        ("before", "after", "shown"),
        [
            (
                "Ceasefire signed in Algiers",
                "Ceasefire agreed in Algiers",
                "Ceasefire <del>signed</del> <ins>agreed</ins> in Algiers",
            ),
            ("", "New", "<ins>New</ins> "),
            ("Old", "", "<del>Old</del> "),
            ("<b>", "<i>", "<del>&lt;b&gt;</del> <ins>&lt;i&gt;</ins> "),
        ],
    )
    def test_mark_what_changed_within_what_stayed(self, before, after, shown):
        assert word_changes(before, after) == shown

    @pytest.mark.parametrize(
        ("before", "after", "apart"),
        [
            ("Konna falls", "Konna is taken", ("Konna <del>falls</del>", "Konna <ins>is taken</ins>")),
            ("", "New", ("", "<ins>New</ins>")),
            ("<b> so", "<i> so", ("<del>&lt;b&gt;</del> so", "<ins>&lt;i&gt;</ins> so")),
        ],
    )
    def test_mark_each_of_two_texts_beside_each_other(self, before, after, apart):
        assert tuple(text.strip() for text in words_apart(before, after)) == apart
