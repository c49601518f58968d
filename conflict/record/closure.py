"""Closure: public entries may refer only to public ones, and an entry that is still referred to cannot be withdrawn."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from django.db.models import Model

from conflict.documents.references import Reference
from conflict.message import Refusal, joined
from conflict.message import gettext as _
from conflict.record.log import Step
from conflict.record.models import PUBLISHED, Action, PublishedClaim, PublishedReference
from conflict.record.models.reference import REFERRED
from conflict.record.projection.paths import NESTED, upwards
from conflict.vocabulary import EventRelationKind, kind_label

Entry = tuple[str, str]
PART_OF = f'"kind":"{EventRelationKind.PART_OF.value}"'  # as in canonical text and in bodies


class ClosureRefused(Refusal):
    """A publication or withdrawal would leave a public entry with a reference to something that is not public."""


class DocumentIndex(NamedTuple):
    """References and claims of a document, as far as the closure needs them."""

    references: frozenset[Reference]
    claims: frozenset[str]


def refuse_dangling(steps: Sequence[Step], indexes: Mapping[Entry, DocumentIndex]) -> None:
    """Raises ClosureRefused with the list of missing entries, or of entries that still cite the withdrawn ones.

    `indexes` are those of the documents to be published, by kind and key.
    """
    gone = _gone(steps, indexes)
    refuse_claims_of_others(steps, indexes)
    _refuse_missing(indexes, gone)
    _refuse_cited(gone, {(step.kind, step.key) for step in steps})


def refuse_claims_of_others(steps: Sequence[Step], indexes: Mapping[Entry, DocumentIndex]) -> None:
    """Raises ClosureRefused for claims that are public in another event, if these steps do not change that event."""
    moving = {step.key for step in steps if step.kind == "event"}
    claims = {claim: key for (kind, key), document in indexes.items() for claim in document.claims}
    rows = PublishedClaim.objects.filter(key__in=claims).exclude(event__in=moving).values_list("key", "event_id")
    if moved := sorted(rows)[:20]:
        message = joined(
            (
                _("%(claim)s is public in the event %(event)s, and here in %(here)s")
                % {"claim": claim, "event": event, "here": claims[claim]}
                for claim, event in moved
            ),
            "; ",
        )
        raise ClosureRefused(
            _("A claim belongs to one event: %(message)s. Propose both events together.") % {"message": message}
        )


def refuse_circles(steps: Sequence[Step]) -> None:
    """Raises ClosureRefused if one of these lies within itself, or is part of itself; call it once the record has them."""
    _refuse_parts_of_themselves(steps)
    for kind in {step.kind for step in steps if step.action == Action.PUBLISH} & NESTED.keys():
        above = dict(NESTED[kind]._default_manager.values_list("key", "parent_id"))
        for step in steps:
            chain = upwards(step.key, above) if step.kind == kind and step.key in above else []
            if len(set(chain)) < len(chain):
                path = _(" lies in ").join(chain)
                raise ClosureRefused(
                    _("The %(kind)s %(key)s would lie within itself: %(said)s. Publish the other parents with it.")
                    % {"kind": kind_label(kind), "key": step.key, "said": path}
                )


def _refuse_parts_of_themselves(steps: Sequence[Step]) -> None:
    """Desk and record may differ: of two relations that lead one way and back, one may be a draft that was never shown."""
    events = {step.key: step.text for step in steps if step.kind == "event" and step.action == Action.PUBLISH}
    for key in (key for key, text in events.items() if PART_OF in text):
        seen, ahead = set[str](), _wholes([key])
        while ahead and key not in ahead:
            seen |= ahead
            ahead = _wholes(ahead) - seen
        if key in ahead:
            raise ClosureRefused(
                _(
                    "The event %(key)s would be part of itself, by way of %(said)s. Publish the others' relations with it."
                )
                % {"key": key, "said": ", ".join(sorted(seen | ahead - {key}))}
            )


def _wholes(keys: Iterable[str]) -> set[str]:
    """Public events that these are part of."""
    rows = PUBLISHED["event"]._default_manager.filter(key__in=keys, body__contains=PART_OF)
    return {
        relation["event"]["key"]
        for body in rows.values_list("body", flat=True)
        for relation in msgspec.json.decode(body)["relations"]
        if relation["kind"] == EventRelationKind.PART_OF
    }


def claims_of(document: dict[str, Any]) -> set[str]:
    return {claim["key"] for claim in document.get("claims", ())}


def _gone(steps: Sequence[Step], indexes: Mapping[Entry, DocumentIndex]) -> set[Reference]:
    """Entries withdrawn or erased by these steps, and claims that their events lose."""
    withdrawn = {Reference(step.kind, step.key) for step in steps if step.action != Action.PUBLISH}
    events = [step.key for step in steps if step.kind == "event"]
    kept = {key for document in indexes.values() for key in document.claims}
    held = PublishedClaim.objects.filter(event__in=events).values_list("key", flat=True)
    return withdrawn | {Reference("claim", key) for key in held if key not in kept}


def _refuse_missing(indexes: Mapping[Entry, DocumentIndex], gone: set[Reference]) -> None:
    brought = {Reference(*entry) for entry in indexes}
    brought |= {Reference("claim", key) for document in indexes.values() for key in document.claims}
    needed: dict[Reference, list[Entry]] = defaultdict(list)
    for entry, document in indexes.items():
        for reference in document.references - brought:
            needed[reference].append(entry)
    missing = needed.keys() - (_published(needed) - gone)
    if missing:
        message = joined(
            (
                _("%(kind)s %(key)s (named by %(by)s)")
                % {"kind": kind_label(ref.kind), "key": ref.key, "by": _named(needed[ref])}
                for ref in sorted(missing)[:20]
            ),
            "; ",
        )
        raise ClosureRefused(
            _("Not public yet, and not published with it: %(message)s. Publish these first, or in the same submission.")
            % {"message": message}
        )


def _named(entries: Iterable[Entry]) -> str:
    """The first three of these entries."""
    return ", ".join(sorted(f"{kind_label(kind)} {key}" for kind, key in entries)[:3])


def _published(wanted: Iterable[Reference]) -> set[Reference]:
    keys: dict[str, set[str]] = defaultdict(set)
    for reference in wanted:
        keys[reference.kind].add(reference.key)
    tables: dict[str, type[Model]] = {**PUBLISHED, "claim": PublishedClaim}
    return {
        Reference(kind, key)
        for kind, of_kind in keys.items()
        for key in tables[kind]._default_manager.filter(key__in=of_kind).values_list("key", flat=True)
    }


def _refuse_cited(gone: set[Reference], moving: set[Entry]) -> None:
    still = []
    for kind in REFERRED:
        keys = [reference.key for reference in gone if reference.kind == kind]
        if keys:
            rows = PublishedReference.objects.filter(**{f"{kind}__in": keys}).values_list(
                "from_kind", "from_key", f"{kind}_id"
            )
            still += [(*row[:2], kind, row[2]) for row in rows if tuple(row[:2]) not in moving]
    if still:
        message = joined(
            (
                _("%(kind)s %(key)s is cited by %(from_kind)s %(from_key)s")
                % {"kind": kind_label(kind), "key": key, "from_kind": kind_label(from_kind), "from_key": from_key}
                for from_kind, from_key, kind, key in sorted(still)[:20]
            ),
            "; ",
        )
        raise ClosureRefused(
            _("Still cited: %(message)s. Correct what cites it in the same submission.") % {"message": message}
        )
