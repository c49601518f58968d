"""Encyclopaedias: what rests on their articles alone. It is graded fair at most, as nobody here has read what they cite."""

from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from conflict.documents.references import cited_sources, references
from conflict.vocabulary import Grade

Document = Mapping[str, Any]


def rests_on_articles(sources: AbstractSet[str], articles: AbstractSet[str]) -> bool:
    """Return True if there are sources, and all of them are articles of an encyclopaedia."""
    return bool(sources) and sources <= articles


def capped(grade: Grade, claims: Collection[Document], articles: AbstractSet[str]) -> Grade:
    """The grade that these claims can bear."""
    is_too_high = grade == Grade.CONFIRMED and rests_on_articles(cited_sources(references(list(claims))), articles)
    return Grade.FAIR if is_too_high else grade


def confirmed_findings(event: Document) -> Iterator[tuple[str, set[str]]]:
    """Keys of the findings graded above fair, and of the sources that they and their claims cite."""
    claims = {claim["key"]: claim for claim in event["claims"]}
    for finding in event["findings"]:
        if finding["grade"] == Grade.CONFIRMED:
            basis = [claims[one["key"]] for one in finding["claims"] if one["key"] in claims]
            yield finding["key"], cited_sources(references([finding, *basis]))
