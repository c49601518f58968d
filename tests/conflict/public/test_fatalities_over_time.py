"""Fatalities over time: by month, longer spans across their months, undated ones apart."""

from datetime import date

from conflict.estimates import estimates
from conflict.public.fatalities_over_time import over_time
from tests.documents import claim, event, ref


def told(key, when, low, high=None, of="army", **fields):
    high = low if high is None else high
    _, shown = event(
        key,
        when=when,
        claims=[claim(f"{key}-{low}", low=low, high=high, qualifier="about", subject=[ref("actor", of)])],
        **fields,
    )
    return {**shown, "estimates": [estimate.as_dict() for estimate in estimates(shown["claims"])]}


def part_of(other):
    return [{"kind": "part_of", "event": ref("event", other)}]


class TestTheDeadOverTime:
    def test_stand_in_the_month_that_they_died_in(self):
        found = over_time([told("a", "2013-01-10", 10), told("b", "2013-01", 5), told("c", "2013-02-01", 1)])

        assert {month: whole.low for month, whole in found.months.items()} == {
            date(2013, 1, 1): 15,
            date(2013, 2, 1): 1,
        }

    def test_stand_over_a_span_where_nobody_says_in_which_month(self):
        found = over_time([told("report", "2019-01/2019-11", 456)])

        assert found.months == {}
        assert {run: whole.low for run, whole in found.spans.items()} == {(date(2019, 1, 1), date(2019, 11, 1)): 456}
        assert found.years[2019].low == 456

    def test_stand_aside_where_the_date_is_open(self):
        found = over_time([told("by", "../2024-04-29", 8), told("never", "", 2)])

        assert (found.months, found.spans, found.undated.low) == ({}, {}, 10)

    def test_are_of_the_dates_alone_that_are_asked_for_and_say_what_is_left_out(self):
        events = [told("a", "2013-01-10", 10), told("by", "../2013-01-19", 1), told("report", "2012-11/2013-02", 90)]

        found = over_time(events, within=(date(2013, 1, 1), date(2014, 1, 1)))

        assert (found.whole.low, found.whole.high, found.beyond) == (10, 10, 2)

    def test_are_counted_once_where_one_event_is_part_of_another(self):
        found = over_time([told("battle", "2013-01", 100), told("day", "2013-01-11", 46, relations=part_of("battle"))])

        assert (found.whole.low, found.whole.high) == (100, 100)

    def test_are_of_the_actor_alone_that_is_asked_for(self):
        found = over_time(
            [told("a", "2013-01-10", 144, of="rebels"), told("b", "2013-01-11", 2, of="minusma")], {"minusma"}
        )

        assert (found.whole.low, found.whole.high) == (2, 2)
