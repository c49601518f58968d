"""Changes of entries that are proposed together, and the reasons why they cannot be."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from conflict.message import gettext as _
from conflict.models import ENTRIES
from conflict.record.models import PUBLISHED, Action
from conflict.vocabulary import kind_label
from editorial.models import SubmittedEntry
from editorial.workflow import dependencies
from editorial.workflow.exceptions import WorkflowRefused


class EntryChange(NamedTuple):
    """One entry to propose: publication of its current state, or its withdrawal."""

    kind: str
    key: str
    action: Action = Action.PUBLISH
    successor: str = ""


def refuse_what_cannot_be_proposed(entries: Sequence[EntryChange], found: Iterable[tuple[str, str]]) -> None:
    there = set(found)
    if missing := next((entry for entry in entries if entry[:2] not in there), None):
        raise WorkflowRefused(
            _("The %(kind)s %(key)s is not on the desk, or is kept from the public.")
            % {"kind": kind_label(missing.kind), "key": missing.key}
        )
    for kind, keys in _keys_by_kind([entry for entry in entries if entry.action == Action.WITHDRAW]):
        public = set(PUBLISHED[kind]._default_manager.filter(key__in=keys).values_list("key", flat=True))
        if draft := next((key for key in keys if key not in public), None):
            raise WorkflowRefused(
                _("The %(kind)s %(key)s is not public: there is nothing to withdraw.")
                % {"kind": kind_label(kind), "key": draft}
            )


def refuse_withdrawn(entries: Sequence[EntryChange]) -> None:
    proposed = [(entry.kind, entry.key) for entry in entries if entry.action == Action.PUBLISH]
    for (kind, key), stone in dependencies.withdrawn(proposed).items():
        into = (_(" and merged into %(successor)s") % {"successor": stone.successor}) if stone.successor else ""
        raise WorkflowRefused(
            _(
                "The %(kind)s %(key)s was withdrawn%(into)s on %(withdrawn_at)s: %(reason)s To bring it back, propose it on its own page and say so there."
            )
            % {
                "kind": kind_label(kind),
                "key": key,
                "into": into,
                "withdrawn_at": f"{stone.withdrawn_at:%Y-%m-%d}",
                "reason": stone.reason,
            }
        )


def already_submitted(entries: Sequence[EntryChange]) -> str:
    live = SubmittedEntry.objects.filter(is_live=True, key__in=[entry.key for entry in entries])
    keys = {entry[:2] for entry in entries}
    found = [
        _("%(kind)s %(key)s in submission %(submission)s")
        % {"kind": kind_label(kind), "key": key, "submission": submission}
        for kind, key, submission in live.order_by("pk").values_list("entry_kind", "key", "submission_id")
        if (kind, key) in keys
    ]
    if not found:
        return _("An entry is named twice in this submission.")
    return _("Already submitted and not settled: %(found)s.") % {"found": ", ".join(found[:20])}


def _keys_by_kind(entries: Sequence[EntryChange]) -> Iterator[tuple[str, list[str]]]:
    for kind in ENTRIES:
        if keys := [entry.key for entry in entries if entry.kind == kind]:
            yield kind, keys
