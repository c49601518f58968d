"""Verification of the log: every number present, every hash correct, every link closed, and nothing else in the record."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.utils import timezone

from conflict.documents import commitment
from conflict.documents.canonical_json import FIRST_PREVIOUS
from conflict.record import clock, release_files
from conflict.record.log import chained_sha256
from conflict.record.models import Action, Publication
from conflict.record.review_state import is_marked_emergency, review_state
from conflict.vocabulary import ChangeKind, ReviewState


def faults_in_the_log(seen: Callable[[Publication], None] = lambda publication: None) -> Iterator[str]:
    """Sentences on the log's faults, each with the number of the step; none for a sound log."""
    number, previous, batch, published_at = 0, FIRST_PREVIOUS, 0, None
    latest = timezone.now() + clock.TOLERATED
    redactions = Publication.objects.filter(action=Action.REDACT).in_order()
    redacted = {(kind, key): number for kind, key, number in redactions.values_list("entry_kind", "key", "number")}
    for publication in Publication.objects.in_order().iterator(chunk_size=1000):
        if publication.number != number + 1:
            yield f"Publication {number + 1} is missing: after {number} comes {publication.number}."
        yield from _faults_in(
            publication, previous, publication.number < redacted.get((publication.entry_kind, publication.key), 0)
        )
        if publication.batch not in (batch, publication.number):
            yield f"Publication {publication.number} says that it was made together with {publication.batch}, which others come between."
        if published_at and publication.published_at < published_at:
            yield f"Publication {publication.number} is dated before the one before it."
        if batch == publication.batch and published_at != publication.published_at:
            yield f"Publication {publication.number} is not of the same moment as the others of batch {batch}."
        if publication.published_at > latest:
            yield f"Publication {publication.number} is dated {publication.published_at:%Y-%m-%d %H:%M} UTC, which is yet to come."
        number, previous, batch = publication.number, publication.sha256, publication.batch
        published_at = publication.published_at
        seen(publication)


def _faults_in(publication: Publication, previous: str, redacted: bool) -> Iterator[str]:
    where = f"Publication {publication.number} ({publication.entry_kind} {publication.key})"
    if publication.prev_sha256 != previous:
        yield f"{where} does not follow the one before it: it names {publication.prev_sha256[:12]}…, that one has {previous[:12]}…."
    if publication.document is None:
        if publication.action == Action.PUBLISH and not redacted:
            yield f"{where} has lost its document, and no redaction says why."
    elif redacted:
        yield f"{where} still holds the document that a later redaction removed."
    elif commitment(publication.salt, publication.document) != publication.document_sha256:
        yield f"{where} holds a document that is not the one published: its hash is not {publication.document_sha256[:12]}…."
    if chained_sha256(publication) != publication.sha256:
        yield f"{where} has been altered: its header does not give {publication.sha256[:12]}…."


def faults_in_releases(folder: Path) -> Iterator[str]:
    """Sentences on releases with a head that the log does not have, or with a text that was removed by law since."""
    for package in release_files.released(folder):
        head = package["head"]
        if not Publication.objects.filter(number=head["number"], sha256=head["sha256"]).exists():
            yield f"The release {package['version']} was made of publication {head['number']} with the hash {head['sha256'][:12]}…, which the log does not have."
        yield from release_files.faults(folder / package["version"], package)
    for step in Publication.objects.filter(action=Action.REDACT).in_order():
        first = Publication.objects.of(step.entry_kind, step.key).in_order().values_list("number", flat=True)[0]
        for place in release_files.holding(folder, first, step.number):
            yield f"The release {place.name} may still hold the {step.entry_kind} {step.key}, which publication {step.number} removed by law. Delete {place}."


# Further checks, added by apps that this one may not import.
MORE: list[Callable[[], Iterator[str]]] = []


class Eyes(NamedTuple):
    """Number of log steps confirmed by a second person, and of those published without one."""

    read: int  # read by at least one person who wrote none of it
    unread: Counter[str]  # by reason: the initial load, disputes, emergencies
    read_since: int  # unread steps whose entry has been read since
    untold: int  # steps from before the header recorded the number of people
    faults: list[str]


def eyes() -> Eyes:
    """Check for the whole log the promise that nothing is public that only one person has read."""
    read, untold, faults = 0, 0, list[str]()
    unread: Counter[str] = Counter()
    waiting: dict[tuple[str, str], None] = {}
    for step in Publication.objects.in_order().defer("document").iterator(chunk_size=1000):
        if exception := _exception(step):
            unread[exception] += 1
        elif step.readers is None:
            untold += 1
        elif step.readers and (step.writers or step.change_kind == ChangeKind.REVIEWED):
            read += 1
        else:
            faults.append(
                f"Publication {step.number} ({step.entry_kind} {step.key}) was written by {step.writers} people and read by "
                f"{step.readers} others, and does not say why."
            )
        if step.action != Action.REDACT and review_state(step) != ReviewState.REVIEWED:
            waiting[step.entry_kind, step.key] = None
        else:
            waiting.pop((step.entry_kind, step.key), None)
    return Eyes(read, unread, unread.total() - len(waiting), untold, faults)


def _exception(step: Publication) -> str:
    """Permitted reason why the step became public before a second person had read it; empty if there is none."""
    if step.change_kind in (ChangeKind.BASELINE, ChangeKind.DISPUTE):
        return str(ChangeKind(step.change_kind).label)
    if is_marked_emergency(step):
        return "an emergency"
    return "" if review_state(step) == ReviewState.REVIEWED else str(ChangeKind.DISPUTE.label) * (step.readers is None)
