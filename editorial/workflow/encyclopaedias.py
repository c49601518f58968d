"""Encyclopaedia check: a finding that rests on their articles alone is not published as confirmed."""

from collections.abc import Iterable, Mapping
from typing import Any

from conflict.documents.encyclopaedias import confirmed_findings, rests_on_articles
from conflict.message import gettext as _
from conflict.models import Source
from conflict.vocabulary import SourceKind

Document = Mapping[str, Any]


def articles_among(sources: Iterable[str]) -> frozenset[str]:
    """Keys of those sources that are articles of an encyclopaedia."""
    rows = Source.objects.filter(key__in=list(sources), kind=SourceKind.REFERENCE)
    return frozenset(rows.values_list("key", flat=True))


def refusals(events: Iterable[Document]) -> dict[str, str]:
    """Reasons why events may not be published, by key."""
    found = [(event["key"], *one) for event in events for one in confirmed_findings(event)]
    articles = articles_among({source for _event, _finding, sources in found for source in sources})
    return {
        event: _(
            "The finding %(finding)s is graded as confirmed and rests on an encyclopaedia alone: grade it fair at most, or cite the source behind the article."
        )
        % {"finding": finding}
        for event, finding, sources in found
        if rests_on_articles(sources, articles)
    }
