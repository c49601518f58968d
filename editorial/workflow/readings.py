"""Readings: the verb by which a second person confirms public entries unchanged, and the queue of unread ones."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction

from conflict.documents import sha256
from conflict.models import ENTRIES
from conflict.record import log
from conflict.record.log import People, Step
from conflict.record.models import PUBLISHED, Publication
from conflict.vocabulary import ChangeKind, EntryKind, ReviewState
from editorial.models import AuditEntry, User
from editorial.workflow import permissions, publisher
from editorial.workflow.exceptions import FourEyes, ReadOtherTexts, WorkflowRefused

REASON = "Read as it stands by a second person, who found nothing to change."
AT_ONCE = 300


class Read(NamedTuple):
    """A public entry, and the digest of the text of it that was read."""

    kind: EntryKind
    key: str
    digest: str


class Unread(NamedTuple):
    """A public entry that nobody but its author has read."""

    kind: EntryKind
    key: str
    label: str
    state: ReviewState
    number: int


@transaction.atomic
def stand_by(*, entries: Sequence[Read], by: User, at: datetime) -> list[Publication]:
    """Record in the log, per entry, that `by` has read it, wrote none of it, and stands by it unchanged.

    Raises NotPermitted, FourEyes, ReadOtherTexts if an entry has changed since, and WorkflowRefused if a second
    person has read it already.
    """
    permissions.require(permissions.may_review(by), by, "review entries")
    if not 0 < len(entries) <= AT_ONCE or len({entry[:2] for entry in entries}) < len(entries):
        raise WorkflowRefused(f"Choose the entries that you have read: up to {AT_ONCE}, each once.")
    at += log.lock()
    texts = publisher.public_texts((entry.kind, entry.key) for entry in entries)
    for entry in entries:
        _refuse(entry, texts.get((entry.kind, entry.key), ""), by)
    behind = People(writers=0, readers=1, publishers=1)
    steps = [
        Step(entry.kind, entry.key, ChangeKind.REVIEWED, REASON, text=texts[entry.kind, entry.key], people=behind)
        for entry in entries
    ]
    publications = publisher.publish_steps(steps, at)
    AuditEntry.objects.create(
        verb="stand_by",
        by=by,
        at=at,
        entries=[f"{entry.kind} {entry.key}" for entry in entries],
        batch=publications[0].number,
    )
    return publications


def unread(kinds: Sequence[str] = (), period: str = "", state: str = "") -> list[Unread]:
    """Public entries that no second person has read: first those published in an emergency, then the oldest."""
    found = []
    for kind in kinds or ENTRIES:
        if period and kind != EntryKind.EVENT:
            continue
        rows: Any = PUBLISHED[kind]._default_manager.exclude(review_state=ReviewState.REVIEWED)
        rows = rows.filter(review_state=state) if state else rows
        rows = rows.filter(period__path__contains=[period]) if period else rows
        first = rows.order_by("review_state", "publication_id")[:AT_ONCE]
        found += [
            Unread(EntryKind(kind), row.key, row.label, ReviewState(row.review_state), row.publication_id)
            for row in first.only("key", "label", "review_state", "publication_id")
        ]
    return sorted(found, key=lambda entry: (entry.state != ReviewState.EMERGENCY, entry.number))[:AT_ONCE]


def count_unread(state: ReviewState) -> int:
    return sum(table._default_manager.filter(review_state=state).count() for table in PUBLISHED.values())


def _refuse(entry: Read, text: str, by: User) -> None:
    if not text:
        raise WorkflowRefused(f"The {entry.kind} {entry.key} is not public: there is nothing to stand by.")
    if sha256(text) != entry.digest:
        raise ReadOtherTexts(
            f"The {entry.kind} {entry.key} says something else since you opened the page: read it again.", read=""
        )
    row = PUBLISHED[entry.kind]._default_manager.get(key=entry.key)
    if row.review_state == ReviewState.REVIEWED:
        raise WorkflowRefused(f"A second person has read the {entry.kind} {entry.key} as it stands already.")
    if not permissions.may_stand_by(by, entry.kind, entry.key):
        raise FourEyes(f"You wrote part of the {entry.kind} {entry.key}, or proposed it: somebody else has to read it.")
