"""Bodies: the served form of an entry, its document with current labels and with what other entries say about it.

A body is a function of documents alone, so it can be rebuilt from the log. It is written when something that it shows
is published, never on request.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

import msgspec
from django.db.models import Model, Q

from conflict import dates
from conflict.documents.references import Reference, label, referring
from conflict.documents.schema_upgrades import lifted
from conflict.documents.translations import labels, mark_current
from conflict.estimates import REPLACING, counting, estimates, replaced_within
from conflict.identifiers import same_as
from conflict.record.log import instant
from conflict.record.models import PUBLISHED, PublishedClaim, PublishedClaimRelation, PublishedNotice
from conflict.record.models.entry import AnyOf
from conflict.record.projection import incidents
from conflict.record.projection.cards import IN_THE_BODY
from conflict.totals import counts_of, total
from conflict.vocabulary import PERSONS, Rank
from conflict.wording import headlines
from conflict.wording.headlines import Headline
from conflict.wording.messages import one_language

Document = dict[str, Any]
Row = dict[str, Any]
Entry = tuple[str, str]


class BodyContext:
    """Data of other entries needed for a set of bodies, read in a fixed number of queries."""

    def __init__(self, documents: Mapping[Entry, Document], rows: Mapping[Entry, Row]) -> None:
        self.referring = {entry: referring(document) for entry, document in documents.items()}
        self.named = {  # each once, in order
            entry: list(map(Reference._make, sorted({(one["kind"], one["key"]) for one in found})))
            for entry, found in self.referring.items()
        }
        own = {Reference(*entry): row["label"] for entry, row in rows.items()} | {
            Reference("claim", claim["key"]): claim["statement"]
            for document in documents.values()
            for claim in document.get("claims", ())
        }
        own_in = {Reference(*entry): json.loads(row["labels"]) for entry, row in rows.items()} | {
            Reference("claim", claim["key"]): labels("claim", claim)
            for document in documents.values()
            for claim in document.get("claims", ())
        }
        self.headlines: dict[str, list[Headline]] = {}
        """Headlines of the events whose bodies were made, by key."""
        claims = {claim["key"]: claim for document in documents.values() for claim in document.get("claims", ())}
        self.deprecated: set[str] = set()
        self.bearing = self._bearing_on(claims.keys(), documents.values())
        self.replaced = replaced_within([*claims.values(), *self._revising(claims)])
        self.counting = {claim["key"] for claim in counting(claims.values(), self.replaced)}
        others = {ref for named in self.named.values() for ref in named}
        others |= {
            Reference("location", key) for (kind, _), row in rows.items() if kind == "location" for key in row["path"]
        }
        others |= {Reference("claim", key) for relations in self.bearing.values() for _, key in relations}
        self.notices = self._notices_on(documents.keys() | own.keys())
        self._look_up(others)
        self.labels |= own
        self.names_in |= {reference: names for reference, names in own_in.items() if names}

    def _look_up(self, others: Iterable[Reference]) -> None:
        """Load the labels, their translations and other displayed fields of all references. One query per kind.

        `places` are the coordinates of locations that have some, `paths` the keys from the top down to each location,
        `names` all names and aliases of actors and locations, `unresolved` the sources known only by their number.
        """
        self.labels: dict[Reference, str] = {}
        self.names_in: dict[Reference, dict[str, str]] = {}
        self.names: dict[Reference, str] = {}
        self.actors: dict[str, incidents.Actor] = {}
        self.places: dict[str, Document] = {}
        self.paths: dict[str, list[str]] = {}
        self.unresolved: set[str] = set()
        keys: dict[str, list[str]] = defaultdict(list)
        for reference in others:
            keys[reference.kind].append(reference.key)
        for kind, of_kind in keys.items():
            rows = TABLES[kind]._default_manager.filter(key__in=of_kind)
            for key, name, names_in, *more in rows.values_list("key", "label", "labels", *SHOWN.get(kind, ())):
                self.labels[Reference(kind, key)] = name
                if names_in != NO_LABELS:
                    self.names_in[Reference(kind, key)] = json.loads(names_in)
                if kind == "actor":
                    names, *of_actor = more
                    self.names[Reference(kind, key)] = names
                    self.actors[key] = incidents.Actor(key, name, *of_actor)
                elif kind == "location":
                    self.names[Reference(kind, key)], path, *point = more
                    self.paths[key] = [above for above in path if type(above) is str]
                    if point[0] is not None:
                        latitude, longitude, precision = point
                        self.places[key] = {
                            "latitude": str(latitude),
                            "longitude": str(longitude),
                            "precision": precision,
                        }
                elif kind == "source" and not more[0]:
                    self.unresolved.add(key)

    def named_reference(self, kind: str, key: str) -> Document:
        """Reference to an entry or claim as it appears in a body."""
        found: Document = {"kind": kind, "key": key}
        label([found], self.labels, self.names_in)
        return found

    def _bearing_on(self, claims: Collection[str], documents: Iterable[Document]) -> dict[str, list[tuple[str, str]]]:
        """Relations of other claims to each, as kind and key, from these documents or else from the record."""
        found: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for document in documents:
            for claim in document.get("claims", ()):
                self._note_rank(claim["key"], claim["rank"])
                for relation in claim["relations"]:
                    found[relation["claim"]["key"]].add((relation["kind"], claim["key"]))
        rows = PublishedClaimRelation.objects.filter(AnyOf("other_id", claims) if claims else Q(pk__in=[]))
        for other, kind, claim, rank in rows.values_list("other_id", "kind", "claim_id", "claim__rank"):
            if claim not in claims:
                self._note_rank(claim, rank)
                found[other].add((kind, claim))
        return {claim: sorted(bearing) for claim, bearing in found.items() if claim in claims}

    def _note_rank(self, claim: str, rank: str) -> None:
        if rank == Rank.DEPRECATED:
            self.deprecated.add(claim)

    def _revising(self, claims: Collection[str]) -> list[Document]:
        """Claims of other events that revise or supersede one of these, also through others."""
        found: list[Document] = []
        seen = set(claims)
        waiting = {key for bearing in self.bearing.values() for kind, key in bearing if kind in REPLACING} - seen
        while waiting:
            texts = PublishedClaim.objects.filter(key__in=waiting).values_list("body", flat=True)
            found += map(msgspec.json.decode, texts)
            seen |= waiting
            relations = PublishedClaimRelation.objects.filter(other__in=waiting, kind__in=REPLACING)
            waiting = set(relations.values_list("claim_id", flat=True)) - seen
        return found

    @staticmethod
    def _notices_on(targets: Collection[tuple[str, str]]) -> dict[tuple[str, str], list[Document]]:
        found = defaultdict(list)
        published = {"publication__entry_kind": "notice", "publication__document__isnull": False}
        rows = PublishedNotice.objects.filter(
            target_key__in={key for _, key in targets}, **published
        ).weightiest_first()
        for kind, key, text in rows.values_list("target_kind", "target_key", "publication__document"):
            if (kind, key) in targets:
                notice = lifted("notice", text or "")
                mark_current("notice", notice)
                found[kind, key].append({name: notice[name] for name in NOTICE_SHOWN})
        return found


encode = msgspec.json.encode
TABLES: dict[str, type[Model]] = {**PUBLISHED, "claim": PublishedClaim}
SHOWN: dict[str, tuple[str, ...]] = {  # displayed columns of an entry besides its label
    "actor": ("names", "kind", "family"),
    "location": ("names", "path", "latitude", "longitude", "coordinate_precision"),
    "source": ("resolved",),
}


def shown_of(entries: Collection[Entry]) -> dict[Entry, tuple[Any, ...]]:
    """Columns of these entries that other bodies show, as the record has them."""
    return {
        (kind, key): columns
        for kind in {kind for kind, _ in entries}
        for key, *columns in TABLES[kind]
        ._default_manager.filter(key__in=[key for of_kind, key in entries if of_kind == kind])
        .values_list("key", "label", "labels", *SHOWN.get(kind, ()))
    }


NOTICE_SHOWN = (
    "key",
    "kind",
    "reason",
    "origin",
    "raised_on",
    "review_by",
    "resolved_on",
    "resolution",
    "translations",
)
NO_LABELS = "{}"
IDENTIFIED = frozenset(("event", "actor", "location", "source"))


def body(kind: str, document: Document, row: Row, around: BodyContext) -> Document:
    """Body of one entry, built from its document; `row` has its log position and timestamps."""
    entry = kind, document["key"]
    label(around.referring[entry], around.labels, around.names_in)
    mark_current(kind, document)
    shown = document | {"notices": around.notices.get(entry, [])}
    if kind == "event":
        _complete_event(shown, around)
    if kind in IDENTIFIED:
        shown["same_as"] = same_as(kind, document)
    if kind == "location":
        shown["within"] = [around.named_reference("location", key) for key in row["path"][:-1]]
    shown["version"] = row["version"]
    shown["publication"] = row["publication_id"]
    shown["first_published_at"] = instant(row["first_published_at"])
    shown["changed_at"] = instant(row["changed_at"])
    shown["review"] = {
        "state": row["review_state"],
        "on": row["reviewed_on"].isoformat() if row["reviewed_on"] else None,
    }
    return shown


def claim_body(claim: Document, event: Document) -> Document:
    """A claim on its own: as in its event's body, plus the event."""
    return {**claim, **_of(event)}


def text(shown: Any) -> str:
    return encode(shown).decode()


def texts(event: Document) -> tuple[str, list[str]]:
    """Body of an event as text, and those of its claims on their own: each claim is serialized once."""
    claims = [encode(claim) for claim in event["claims"]]
    whole, rest = encode(event | {"claims": list(map(msgspec.Raw, claims))}), encode(_of(event))[1:]
    return whole.decode(), [(claim[:-1] + b"," + rest).decode() for claim in claims]


def _of(event: Document) -> Document:
    """Event fields that are repeated in a claim served on its own."""
    reference = {"kind": "event", "key": event["key"], "name": event["title"]}
    if names_in := labels("event", event):
        reference["name_in"] = names_in
    clocks = {name: event[name] for name in ("version", "publication", "first_published_at", "changed_at")}
    return {"event": reference, "event_when": event["when"], **clocks}


def _totals(event: Document) -> Iterator[Document]:
    """Totals of the event's figures for persons, by measure."""
    for measure in dict.fromkeys(estimate["measure"] for estimate in event["estimates"]):
        if measure in PERSONS and (whole := total(counts_of(event, measure))):
            yield {"measure": measure, **whole.as_dict()}


def _complete_event(shown: Document, around: BodyContext) -> None:
    no_more = around.deprecated - {claim["key"] for claim in shown["claims"]}
    for claim in shown["claims"]:
        claim["related_from"] = [
            {"kind": kind, "claim": around.named_reference("claim", key)}
            for kind, key in around.bearing.get(claim["key"], ())
            if key not in no_more
        ]
        claim["notices"] = around.notices.get(("claim", claim["key"]), [])
    shown["estimates"] = [estimate.as_dict() for estimate in estimates(shown["claims"], around.replaced)]
    incidents.tell_parties(shown, around.actors)
    shown["totals"] = list(_totals(shown))
    with one_language(IN_THE_BODY):
        around.headlines[shown["key"]] = worded = headlines.headlines(shown)
    shown["headline"] = " ".join(headline.sentence for headline in worded)
    location = shown["location"]
    shown["coordinates"] = around.places.get(location["key"]) if location else None
    shown["precision"] = dates.parse(shown["when"]).precision.value if shown["when"] else None
