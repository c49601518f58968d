"""Typed rows from documents: the columns that the public side asks by."""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

from conflict import dates
from conflict.documents.references import Reference, references
from conflict.record.models import (
    PublishedActor,
    PublishedAffiliation,
    PublishedClaim,
    PublishedClaimParty,
    PublishedClaimRelation,
    PublishedEntry,
    PublishedEvent,
    PublishedEventActor,
    PublishedEventPlace,
    PublishedFinding,
    PublishedLocation,
    PublishedNotice,
    PublishedParticipation,
    PublishedPeriod,
    PublishedReference,
    PublishedSource,
)
from conflict.vocabulary import ClaimRelationKind, EventStanding

Document = dict[str, Any]
Clocks = dict[str, Any]

UNDATED_SORTS_ON = date.max
DISPUTING = frozenset({ClaimRelationKind.CONTRADICTS, ClaimRelationKind.DENIES, ClaimRelationKind.DISPUTES})


def entry_row(kind: str, document: Document, clocks: Clocks) -> PublishedEntry:
    """The row of one entry; its body, path and search text follow when all rows stand."""
    return ROWS[kind](document, {"key": document["key"], **clocks})


def _actor(document: Document, common: Clocks) -> PublishedEntry:
    names = [document["name"], *(name["name"] for name in document["names"])]
    return PublishedActor(
        **common,
        label=document["name"],
        names=" · ".join(names),
        kind=document["kind"],
        family=document["family"],
        country=document["country"],
    )


def _location(document: Document, common: Clocks) -> PublishedEntry:
    names = [document["name"], *(name["name"] for name in document["names"])]
    return PublishedLocation(
        **common,
        label=document["name"],
        names=" · ".join(names),
        kind=document["kind"],
        parent_id=_key(document["parent"]),
        path=[document["key"]],
        latitude=_decimal(document["latitude"]),
        longitude=_decimal(document["longitude"]),
        coordinate_precision=document["coordinate_precision"],
    )


def _source(document: Document, common: Clocks) -> PublishedEntry:
    label = document["title"] or (f"[{document['number']}]" if document["number"] else document["key"])
    return PublishedSource(
        **common,
        label=label[:500],
        names=" · ".join(filter(None, (label, document["authors"]))),
        kind=document["kind"],
        resolved=document["resolved"],
        number=document["number"],
        publisher_id=_key(document["publisher"]),
    )


def _period(document: Document, common: Clocks) -> PublishedEntry:
    return PublishedPeriod(
        **common,
        label=document["title"],
        names=document["title"],
        parent_id=_key(document["parent"]),
        path=[document["key"]],
        position=document["position"],
        span=_span(document["when"]),
    )


def _event(document: Document, common: Clocks) -> PublishedEntry:
    sources = {ref.key for ref in references(document) if ref.kind == "source"}
    disputing = any(relation["kind"] in DISPUTING for claim in document["claims"] for relation in claim["relations"])
    return PublishedEvent(
        **common,
        label=document["title"],
        names=document["title"],
        kind=document["kind"],
        standing=document["standing"],
        when=document["when"],
        span=_span(document["when"]),
        sorts_on=sorts_on(document),
        location_id=_key(document["location"]),
        period_id=_key(document["period"]),
        sources=len(sources),
        is_disputed=disputing or document["standing"] == EventStanding.CONTESTED,
    )


def _notice(document: Document, common: Clocks) -> PublishedEntry:
    target = document["target"] or {"kind": "", "key": ""}
    return PublishedNotice(
        **common,
        label=document["reason"][:500],
        names="",
        kind=document["kind"],
        origin=document["origin"],
        target_kind=target["kind"],
        target_key=target["key"],
        raised_sorts_on=dates.parse(document["raised_on"]).sorts_on if document["raised_on"] else None,
        review_by=_day(document["review_by"]),
        resolved_on=_day(document["resolved_on"]),
    )


ROWS: dict[str, Callable[[Document, Clocks], PublishedEntry]] = {
    "actor": _actor,
    "location": _location,
    "source": _source,
    "period": _period,
    "event": _event,
    "notice": _notice,
}


def child_rows(kind: str, document: Document) -> Iterable[Model]:
    """The rows below an entry, parents before children."""
    if kind == "actor":
        yield from _affiliations(document)
    if kind == "event":
        yield from _event_children(document)
    yield from _references(kind, document)


def _affiliations(document: Document) -> Iterable[Model]:
    for affiliation in document["affiliations"]:
        yield PublishedAffiliation(
            actor_id=document["key"],
            kind=affiliation["kind"],
            other_id=affiliation["actor"]["key"],
            span=_span(affiliation["when"]),
            standing=affiliation["standing"],
        )


def _event_children(document: Document) -> Iterable[Model]:
    event = document["key"]
    for part in document["participants"]:
        yield PublishedParticipation(
            event_id=event,
            actor_id=part["actor"]["key"],
            role=part["role"],
            side=part["side"],
            standing=part["standing"],
        )
    for actor in sorted({ref.key for ref in references(document) if ref.kind == "actor"}):
        yield PublishedEventActor(event_id=event, actor_id=actor)
    touched = {place["key"] for place in [document["location"], *document["other_locations"]] if place}
    for location in sorted(touched):
        yield PublishedEventPlace(event_id=event, location_id=location)
    for claim in document["claims"]:
        yield from _claim_rows(claim, event, sorts_on(document))
    for finding in document["findings"]:
        names = ("key", "aspect", "measure", "low", "best", "high", "grade")
        yield PublishedFinding(event_id=event, **{name: finding[name] for name in names})


def _claim_rows(claim: Document, event: str, day: date) -> Iterable[Model]:
    names = ("key", "kind", "measure", "low", "high", "qualifier", "rank", "made_on")
    yield PublishedClaim(
        event_id=event, label=claim["statement"], sorts_on=day, **{name: claim[name] for name in names}
    )
    for role, parties in (
        ("claimant", "claimant"),
        ("relay", "relayed_by"),
        ("subject", "subject"),
        ("holder", "holder"),
    ):
        for party in claim[parties]:
            yield PublishedClaimParty(
                claim_id=claim["key"],
                role=role,
                actor_id=party["key"] if party["kind"] == "actor" else None,
                location_id=party["key"] if party["kind"] == "location" else None,
                described_as=party["name"] if party["kind"] == "described" else "",
            )
    for relation in claim["relations"]:
        yield PublishedClaimRelation(claim_id=claim["key"], kind=relation["kind"], other_id=relation["claim"]["key"])


def _references(kind: str, document: Document) -> Iterable[Model]:
    named = {ref for ref in references({**document, "key": None}) if ref.kind != "notice"} - {
        Reference(kind, document["key"])
    }
    for ref in sorted(named):
        yield PublishedReference(from_kind=kind, from_key=document["key"], **{f"{ref.kind}_id": ref.key})


def sorts_on(document: Document) -> date:
    return dates.parse(document["when"]).sorts_on if document["when"] else UNDATED_SORTS_ON


def _span(text: str) -> DateRange | None:
    if not text:
        return None
    when = dates.parse(text)
    return DateRange(when.starts_on, when.ends_before)


def _key(reference: dict[str, str] | None) -> str | None:
    return reference["key"] if reference else None


def _decimal(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
