"""Most publications correct the words of an event. Counts, charts, maps and forms stand through these.

So what shows no single event depends on the last publication that was more than a rewording, and not on the head of the
log. Otherwise all readers would have the whole record scanned and the largest pages rendered after each publication.
"""

import threading
from typing import Any

from django.db.models import OuterRef, Subquery

from conflict.documents.lifting import lifted
from conflict.documents.references import references
from conflict.pages import reading
from conflict.record.head import Head
from conflict.record.models import Action, Publication
from conflict.vocabulary import EntryKind

READ = 20  # publications that are looked at to find out; more are a change


class Ground:
    """What a process knows of the log: up to where it has looked, and what of that was more than a rewording."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.seen: Head | None = None
        self.moved: Head | None = None
        self.renamed: Head | None = None

    def under(self, head: Head) -> Head:
        """The last publication up to this head that was more than a rewording, as far as is known; else the head."""
        return self._looked(head)[0]

    def of_names(self, head: Head) -> Head:
        """The same, where another title for an event is more than a rewording: what shows other events by name."""
        return self._looked(head)[1]

    def _looked(self, head: Head) -> tuple[Head, Head]:
        with self.lock:
            if self.seen != head:
                steps = _steps(self.seen, head) if self.seen else None
                if steps is None or not all(map(_is_rewording, steps)):
                    self.moved = self.renamed = head
                elif not all(map(_keeps_the_title, steps)):
                    self.renamed = head
                self.seen = head
            return self.moved or head, self.renamed or head


def only_reworded(earlier: Head, later: Head) -> bool:
    """Whether everything published after `earlier` up to `later` left all events where and when they were.

    False as well where `earlier` is not in this log before `later`, or where too much was published to look at.
    """
    steps = [] if earlier == later else _steps(earlier, later)
    return steps is not None and all(map(_is_rewording, steps))


def _steps(earlier: Head, later: Head) -> list[Publication] | None:
    """What was published between, each with the text just before; None where that is not known, or too much."""
    steps = reading.log().filter(number__gte=earlier.number, number__lte=later.number).in_order()
    just_before = Publication.objects.filter(
        entry_kind=OuterRef("entry_kind"), key=OuterRef("key"), version=OuterRef("version") - 1
    )
    rows: list[Publication] = list(
        steps.annotate(text_just_before=Subquery(just_before.values("document")))[: READ + 1]
    )
    if len(rows) > READ or not rows or rows[0].sha256 != earlier.sha256 or rows[-1].sha256 != later.sha256:
        return None
    return rows[1:]


def _is_rewording(step: Publication) -> bool:
    before: str | None = step.text_just_before  # type: ignore[attr-defined]  # none of one that was withdrawn
    if step.entry_kind != EntryKind.EVENT or step.action != Action.PUBLISH or not step.document or not before:
        return False
    return _asked_by(before) == _asked_by(step.document)


def _keeps_the_title(rewording: Publication) -> bool:
    texts: tuple[str, str] = rewording.text_just_before, rewording.document  # type: ignore[attr-defined,assignment]
    before, after = (lifted(EntryKind.EVENT, text)["title"] for text in texts)
    return bool(before == after)


def _asked_by(text: str) -> list[Any]:
    """What the event is counted and found by: date, places, period, kind, whom and what it names, how well it stands."""
    event = lifted(EntryKind.EVENT, text)
    relations = sorted(relation["kind"] for claim in event["claims"] for relation in claim["relations"])
    own = [event[name] for name in ("when", "location", "other_locations", "period", "kind", "standing")]
    return [*own, relations, sorted(set(references(event)))]


ground = Ground()
