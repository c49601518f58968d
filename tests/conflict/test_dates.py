"""Dates as precise as known: the meaning of EDTF texts, and impossible dates."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.utils.translation import override
from edtf import parse_edtf
from hypothesis import given, settings
from hypothesis import strategies as st

from conflict.dates import ImpossibleDate, Precision, months_until, parse
from conflict.wording import days

MEANINGS = {
    "2012-01-17": ("2012-01-17", "2012-01-18", Precision.DAY),
    "2012-06": ("2012-06-01", "2012-07-01", Precision.MONTH),
    "2012-12": ("2012-12-01", "2013-01-01", Precision.MONTH),
    "2012": ("2012-01-01", "2013-01-01", Precision.YEAR),
    "2012-XX": ("2012-01-01", "2013-01-01", Precision.YEAR),
    "2012-05-XX": ("2012-05-01", "2012-06-01", Precision.MONTH),
    "201X": ("2010-01-01", "2020-01-01", Precision.LONGER),
    "2013-01~": ("2013-01-01", "2013-02-01", Precision.MONTH),
    "2012-09?": ("2012-09-01", "2012-10-01", Precision.MONTH),
    "2013?-10-23": ("2013-10-23", "2013-10-24", Precision.DAY),
    "2013-02-08/2013-02-10": ("2013-02-08", "2013-02-11", Precision.INTERVAL),
    "2012-01~/2012-02~": ("2012-01-01", "2012-03-01", Precision.INTERVAL),
    "2023-08-11/..": ("2023-08-11", None, Precision.INTERVAL),
    "../2012-04": (None, "2012-05-01", Precision.INTERVAL),
    "[2013-01-28,2013-01-29]": ("2013-01-28", "2013-01-30", Precision.ONE_OF),
    "[2014-02-20,2015-02-20]": ("2014-02-20", "2015-02-21", Precision.ONE_OF),
    "2016-02-29": ("2016-02-29", "2016-03-01", Precision.DAY),
    "2013-01-1X": ("2013-01-10", "2013-01-20", Precision.PART_OF_MONTH),
    "2013-01-0X": ("2013-01-01", "2013-01-10", Precision.PART_OF_MONTH),
    "2013-01-3X": ("2013-01-30", "2013-02-01", Precision.PART_OF_MONTH),
    "2013-1X": ("2013-10-01", "2014-01-01", Precision.PART_OF_YEAR),
    "2013-XX-XX": ("2013-01-01", "2014-01-01", Precision.YEAR),
    "2013-21": ("2013-03-01", "2013-06-01", Precision.SEASON),
    "2013-24": ("2013-12-01", "2014-03-01", Precision.SEASON),
    "2013-31": ("2013-03-01", "2013-06-01", Precision.SEASON),
    "2013-33": ("2013-01-01", "2013-04-01", Precision.QUARTER),
    "2013-36~": ("2013-10-01", "2014-01-01", Precision.QUARTER),
    "2013-38": ("2013-05-01", "2013-09-01", Precision.PART_OF_YEAR),
    "2013-41": ("2013-07-01", "2014-01-01", Precision.PART_OF_YEAR),
    "20XX": ("2000-01-01", "2100-01-01", Precision.LONGER),
    "2013-?01-10": ("2013-01-10", "2013-01-11", Precision.DAY),
    "2013-01-10/": ("2013-01-10", None, Precision.INTERVAL),
    "/2013-01-10": (None, "2013-01-11", Precision.INTERVAL),
    "[2013-01..2013-03]": ("2013-01-01", "2013-04-01", Precision.ONE_OF),
    "[..2013-03]": (None, "2013-04-01", Precision.ONE_OF),
    "{2013-01,2013-05}": ("2013-01-01", "2013-06-01", Precision.ONE_OF),
}
REFUSED = {
    "2015-02-29": "a day that the calendar does not have",
    "2013-04-00": "a day that the calendar does not have",
    "9999": "outside the years",
    "9999-24": "outside the years",
    "0000": "outside the years",
    "XXXX": "outside the years",
    "XXXX-12-25": "outside the years",
    "2013-04-31~": "a day that the calendar does not have",
    "2013-02-3X": "a day that the calendar does not have",
    "2013-04-30/2013-06-31": "a day that the calendar does not have",
    "2012-13": "is not a date",
    "2012-42": "is not a date",
    "2012-33-04": "is not a date",
    "10 January 2013": "is not a date",
    "2013-X1": "leaves out a digit",
    "2013-01-X1": "leaves out a digit",
    "2013-XX-12": "leaves out a digit",
    "20X3": "leaves out a digit",
    "201X-05": "leaves out a digit",
    "1950S2": "is not a date",
    "[2013-01..2013-03,2014]": "mixes",
    "[]": "is not a date",
    "[2013": "is not a date",
    "2013-02-10/2013-02-08": "ends before it starts",
    "../..": "says nothing",
    "/": "says nothing",
    "": "The date is empty",
    "-0044": "outside the years 1 to 9999",
    "Y-17000": "outside the years 1 to 9999",
    "2" * 200: "is not a date",
    "２０１３": "is not a date",
}

SIDES = st.builds(
    lambda day, length, qualifier: day.isoformat()[:length] + qualifier,
    st.dates(max_value=date(9998, 12, 31)),
    st.sampled_from([4, 7, 10]),
    st.sampled_from(["", "", "?", "~", "%"]),
)

# The standard's grammar, right and nearly right.
DOUBTS = st.sampled_from(["", "", "", "?", "~", "%"])
DIGITS = {4: st.from_regex(r"[0-9X]{4}", fullmatch=True), 2: st.from_regex(r"[0-9X]{2}", fullmatch=True)}
PARTS = {size: st.builds("{}{}{}".format, DOUBTS, digits, DOUBTS) for size, digits in DIGITS.items()}
POINTS = st.builds(
    lambda parts, length: "-".join(parts[:length]), st.tuples(PARTS[4], PARTS[2], PARTS[2]), st.integers(1, 3)
)
ENDS = st.one_of(SIDES, POINTS, st.sampled_from(["..", "", "Y170000002", "1950S2"]))
TEXTS = st.one_of(
    ENDS,
    st.builds("{}/{}".format, ENDS, ENDS),
    st.builds("[{}]".format, st.lists(ENDS, min_size=1, max_size=4).map(",".join)),
    st.builds("{{{}..{}}}".format, ENDS, ENDS),
    st.builds("[{}..{}]".format, ENDS, ENDS),
)


class TestAnEDTFText:
    @pytest.mark.parametrize(("text", "meaning"), MEANINGS.items(), ids=MEANINGS)
    def test_means_a_half_open_run_of_days(self, text, meaning):
        when = parse(text)

        assert tuple(day and day.isoformat() for day in (when.starts_on, when.ends_before)) == meaning[:2]
        assert when.precision == meaning[2]

    @pytest.mark.parametrize(("text", "sentence"), REFUSED.items(), ids=[text[:30] or "nothing" for text in REFUSED])
    def test_is_refused_with_a_sentence_where_no_calendar_has_it(self, text, sentence):
        with pytest.raises(ImpossibleDate, match=sentence):
            parse(text)

    def test_with_an_open_beginning_sorts_at_the_start_of_its_end(self):
        assert parse("../2012-04").sorts_on == date(2012, 4, 1)

    @pytest.mark.parametrize(("text", "months"), [("2018-08", 99), ("2024-09", 26), ("2026-11-29", 0), ("2027-01", -2)])
    def test_lies_months_of_the_calendar_back(self, text, months):
        assert months_until(text, date(2026, 11, 30)) == months

    def test_is_read_through_what_nobody_sees(self):
        assert parse("\u200b2013-01-10\x00 ").text == "2013-01-10"

    @settings(deadline=None)
    @given(st.one_of(st.text(max_size=40), TEXTS))
    def test_is_understood_or_refused_and_never_anything_else(self, text):
        with suppress(ImpossibleDate):
            when = parse(text)
            assert when.starts_on is None or when.ends_before is None or when.starts_on < when.ends_before
            assert when.sorts_on >= (when.starts_on or when.sorts_on)
            assert days.words(when.text) != when.text or when.text.isdecimal()
            with override("fr"):
                assert days.words(when.text) != when.text or when.text.isdecimal()

    @settings(deadline=None)
    @given(st.lists(st.one_of(SIDES, st.just("..")), min_size=2, max_size=2), st.booleans())
    def test_means_the_same_by_calendar_and_by_grammar(self, sides, is_interval):
        text = "/".join(sides if is_interval or ".." in sides[:1] else sides[:1])

        with suppress(ImpossibleDate):
            when = parse(text)
            parsed = parse_edtf(text)
            first, last = parsed.lower_strict(), parsed.upper_strict()  # an infinity where it is open
            assert when.starts_on == (None if isinstance(first, float) else date(*first[:3]))
            assert when.ends_before == (None if isinstance(last, float) else date(*last[:3]) + timedelta(days=1))

    @settings(deadline=None)
    @given(st.dates(), st.dates())
    def test_of_two_days_spans_both(self, one, other):
        first, last = sorted((one, other))

        if last < date.max:
            when = parse(f"{first.isoformat()}/{last.isoformat()}")
            assert (when.starts_on, when.ends_before) == (first, date.fromordinal(last.toordinal() + 1))
