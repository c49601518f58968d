"""Publishing: the one transaction that adds documents to the log and the record."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from conflict.documents import gc_pause, references
from conflict.documents.schema_upgrades import lifted
from conflict.message import Refusal
from conflict.message import gettext as _
from conflict.record import claim_events, closure, log
from conflict.record.closure import DocumentIndex
from conflict.record.log import Step
from conflict.record.models import PUBLISHED, Action, Publication, Tombstone
from conflict.record.projection import projector
from conflict.text import is_blank
from conflict.vocabulary import ChangeKind, kind_label

LONGEST_WAIT = timedelta(minutes=1)


class PublishingRefused(Refusal):
    """Raised if the record's present state does not allow a publication; the message says why and what to do."""


@transaction.atomic
@gc_pause.gc_paused()
def publish(steps: Sequence[Step], at: datetime) -> list[Publication]:
    """Publish the steps, all or none: log and record change together.

    `at` is the official time of publication; it may precede that of the log's head only by the time spent waiting for
    the lock. Raises PublishingRefused, or ClosureRefused with the entries that are missing or still cite withdrawn
    ones.
    """
    if not steps:
        return []
    log.lock()
    at = _not_before_the_head(at)
    _refuse_impossible(steps)
    named = document_indexes(steps)
    closure.refuse_dangling(steps, named)
    publications = log.append(steps, at)
    projector.apply(publications)
    closure.refuse_circles(steps)
    claim_events.note(publications)
    return publications


def _not_before_the_head(at: datetime) -> datetime:
    """Time of publication: one that waited for the log while another was published gets the other's time."""
    last = log.head()
    if last is None or at >= last.published_at:
        return at
    if last.published_at - at > LONGEST_WAIT:
        raise PublishingRefused(
            f"The log's head was published at {last.published_at.isoformat()}: nothing can be published as of {at.isoformat()}."
        )
    return last.published_at


def document_indexes(steps: Sequence[Step]) -> dict[tuple[str, str], DocumentIndex]:
    """Index of the documents in these steps by kind and key: their references and claims."""
    documents = ((step, lifted(step.kind, step.text)) for step in steps if step.action == Action.PUBLISH)
    return {
        (step.kind, step.key): DocumentIndex(frozenset(references(document)), frozenset(closure.claims_of(document)))
        for step, document in documents
    }


def _refuse_impossible(steps: Sequence[Step]) -> None:
    public = _public(steps)
    steps = [step for step in steps if not _is_reading_of_a_withdrawal(step, public)]
    coming = {(step.kind, step.key) for step in steps if step.action == Action.PUBLISH}
    going = {(step.kind, step.key) for step in steps if step.action != Action.PUBLISH}
    seen = set()
    for step in steps:
        entry, successor = (step.kind, step.key), (step.kind, step.successor)
        if entry in seen:
            raise PublishingRefused(
                _("The %(kind)s %(key)s is named twice in one publication.")
                % {"kind": kind_label(step.kind), "key": step.key}
            )
        seen.add(entry)
        if is_blank(step.reason):
            raise PublishingRefused(
                _("Give a reason for the %(kind)s %(key)s: every publication says why.")
                % {"kind": kind_label(step.kind), "key": step.key}
            )
        if step.action == Action.WITHDRAW and entry not in public:
            raise PublishingRefused(
                _("The %(kind)s %(key)s is not public: there is nothing to withdraw.")
                % {"kind": kind_label(step.kind), "key": step.key}
            )
        if step.successor and (step.successor == step.key or successor in going):
            raise PublishingRefused(
                _("The %(kind)s %(key)s cannot be merged into %(successor)s, which is withdrawn by this itself.")
                % {"kind": kind_label(step.kind), "key": step.key, "successor": step.successor}
            )
        if step.successor and successor not in coming and successor not in public:
            raise PublishingRefused(
                _("The %(kind)s %(successor)s, named as successor of %(key)s, is not public.")
                % {"kind": kind_label(step.kind), "key": step.key, "successor": step.successor}
            )


def _is_reading_of_a_withdrawal(step: Step, public: set[tuple[str, str]]) -> bool:
    """True if a second person has read that the entry was withdrawn: nothing changes but the log."""
    return (
        step.action == Action.WITHDRAW
        and step.change_kind == ChangeKind.REVIEWED
        and (step.kind, step.key) not in public
        and Tombstone.objects.filter(entry_kind=step.kind, key=step.key).exists()
    )


def _public(steps: Sequence[Step]) -> set[tuple[str, str]]:
    """Public entries among those to be withdrawn and their successors; one query per kind."""
    keys: dict[str, set[str]] = defaultdict(set)
    for step in steps:
        if step.action == Action.WITHDRAW:
            keys[step.kind].add(step.key)
        if step.successor:
            keys[step.kind].add(step.successor)
    return {
        (kind, key)
        for kind, of_kind in keys.items()
        for key in PUBLISHED[kind]._default_manager.filter(key__in=of_kind).values_list("key", flat=True)
    }
