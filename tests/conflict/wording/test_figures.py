import pytest

from conflict.wording import figures

CLAIMED = [
    ((46, 46, "exact"), "46"),
    ((100, None, "more_than"), "more than 100"),
    ((20, None, "at_least"), "at least 20"),
    ((30, 30, "about"), "about 30"),
    ((None, 50, "up_to"), "up to 50"),
    ((10, 15, ""), "10–15"),
    ((12000, 12000, "exact"), "12,000"),
    ((None, None, "dozens"), "dozens"),
    ((None, None, "unknown"), "said to be unknown"),
    ((0, 0, "exact"), "none (0)"),
    ((None, None, ""), ""),
]
SPANNED = [
    ((46, 148, False, []), "46–148"),
    ((46, 148, True, []), "46–148 or more"),
    ((46, 46, True, ["dozens"]), "at least 46, also “dozens”"),
    ((81, 81, False, []), "81"),
    ((0, 0, False, []), "none (0)"),
    ((None, 50, False, []), "up to 50"),
    ((None, None, True, ["dozens"]), "dozens"),
    ((None, None, False, []), "no number given"),
]


class TestAFigureInWords:
    @pytest.mark.parametrize(("figure", "words"), CLAIMED, ids=[words or "not said" for _, words in CLAIMED])
    def test_says_what_was_claimed_and_no_more(self, figure, words):
        low, high, qualifier = figure

        assert figures.claimed({"low": low, "high": high, "qualifier": qualifier}) == words

    @pytest.mark.parametrize(("estimate", "words"), SPANNED, ids=[words for _, words in SPANNED])
    def test_says_what_the_claims_span(self, estimate, words):
        low, high, is_open, in_words = estimate

        assert figures.spanned({"low": low, "high": high, "is_open_above": is_open, "in_words": in_words}) == words

    def test_is_grouped_as_the_language_groups(self):
        assert figures.number(1234567) == "1,234,567"
