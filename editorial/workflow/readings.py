"""Readings: the verb by which a second person confirms unchanged what is public, and the queue of what is unread.

The queue begins with emergencies; after these comes what readers open most, or the oldest. A withdrawal made in an emergency is read like a text: the log says so, and the tombstone stays as it is.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Exists, OuterRef, Sum
from django.utils.translation import gettext as _

from conflict.documents import sha256
from conflict.models import ENTRIES
from conflict.record import log
from conflict.record.log import People, Step
from conflict.record.models import PUBLISHED, Action, Publication, PublishedCount, Tombstone
from conflict.record.review_state import READ
from conflict.vocabulary import ChangeKind, EntryKind, ReviewState, kind_label
from editorial.models import AuditEntry, User, ViewCount
from editorial.workflow import permissions, publisher
from editorial.workflow.exceptions import FourEyes, ReadOtherTexts, WorkflowRefused
from editorial.workflow.submissions import MOST_AT_ONCE

REASON = "Read as it stands by a second person, who found nothing to change."
WITHDRAWAL_READ = "The withdrawal was read by a second person, who found nothing to change."

Entry = tuple[str, str]


class Read(NamedTuple):
    """A public or withdrawn entry, and the digest of what was read: its text, or the step that withdrew it."""

    kind: EntryKind
    key: str
    digest: str


class Unread(NamedTuple):
    """A public entry, or one withdrawn in an emergency, that nobody but its author has read."""

    kind: EntryKind
    key: str
    label: str
    state: ReviewState
    number: int
    is_withdrawn: bool = False
    views: int = 0  # how often readers opened its page


@transaction.atomic
def stand_by(*, entries: Sequence[Read], by: User, at: datetime) -> list[Publication]:
    """Record in the log, per entry, that `by` has read it, wrote none of it, and stands by it unchanged.

    Raises NotPermitted, FourEyes, ReadOtherTexts if an entry has changed since, and WorkflowRefused if a second
    person has read it already.
    """
    permissions.require(permissions.may_review(by), by, _("review entries"))
    if not 0 < len(entries) <= MOST_AT_ONCE or len({entry[:2] for entry in entries}) < len(entries):
        raise WorkflowRefused(
            _("Choose the entries that you have read: up to %(most)s, each once.") % {"most": MOST_AT_ONCE}
        )
    at += log.lock()
    texts = publisher.public_texts((entry.kind, entry.key) for entry in entries)
    withdrawals = {(step.entry_kind, step.key): step for step in _unread_withdrawals()}
    for entry in entries:
        step = withdrawals.get((entry.kind, entry.key))
        _refuse(entry, texts.get((entry.kind, entry.key), ""), step, by)
    steps = [_step(entry, texts, withdrawals) for entry in entries]
    publications = publisher.publish_steps(steps, at)
    AuditEntry.objects.create(
        verb="stand_by",
        by=by,
        at=at,
        entries=[f"{entry.kind} {entry.key}" for entry in entries],
        batch=publications[0].number,
    )
    return publications


def _step(entry: Read, texts: Mapping[Entry, str], withdrawals: Mapping[Entry, Publication]) -> Step:
    behind, of = People(writers=0, readers=1, publishers=1), (entry.kind, entry.key)
    if of in texts:
        return Step(*of, ChangeKind.REVIEWED, REASON, text=texts[of], people=behind)
    successor = withdrawals[of].successor
    return Step(*of, ChangeKind.REVIEWED, WITHDRAWAL_READ, action=Action.WITHDRAW, successor=successor, people=behind)


def unread(
    kinds: Sequence[str] = (), period: str = "", state: str = "", *, most_read_first: bool = False
) -> list[Unread]:
    """Entries that no second person has read: first what was published or withdrawn in an emergency, then the oldest, or
    what readers open most.
    """
    found = []
    if not period and state in ("", ReviewState.EMERGENCY):
        found = [
            Unread(EntryKind(step.entry_kind), step.key, step.key, ReviewState.EMERGENCY, step.number, True)
            for step in _unread_withdrawals()
            if step.entry_kind in (kinds or ENTRIES)
        ]
    for kind in kinds or ENTRIES:
        if period and kind != EntryKind.EVENT:
            continue
        rows: Any = PUBLISHED[kind]._default_manager.exclude(review_state=ReviewState.REVIEWED)
        rows = rows.filter(review_state=state) if state else rows
        rows = rows.filter(period__path__contains=[period]) if period else rows
        views = _views(kind, rows) if most_read_first else {}
        rows = rows.only("key", "label", "review_state", "publication_id")
        first = {
            row.key: row
            for row in (*rows.order_by("review_state", "publication_id")[:MOST_AT_ONCE], *rows.filter(key__in=views))
        }
        found += [
            Unread(
                EntryKind(kind),
                row.key,
                row.label,
                ReviewState(row.review_state),
                row.publication_id,
                views=views.get(row.key, 0),
            )
            for row in first.values()
        ]
    return sorted(found, key=lambda entry: (entry.state != ReviewState.EMERGENCY, -entry.views, entry.number))[
        :MOST_AT_ONCE
    ]


def _views(kind: str, rows: Any) -> dict[str, int]:
    """The counts of those of these entries that readers open most, by key."""
    counts = ViewCount.objects.filter(entry_kind=kind, key__in=rows.order_by().values("key"))
    return dict(counts.order_by("-times", "key").values_list("key", "times")[:MOST_AT_ONCE])


def count_unread(state: ReviewState) -> int:
    entries = PublishedCount.objects.filter(dimension="entry", detail=state)
    texts: int = entries.aggregate(number=Sum("number", default=0))["number"]
    return texts + (len(_unread_withdrawals()) if state == ReviewState.EMERGENCY else 0)


def _unread_withdrawals() -> list[Publication]:
    """Steps that withdrew an entry without a second person, none of whom has read it since; the oldest first."""
    since = Publication.objects.filter(
        READ, entry_kind=OuterRef("entry_kind"), key=OuterRef("key"), number__gt=OuterRef("number")
    )
    stones = Tombstone.objects.values("publication")
    alone = Publication.objects.filter(~READ, ~Exists(since), number__in=stones, action=Action.WITHDRAW)
    return list(alone.in_order()[:MOST_AT_ONCE])


def _refuse(entry: Read, text: str, withdrawal: Publication | None, by: User) -> None:
    if not text and withdrawal is None:
        raise WorkflowRefused(
            _("The %(kind)s %(key)s is not public: there is nothing to stand by.")
            % {"kind": kind_label(entry.kind), "key": entry.key}
        )
    if (withdrawal.sha256 if withdrawal is not None else sha256(text)) != entry.digest:
        raise ReadOtherTexts(
            _("The %(kind)s %(key)s says something else since you opened the page: read it again.")
            % {"kind": kind_label(entry.kind), "key": entry.key},
            read="",
        )
    row = PUBLISHED[entry.kind]._default_manager.filter(key=entry.key).first()
    if row is not None and row.review_state == ReviewState.REVIEWED:
        raise WorkflowRefused(
            _("A second person has read the %(kind)s %(key)s as it stands already.")
            % {"kind": kind_label(entry.kind), "key": entry.key}
        )
    if not permissions.may_stand_by(by, entry.kind, entry.key):
        raise FourEyes(
            _("You wrote part of the %(kind)s %(key)s, or proposed it: somebody else has to read it.")
            % {"kind": kind_label(entry.kind), "key": entry.key}
        )
