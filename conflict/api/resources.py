"""The resources: address, rows, filters and orderings of each kind of thing."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet
from rest_framework.renderers import BaseRenderer
from rest_framework.serializers import Serializer

from conflict.api.formats import Csv, GeoJson, Hxl, Json, JsonLines, Parquet, Xlsx, parquet
from conflict.documents import body_schemas
from conflict.documents.differences import differences
from conflict.documents.schema_upgrades import lifted
from conflict.documents.tables import columns
from conflict.documents.tables.columns import Columns
from conflict.public import event_filters, filters, queries
from conflict.public.filterset import Filters
from conflict.public.keyset import Reader
from conflict.public.page_query import bodies
from conflict.public.total_order import Ordering
from conflict.record.log import header
from conflict.record.models import (
    PUBLISHED,
    Publication,
    PublishedActor,
    PublishedClaim,
    PublishedEvent,
    PublishedFinding,
    PublishedLocation,
    PublishedNotice,
    PublishedPeriod,
    PublishedSource,
)
from conflict.record.models.entry import NAME_ORDER
from conflict.record.projection.bodies import claim_body
from conflict.vocabulary import NoticeKind

BY_KEY: Mapping[str, tuple[str, ...]] = {"key": ("key",)}
BY_CLOCK: Mapping[str, tuple[str, ...]] = {
    "changed": ("changed_at", "key"),
    "published": ("first_published_at", "key"),
}
BY_CLOCK_OF_EVENT: Mapping[str, tuple[str, ...]] = {
    "changed": ("event__changed_at", "key"),
    "published": ("event__first_published_at", "key"),
}
CHRONOLOGY: Mapping[str, tuple[str, ...]] = {"chronology": ("sorts_on", "key")}
BY_NAME: Mapping[str, tuple[str, ...]] = {"name": NAME_ORDER}
FINDINGS_IN_ORDER: Mapping[str, tuple[str, ...]] = {
    "event": ("event_id", "key"),
    "chronology": ("event__sorts_on", "event_id", "key"),
    "changed": ("event__changed_at", "event_id", "key"),
    "published": ("event__first_published_at", "event_id", "key"),
}

Body = dict[str, Any]


def by_primary_key(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    return rows.filter(pk=key)


def by_number(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    return rows.filter(pk=int(key)) if str(key).isdecimal() else rows.none()


def by_event_and_key(rows: QuerySet[Any], key: str) -> QuerySet[Any]:
    event, _, own = key.partition(".")
    return rows.filter(event=event, key=own)


@dataclass(frozen=True, eq=False)
class Resource:
    """One kind of thing under one address. The first ordering is the default."""

    name: str
    about: str
    model: type[Model]
    shape: type[Serializer]
    filters: type[Filters]
    orders: Mapping[str, tuple[str, ...]]
    read: Reader = bodies
    entry_kind: str = ""
    columns: Columns = ()
    has_places: bool = False
    only: Mapping[str, str] = field(default_factory=dict)  # filter for the table's rows
    kept_as: str = ""  # kind of entry in the log, if different
    reshape: Callable[[Body], Body] | None = None  # from the entry's body
    alone: Callable[[Body, Body], Body] | None = None  # serves a part of an event without the event
    find: Callable[[QuerySet[Any], str], QuerySet[Any]] = by_primary_key

    @property
    def log_kind(self) -> str:
        """Kind of entry whose history this resource has; empty for parts of events and for the log itself."""
        return self.kept_as or self.entry_kind

    @property
    def formats(self) -> list[type[BaseRenderer]]:
        """Formats in which a list is available; the first is the default."""
        packed = [Parquet] if parquet.version() else []
        flat: list[type[BaseRenderer]] = [Csv, Hxl, Xlsx, *packed] if self.columns else []
        return [Json, JsonLines, *flat, *([GeoJson] if self.has_places else [])]

    @cached_property
    def orderings(self) -> dict[str, Ordering]:
        """Orderings by the name that `ordering=` takes; a `-` in front reverses one."""
        ascending = {name: Ordering(columns) for name, columns in self.orders.items()}
        return ascending | {f"-{name}": ordering.reversed() for name, ordering in ascending.items()}

    @property
    def default_order(self) -> str:
        return next(iter(self.orders))

    def rows(self) -> QuerySet[Any]:
        return queries.rows(self.model).filter(**self.only)


def publications(rows: QuerySet[Any], columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Publications with the document as its canonical text, byte for byte."""
    for row in rows:
        yield (*(getattr(row, column) for column in columns), publication_text(row).encode())


def publication_text(row: Publication) -> str:
    """Everything covered by the hash chain, the link, and the document: enough to verify it independently."""
    head = json.dumps(
        {**header(row), "sha256": row.sha256, "salt": row.salt}, ensure_ascii=False, separators=(",", ":")
    )
    return f'{head[:-1]},"document":{row.document or "null"}}}'


def changes(rows: QuerySet[Any], columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Publications with the changes that each made; a withdrawal changes no fields."""
    for row in rows.with_text_before():  # type: ignore[attr-defined]
        found = []
        if row.document and row.text_before:
            found = differences(lifted(row.entry_kind, row.text_before), lifted(row.entry_kind, row.document))
        changed = json.dumps([change.as_dict() for change in found], ensure_ascii=False, separators=(",", ":"))
        text = f'{publication_text(row)[:-1]},"changes":{changed}}}'
        yield (*(getattr(row, column) for column in columns), text.encode())


def findings(rows: QuerySet[Any], columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Findings as in the bodies of their events, each with its event."""
    for *position, key, text in rows.values_list(*columns, "key", "event__body"):
        event = json.loads(text)
        found = next(finding for finding in event["findings"] if finding["key"] == key)
        yield (*position, compact(finding_body(found, event)))


def finding_body(finding: Body, event: Body) -> Body:
    """A finding on its own: as in its event's body, plus the event."""
    reference = {"kind": "event", "key": event["key"], "name": event["title"]}
    clocks = {name: event[name] for name in ("version", "publication", "first_published_at", "changed_at")}
    return {"id": f"{event['key']}.{finding['key']}", **finding, "event": reference, **clocks}


def disputes(rows: QuerySet[Any], columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
    """Disputes, built from their public notices."""
    for *position, text in bodies(rows, columns):
        yield (*position, compact(dispute_body(json.loads(text))))


def dispute_body(notice: Body) -> Body:
    """Public body of a dispute. When the desk settles one, it writes the outcome before the reason: “Upheld: …”."""
    outcome, colon, reason = notice["resolution"].partition(": ")
    is_settled = bool(colon) and outcome.lower() in body_schemas.OUTCOMES
    return {
        "key": notice["key"],
        "target": notice["target"],
        "said": notice["reason"],
        "origin": notice["origin"],
        "is_open": notice["resolved_on"] is None,
        "opened_on": notice["raised_on"],
        "settled_on": notice["resolved_on"],
        "outcome": outcome.lower() if is_settled else None,
        "reason": reason if is_settled else notice["resolution"],
        **{name: notice[name] for name in ("version", "publication", "first_published_at", "changed_at")},
    }


def compact(body: Body) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


EVENTS = Resource(
    "events",
    "What happened: with participants, rival claims, findings, computed ranges and notices.",
    PublishedEvent,
    body_schemas.Event,
    event_filters.EventFilters,
    {**CHRONOLOGY, **BY_CLOCK, **BY_KEY},
    entry_kind="event",
    columns=columns.EVENT,
    has_places=True,
)
CLAIMS = Resource(
    "claims",
    "Who said what about an event: one assertion each, with claimant, relay, figure and citations.",
    PublishedClaim,
    body_schemas.Claim,
    filters.ClaimFilters,
    {**CHRONOLOGY, **BY_CLOCK_OF_EVENT, **BY_KEY},
    columns=columns.CLAIM,
    alone=claim_body,
)
FINDINGS = Resource(
    "findings",
    "What the desk concludes from the claims: a figure or a grade, the rule that set it, the reason.",
    PublishedFinding,
    body_schemas.FindingShown,
    filters.FindingFilters,
    FINDINGS_IN_ORDER,
    findings,
    columns=columns.FINDING,
    alone=finding_body,
    find=by_event_and_key,
)
ACTORS = Resource(
    "actors",
    "States, groups, units, bodies, persons and peoples, with their names and affiliations.",
    PublishedActor,
    body_schemas.Actor,
    filters.ActorFilters,
    {**BY_KEY, **BY_NAME, **BY_CLOCK},
    entry_kind="actor",
    columns=columns.ACTOR,
)
LOCATIONS = Resource(
    "locations",
    "Places, as a tree, with coordinates, their precision and their origin.",
    PublishedLocation,
    body_schemas.Location,
    filters.LocationFilters,
    {**BY_KEY, **BY_NAME, **BY_CLOCK},
    entry_kind="location",
    columns=columns.LOCATION,
    has_places=True,
)
SOURCES = Resource(
    "sources",
    "What is cited, also where a citation is known only by its number so far.",
    PublishedSource,
    body_schemas.Source,
    filters.SourceFilters,
    {**BY_KEY, **BY_CLOCK},
    entry_kind="source",
    columns=columns.SOURCE,
)
PERIODS = Resource(
    "periods",
    "The phases of the chronology, nested and in order.",
    PublishedPeriod,
    body_schemas.Period,
    filters.PeriodFilters,
    {"position": ("position", "key"), **BY_KEY, **BY_CLOCK},
    entry_kind="period",
    columns=columns.PERIOD,
)
NOTICES = Resource(
    "notices",
    "Public warnings on entries, claims, or the whole chronology.",
    PublishedNotice,
    body_schemas.Notice,
    filters.NoticeFilters,
    {**BY_KEY, **BY_CLOCK},
    entry_kind="notice",
    columns=columns.NOTICE,
)
DISPUTES = Resource(
    "disputes",
    "Challenges to entries and claims, open ones and settled ones: what is public of them.",
    PublishedNotice,
    body_schemas.Dispute,
    filters.DisputeFilters,
    {**BY_KEY, **BY_CLOCK},
    disputes,
    columns=columns.DISPUTE,
    only={"kind": NoticeKind.DISPUTED.value},
    kept_as="notice",
    reshape=dispute_body,
)
PUBLICATIONS = Resource(
    "publications",
    "The publication log: append-only, numbered without gaps, hash-chained.",
    Publication,
    body_schemas.Publication,
    filters.PublicationFilters,
    {"number": ("number",)},
    publications,
    columns=columns.PUBLICATION,
    find=by_number,
)
CHANGES = Resource(
    "changes",
    "The log with what each step changed, field by field: poll it with `after=` to keep an exact replica.",
    Publication,
    body_schemas.Change,
    filters.PublicationFilters,
    {"number": ("number",)},
    changes,
    find=by_number,
)

RESOURCES = (EVENTS, CLAIMS, FINDINGS, ACTORS, LOCATIONS, SOURCES, PERIODS, NOTICES, DISPUTES, PUBLICATIONS, CHANGES)
OF_LOG = (PUBLICATIONS, CHANGES)
ENTRIES = tuple(resource for resource in RESOURCES if resource.entry_kind in PUBLISHED)
