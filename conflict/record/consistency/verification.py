"""Verifying the log: every number there, every hash right, every link closed; and nothing else in the record."""

from collections.abc import Callable, Iterator

from conflict.documents import sha256
from conflict.record.log import chained_sha256
from conflict.record.models import Action, Publication
from conflict.record.models.publication import FIRST_PREVIOUS


def faults_in_the_log(seen: Callable[[Publication], None] = lambda publication: None) -> Iterator[str]:
    """Sentences, each naming the number at which the log is not what it says; none for a sound log."""
    number, previous = 0, FIRST_PREVIOUS
    redacted = set(Publication.objects.filter(action=Action.REDACT).values_list("entry_kind", "key"))
    for publication in Publication.objects.in_order().iterator(chunk_size=1000):
        if publication.number != number + 1:
            yield f"Publication {number + 1} is missing: after {number} comes {publication.number}."
        yield from _faults_in(publication, previous, (publication.entry_kind, publication.key) in redacted)
        number, previous = publication.number, publication.sha256
        seen(publication)


def _faults_in(publication: Publication, previous: str, redacted: bool) -> Iterator[str]:
    where = f"Publication {publication.number} ({publication.entry_kind} {publication.key})"
    if publication.prev_sha256 != previous:
        yield f"{where} does not follow the one before it: it names {publication.prev_sha256[:12]}…, that one has {previous[:12]}…."
    if publication.document is None:
        if publication.action == Action.PUBLISH and not redacted:
            yield f"{where} has lost its document, and no redaction says why."
    elif sha256(publication.document) != publication.document_sha256:
        yield f"{where} holds a document that is not the one published: its hash is not {publication.document_sha256[:12]}…."
    if chained_sha256(publication) != publication.sha256:
        yield f"{where} has been altered: its header does not give {publication.sha256[:12]}…."
