"""Tracker of changes other than rewordings.

Most publications only reword an event or describe an actor, which leaves all counts over the record as they are.

These therefore depend on the last publication that was more than a rewording, not on the head of the log. Otherwise,
each publication would make readers rescan the whole record. Measured as “200 readers while an editor publishes”.
"""

import threading
from typing import Any, NamedTuple

from django.db import connections

from conflict.documents.references import references
from conflict.documents.schema_upgrades import lifted
from conflict.public.cache.reads import unrecorded
from conflict.public.head import ALIAS, Head
from conflict.record.models import Action, Publication
from conflict.record.review_state import review_state
from conflict.vocabulary import EntryKind, ReviewState

READ = 20  # publications examined; more than that count as a change
HEADS = 8  # remembered
DESCRIBING = ("description", "translations")  # fields that nothing is counted by


class Step(NamedTuple):
    """A publication of an entry, together with the one before it, unless that was a withdrawal."""

    sha256: str
    entry_kind: str
    action: str
    document: str | None
    change_kind: str
    reason: str
    readers: int | None
    before: str | None
    before_change_kind: str | None
    before_reason: str | None
    before_readers: int | None


LOG = Publication._meta.db_table
# Run for the first reader after each publication, so it is raw SQL. The text of the earlier head is not needed.
STEPS = f"""
    SELECT step.sha256, step.entry_kind, step.action, CASE WHEN step.number > %(earlier)s THEN step.document END,
        step.change_kind, step.reason, step.readers, before.document, before.change_kind, before.reason, before.readers
    FROM {LOG} step LEFT JOIN {LOG} before ON step.number > %(earlier)s
        AND before.entry_kind = step.entry_kind AND before.key = step.key AND before.version = step.version - 1
    WHERE step.number BETWEEN %(earlier)s AND %(later)s ORDER BY step.number LIMIT {READ + 1}
"""


class ChangeTracker:
    """Position up to which this process has read the log, and the last publication that was no mere rewording."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.seen: Head | None = None
        self.found: dict[Head, Head] = {}  # by head, the newest last

    def under(self, head: Head) -> Head:
        """The last publication up to this head that was more than a rewording, if it is known; otherwise the head."""
        with self.lock:
            if head not in self.found:  # a request that began before the last publication asks about an earlier one
                steps = _steps(self.seen, head) if self.seen else None
                moved = steps is None or not all(map(_is_rewording, steps))
                self.found[head] = head if moved or not self.seen else self.found[self.seen]
                self.seen = head
                if len(self.found) > HEADS:
                    del self.found[next(iter(self.found))]
            return self.found[head]


def _steps(earlier: Head, later: Head) -> list[Step] | None:
    """Publications after `earlier`, up to and including `later`.

    None if `earlier` does not precede `later` in this log, or if there are too many publications to examine.
    """
    with unrecorded(), connections[ALIAS].cursor() as cursor:
        cursor.execute(STEPS, {"earlier": earlier.number, "later": later.number})
        steps = list(map(Step._make, cursor.fetchall()))
    if len(steps) > READ or not steps or steps[0].sha256 != earlier.sha256 or steps[-1].sha256 != later.sha256:
        return None
    return steps[1:]


def _is_rewording(step: Step) -> bool:
    """Return True if the publication changed nothing by which entries are counted or found: of an event, neither its place
    and date nor the like; of another entry, nothing but its description.
    """
    if step.action != Action.PUBLISH or not step.document or not step.before:
        return False
    counted_by = _filtered_by if step.entry_kind == EntryKind.EVENT else _undescribed
    return _is_read(step) == _was_read(step) and counted_by(step, step.before) == counted_by(step, step.document)


def _is_read(step: Step) -> bool:
    return review_state(step) == ReviewState.REVIEWED


def _was_read(step: Step) -> bool:
    kind, reason = step.before_change_kind or "", step.before_reason or ""
    return _is_read(step._replace(change_kind=kind, reason=reason, readers=step.before_readers))


def _undescribed(step: Step, text: str) -> dict[str, Any]:
    return {name: value for name, value in lifted(step.entry_kind, text).items() if name not in DESCRIBING}


def _filtered_by(step: Step, text: str) -> list[Any]:
    """Fields by which an event is counted and found: date, places, period, kind, references and status."""
    event = lifted(step.entry_kind, text)
    relations = sorted(relation["kind"] for claim in event["claims"] for relation in claim["relations"])
    own = [event[name] for name in ("when", "location", "other_locations", "period", "kind", "standing")]
    return [*own, relations, sorted(set(references(event)))]


tracker = ChangeTracker()
