"""Requirements for publication. Drafts may fall short of them; published entries may not."""

from collections.abc import Iterator
from typing import Any

from conflict.message import gettext as _
from editorial.workflow import figure_rules

Document = dict[str, Any]


def shortcomings(kind: str, document: Document) -> Iterator[str]:
    """Sentences that name each missing item and its place; empty if the entry is ready."""
    if kind == "event":
        yield from _of_event(document)
    if kind == "notice" and not document["reason"].strip():
        yield _("Say what the notice warns of.")


def _of_event(document: Document) -> Iterator[str]:
    if not document["when"]:
        yield _("The event has no date: write one as precise as known, for example ../2013 for “by 2013”.")
    if not document["period"]:
        yield _("The event is filed under no period.")
    if not document["citations"]:
        yield _("The event cites no source.")
    for claim in document["claims"]:
        if not claim["claimant"]:
            yield _("The claim %(key)s has no claimant: say who asserts it.") % {"key": claim["key"]}
        if not claim["citations"]:
            yield _("The claim %(key)s cites no source.") % {"key": claim["key"]}
    yield from figure_rules.broken_by(document["claims"])
