"""The record as of a past moment, reconstructed from the publication log."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db.models import DateField, Exists, Func, JSONField, OuterRef, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from conflict.documents.references import Reference, references, referring
from conflict.documents.schema_upgrades import lifted
from conflict.documents.translations import labels, mark_current
from conflict.estimates import REPLACING, replaced_within
from conflict.public import queries
from conflict.public.exceptions import Refusal
from conflict.public.filters import period_asked
from conflict.record.models import Action, Publication, PublishedClaim, PublishedClaimHome, PublishedClaimRelation
from conflict.record.models.spans import may_lie_within
from conflict.record.projection import bodies
from conflict.record.projection.incidents import Actor
from conflict.record.projection.paths import path
from conflict.record.projection.rows import entry_row, label_text
from conflict.record.timestamps import clocks
from conflict.vocabulary import EntryKind
from conflict.wording.headlines import Headline
from conflict.wording.localized_texts import chosen, localized

Document = dict[str, Any]


def number_at(moment: datetime, now: datetime) -> int:
    """Number of the last publication made by this time; 0 before the first."""
    if moment > now:
        raise Refusal("as_of lies in the future: nobody knows what the record will say.", field="as_of")
    numbers = (
        queries.rows(Publication).filter(published_at__lte=moment).order_by("-number").values_list("number", flat=True)
    )
    return numbers.first() or 0


def standing(kind: str, number: int) -> QuerySet[Publication]:
    """Publications that were current at this point of the log: the latest one of each public entry of this kind.

    Expressed as “there is no later one”, so that a page reads its own rows in the order of keys, not all of them.
    """
    later = Publication.objects.filter(
        entry_kind=OuterRef("entry_kind"), key=OuterRef("key"), version__gt=OuterRef("version"), number__lte=number
    )
    rows: QuerySet[Publication] = queries.rows(Publication).filter(
        ~Exists(later), entry_kind=kind, number__lte=number, action=Action.PUBLISH, document__isnull=False
    )
    return rows


def latest(kind: str, number: int) -> QuerySet[Publication]:
    rows = Publication.objects.filter(entry_kind=kind, number__lte=number)
    return rows.order_by("key", "-version").distinct("key")


def narrowed(rows: QuerySet[Publication], asked: dict[str, Any]) -> QuerySet[Publication]:
    """Publications whose documents match: for filters that a document alone decides, by today's rules."""
    rows = rows.alias(parsed=Cast("document", JSONField()))
    if asked.get("kind"):
        rows = rows.filter(parsed__kind__in=asked["kind"])
    if asked.get("actor"):
        rows = rows.filter(document__contains=f'"key":"{asked["actor"]}","kind":"actor"')  # as in canonical text
    if any(period := period_asked(asked)):
        edges = (Cast(KeyTextTransform(name, "parsed"), DateField()) for name in ("starts_on", "ends_before"))
        rows = rows.alias(span=Func(*edges, function="daterange", output_field=DateRangeField()))
        rows = rows.filter(may_lie_within(*period)).exclude(parsed__when="")
    return rows


def events_ever_with_claim(claim: str) -> list[str]:
    """Keys of events that contain, or in an earlier version contained, a claim with this key."""
    return list(queries.rows(PublishedClaimHome).filter(claim=claim).values_list("event", flat=True))


def step_that_dropped(parts: str, key: str, events: Collection[str]) -> Publication | None:
    """Publication that removed the claim or finding with this key from its event, or withdrew the event."""
    for event in events:
        had = False
        dropped: Publication | None = None
        for step in queries.rows(Publication).filter(entry_kind="event", key=event).order_by("version"):
            has = step.document is not None and any(
                part["key"] == key for part in lifted("event", step.document)[parts]
            )
            dropped = step if had and not has else None if has else dropped
            had = has
        if dropped:
            return dropped
    return None


def documents_at(wanted: Collection[Reference], number: int) -> dict[tuple[str, str], Document]:
    """The newest documents of these entries that were published by this point of the log."""
    keys: dict[str, set[str]] = defaultdict(set)
    for kind, key in wanted:
        keys[kind].add(key)
    condition = Q(pk__in=[])
    for kind, of_kind in keys.items():
        condition |= Q(number__in=latest(kind, number).filter(key__in=of_kind).values("number"))
    rows = queries.rows(Publication).filter(condition, document__isnull=False) if keys else ()
    return {(row.entry_kind, row.key): lifted(row.entry_kind, row.document) for row in rows}


def replaced_at(documents: Mapping[tuple[str, str], Document], number: int) -> set[str]:
    """Claims of these documents that a later one had replaced by this point of the log.

    A later claim of the same event, or of another one that still revises them today.
    """
    keys = [claim["key"] for document in documents.values() for claim in document.get("claims", ())]
    relations = queries.rows(PublishedClaimRelation).filter(other__in=keys, kind__in=REPLACING)
    revising = {Reference("event", key) for key in relations.values_list("claim__event", flat=True)}
    there = {**documents, **documents_at(revising - documents.keys(), number)}
    return replaced_within([claim for document in there.values() for claim in document.get("claims", ())])


def labels_at(wanted: Collection[Reference], number: int) -> dict[Reference, str]:
    """Names of these entries at this point of the log, in the reader's language as far as they were translated."""
    found = documents_at([ref for ref in wanted if ref.kind != "claim"], number)
    return {Reference(kind, key): label_then(kind, document) for (kind, key), document in found.items()}


def label_then(kind: str, document: Document) -> str:
    """Name of the entry in this version, in the reader's language as far as it was translated."""
    if kind == EntryKind.NOTICE:  # a notice is called by its text
        shown = deepcopy(document)
        mark_current(kind, shown)
        reason: str = localized(shown)["reason"]
        return reason
    return chosen(entry_row(kind, document, {})["label"], label_text(labels(kind, document)))


class Reader:
    """A keyset.Reader for publications as the bodies served at that time. A fixed number of queries per page."""

    def __init__(self, number: int, reshape: Callable[[Document], Document] | None = None) -> None:
        self.number, self.reshape = number, reshape

    def __call__(self, rows: Iterable[Any], columns: Sequence[str]) -> Iterable[tuple[Any, ...]]:
        found = list(rows)
        documents = {(row.entry_kind, row.key): lifted(row.entry_kind, row.document) for row in found}
        known = clocks(queries.rows(Publication).filter(number__lte=self.number), found)
        around = HistoricalContext(documents, self.number)
        for row in found:
            entry = (row.entry_kind, row.key)
            above = around.path(row.key) if row.entry_kind == "location" else []
            shown = bodies.body(row.entry_kind, documents[entry], {**known[entry], "path": above}, around)
            for claim in shown.get("claims", ()):
                del claim["related_from"]  # would require searching the claims of other events
            shown = self.reshape(shown) if self.reshape else shown
            text = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
            yield (*(getattr(row, "key" if column == "pk" else column) for column in columns), text.encode())


class HistoricalContext(bodies.BodyContext):
    """Data of other entries, as the documents showed them at this point of the log."""

    def __init__(self, documents: dict[tuple[str, str], Document], number: int) -> None:
        self.number = number
        self.others: dict[tuple[str, str], Document] = dict(documents)
        named = {ref for document in documents.values() for ref in references({**document, "key": None})}
        self._read({ref for ref in named if ref.kind != "claim"})
        self._read_places_above()
        claims = {
            claim["key"]: claim["statement"] for document in documents.values() for claim in document.get("claims", ())
        }
        others = {ref.key for ref in named if ref.kind == "claim"} - claims.keys()
        claims |= dict(queries.rows(PublishedClaim).filter(pk__in=others).values_list("key", "label"))
        self.labels = {Reference("claim", key): label for key, label in claims.items()} | {
            Reference(kind, key): entry_row(kind, self.others[kind, key], {})["label"]
            for kind, key in named
            if (kind, key) in self.others
        }
        self.names_in = {
            Reference(*entry): names for entry, other in self.others.items() if (names := labels(entry[0], other))
        }
        self.names_in |= {
            Reference("claim", claim["key"]): names
            for document in documents.values()
            for claim in document.get("claims", ())
            if (names := labels("claim", claim))
        }
        self.referring = {entry: referring(document) for entry, document in documents.items()}
        self.bearing: dict[str, list[tuple[str, str]]] = {}
        self.deprecated = set()
        self.replaced = replaced_at(documents, number)
        self.headlines: dict[str, list[Headline]] = {}
        self.actors = {
            key: Actor(key, actor["name"], actor["kind"], actor["family"])
            for (kind, key), actor in self.others.items()
            if kind == "actor"
        }
        self.notices = self._warnings()
        self.places = {
            key: {
                "latitude": place["latitude"],
                "longitude": place["longitude"],
                "precision": place["coordinate_precision"],
            }
            for (kind, key), place in self.others.items()
            if kind == "location" and place["latitude"] is not None
        }

    def path(self, location: str) -> list[str]:
        """Keys from the top of the hierarchy down to the location itself."""
        places = {key: place["parent"] for (kind, key), place in self.others.items() if kind == "location"}
        return path(location, {key: parent["key"] if parent else None for key, parent in places.items()})

    def _read(self, wanted: Collection[Reference]) -> None:
        self.others |= documents_at([ref for ref in wanted if ref not in self.others], self.number)

    def _read_places_above(self) -> None:
        while above := {
            Reference("location", place["parent"]["key"])
            for (kind, _), place in self.others.items()
            if kind == "location" and place["parent"] and ("location", place["parent"]["key"]) not in self.others
        }:
            self._read(above)

    def _warnings(self) -> dict[tuple[str, str], list[Document]]:
        found = defaultdict(list)
        for row in standing("notice", self.number).order_by("key"):
            notice = lifted("notice", row.document or "")
            mark_current("notice", notice)
            if target := notice["target"]:
                found[target["kind"], target["key"]].append({name: notice[name] for name in bodies.NOTICE_SHOWN})
        return found
