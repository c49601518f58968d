"""Merges: what a public entry takes over at the desk from another of its kind before that one is withdrawn.

The editor chooses which parts of it go over: claims, citations, participants and relations of an event, names and
affiliations of an actor, names of a place. Whatever names it, anywhere, names the successor instead.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import pghistory
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from conflict.documents import canonical_text
from conflict.models import ENTRIES, ActorName, Affiliation, Citation, Claim, EventRelation, LocationName, Participation
from conflict.record.models import PUBLISHED, Action
from conflict.vocabulary import AffiliationKind, EntryKind, EventRelationKind, kind_label
from editorial.models import SubmittedEntry, User
from editorial.workflow import permissions, publisher, references
from editorial.workflow.dependencies import by_kind, public
from editorial.workflow.exceptions import WorkflowRefused

Key = tuple[str, str]
# Parts that go over, by kind of entry, and what makes one the same as another there.
PARTS: dict[str, dict[str, tuple[type[Model], tuple[str, ...]]]] = {
    EntryKind.EVENT: {
        "claim": (Claim, ("key",)),
        "citation": (Citation, ("source_id", "locator")),
        "participation": (Participation, ("actor_id", "role")),
        "relation": (EventRelation, ("kind", "other_id")),
    },
    EntryKind.ACTOR: {
        "name": (ActorName, ("name",)),
        "affiliation": (Affiliation, ("kind", "other_id", "when", "role")),
    },
    EntryKind.LOCATION: {"name": (LocationName, ("name",))},
}
# Relations that lead one way only; a merge of two entries with a third between them would close a circle.
ONE_WAY: dict[str, tuple[tuple[type[Model], str], ...]] = {
    EntryKind.EVENT: ((EventRelation, EventRelationKind.PART_OF),),
    EntryKind.ACTOR: tuple(
        (Affiliation, kind)
        for kind in (AffiliationKind.PART_OF, AffiliationKind.SPLINTER_OF, AffiliationKind.SUCCESSOR_OF)
    ),
}
MOST_ENTRIES = 300  # that a merge may change: a person has to read them
OWN_NAME = "own name"  # the main name, which becomes a further one of the successor


class Part(NamedTuple):
    """A part of the entry that is to be withdrawn."""

    name: str  # kind and number, as in a form
    label: str
    is_there: bool  # the other says the same, or it would say so of itself


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
    if kind in (EntryKind.LOCATION, EntryKind.PERIOD) and _lies_in(kind, successor, key):
        raise WorkflowRefused(
            _("The %(kind)s %(successor)s lies in %(key)s: give it another parent first.")
            % {"kind": kind_label(kind), "successor": successor, "key": key}
        )
    for start, goal in ((key, successor), (successor, key)):
        if between := _between(kind, start, goal):
            raise WorkflowRefused(
                _(
                    "The %(kind)s %(start)s leads to %(goal)s by way of %(between)s, which would lead back to itself: remove a relation between them first."
                )
                % {"kind": kind_label(kind), "start": start, "goal": goal, "between": between}
            )


def parts(kind: str, key: str, successor: str) -> list[Part]:
    """Parts of the entry that can go over, and whether the other has the same."""
    entry, other = _entry(kind, key), _entry(kind, successor)
    if entry is None or other is None:
        return []
    held, shown = PARTS.get(kind, {}), []
    for name, (model, identity) in held.items():
        there = set(model._default_manager.filter(**{kind: other}).values_list(*identity))
        for row in model._default_manager.filter(**{kind: entry}).order_by("pk"):
            is_there = tuple(getattr(row, column) for column in identity) in there
            is_of_itself = getattr(row, "other_id", None) == other.pk
            is_own = name == "name" and getattr(row, "name", "") == other.name
            shown.append(Part(f"{name} {row.pk}", f"{name} {row}", is_there or is_of_itself or is_own))
    if "name" in held:
        names = {other.name, *other.names.values_list("name", flat=True)}
        shown.insert(0, Part(OWN_NAME, f"name {entry.name}", entry.name in names))
    return shown


def named_by(kind: str, key: str, leave_out: Collection[str] = ()) -> list[Any]:
    """Entries that name it and would name the successor instead, by kind and key."""
    found = references.entries_of(references.found(kind, key, leave_out))
    return sorted(found, key=lambda entry: (entry.entry_kind, entry.key))


def carry_over(
    *, kind: str, key: str, successor: str, chosen: Collection[str] | None, by: User, leave_out: Collection[str]
) -> set[Key]:
    """Move parts to the successor and let what names the entry name it; returns the public entries changed by that.

    `chosen` names the parts as `parts` does; None stands for all that the successor lacks. Notices in `leave_out` are
    withdrawn with the entry.
    """
    named = references.found(kind, key, leave_out)
    changed = {(entry.entry_kind, entry.key) for entry in references.entries_of(named)}
    changed |= references.in_public(kind, key) - {(EntryKind.NOTICE.value, notice) for notice in leave_out}
    if len(changed) > MOST_ENTRIES:
        raise WorkflowRefused(
            _(
                "%(count)s entries name the %(kind)s %(key)s: more than a person reads at once. Correct them in parts first."
            )
            % {"count": len(changed), "kind": kind_label(kind), "key": key}
        )
    references.lock({*changed, (kind, key), (kind, successor)})
    with pghistory.context(user=by.pk):
        _move(kind, key, successor, chosen)
        references.point_at(kind, successor, named)
    return _differing((changed | {(kind, successor)}) - {(kind, key)})


@transaction.atomic
def merge_draft_source(key: str, successor: str, *, by: User) -> None:
    """Let a source take over every citation of one that was never public, and delete that. Raises WorkflowRefused."""
    permissions.require(permissions.may_merge_draft_sources(by), by, _("merge sources"))
    if key == successor:
        raise WorkflowRefused(_("The source %(key)s cannot be merged into itself.") % {"key": key})
    if PUBLISHED[EntryKind.SOURCE]._default_manager.filter(key=key).exists():
        raise WorkflowRefused(_("The source %(key)s is public: propose to merge it instead.") % {"key": key})
    named = references.found(EntryKind.SOURCE, key)
    citing = {(entry.entry_kind, entry.key) for entry in references.entries_of(named)}
    references.lock({*citing, (EntryKind.SOURCE, key), (EntryKind.SOURCE, successor)})
    if SubmittedEntry.objects.filter(is_live=True, entry_kind=EntryKind.SOURCE, key=key).exists():
        raise WorkflowRefused(_("The source %(key)s is part of a submission: take that back first.") % {"key": key})
    with pghistory.context(user=by.pk):
        references.point_at(EntryKind.SOURCE, successor, named)
        _entry(EntryKind.SOURCE, key).delete()


def _differing(entries: Collection[Key]) -> set[Key]:
    """Public entries that say something else at the desk."""
    differing: set[Key] = set()
    for kind, keys in by_kind(public(entries)):
        rows = ENTRIES[EntryKind(kind)].objects.filter(key__in=keys)
        texts = {key: canonical_text(shown) for key, shown in publisher.documents_of(rows)}
        differing |= {(kind, key) for key in texts.keys() - publisher.public_already(kind, texts)}
    return differing


def _move(kind: str, key: str, successor: str, chosen: Collection[str] | None) -> None:
    shown = parts(kind, key, successor)
    going = {part.name for part in shown if not part.is_there} if chosen is None else set(chosen)
    if unknown := going - {part.name for part in shown}:
        raise WorkflowRefused(
            _("No part of the %(kind)s %(key)s: %(unknown)s. Open the page again.")
            % {"kind": kind_label(kind), "key": key, "unknown": ", ".join(sorted(unknown)[:5])}
        )
    if twice := [part.label for part in shown if part.is_there and part.name in going]:
        raise WorkflowRefused(
            _("%(successor)s has the same already: %(twice)s. Leave it out.")
            % {"successor": successor, "twice": ", ".join(twice[:5])}
        )
    entry, other = _entry(kind, key), _entry(kind, successor)
    for name, (model, _identity) in PARTS.get(kind, {}).items():
        model._default_manager.filter(pk__in=_numbers(name, going)).update(**{kind: other})
    if OWN_NAME in going:
        other.names.create(name=entry.name)


def _numbers(kind: str, going: Iterable[str]) -> list[int]:
    return [int(number) for of, _space, number in (name.partition(" ") for name in going) if of == kind]


def _entry(kind: str, key: str) -> Any:
    return ENTRIES[EntryKind(kind)].objects.filter(key=key).first()


def _lies_in(kind: str, key: str, above: str) -> bool:
    entry = _entry(kind, key)
    seen: set[int] = set()
    while entry is not None and entry.pk not in seen:
        seen.add(entry.pk)
        entry = entry.parent
        if entry is not None and entry.key == above:
            return True
    return False


def _between(kind: str, start: str, goal: str) -> str:
    """The entry next to the goal on a path of at least two relations of one kind; empty if there is no such path."""
    for model, relation in ONE_WAY.get(kind, ()):
        ways: Any = model._default_manager.filter(kind=relation)
        seen: set[str] = set()
        ahead = {start}
        while ahead:
            steps = ways.filter(**{f"{kind}__key__in": ahead}).values_list(f"{kind}__key", "other__key")
            onward = {(one, other) for one, other in steps if (one, other) != (start, goal)}
            if found := min((one for one, other in onward if other == goal), default=""):
                return found
            seen |= ahead
            ahead = {other for _one, other in onward} - seen
    return ""
