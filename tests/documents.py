"""Minimal, valid documents for tests of the public side, and functions to publish them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from rest_framework.serializers import DictField, ListField, ListSerializer

from conflict import dates
from conflict.documents import SCHEMA, SHAPES, canonical_text
from conflict.documents.entries import ADDED
from conflict.record.log import Step
from conflict.record.models import Action, Publication
from conflict.record.publisher import publish
from conflict.translations import digest
from conflict.vocabulary import ChangeKind

Document = dict[str, Any]
Entry = tuple[str, Document]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def ref(kind: str, key: str) -> Document:
    return {"kind": kind, "key": key}


def empty(kind: str) -> Document:
    """A document of the kind with nothing in it."""
    return {
        name: []
        if isinstance(field, ListSerializer | ListField)
        else {}
        if isinstance(field, DictField)
        else None
        if field.allow_null
        else ""
        for name, field in SHAPES[kind]().fields.items()
    }


def described(name: str) -> Document:
    return {"kind": "described", "name": name}


def dated(when: str) -> Document:
    parsed = dates.parse(when) if when else None
    starts_on, ends_before = (parsed.starts_on, parsed.ends_before) if parsed else (None, None)
    return {
        "when": when,
        "starts_on": starts_on.isoformat() if starts_on else None,
        "ends_before": ends_before.isoformat() if ends_before else None,
    }


def actor(key: str, name: str = "", *, when: str = "", **fields: Any) -> Entry:
    shape: Document = {
        "kind": "armed_group",
        "family": "other",
        "pronoun": "",
        "country": "",
        "description": "",
        "names": [],
        "affiliations": [],
        "translations": {},
        **ADDED[4]["actor"],
    }
    return "actor", {"schema": SCHEMA, "key": key, "name": name or key, **dated(when), **shape, **fields}


def affiliation(kind: str, other: str, *, when: str = "", **fields: Any) -> Document:
    shape: Document = {"role": "", "standing": "known", "note": "", "citations": []}
    return {"kind": kind, "actor": ref("actor", other), **dated(when), **shape, **fields}


def location(key: str, name: str = "", *, when: str = "", parent: str = "", **fields: Any) -> Entry:
    shape: Document = {
        "kind": "town", "country": "Mali", "latitude": None, "longitude": None, "coordinate_precision": "",
        "coordinate_origin": "", "pcode": "", "geonames_id": None, "description": "", "names": [], "translations": {},
        **ADDED[4]["location"],
    }  # fmt: skip
    above = ref("location", parent) if parent else None
    return "location", {
        "schema": SCHEMA,
        "key": key,
        "name": name or key,
        "parent": above,
        **dated(when),
        **shape,
        **fields,
    }


def source(key: str, **fields: Any) -> Entry:
    shape: Document = {
        "kind": "unresolved", "resolved": False, "number": None, "title": "", "authors": "", "container": "", "pages": "",
        "publisher": None, "published_on": "", "url": "", "archived_url": "", "doi": "", "isbn": "", "language": "",
        "access": "public", "note": "", **ADDED[4]["source"],
    }  # fmt: skip
    return "source", {"schema": SCHEMA, "key": key, **shape, **fields}


def citation(source: str, **fields: Any) -> Document:
    shape: Document = {"locator": "", "quotation": "", "accessed_on": None, "basis": "direct", "note": ""}
    return {"source": ref("source", source), **shape, **fields}


def period(key: str, title: str = "", *, when: str = "", position: int = 1, parent: str = "", **fields: Any) -> Entry:
    above = ref("period", parent) if parent else None
    shape: Document = {
        "position": position,
        "introduction": "",
        "heading_origin": "source_text",
        "translations": {},
    }
    return "period", {
        "schema": SCHEMA,
        "key": key,
        "title": title or key,
        "parent": above,
        **dated(when),
        **shape,
        **fields,
    }


def event(
    key: str, title: str = "", *, when: str = "2013-01-10", place: str = "", period: str = "", **fields: Any
) -> Entry:
    shape = empty("event") | {
        "kind": "battle", "date_basis": "stated", "year_basis": "explicit", "standing": "stated",
    }  # fmt: skip
    where = ref("location", place) if place else None
    filed = ref("period", period) if period else None
    refs = {"location": where, "period": filed}
    return "event", {**shape, "schema": SCHEMA, "key": key, "title": title or key, **dated(when), **refs, **fields}


def participant(actor: str, role: str, **fields: Any) -> Document:
    return {
        "actor": ref("actor", actor),
        "role": role,
        "side": "",
        "standing": "known",
        "note": "",
        "citations": [],
        **fields,
    }


def claim(key: str, statement: str = "", **fields: Any) -> Document:
    shape: Document = {
        "kind": "figure", "measure": "killed", "claimant": [described("a witness")], "relayed_by": [], "subject": [],
        "holder": [], "as_worded": "", "stance": "asserts", "negated": False, "low": None, "high": None, "best": None,
        "qualifier": "", "unit": "", "scope": "event", "scope_when": "", "when": "", "made_on": "", "rank": "normal", "rank_reason": "", "relations": [], "citations": [],
        "translations": {},
    }  # fmt: skip
    return {"key": key, "statement": statement or key, **shape, **fields}


def relation(kind: str, claim: str) -> Document:
    return {"kind": kind, "claim": ref("claim", claim)}


def finding(key: str, **fields: Any) -> Document:
    shape: Document = {
        "aspect": "figure", "measure": "killed", "subject": [], "low": None, "best": None, "high": None, "grade": "",
        "rule": "single_claim", "reason": "", "claims": [], "citations": [], "translations": {},
    }  # fmt: skip
    return {"key": key, **shape, **fields}


def notice(
    key: str, reason: str = "", *, kind: str = "needs_update", target: Document | None = None, **fields: Any
) -> Entry:
    shape: Document = {
        "concerns": [], "origin": "source_text", "raised_on": "", "review_by": None, "resolved_on": None, "resolution": "", "translations": {},
    }  # fmt: skip
    return "notice", {
        "schema": SCHEMA,
        "key": key,
        "kind": kind,
        "target": target,
        "reason": reason or key,
        **shape,
        **fields,
    }


def in_french(owner: Document, **texts: str) -> Document:
    """The document or part with these French texts, made of what it says now."""
    told = {field: {"text": text, "of": digest(owner[field])} for field, text in texts.items()}
    return owner | {"translations": {"fr": told}}


def published(
    entries: Iterable[Entry], at: datetime = NOON, *, kind: ChangeKind = ChangeKind.NEW, reason: str = "First told."
) -> list[Publication]:
    """Publish these documents as one batch."""
    steps = [Step(of, document["key"], kind, reason, text=canonical_text(document)) for of, document in entries]
    return publish(steps, at)


def withdrawn(
    kind: str, key: str, at: datetime = NOON, *, reason: str = "Told twice.", successor: str = ""
) -> list[Publication]:
    """Take one entry out of public."""
    return publish([Step(kind, key, ChangeKind.WITHDRAWAL, reason, Action.WITHDRAW, successor=successor)], at)
