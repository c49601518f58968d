"""Dates as precise as known: what the EDTF text may mean, and what no calendar has."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from edtf import parse_edtf
from hypothesis import given
from hypothesis import strategies as st

from conflict.dates import ImpossibleDate, Precision, parse

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
}
REFUSED = {
    "2015-02-29": "a day that the calendar does not have",
    "2013-04-00": "a day that the calendar does not have",
    "9999": "outside the years",
    "2013-04-31~": "a day that the calendar does not have",
    "2013-04-30/2013-06-31": "a day that the calendar does not have",
    "2012-13": "is not EDTF",
    "10 January 2013": "is not EDTF",
    "2010-1X": "is not EDTF",
    "2013-02-10/2013-02-08": "ends before it starts",
    "../..": "open at both ends",
    "": "The date is empty",
    "-0044": "outside the years 1 to 9999",
    "2" * 200: "is not EDTF",
    "2013-01-10\x00": "is not EDTF",
}

SIDES = st.builds(
    lambda day, length, qualifier: day.isoformat()[:length] + qualifier,
    st.dates(max_value=date(9998, 12, 31)),
    st.sampled_from([4, 7, 10]),
    st.sampled_from(["", "", "?", "~", "%"]),
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

    @given(st.text(max_size=40))
    def test_is_understood_or_refused_and_never_anything_else(self, text):
        with suppress(ImpossibleDate):
            when = parse(text)
            assert when.starts_on is None or when.ends_before is None or when.starts_on < when.ends_before

    @given(st.lists(st.one_of(SIDES, st.just("..")), min_size=2, max_size=2), st.booleans())
    def test_means_the_same_by_calendar_and_by_grammar(self, sides, is_interval):
        text = "/".join(sides if is_interval or ".." in sides[:1] else sides[:1])

        with suppress(ImpossibleDate):
            when = parse(text)
            parsed = parse_edtf(text)
            first, last = parsed.lower_strict(), parsed.upper_strict()  # an infinity where it is open
            assert when.starts_on == (None if isinstance(first, float) else date(*first[:3]))
            assert when.ends_before == (None if isinstance(last, float) else date(*last[:3]) + timedelta(days=1))

    @given(st.dates(), st.dates())
    def test_of_two_days_spans_both(self, one, other):
        first, last = sorted((one, other))

        if last < date.max:
            when = parse(f"{first.isoformat()}/{last.isoformat()}")
            assert (when.starts_on, when.ends_before) == (first, date.fromordinal(last.toordinal() + 1))
