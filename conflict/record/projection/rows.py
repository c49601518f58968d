"""Typed rows from documents: the columns by which the public side filters."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

from conflict import dates
from conflict.documents import SHAPES
from conflict.documents.references import Reference
from conflict.documents.translations import labels
from conflict.identifiers import codes
from conflict.record.models import (
    PUBLISHED,
    PublishedAffiliation,
    PublishedClaimParty,
    PublishedClaimRelation,
    PublishedEventActor,
    PublishedEventLocation,
    PublishedFinding,
    PublishedParticipation,
    PublishedReference,
)
from conflict.record.models.entry import Column
from conflict.record.models.reference import REFERRED

Document = dict[str, Any]
Clocks = dict[str, Any]
Row = dict[str, Any]

UNDATED_SORTS_ON = date.max


def entry_row(kind: str, document: Document, clocks: Clocks) -> Row:
    """Columns of one entry's row.

    Its body, search text and source counts are added later; its path is only its own key.
    """
    same = {name: document[name] for name in SAME[kind]}
    names_in = labels(kind, document)
    row = {"key": document["key"], **clocks, **same, **ROWS[kind](document), "labels": label_text(names_in)}
    if names_in and row["names"]:
        row["names"] = " · ".join(dict.fromkeys((*row["names"].split(" · "), *names_in.values())))
    return row


def label_text(names_in: dict[str, str]) -> str:
    return msgspec.json.encode(names_in, order="sorted").decode()


def _actor(document: Document) -> Row:
    names = [document["name"], *(name["name"] for name in document["names"])]
    return {
        "label": document["name"],
        "names": " · ".join(names),
        "identifiers": codes("actor", document),
    }


def _location(document: Document) -> Row:
    names = [document["name"], *(name["name"] for name in document["names"])]
    return {
        "label": document["name"],
        "names": " · ".join(names),
        "parent_id": _key(document["parent"]),
        "path": [document["key"]],
        "identifiers": codes("location", document),
        "latitude": _decimal(document["latitude"]),
        "longitude": _decimal(document["longitude"]),
    }


def _source(document: Document) -> Row:
    label = document["title"] or (f"[{document['number']}]" if document["number"] else document["key"])
    return {
        "label": label[:500],
        "names": " · ".join(filter(None, (label, document["authors"]))),
        "resolved": document["resolved"],
        "number": document["number"],
        "publisher_id": _key(document["publisher"]),
        "identifiers": codes("source", document),
    }


def _period(document: Document) -> Row:
    return {
        "label": document["title"],
        "names": document["title"],
        "parent_id": _key(document["parent"]),
        "path": [document["key"]],
        "position": document["position"],
        "span": _span(document["when"]),
    }


def _event(document: Document) -> Row:
    return {
        "label": document["title"],
        "names": document["title"],
        "span": _span(document["when"]),
        "sorts_on": sorts_on(document),
        "location_id": _key(document["location"]),
        "period_id": _key(document["period"]),
        "identifiers": codes("event", document),
    }


def _notice(document: Document) -> Row:
    target = document["target"] or {"kind": "", "key": ""}
    return {
        "label": document["reason"][:500],
        "names": "",
        "target_kind": target["kind"],
        "target_key": target["key"],
        "raised_sorts_on": dates.parse(document["raised_on"]).sorts_on if document["raised_on"] else None,
        "review_by": _day(document["review_by"]),
        "resolved_on": _day(document["resolved_on"]),
    }


ROWS: dict[str, Callable[[Document], Row]] = {
    "actor": _actor,
    "location": _location,
    "source": _source,
    "period": _period,
    "event": _event,
    "notice": _notice,
}

# For each kind, the columns with the same name in the document.
SAME: dict[str, tuple[str, ...]] = {
    kind: tuple(
        column.name
        for column in model._meta.concrete_fields
        if type(column) is Column and column.name in SHAPES[kind]().fields.keys() - {"key"}
    )
    for kind, model in PUBLISHED.items()
}


# Columns of the rows below an entry, in the order of the values from `add_child_rows`. Parents come first.
CHILD_COLUMNS: dict[type[Model], tuple[str, ...]] = {
    PublishedAffiliation: ("actor_id", "kind", "other_id", "span", "standing"),
    PublishedParticipation: ("event_id", "actor_id", "role", "side", "standing"),
    PublishedEventActor: ("event_id", "actor_id", "sorts_on", "kind"),
    PublishedEventLocation: ("event_id", "location_id", "is_named", "sorts_on", "kind"),
    PublishedFinding: ("event_id", "key", "aspect", "measure", "low", "best", "high", "grade"),
    PublishedClaimParty: ("claim_id", "role", "actor_id", "location_id", "party", "described_as", "sorts_on"),
    PublishedClaimRelation: ("claim_id", "kind", "other_id"),
    PublishedReference: ("from_kind", "from_key", *(f"{kind}_id" for kind in REFERRED)),
}
CLAIM_FIGURES = ("kind", "measure", "low", "high", "qualifier", "rank", "made_on")
CLAIM_COLUMNS = ("key", "event_id", "label", "labels", "sorts_on", "body", "counts", *CLAIM_FIGURES, "csv_line")
PARTIES = (("claimant", "claimant"), ("relay", "relayed_by"), ("subject", "subject"), ("holder", "holder"))

Below = dict[type[Model], list[tuple[Any, ...]]]
Paths = Mapping[str, Sequence[str]]


def add_child_rows(below: Below, kind: str, document: Document, named: Collection[Reference], paths: Paths) -> None:
    """Add the rows of an entry's children, by table.

    `named` are the references in its document, unique and sorted; `paths` are the keys from the top down to each
    location among these.
    """
    if kind == "actor":
        below[PublishedAffiliation] += _affiliations(document)
    if kind == "event":
        _add_event_children(below, document, named, paths)
    below[PublishedReference] += _references(kind, document["key"], named)


def claim_row(claim: Document, body: str, event: Document, *, counts: bool) -> tuple[Any, ...]:
    """Columns of one claim's row but the last one, its line of CSV, which is added later."""
    return (
        claim["key"],
        event["key"],
        claim["statement"],
        label_text(labels("claim", claim)),
        sorts_on(event),
        body,
        counts,
        *[claim[name] for name in CLAIM_FIGURES],
    )


def _affiliations(document: Document) -> Iterator[tuple[Any, ...]]:
    for affiliation in document["affiliations"]:
        yield (
            document["key"],
            affiliation["kind"],
            affiliation["actor"]["key"],
            _span(affiliation["when"]),
            affiliation["standing"],
        )


def _add_event_children(below: Below, document: Document, named: Collection[Reference], paths: Paths) -> None:
    event, day, kind = document["key"], sorts_on(document), document["kind"]
    below[PublishedParticipation] += [
        (event, part["actor"]["key"], part["role"], part["side"], part["standing"]) for part in document["participants"]
    ]
    below[PublishedEventActor] += [(event, key, day, kind) for of_kind, key in named if of_kind == "actor"]
    touched = {place["key"] for place in [document["location"], *document["other_locations"]] if place}
    around = {key for location in touched for key in paths.get(location, ())}
    below[PublishedEventLocation] += [
        (event, location, location in touched, day, kind) for location in sorted(touched | around)
    ]
    for claim in document["claims"]:
        below[PublishedClaimParty] += _parties(claim, day)
        below[PublishedClaimRelation] += [
            (claim["key"], relation["kind"], relation["claim"]["key"]) for relation in claim["relations"]
        ]
    below[PublishedFinding] += [
        (event, *[finding[name] for name in CHILD_COLUMNS[PublishedFinding][1:]]) for finding in document["findings"]
    ]


def _parties(claim: Document, day: date) -> Iterator[tuple[Any, ...]]:
    key = claim["key"]
    for role, parties in PARTIES:
        named = set[str]()
        for party in claim[parties]:
            if party["kind"] == "described":
                yield key, role, None, None, "", party["name"], day
                continue
            other = party["key"]
            own = "" if other in named else other
            named.add(other)
            yield (key, role, other, None, own, "", day) if party["kind"] == "actor" else (
                key, role, None, other, own, "", day,
            )  # fmt: skip


# Position of each kind's key in a row of references, as the values before and after it.
AROUND = {kind: ((None,) * place, (None,) * (len(REFERRED) - 1 - place)) for place, kind in enumerate(REFERRED)}


def _references(kind: str, key: str, named: Collection[Reference]) -> Iterator[tuple[Any, ...]]:
    own = kind, key
    for ref in named:
        if ref[0] in AROUND and ref != own:
            before, after = AROUND[ref[0]]
            yield kind, key, *before, ref[1], *after


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
