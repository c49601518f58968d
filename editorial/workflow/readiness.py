"""Requirements for publication. Drafts may fall short of them; published entries may not."""

from collections.abc import Iterator, Mapping
from typing import Any

from conflict.message import gettext as _
from conflict.text import is_blank
from conflict.vocabulary import EntryKind
from editorial.workflow import encyclopaedias, figure_rules, licences

Document = Mapping[str, Any]
Key = tuple[str, str]


def shortcomings(documents: Mapping[Key, Document]) -> dict[Key, list[str]]:
    """Sentences on what is missing, by the kind and key of each entry that is not ready."""
    events = [document for (kind, _key), document in documents.items() if kind == EntryKind.EVENT]
    barred = [check(events) for check in (licences.refusals, encyclopaedias.refusals)]
    found = {}
    for (kind, key), document in documents.items():
        missing = list(_of_event(document)) if kind == EntryKind.EVENT else []
        missing += [refusals[key] for refusals in barred if kind == EntryKind.EVENT and key in refusals]
        if kind == EntryKind.NOTICE and is_blank(document["reason"]):
            missing.append(_("Say what the notice warns of."))
        if missing:
            found[kind, key] = missing
    return found


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
    yield from figure_rules.broken_by(document)
