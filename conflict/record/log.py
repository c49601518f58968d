"""Appending to the publication log: one writer at a time, no gaps, each entry chained to the one before."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any

from django.db import connections, transaction
from django.db.models import Max

from conflict.documents import canonical_text, commitment, sha256
from conflict.documents.canonical_json import FIRST_PREVIOUS
from conflict.record.bulk_copy import as_rows, copy
from conflict.record.models.publication import Action, Publication
from conflict.vocabulary import ChangeKind

NOTICEABLE = 0.1  # seconds of waiting after which a publication is dated to the moment it got the lock
ADVISORY_LOCK = 0x_C0_4F_11_C7  # one per database: the right to append


@dataclass(frozen=True, slots=True)
class People:
    """Number of people behind a log step. Only numbers: their names stay at the desk."""

    writers: int = 0  # wrote or proposed what is new
    readers: int = 0  # read it, wrote none of it, and approve of it
    publishers: int = 0  # ordered its publication


NOBODY_NAMED = People()  # the initial load: a command, without any account


@dataclass(frozen=True, slots=True)
class Step:
    """A change to the public record: publish this text of an entry, or withdraw or redact the entry."""

    kind: str
    key: str
    change_kind: ChangeKind
    reason: str
    action: Action = Action.PUBLISH
    text: str = ""
    successor: str = ""
    people: People = NOBODY_NAMED

    @property
    def text_sha256(self) -> str:
        return sha256(self.text)


def lock(using: str = "default") -> timedelta:
    """Take the log's advisory lock until the transaction ends; returns the time spent waiting.

    Locking the last row is not enough: with eight threads, it forked the chain in 81 of 200 appends, the advisory lock
    in none. `UNIQUE(prev_sha256)` is the fallback.
    """
    transaction.get_connection(using).validate_no_broken_transaction()
    begun = monotonic()
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADVISORY_LOCK])
    waited = monotonic() - begun
    return timedelta(seconds=waited) if waited > NOTICEABLE else timedelta(0)


def head() -> Publication | None:
    return Publication.objects.newest_first().first()


def append(steps: Sequence[Step], at: datetime) -> list[Publication]:
    """Append the steps as one batch. The caller holds the lock and an open transaction.

    Every step needs a reason; the database refuses one without.
    """
    last = head()
    number, previous = (last.number, last.sha256) if last else (0, FIRST_PREVIOUS)
    batch = number + 1
    versions = versions_of((step.kind, step.key) for step in steps)
    appended: list[Publication] = []
    for step in steps:
        number += 1
        salt = secrets.token_hex(32) if step.text else ""
        versions[step.kind, step.key] = version = versions.get((step.kind, step.key), 0) + 1
        publication = Publication(
            number=number,
            entry_kind=step.kind,
            key=step.key,
            version=version,
            action=str(step.action),
            change_kind=str(step.change_kind),
            reason=step.reason,
            successor=step.successor,
            batch=batch,
            published_at=at,
            document=step.text or None,
            salt=salt,
            document_sha256=commitment(salt, step.text) if step.text else "",
            prev_sha256=previous,
            schema=SCHEMA_OF_HEADER,
            writers=step.people.writers,
            readers=step.people.readers,
            publishers=step.people.publishers,
        )
        publication.sha256 = previous = chained_sha256(publication)
        appended.append(publication)
    copy(as_rows(appended))
    return appended


def versions_of(entries: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Last version of each of these entries in the log; entries new to it are left out."""
    wanted = set(entries)
    rows = (
        Publication.objects.filter(key__in={key for _, key in wanted}, entry_kind__in={kind for kind, _ in wanted})
        .values_list("entry_kind", "key")
        .annotate(last=Max("version"))
        .order_by()
    )
    return {(kind, key): last for kind, key, last in rows}


def chained_sha256(publication: Publication) -> str:
    """SHA-256 of the canonical header: all of the log's data on the step, and the previous hash."""
    return sha256(canonical_text(header(publication)))


def header(publication: Publication) -> dict[str, Any]:
    """Fields covered by the hash chain, published with every publication for anyone to verify."""
    stated = {
        "number": publication.number,
        "entry_kind": publication.entry_kind,
        "key": publication.key,
        "version": publication.version,
        "action": str(publication.action),
        "change_kind": str(publication.change_kind),
        "reason": publication.reason,
        "successor": publication.successor,
        "batch": publication.batch,
        "published_at": instant(publication.published_at),
        "document_sha256": publication.document_sha256,
        "prev_sha256": publication.prev_sha256,
        "schema": publication.schema,
    }
    if publication.schema >= WITH_PEOPLE:
        stated |= {name: getattr(publication, name) for name in ("writers", "readers", "publishers")}
    return stated


WITH_PEOPLE = 2  # first schema of the header with the number of people involved
# From 3 on, `document_sha256` is of a salt and the document.
SCHEMA_OF_HEADER = 3  # a change to the header needs a new number here, and a branch in `header`


@lru_cache(maxsize=1_000)  # what is published together is of one moment
def instant(moment: datetime) -> str:
    """Timestamp in UTC with microseconds, always in the same format."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
