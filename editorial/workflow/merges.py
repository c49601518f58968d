"""Merges: the parts of a public entry that another takes over at the desk before the first is withdrawn.

Of events, the editor chooses which claims, citations and participants go over. A source takes over every citation of the
other, in every entry that has one. What names an actor, a place or a period is corrected by hand: closure lists it.
"""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import pghistory
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from conflict.models import ENTRIES, Citation, Claim, Event, Participation, Source
from conflict.record.models import PUBLISHED, Action
from conflict.vocabulary import EntryKind, kind_label
from editorial.models import SubmittedEntry, User
from editorial.workflow import permissions
from editorial.workflow.exceptions import WorkflowRefused

Key = tuple[str, str]
# Parts of an event that go over, and what makes one the same as another there.
PARTS: dict[str, tuple[type[Model], tuple[str, ...]]] = {
    "claim": (Claim, ("key",)),
    "citation": (Citation, ("source_id", "locator")),
    "participation": (Participation, ("actor_id", "role")),
}
MOST_ENTRIES = 300  # that a merge of sources may change: a person has to read them


class Part(NamedTuple):
    """A part of the event that is to be withdrawn."""

    name: str  # kind and number, as in a form
    label: str
    is_there: bool  # the other event says the same


def refuse_successor(kind: str, key: str, successor: str) -> None:
    """Raise WorkflowRefused unless the successor is another public entry that is not about to be withdrawn."""
    if successor == key:
        raise WorkflowRefused(
            _("The %(kind)s %(key)s cannot be merged into itself.") % {"kind": kind_label(kind), "key": key}
        )
    if not PUBLISHED[kind]._default_manager.filter(key=successor).exists():
        raise WorkflowRefused(
            _("The %(kind)s %(successor)s is not public: choose the public %(kind)s that takes over.")
            % {"kind": kind_label(kind), "successor": successor}
        )
    if SubmittedEntry.objects.filter(is_live=True, entry_kind=kind, key=successor, action=Action.WITHDRAW).exists():
        raise WorkflowRefused(
            _("The %(kind)s %(successor)s is to be withdrawn itself: choose another.")
            % {"kind": kind_label(kind), "successor": successor}
        )


def parts(key: str, successor: str) -> list[Part]:
    """Claims, citations and participants of the event, and whether the other has the same."""
    found = []
    for kind, (model, identity) in PARTS.items():
        rows = model._default_manager.filter(event__key=key).order_by("pk")
        there = set(model._default_manager.filter(event__key=successor).values_list(*identity))
        found += [
            Part(f"{kind} {row.pk}", f"{kind} {row}", tuple(getattr(row, name) for name in identity) in there)
            for row in rows
        ]
    return found


def carry_over(*, kind: str, key: str, successor: str, chosen: Collection[str] | None, by: User) -> set[Key]:
    """Move parts to the successor; returns the entries that readers will see changed by it.

    `chosen` names the parts of an event, as `parts` does; None stands for all that the successor lacks.
    """
    with pghistory.context(user=by.pk):
        if kind == EntryKind.EVENT:
            return set(_of_event(key, successor, chosen))
        if kind == EntryKind.SOURCE:
            return _of_source(key, successor)
    return set()


def _of_event(key: str, successor: str, chosen: Collection[str] | None) -> Iterator[Key]:
    events = {event.key: event for event in _locked(Event, [key, successor])}
    lacking = {part.name for part in parts(key, successor) if not part.is_there}
    going = lacking if chosen is None else set(chosen)
    if unknown := going - {part.name for part in parts(key, successor)}:
        raise WorkflowRefused(
            _("No part of the event %(key)s: %(unknown)s. Open the page again.")
            % {"key": key, "unknown": ", ".join(sorted(unknown)[:5])}
        )
    if going and successor not in events:
        raise WorkflowRefused(
            _("The event %(successor)s is no longer on the desk: nothing can be moved to it.")
            % {"successor": successor}
        )
    for kind, (model, _same) in PARTS.items():
        pks = [int(number) for of, _, number in (name.partition(" ") for name in going) if of == kind]
        if pks:
            model._default_manager.filter(pk__in=pks).update(event=events[successor])
    if going:
        yield EntryKind.EVENT, successor


@transaction.atomic
def merge_draft_source(key: str, successor: str, *, by: User) -> None:
    """Let a source take over every citation of one that was never public, and delete that. Raises WorkflowRefused."""
    permissions.require(by.has_perm("conflict.delete_source"), by, "merge sources")
    if key == successor:
        raise WorkflowRefused(f"The source {key} cannot be merged into itself.")
    if PUBLISHED[EntryKind.SOURCE]._default_manager.filter(key=key).exists():
        raise WorkflowRefused(f"The source {key} is public: propose to merge it instead.")
    sources = {source.key: source for source in _locked(Source, [key, successor])}
    if SubmittedEntry.objects.filter(is_live=True, entry_kind=EntryKind.SOURCE, key=key).exists():
        raise WorkflowRefused(f"The source {key} is part of a submission: take that back first.")
    with pghistory.context(user=by.pk):
        _of_source(key, successor)
        sources[key].delete()


def _of_source(key: str, successor: str) -> set[Key]:
    source = Source.objects.get(key=successor)
    rows = list(Citation.objects.filter(source__key=key).select_related(*OWNERS).order_by("pk"))
    entries = {(entry.entry_kind, entry.key) for entry in map(_entry_of, rows)}
    if len(entries) > MOST_ENTRIES:
        raise WorkflowRefused(
            _(
                "%(entries)s entries cite the source %(key)s: more than a person reads at once. Correct them in parts first."
            )
            % {"entries": len(entries), "key": key}
        )
    for kind in (EntryKind.ACTOR, EntryKind.EVENT):
        _locked(ENTRIES[kind], [of for entry, of in entries if entry == kind])
    columns = ("event_id", "claim_id", "finding_id", "affiliation_id", "participation_id", "locator")
    there = set(Citation.objects.filter(source=source).values_list(*columns))
    for row in rows:
        if tuple(getattr(row, column) for column in columns) in there:
            row.delete()
        else:
            Citation.objects.filter(pk=row.pk).update(source=source)
    return entries


OWNERS = ("event", "claim__event", "finding__event", "participation__event", "affiliation__actor")


def _entry_of(citation: Citation) -> Any:
    for path in OWNERS:
        row: Any = citation
        for name in path.split("__"):
            row = row and getattr(row, name)
        if row is not None:
            return row
    raise AssertionError(f"citation {citation.pk} supports nothing")  # a constraint refuses it


def _locked(model: Any, keys: Collection[str]) -> list[Any]:
    """Lock the entries before any part of them is written."""
    return list(model.objects.filter(key__in=keys).order_by("pk").select_for_update(of=("self",)))
