"""Form versions: the signed state of an entry that an editor started from, compared before anything is written."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from conflict.models import Affiliation, Entry

SIGNER = Signer(salt="desk.edition")


class FormVersionLost(ValueError):
    """The form lacks the version it was filled in from."""

    def __init__(self) -> None:
        super().__init__(_("The form does not say what it started from: open the entry again and repeat the change."))


class ChangedMeanwhile(ValueError):
    """Somebody else changed the entry in the meantime."""


def owner(row: Any) -> Entry:
    """The entry that a row belongs to; the entry itself for an entry."""
    if isinstance(row, Entry):
        return row
    entry: Entry = row.actor if isinstance(row, Affiliation) else row.event
    return entry


def of(entry: Entry) -> str:
    """Version of the entry's current state, for a form that is opened now."""
    return SIGNER.sign(f"{entry.entry_kind} {entry.pk} {entry.modified_at.isoformat()}")


def started_from(edition: str, entry: Entry) -> datetime:
    """Last modification of the entry as the form had it. Raises FormVersionLost."""
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
