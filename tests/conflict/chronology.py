"""The chronology of the Mali War from its fixture files, read once; no database."""

import json
from functools import cache
from pathlib import Path
from typing import Any

FIXTURES = Path(__file__).parents[2] / "fixtures" / "mali-war"
FILES = {
    "actor": ["actors.json"],
    "location": ["locations.json"],
    "source": ["sources.json"],
    "period": ["periods.json"],
    "event": sorted(f"events/{path.name}" for path in (FIXTURES / "events").glob("*.json")),
    "notice": ["notices.json"],
}


@cache
def documents(kind: str) -> list[dict[str, Any]]:
    """All entries of one kind, in the order of the files."""
    return [document for name in FILES[kind] for document in json.loads((FIXTURES / name).read_text(encoding="utf-8"))]


@cache
def by_key(kind: str) -> dict[str, dict[str, Any]]:
    """Entries of one kind by key; the kind `claim` is known too."""
    if kind == "claim":
        return {claim["key"]: claim for event in documents("event") for claim in event.get("claims", [])}
    return {document["key"]: document for document in documents(kind)}


def event(key: str) -> dict[str, Any]:
    return by_key("event")[key]


def claim(key: str) -> dict[str, Any]:
    return by_key("claim")[key]


def event_of(claim_key: str) -> str:
    """Key of the event that the claim is about."""
    for found in documents("event"):
        if any(said["key"] == claim_key for said in found.get("claims", [])):
            return str(found["key"])
    raise KeyError(claim_key)


def parties(claim_key: str, role: str) -> list[str]:
    """Keys of the actors and places in this role of the claim, and the words for those without a key."""
    return [party.get("key") or party["name"] for party in claim(claim_key).get(role, [])]


def figure(claim_key: str) -> tuple[int | None, int | None, str]:
    """Low, high and qualifier, as given."""
    said = claim(claim_key)
    return said.get("low"), said.get("high"), said.get("qualifier", "")


def bearings(claim_key: str) -> set[tuple[str, str]]:
    """How this claim bears on others: pairs of kind and key, as stored on it."""
    return {(relation["kind"], relation["claim"]["key"]) for relation in claim(claim_key).get("relations", [])}


def related(one: str, kind: str, other: str) -> bool:
    """Whether a symmetric relation holds between two claims, on whichever of them it is stored."""
    return (kind, other) in bearings(one) or (kind, one) in bearings(other)


def possibly_same(one: str, other: str) -> bool:
    """Whether two events are marked as possibly one, on whichever of them it is stored."""

    def marked(here: str, there: str) -> bool:
        kinds = [(link["kind"], link["event"]["key"]) for link in event(here).get("relations", [])]
        return ("possibly_same_as", there) in kinds

    return marked(one, other) or marked(other, one)


def part(event_key: str, actor_key: str) -> dict[str, Any]:
    """The one part that the actor has in the event."""
    found: dict[str, Any]
    [found] = [part for part in event(event_key)["participants"] if part["actor"]["key"] == actor_key]
    return found


def affiliations(actor_key: str) -> set[tuple[str, str]]:
    """Pairs of kind and other actor, as stored on this actor."""
    return {(link["kind"], link["actor"]["key"]) for link in by_key("actor")[actor_key].get("affiliations", [])}
