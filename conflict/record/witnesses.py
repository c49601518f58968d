"""Witnesses: others who copy the log, verify every step, and sign its head. A rewritten log does not fit what they signed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from conflict import signed_notes
from conflict.documents.canonical_json import FIRST_PREVIOUS
from conflict.record.models import Cosignature, Publication
from conflict.signed_notes import Checkpoint, UnusableNote, VerifierKey

AHEAD = timedelta(minutes=10)  # by which a witness's clock may be fast


class CosignatureRefused(ValueError):
    """The note is not by a witness of this site; the message gives the reason."""


class AnotherLog(CosignatureRefused):
    """A witness signed a head that this log does not have: one of the two logs was rewritten."""


def checkpoint(number: int, sha256: str) -> Checkpoint:
    first = Publication.objects.filter(number=1).values_list("sha256", flat=True).first()
    return Checkpoint(first or FIRST_PREVIOUS, number, sha256)


def key_for(name: str) -> VerifierKey | None:
    return next((key for key in settings.WITNESSES if key.name == name), None)


@transaction.atomic
def accept(note: str, at: datetime) -> Cosignature:
    """Keep a signed note that one of the configured witnesses sent.

    Raises CosignatureRefused; AnotherLog if the signature is theirs, but not on a head of this log.
    """
    try:
        shown = signed_notes.read(note)
    except UnusableNote as wrong:
        raise CosignatureRefused(str(wrong)) from wrong
    for key in settings.WITNESSES:
        try:
            signed_at = key.signed_at(note)
        except UnusableNote:
            continue
        if signed_at > at + AHEAD:
            raise CosignatureRefused(f"The note is signed as of {signed_at.isoformat()}, which is yet to come.")
        _refuse_another_log(shown)
        kept, _created = Cosignature.objects.get_or_create(
            witness=key.name,
            sha256=shown.sha256,
            defaults={"number": shown.number, "signed_at": signed_at, "note": note},
        )
        return kept
    raise CosignatureRefused(
        "The note is signed by no witness of this site. Its operator has to configure your key first."
    )


def _refuse_another_log(shown: Checkpoint) -> None:
    if not Publication.objects.filter(number=shown.number, sha256=shown.sha256).exists():
        raise AnotherLog(f"Publication {shown.number} of this log does not have the hash {shown.sha256[:12]}….")
    if shown != checkpoint(shown.number, shown.sha256):
        raise AnotherLog("The note is about a log with another beginning.")


def faults() -> Iterator[str]:
    """Sentences about cosignatures that do not verify, or that sign a head the log does not have."""
    for kept in Cosignature.objects.order_by("pk").iterator():
        where = f"The signature of the witness {kept.witness} under publication {kept.number}"
        try:
            shown = signed_notes.read(kept.note)
            _refuse_another_log(shown)
        except AnotherLog:
            yield f"{where} is of the hash {kept.sha256[:12]}…, which the log no longer has: it was cut or rewritten since {kept.signed_at:%Y-%m-%d %H:%M} UTC."
            continue
        except UnusableNote as wrong:
            yield f"{where} does not verify: {wrong}"
            continue
        if (shown.number, shown.sha256) != (kept.number, kept.sha256):
            yield f"{where} is listed for another head than the one that was signed."
        if (key := key_for(kept.witness)) is None:
            yield f"{where} cannot be verified: WITNESSES no longer names {kept.witness}."
            continue
        try:
            key.signed_at(kept.note)
        except UnusableNote as wrong:
            yield f"{where} does not verify: {wrong}"
