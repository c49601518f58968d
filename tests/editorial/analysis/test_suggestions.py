"""Suggestions from claims: every grade and rule, in a table."""

import pytest

from editorial.analysis import suggestions as analysis
from tests.documents import citation, claim, event, ref, relation

CMA, ARMY, JNIM = ref("actor", "cma"), ref("actor", "army"), ref("actor", "jnim")


def suggestions(claims, houses=None, articles=frozenset()):
    return analysis.suggestions(event("raid", when="2019-06-10", claims=claims)[1], houses or {}, articles)


def said(key, by, source="s1", number=None, **fields):
    numbers = {} if number is None else {"low": number, "high": number, "qualifier": "exact"}
    return claim(
        key, claimant=[by], subject=fields.pop("subject", [ARMY]), citations=[citation(source)], **numbers, **fields
    )


def responsible(key, by, subject, source="s1", **fields):
    return said(key, by, source, subject=[subject], kind="responsibility", measure="", **fields)


def occurred(key, by, source="s1", **fields):
    return said(key, by, source, kind="occurrence", measure="", **fields)


FIGURES = {
    "one account": ([said("a", CMA, number=97)], ("weak", "single_claim", 97, None, 97)),
    "two that agree, independently": (
        [said("a", CMA, "s1", 10), said("b", JNIM, "s2", 10)],
        ("fair", "independent_majority", 10, 10, 10),
    ),
    "two that agree in one article": (
        [said("a", CMA, "s1", 10), said("b", JNIM, "s1", 10)],
        ("weak", "range_of_claims", 10, None, 10),
    ),
    "two that contradict each other": (
        [said("a", CMA, "s1", 97, relations=[relation("contradicts", "b")]), said("b", JNIM, "s2", 10)],
        ("contested", "range_of_claims", 10, None, 97),
    ),
    "two that differ": (
        [said("a", CMA, "s1", 12), said("b", JNIM, "s2", 10)],
        ("fair", "range_of_claims", 10, None, 12),
    ),
    "a majority of three": (
        [said("a", CMA, "s1", 12), said("b", JNIM, "s2", 10), said("c", ARMY, "s3", 10)],
        ("fair", "independent_majority", 10, 10, 12),
    ),
    "at least so many": (
        [
            said("a", CMA, "s1", 12),
            claim("b", claimant=[JNIM], subject=[ARMY], low=20, qualifier="at_least", citations=[citation("s2")]),
        ],
        ("fair", "range_of_claims", 12, None, None),
    ),
    "a figure whose revision was deprecated": (
        [
            said("a", CMA, "s1", 98),
            said("b", CMA, "s2", 81, rank="deprecated", relations=[relation("revises", "a")]),
        ],
        ("weak", "single_claim", 98, None, 98),
    ),
    "a figure that was revised": (
        [said("a", CMA, "s1", 98), said("b", CMA, "s2", 81, relations=[relation("revises", "a")])],
        ("weak", "single_claim", 81, None, 81),
    ),
    "a figure that is deprecated": (
        [said("a", CMA, "s1", 98, rank="deprecated"), said("b", JNIM, "s2", 5)],
        ("weak", "single_claim", 5, None, 5),
    ),
}
GRADED = {
    "it happened, says one": ([occurred("a", CMA)], ("occurrence", "weak")),
    "it happened, say two independently": (
        [occurred("a", CMA, "s1"), occurred("b", JNIM, "s2")],
        ("occurrence", "fair"),
    ),
    "it happened, and somebody denies it": (
        [occurred("a", CMA), occurred("b", ARMY, "s2", stance="denies")],
        ("occurrence", "contested"),
    ),
    "only denials": ([occurred("a", CMA, stance="denies")], ("occurrence", "discounted")),
    "who did it says so itself": ([responsible("a", JNIM, JNIM)], ("attribution", "confirmed")),
    "who did it is named by one": ([responsible("a", CMA, JNIM)], ("attribution", "weak")),
    "who did it is named by two": (
        [responsible("a", CMA, JNIM, "s1"), responsible("b", ARMY, JNIM, "s2")],
        ("attribution", "fair"),
    ),
    "two are named": ([responsible("a", CMA, JNIM), responsible("b", ARMY, CMA, "s2")], ("attribution", "contested")),
    "who is named denies it": (
        [responsible("a", CMA, JNIM), responsible("b", JNIM, JNIM, "s2", stance="denies")],
        ("attribution", "contested"),
    ),
}


class TestSuggesting:
    @pytest.mark.parametrize(("claims", "expected"), FIGURES.values(), ids=FIGURES)
    def test_a_figure_from(self, claims, expected):
        [found] = suggestions(claims)

        assert (found.grade, found.rule, found.low, found.best, found.high) == expected

    @pytest.mark.parametrize(("articles", "grade"), [({"s1"}, "fair"), ({"s2"}, "confirmed"), (set(), "confirmed")])
    def test_fair_at_most_on_an_encyclopaedia_alone(self, articles, grade):
        [found] = suggestions([responsible("a", JNIM, JNIM)], articles=articles)

        assert found.grade == grade

    @pytest.mark.parametrize(("claims", "expected"), GRADED.values(), ids=GRADED)
    def test_a_grade_where(self, claims, expected):
        [found] = suggestions(claims)

        assert (found.aspect, found.grade) == expected

    def test_keeps_occurrence_and_attribution_apart(self):
        found = suggestions([occurred("a", CMA), responsible("b", CMA, JNIM)])

        assert [each.aspect for each in found] == ["occurrence", "attribution"]

    def test_keeps_the_losses_of_two_sides_apart(self):
        found = suggestions([said("a", CMA, number=97), said("b", CMA, number=9, subject=[CMA])])

        assert [(each.subject, each.low) for each in found] == [((("actor", "army"),), 97), ((("actor", "cma"),), 9)]

    @pytest.mark.parametrize(
        "claims",
        [[], [claim("a", kind="explanation", measure="")], [claim("a", qualifier="dozens")]],
        ids=["no claims", "nothing to conclude", "words without a number"],
    )
    def test_nothing_where_nobody_said_anything_to_conclude_from(self, claims):
        assert suggestions(claims) == []

    def test_counts_articles_of_one_house_as_one_origin(self):
        claims = [said("a", CMA, "s1", 10), said("b", JNIM, "s2", 10)]

        [found] = suggestions(claims, {"s1": "agency", "s2": "agency"})

        assert (found.grade, found.best) == ("weak", None)
        assert "2 articles, 1 origin" in found.reason

    def test_that_a_rival_date_needs_a_reason(self):
        claims = [claim("a", kind="date", measure="", when="2019-06-09", claimant=[CMA], citations=[citation("s1")])]

        [found] = suggestions(claims)

        assert (found.aspect, found.grade, found.claims) == ("date", "contested", ("a",))
