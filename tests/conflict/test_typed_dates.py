"""Dates as people type them, in English and in French."""

from contextlib import suppress

import pytest
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from conflict import typed_dates
from conflict.dates import ImpossibleDate, parse
from conflict.wording import days

READ = {
    "9 June 2019": "2019-06-09",
    "June 9, 2019": "2019-06-09",
    "9th of June 2019": "2019-06-09",
    "9-Jun-2019": "2019-06-09",
    "1er janvier 2013": "2013-01-01",
    "Jan 2013": "2013-01",
    "janv. 2013": "2013-01",
    "Août 2014": "2014-08",
    "25/01/2013": "2013-01-25",
    "01/25/2013": "2013-01-25",
    "5/5/2013": "2013-05-05",
    "10.01.2013": "2013-01-10",
    "20130110": "2013-01-10",
    "2013/01/10": "2013-01-10",
    "2013-1-9": "2013-01-09",
    "01/2013": "2013-01",
    "2013-01-1x": "2013-01-1X",
    "circa June 2013": "2013-06~",
    "vers 2013": "2013~",
    "8–10 February 2013": "2013-02-08/2013-02-10",
    "du 8 au 10 février 2013": "2013-02-08/2013-02-10",
    "from 8 February to 3 March 2013": "2013-02-08/2013-03-03",
    "30 December 2012 – 2 January 2013": "2012-12-30/2013-01-02",
    "between 3 and 5 May 2013": "2013-05-03/2013-05-05",
    "January–April 2013": "2013-01/2013-04",
    "2012–2015": "2012/2015",
    "since June 2013": "2013-06/..",
    "depuis le 3 mars 2012": "2012-03-03/..",
    "by April 2012": "../2012-04",
    "jusqu’au 3 mars 2012": "../2012-03-03",
    "spring 2013": "2013-21",
    "Q1 2013": "2013-33",
    "premier trimestre 2013": "2013-33",
    "second half of 2013": "2013-41",
    "the 2010s": "201X",
    "années 2010": "201X",
    "\u200b10\u00a0January\t2013": "2013-01-10",
}
REFUSED = {
    "10/01/2013": "can be 2013-01-10 or 2013-10-01",
    "10/01/13": "does not say which century",
    "Jan-13": "does not say which century",
    "30 February 2013": "the calendar does not have",
    "13/13/2013": "the calendar does not have",
    "next week": "is not a date",
    "": "empty",
}
WORDS = st.sampled_from(
    [
        *READ,
        *[" -–/.,:'12"],
        "10",
        "1er",
        "31",
        "2013",
        "Jan",
        "février",
        "about",
        "since",
        "du",
        "au",
        "to",
        "and",
        "/",
        "-",
        "Q1",
        "~",
    ]
)
SPACED = st.builds(
    lambda gap, words: gap.join(words), st.sampled_from(["", " ", "-", "/"]), st.lists(WORDS, max_size=6)
)


AMONG_WORDS = {
    "Gao 16 November 2012": ("2012-11-16", "Gao"),
    "November 2012": ("2012-11", ""),
    "prise de Gao en novembre 2012": ("2012-11", "prise de Gao"),
    "fighting in Gao on 16 November 2012": ("2012-11-16", "fighting in Gao"),
    "Konna, 10–18 January 2013": ("2013-01-10/2013-01-18", "Konna"),
    "2012-11-16 Gao": ("2012-11-16", "Gao"),
    "2015 Algiers agreement": ("", "2015 Algiers agreement"),
    "12 soldiers": ("", "12 soldiers"),
}


class TestADateAmongWords:
    @pytest.mark.parametrize(("query", "told"), AMONG_WORDS.items(), ids=AMONG_WORDS)
    def test_is_told_from_them(self, query, told):
        when, words = typed_dates.among_words(query)

        assert (when.text if when else "", words) == told

    @settings(deadline=None)
    @given(st.one_of(st.text(max_size=60), SPACED), st.booleans())
    def test_is_found_or_not_and_never_anything_else(self, query, day_first):
        when, words = typed_dates.among_words(query, day_first=day_first)

        assert when or len(words) <= len(query)


class TestATypedDate:
    @pytest.mark.parametrize(("typed", "edtf"), READ.items(), ids=READ)
    def test_is_read(self, typed, edtf):
        assert typed_dates.edtf(typed) == edtf

    @pytest.mark.parametrize(("typed", "sentence"), REFUSED.items(), ids=[typed or "nothing" for typed in REFUSED])
    def test_is_refused_where_it_is_none_or_might_be_two(self, typed, sentence):
        with pytest.raises(ImpossibleDate, match=sentence):
            typed_dates.edtf(typed)

    def test_has_the_day_first_in_french(self):
        assert typed_dates.edtf("10/01/2013", day_first=True) == "2013-01-10"

    @settings(deadline=None)
    @given(st.one_of(st.text(max_size=60), SPACED), st.booleans())
    def test_is_read_or_refused_and_never_anything_else(self, typed, day_first):
        with suppress(ImpossibleDate):
            assert parse(typed_dates.edtf(typed, day_first=day_first)).text

    @settings(deadline=None)
    @given(st.dates(), st.sampled_from(["en", "fr"]), st.sampled_from([4, 7, 10]))
    def test_may_be_what_the_desk_itself_says(self, day, language, length):
        text = day.isoformat()[:length]

        with override(language), suppress(ImpossibleDate):
            if day.year >= 1000:
                assert typed_dates.edtf(days.words(parse(text).text)) == text
