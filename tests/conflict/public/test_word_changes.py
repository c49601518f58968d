"""Two texts are compared word by word."""

import pytest

from conflict.public.word_changes import word_changes


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
