"""Origins of accounts."""

import pytest

from conflict.independence import houses, independence
from tests.documents import citation, claim, described, ref

ARMY, REBELS, AGENCY, HOSPITAL = (ref("actor", key) for key in ("army", "rebels", "agency", "hospital"))


def said(key, by, *articles, via=()):
    return claim(key, claimant=[by], relayed_by=list(via), citations=[citation(article) for article in articles])


class TestArticles:
    @pytest.mark.parametrize(
        ("claims", "houses", "found"),
        [
            ([said("a", ARMY, "s1"), said("b", REBELS, "s1")], {}, (1, 1)),
            ([said("a", ARMY, "s1", "s2", "s3")], {}, (3, 1)),
            ([said("a", ARMY, "s1"), said("b", REBELS, "s2")], {}, (2, 2)),
            ([said("a", ARMY, "s1"), said("b", REBELS, "s2")], {"s1": "house", "s2": "house"}, (2, 1)),
            ([said("a", described("a resident"), "s1", via=[AGENCY]), said("b", HOSPITAL, "s2", via=[AGENCY])], {}, (2, 1)),
            ([said("a", described("a resident"), "s1", via=[AGENCY]), said("b", HOSPITAL, "s2")], {"s2": "agency"}, (2, 1)),
            ([said("a", ARMY, "s1", "s2"), said("b", REBELS, "s1")], {}, (2, 2)),
            ([said("a", ARMY, "s1"), said("b", REBELS, "s1"), said("c", REBELS, "s2")], {}, (2, 2)),
            ([said(f"c{number}", described(f"resident {number}"), f"s{number}") for number in range(40)], {}, (40, 40)),
            ([claim("a", claimant=[ARMY])], {}, (0, 0)),
        ],
        ids=["two sides in one article", "one side in three articles", "two sides in two articles", "two sides in articles of one house",
             "two voices through one agency", "an agency, and an outlet of it", "two sides, of which one is told twice",
             "a chain of articles", "more than are compared one by one", "no citation"],
    )  # fmt: skip
    def test_have_as_many_origins_as_accounts_with_nothing_in_common(self, claims, houses, found):
        assert independence(claims, houses) == found


class TestTheHouseOfAnOutlet:
    @pytest.mark.parametrize(
        ("parents", "house"),
        [
            ([], "outlet"),
            ([("outlet", "group"), ("group", "holding")], "holding"),
            ([("outlet", "agency"), ("outlet", "group"), ("group", "holding")], "agency"),
            ([("outlet", "group"), ("group", "outlet")], "group"),
        ],
        ids=[
            "without a parent",
            "with two floors",
            "with two parents",
            "that was the whole of its own at another time",
        ],
    )
    def test_is_one_whatever_the_order_of_parents(self, parents, house):
        for pairs in (parents, parents[::-1]):
            assert houses({"s": "outlet"}, pairs) == {"s": house}

    def test_is_the_same_for_two_outlets_that_were_each_part_of_the_other(self):
        assert houses({"one": "outlet", "two": "group"}, [("outlet", "group"), ("group", "outlet")]) == {
            "one": "group", "two": "group"
        }  # fmt: skip
