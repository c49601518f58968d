"""Totals: wholes before parts, each person counted once where claims say so, and bounds where none does."""

from itertools import permutations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conflict.estimates import estimates
from conflict.totals import Count, Ties, counts_of, of_parties, total
from tests.documents import claim, described, event, finding, ref, relation

SOLDIERS, REBELS, CIVILIANS = (("actor", "army"),), (("actor", "rebels"),), (("actor", "civilians"),)
BOTH = (("actor", "army"), ("actor", "rebels"))


def count(event: str = "raid", subject=SOLDIERS, low=None, high=None, **fields) -> Count:
    return Count(event, "killed", subject, low=low, high=low if high is None else high, **fields)


def sums(*counts: Count, **ties):
    found = total(counts, Ties(**ties))
    return found.low, found.high, found.may_overlap


class TestATotal:
    def test_of_nothing_is_none(self):
        assert total([]) is None

    def test_adds_the_two_sides_of_an_event(self):
        assert sums(
            count(subject=SOLDIERS, low=81, side="defending"), count(subject=REBELS, low=7, side="attacking")
        ) == (88, 88, False)

    def test_adds_civilians_to_the_armed(self):
        assert sums(count(low=9, camp="state"), count(subject=CIVILIANS, low=31, camp="civilian")) == (
            40,
            40,
            False,
        )

    def test_gives_bounds_where_nobody_says_who_is_among_whom(self):
        assert sums(count(subject=SOLDIERS, low=10), count(subject=CIVILIANS, low=4)) == (10, 14, True)

    def test_does_not_add_the_breakdown_to_the_whole(self):
        whole = count(subject=(), low=20, high=48)
        assert sums(whole, count(subject=SOLDIERS, low=12), count(subject=REBELS, low=8)) == (20, 48, False)

    def test_holds_a_side_in_a_figure_of_both(self):
        assert sums(count(subject=BOTH, low=50, high=60), count(subject=REBELS, low=20)) == (50, 60, False)

    def test_goes_by_what_claims_say_is_part_of_what(self):
        crisis = count(subject=SOLDIERS, low=39, claims=frozenset({"crisis"}))
        assault = count(subject=REBELS, low=7, claims=frozenset({"assault"}), wholes=frozenset({("assault", "crisis")}))
        assert sums(crisis, assault) == (39, 39, False)

    def test_goes_by_claims_of_other_events_too(self):
        crisis = count("crisis", low=39, claims=frozenset({"all"}))
        seizure = count("seizure", low=2, claims=frozenset({"two"}), wholes=frozenset({("two", "all")}))
        assert sums(crisis, seizure) == (39, 39, False)

    def test_is_never_below_a_part(self):
        assert sums(count(subject=(), low=5), count(subject=SOLDIERS, low=9)) == (9, 9, False)

    def test_lets_a_whole_in_words_hold_nothing(self):
        found = total([count(subject=BOTH, is_open_above=True), count(subject=SOLDIERS, low=9)])
        assert (found.low, found.high, found.in_words, found.is_open_above) == (9, 9, 1, True)

    def test_adds_events_that_have_nothing_to_do_with_each_other(self):
        assert sums(count("one", low=3, high=5), count("two", low=4)) == (7, 9, False)

    def test_counts_an_event_within_another_once(self):
        assert sums(count("war", low=100), count("battle", low=46), part_of={"battle": {"war"}}) == (100, 100, False)

    def test_adds_the_days_of_an_episode(self):
        assert sums(
            count("first", low=5), count("second", low=7), part_of={"first": {"battle"}, "second": {"battle"}}
        ) == (12, 12, False)

    def test_leaves_open_whether_a_leader_is_among_the_dead_of_another_part_of_the_episode(self):
        parts = {"night": {"battle"}, "announced": {"battle"}}
        leader = count("announced", subject=(("actor", "leader"),), low=1, camp="jihadist", is_person=True)
        assert sums(count("night", low=100, camp="jihadist"), leader, part_of=parts) == (100, 101, True)
        assert sums(count("night", low=100, camp="state"), leader, part_of=parts) == (101, 101, False)
        assert sums(count("elsewhere", low=100, camp="jihadist"), leader, part_of=parts) == (101, 101, False)

    def test_takes_the_figure_of_a_whole_episode_for_its_events(self):
        ties = {"part_of": {"seizure": {"crisis"}, "assault": {"crisis"}}}
        assert sums(
            count("seizure", low=2), count("assault", low=7), count("assault", low=39, scope="episode"), **ties
        ) == (39, 39, False)

    def test_leaves_open_whether_what_is_possibly_the_same_is(self):
        assert sums(count("told", low=8), count("again", low=6), same={frozenset({"told", "again"})}) == (8, 14, True)

    def test_of_a_longer_period_may_hold_the_events_in_its_days(self):
        year = count("report", low=456, scope="period", starts_on="2019-01-01", ends_before="2019-12-01")
        inside = count("march", low=160, starts_on="2019-03-23", ends_before="2019-03-24")
        after = count("december", low=10, starts_on="2019-12-24", ends_before="2019-12-25")
        assert sums(year, inside, after) == (466, 626, True)

    def test_adds_two_days_of_one_event(self):
        first = count(low=3, scope="part", scope_when="2013-01-10", starts_on="2013-01-10", ends_before="2013-01-11")
        second = count(low=4, scope="part", scope_when="2013-01-11", starts_on="2013-01-11", ends_before="2013-01-12")
        assert sums(first, second) == (7, 7, False)
        assert sums(first, second, count(low=10)) == (10, 10, False)

    def test_survives_events_that_are_part_of_each_other(self):
        assert sums(count("a", low=3), count("b", low=4), part_of={"a": {"b"}, "b": {"a"}}) == (7, 7, False)

    def test_survives_claims_that_are_part_of_each_other(self):
        one = count(subject=SOLDIERS, low=3, claims=frozenset("a"), wholes=frozenset({("a", "b")}))
        other = count(subject=REBELS, low=4, claims=frozenset("b"), wholes=frozenset({("b", "a")}))
        assert sums(one, other) == (4, 7, True)

    def test_has_a_best_figure_where_every_figure_has_one_and_none_overlap(self):
        best = total([count("one", low=20, high=48, best=27), count("two", low=1, high=1, best=1)])
        assert best.best == 28
        assert total([count("one", low=20, high=48, best=27), count("two", low=1)]).best is None


class TestTheDeadOfAnActor:
    def test_are_their_own_and_perhaps_some_of_what_names_others_too(self):
        (own, shared) = of_parties(
            [count(low=3), count(subject=BOTH, low=50, high=60), count(subject=REBELS, low=9)], {"army"}
        )
        assert (own.low, own.high) == (3, 3)
        assert (shared.low, shared.high) == (None, 60)

    def test_are_all_of_a_figure_whose_unit_says_who_they_are(self):
        (found,) = of_parties([count(subject=BOTH, low=4, unit="Chadian peacekeepers")], {"army"})
        assert found.low == 4

    def test_are_one_person_however_that_one_is_named(self):
        (found,) = of_parties([count(subject=BOTH, low=1)], {"army"})
        assert found.low == 1


class TestAnEvent:
    def body(self, *claims, **fields):
        _, shown = event("raid", claims=list(claims), **fields)
        return {**shown, "estimates": [estimate.as_dict() for estimate in estimates(shown["claims"])]}

    def test_counts_what_its_claims_say_and_a_finding_decides(self):
        shown = self.body(
            claim("low", low=20, high=20, qualifier="exact", subject=[ref("actor", "army")]),
            claim("high", low=48, high=48, qualifier="exact", subject=[ref("actor", "army")]),
            findings=[finding("decided", low=20, best=27, high=30, subject=[ref("actor", "army")])],
        )
        (counted,) = counts_of(shown, "killed")
        assert (counted.low, counted.best, counted.high, counted.is_decided) == (20, 27, 30, True)

    def test_has_no_best_figure_where_the_desk_decided_on_a_part_of_the_dead_alone(self):
        leader = claim("leader", low=1, high=1, qualifier="exact", subject=[ref("actor", "leader")])
        followers = claim("followers", low=40, high=40, qualifier="exact", subject=[ref("actor", "followers")])
        decided = [finding("leader-dead", best=1, subject=[ref("actor", "leader")])]

        both, alone = (
            total(counts_of(self.body(*claims, findings=decided), "killed"))
            for claims in ([leader, followers], [leader])
        )

        assert (both.low, both.high, both.best) == (40, 41, None)
        assert alone.best == 1

    def test_knows_which_claim_is_part_of_which(self):
        shown = self.body(
            claim("all", low=20, best=27, high=48, qualifier="estimate"),
            claim(
                "side-a",
                low=12,
                high=12,
                qualifier="exact",
                subject=[described("the rebels")],
                relations=[relation("part_of", "all")],
            ),
        )
        found = total(counts_of(shown, "killed"))
        assert (found.low, found.best, found.high, found.may_overlap) == (20, 27, 48, False)


whatever = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PARTIES = [("actor", name) for name in ("army", "rebels", "civilians", "police")]
EVENTS = ["one", "two", "three", "four"]
CLAIMS = ["a", "b", "c", "d", "e"]


@st.composite
def counted(draw):
    low = draw(st.none() | st.integers(0, 100))
    high = draw(st.none() | st.integers(low or 0, 200))
    claims = draw(st.frozensets(st.sampled_from(CLAIMS), max_size=2))
    month = draw(st.integers(1, 8))
    return Count(
        event=draw(st.sampled_from(EVENTS)),
        measure="killed",
        subject=tuple(sorted(draw(st.sets(st.sampled_from(PARTIES), max_size=3)))),
        scope=draw(st.sampled_from(["event", "event", "event", "part", "episode", "period"])),
        low=low,
        high=high if high is not None else low,
        is_open_above=draw(st.booleans()),
        claims=claims,
        wholes=frozenset((one, draw(st.sampled_from(CLAIMS))) for one in claims),
        starts_on=f"2013-0{month}-01",
        ends_before=f"2013-0{month + 1}-01",
        side=draw(st.sampled_from(["", "attacking", "defending"])),
        camp=draw(st.sampled_from(["", "state", "civilian"])),
    )  # fmt: skip


between = st.dictionaries(st.sampled_from(EVENTS), st.sets(st.sampled_from(EVENTS), max_size=2), max_size=4)
alike = st.sets(st.frozensets(st.sampled_from(EVENTS), min_size=2, max_size=2), max_size=2)


class TestWhateverIsCounted:
    @whatever
    @given(st.lists(counted(), min_size=1, max_size=8), between, alike)
    def test_lies_between_its_largest_part_and_the_sum_of_all_tops(self, counts, part_of, same):
        found = total(counts, Ties(part_of, same))

        assert (found.low or 0) >= max(one.bottom for one in counts)
        assert (found.high or 0) <= sum(one.top for one in set(counts))
        assert (found.low or 0) <= (found.high or 0)

    @whatever
    @given(st.lists(counted(), min_size=1, max_size=5), between, alike, st.randoms())
    def test_is_the_same_in_any_order_and_however_often_told(self, counts, part_of, same, random):
        shuffled = counts + counts[:2]
        random.shuffle(shuffled)

        assert total(shuffled, Ties(part_of, same)) == total(counts, Ties(part_of, same))

    @whatever
    @given(st.lists(counted(), min_size=1, max_size=6))
    def test_adds_low_to_low_where_nothing_may_overlap(self, counts):
        found = total(counts)

        assert set(found.counted) <= set(counts)
        if not found.may_overlap:
            assert (found.low or 0) >= sum(one.bottom for one in found.counted)

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_keeps_the_whole_before_its_parts(self, order):
        counts = [count(subject=(), low=20, high=48), count(subject=SOLDIERS, low=12), count(subject=REBELS, low=8)]

        assert sums(*(counts[place] for place in order)) == (20, 48, False)
