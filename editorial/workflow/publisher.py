"""Publication from the desk to the record: documents are built under lock and appended to the log."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from conflict.documents import canonical_text, commitment, document, gc_pause
from conflict.documents import entries as shapes
from conflict.documents.schema_upgrades import same
from conflict.message import gettext as _
from conflict.message import joined
from conflict.models import ENTRIES, Entry, Source, document_rows
from conflict.models.entry import EntryQuerySet
from conflict.record import log, publisher
from conflict.record.log import People, Step
from conflict.record.models import PUBLISHED, Publication
from conflict.record.publisher import PublishingRefused
from conflict.vocabulary import UNPUBLISHED_ACCESS, Audience, ChangeKind, EntryKind, kind_label
from editorial.models import HistoryCheckpoint
from editorial.webhooks import outbox
from editorial.workflow import edit_history
from editorial.workflow.readiness import shortcomings

Document = dict[str, Any]
# Sources cited by the parts of entries, by the entries' ids: as an array, which the planner finds by index even in tables
# that an import has just filled.
OF_PART = (
    "SELECT source_id FROM conflict_citation JOIN {part} part ON part.id = {column} WHERE part.{entry} = ANY(%(ids)s)"
)
CITED_BY: dict[str, str] = {
    EntryKind.EVENT: " UNION ".join(
        (
            "SELECT source_id FROM conflict_citation WHERE event_id = ANY(%(ids)s)",
            OF_PART.format(part="conflict_claim", column="claim_id", entry="event_id"),
            OF_PART.format(part="conflict_finding", column="finding_id", entry="event_id"),
            OF_PART.format(part="conflict_participation", column="participation_id", entry="event_id"),
        )
    ),
    EntryKind.ACTOR: OF_PART.format(part="conflict_affiliation", column="affiliation_id", entry="actor_id"),
}
LOCK_SOURCES = f"SELECT FROM {Source._meta.db_table} WHERE id = ANY(%s) ORDER BY id FOR SHARE"
BASELINE_REASON = "Initial load of the chronology, as it stood at the desk. It was reviewed by no second person."


@transaction.atomic
def publish_baseline(*, at: datetime) -> list[Publication]:
    """Publish everything on the desk intended for the public, as the first entries of an empty log.

    Raises PublishingRefused if the log is not empty: from then on, everything goes through review.
    """
    log.lock()
    if log.head() is not None:
        raise PublishingRefused(
            _("The log is not empty: the baseline can only be its beginning. Submit the entries for review instead.")
        )
    steps = [
        step
        for model in ENTRIES.values()
        for step in steps_for(model.objects.all(), ChangeKind.BASELINE, BASELINE_REASON)
    ]
    return publish_steps(steps, at)


@transaction.atomic
def publish_entry(
    *, entry: Entry, change_kind: ChangeKind, reason: str, at: datetime, people: People = log.NOBODY_NAMED
) -> Publication:
    """Publish the current state of the entry.

    Raises PublishingRefused if it is not ready, is for editors only, or is unchanged.
    """
    log.lock()
    steps = steps_for(type(entry).objects.filter(pk=entry.pk), change_kind, reason)
    if not steps:
        raise PublishingRefused(
            _("The %(entry_kind)s %(key)s is kept from the public: change who it is for first.")
            % {"entry_kind": kind_label(entry.entry_kind), "key": entry.key}
        )
    refuse_unchanged(steps)
    return publish_steps(signed(steps, people), at)[0]


@transaction.atomic
def publish_steps(steps: Sequence[Step], at: datetime) -> list[Publication]:
    """Append the steps to the log, mark the position of the desk's history, and queue notifications for partners."""
    log.lock()
    publications = publisher.publish(steps, at)
    if publications:
        HistoryCheckpoint.objects.create(batch=publications[0].batch, last_rows=edit_history.last_rows())
        outbox.announce(publications, at)
    return publications


def signed(steps: Iterable[Step], people: People) -> list[Step]:
    """The steps, each with the number of people behind it."""
    return [replace(step, people=people) for step in steps]


def is_for_the_public(entry: Entry) -> bool:
    """True unless it is a notice for editors or a restricted source."""
    return (
        getattr(entry, "audience", Audience.PUBLIC) == Audience.PUBLIC
        and getattr(entry, "access", None) not in UNPUBLISHED_ACCESS
    )


def documents_of(entries: EntryQuerySet) -> Iterator[tuple[str, dict[str, Any]]]:
    """Keys and current documents of the entries, locked against edits until the transaction ends."""
    ids = list(entries.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    kind = entries.model.entry_kind
    _lock_cited_sources(kind, ids)
    for entry in document_rows.with_children(entries):
        if is_for_the_public(entry):
            yield entry.key, document(kind, entry)


def _lock_cited_sources(kind: str, ids: list[int]) -> None:
    """Keep the access to cited sources as it is: a change that was under way would have a number in the history from
    before a publication that did not see it.
    """
    if not (cited := CITED_BY.get(kind)):
        return
    with connection.cursor() as cursor:
        cursor.execute(cited, {"ids": ids})
        cursor.execute(LOCK_SOURCES, [[pk for (pk,) in cursor.fetchall()]])


@gc_pause.gc_paused()
def steps_for(entries: EntryQuerySet, change_kind: ChangeKind, reason: str) -> list[Step]:
    """One step per entry that may be public. Raises PublishingRefused with the entries not ready, and the reasons."""
    return steps_of(entries.model.entry_kind, dict(documents_of(entries)), change_kind, reason)


def steps_of(kind: str, documents: Mapping[str, Document], change_kind: ChangeKind, reason: str) -> list[Step]:
    """One step per document, by key. Raises PublishingRefused with the entries not ready, and the reasons."""
    refused = [
        _("The %(kind)s %(key)s is not ready: %(missing)s")
        % {"kind": kind_label(kind), "key": key, "missing": joined(missing)}
        for (_kind, key), missing in shortcomings({(kind, key): shown for key, shown in documents.items()}).items()
    ]
    if refused:
        raise PublishingRefused(joined(refused[:20], "\n"))
    return [
        Step(EntryKind(kind), key, change_kind, reason, text=canonical_text(shown)) for key, shown in documents.items()
    ]


def public_already(kind: str, texts: Mapping[str, str]) -> set[str]:
    """Keys of the entries whose public document, in any schema, has the same content as their canonical text here."""
    public = PUBLISHED[kind]._default_manager.filter(key__in=texts)
    hashed = list(public.values_list("key", "publication__salt", "publication__document_sha256")) if texts else []
    identical = {key for key, salt, digest in hashed if commitment(salt, texts[key]) == digest}
    older = public.exclude(key__in=identical).exclude(publication__document__contains=f'"schema":{shapes.SCHEMA},')
    kept = older.values_list("key", "publication__document") if len(identical) < len(hashed) else ()
    return identical | {key for key, text in kept if text and same(kind, text, texts[key])}


def refuse_unchanged(steps: Sequence[Step]) -> None:
    """Raise PublishingRefused for steps that would change nothing in public."""
    for kind in ENTRIES:
        of_kind = {step.key: step.text or "" for step in steps if step.kind == kind}
        if unchanged := sorted(public_already(kind, of_kind)):
            raise PublishingRefused(
                _("The %(kind)s %(unchanged)s says what is public already: there is nothing to publish.")
                % {"kind": kind_label(kind), "unchanged": ", ".join(unchanged[:20])}
            )


def public_texts(entries: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The canonical texts of these entries that are public now, by kind and key."""
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in entries:
        keys[kind].append(key)
    return {
        (kind, key): text
        for kind, of_kind in keys.items()
        for key, text in PUBLISHED[kind]
        ._default_manager.filter(key__in=of_kind)
        .order_by("key")
        .values_list("key", "publication__document")
        if text
    }
