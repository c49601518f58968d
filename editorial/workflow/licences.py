"""Licence check: events taken over whole from a source that forbids republication may not be published."""

from collections.abc import Iterable, Mapping
from typing import Any

from conflict.message import gettext as _
from editorial.models import Licence, SourceTerms

Document = Mapping[str, Any]


def refusals(events: Iterable[Document]) -> dict[str, str]:
    """Reasons why events may not be published, by key.

    Only citations of the event itself count. A single figure that a claim quotes from such a source is a quotation.
    """
    cited: dict[str, set[str]] = {}
    for event in events:
        for citation in event["citations"]:
            cited.setdefault(citation["source"]["key"], set()).add(event["key"])
    barred = SourceTerms.objects.filter(licence=Licence.NO_REPUBLISHING, source__key__in=cited).select_related("source")
    return {
        key: _(
            "It was taken over from “%(source)s”, which may not be republished (%(note)s). Write the event anew from the reports themselves; or, with a written agreement, note it at the source."
        )
        % {"source": terms.source, "note": terms.note}
        for terms in barred
        for key in cited[terms.source.key]
    }
