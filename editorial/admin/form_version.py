"""Form versions: the signed state of an entry that an editor started from, compared before anything is written.

Two editors save the same entry: the later one is refused here, whatever form or page they have.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from conflict.models import Affiliation, Entry
from editorial.admin import history

SIGNER = Signer(salt="desk.edition")


class FormVersionLost(ValueError):
    """The form lacks the version it was filled in from."""

    def __init__(self) -> None:
        super().__init__(_("The form does not say what it started from: open the entry again and repeat the change."))


class ChangedMeanwhile(ValueError):
    """Somebody else changed the entry in the meantime; `changes` are theirs."""

    def __init__(self, changes: Iterable[history.Change] = ()) -> None:
        self.changes = list(changes)
        self.people = ", ".join(sorted({change.who for change in self.changes})) or _("somebody else")
        super().__init__(_("Changed meanwhile by %(people)s.") % {"people": self.people})


def owner(row: Any) -> Entry:
    """The entry that a row belongs to; the entry itself for an entry."""
    if isinstance(row, Entry):
        return row
    entry: Entry = row.actor if isinstance(row, Affiliation) else row.event
    return entry


def of(entry: Entry) -> str:
    """Version of the entry's current state, for a form that is opened now."""
    return SIGNER.sign(f"{entry.entry_kind} {entry.pk} {entry.modified_at.isoformat()}")


def refuse_changed(edition: str, entry: Entry) -> None:
    """Raise FormVersionLost, or ChangedMeanwhile if the entry, which is locked, is not what the form started from."""
    start = _started_from(edition, entry)
    if start != entry.modified_at:
        raise ChangedMeanwhile(history.since(entry, start))


def refuse_changed_among(edition: str, entries: Iterable[Entry]) -> None:
    """Raise ChangedMeanwhile if one of the entries, which are locked, is not what the page of them all started from."""
    if edition != of_all(entries):
        raise ChangedMeanwhile


def _started_from(edition: str, entry: Entry) -> datetime:
    try:
        kind, pk, moment = SIGNER.unsign(edition).split(" ")
    except (BadSignature, ValueError) as error:
        raise FormVersionLost from error
    at = parse_datetime(moment)
    if (kind, pk) != (entry.entry_kind, str(entry.pk)) or at is None:
        raise FormVersionLost
    return at


def of_all(entries: Iterable[Entry]) -> str:
    """Version of several entries, for a page that confirms one step for all of them."""
    lines = sorted(f"{entry.entry_kind} {entry.pk} {entry.modified_at.isoformat()}" for entry in entries)
    return SIGNER.signature("\n".join(lines))
