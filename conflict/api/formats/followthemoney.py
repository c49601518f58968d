"""FollowTheMoney entities, one per line, for tools that look for people, organisations and the links between them.

A claim becomes a Note that names its claimant; an event has no figure without a claimant. A party that is only
suspected, or denies involvement, is linked to the event with that status, not listed as involved.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import override

from conflict.countries import codes_of
from conflict.public.claim_groups import finding_figure
from conflict.vocabulary import ActorKind, AffiliationKind, Standing
from conflict.wording import figures

Body = dict[str, Any]
Entity = dict[str, Any]

LANGUAGES = {"ar": "ara", "de": "deu", "en": "eng", "es": "spa", "fr": "fra"}
SIMPLE_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
SCHEMA_OF_ACTOR = {
    ActorKind.STATE: "PublicBody",
    ActorKind.GOVERNMENT: "PublicBody",
    ActorKind.ARMED_FORCE: "PublicBody",
    ActorKind.COMPANY: "Company",
    ActorKind.PRIVATE_MILITARY: "Company",
    ActorKind.PERSON: "Person",
    ActorKind.POPULATION: "LegalEntity",
    ActorKind.CIVILIANS: "LegalEntity",
    ActorKind.UNNAMED_FORCE: "LegalEntity",
}
NO_ORGANISATION = ("Person", "LegalEntity")
BELONGING = (AffiliationKind.PART_OF, AffiliationKind.MEMBER_OF, AffiliationKind.LEADER_OF)
ACTOR, EVENT, LOCATION, SOURCE, CLAIM, FINDING, NOTICE = (
    "actor", "event", "location", "source", "claim", "finding", "notice",
)  # fmt: skip


class Entities:
    """Writes bodies as entities.

    Needs the kinds of all actors in advance: the schema of an affiliation depends on both ends.
    """

    def __init__(self, kinds_of_actors: Mapping[str, str]) -> None:
        self.kinds_of_actors = kinds_of_actors

    def lines(self, kind: str, body: Body) -> Iterator[str]:
        """One line of JSON for each entity made from the body."""
        for entity in WRITERS[kind](self, body):
            properties = {name: values for name, values in entity["properties"].items() if values}
            yield json.dumps({**entity, "properties": properties}, ensure_ascii=False, sort_keys=True)

    def schema_of(self, actor: str) -> str:
        return SCHEMA_OF_ACTOR.get(ActorKind(self.kinds_of_actors[actor]), "Organization")

    def actor(self, body: Body) -> Iterator[Entity]:
        yield entity(
            ACTOR, body, self.schema_of(body["key"]),
            name=[body["name"]],
            alias=[name["name"] for name in body["names"] if name["name"] != body["name"]],
            country=country(body["country"]),
            description=values_of(body["description"]),
            keywords=[body["kind"], body["family"]],
            modifiedAt=day(body["changed_at"]),
        )  # fmt: skip
        for number, tie in enumerate(body["affiliations"]):
            other = tie["actor"]["key"]
            common = {
                "role": values_of(tie["role"] or tie["kind"].replace("_", " ")),
                "status": [tie["standing"]],
                "description": values_of(tie["note"]),
                **span(tie),
            }
            belongs = tie["kind"] in BELONGING and self.schema_of(other) not in NO_ORGANISATION
            ends = ("Membership", "member", "organization") if belongs else ("UnknownLink", "subject", "object")
            yield part(ACTOR, body, f"affiliation{number}", *ends, name(ACTOR, body["key"]), name(ACTOR, other), common)

    def location(self, body: Body) -> Iterator[Entity]:
        above = [place["name"] for place in reversed(body["within"])]
        yield entity(
            LOCATION, body, "Address",
            full=[", ".join([body["name"], *above])],
            name=[body["name"]],
            alias=[name["name"] for name in body["names"] if name["name"] != body["name"]],
            country=country(body["country"]),
            latitude=values_of(body["latitude"]),
            longitude=values_of(body["longitude"]),
            remarks=values_of(body["coordinate_precision"]),
            keywords=[body["kind"]],
        )  # fmt: skip

    def source(self, body: Body) -> Iterator[Entity]:
        title = body["title"] or f"Citation {body['number'] or body['key']}, not yet resolved"
        yield entity(
            SOURCE, body, "Article",
            title=[title],
            name=[title],
            author=values_of(body["authors"]),
            publisher=[body["publisher"]["name"]] if body["publisher"] else [],
            publishedAt=[body["published_on"]] if SIMPLE_DATE.fullmatch(body["published_on"]) else [],
            sourceUrl=[url for url in (body["url"], body["archived_url"]) if url.startswith(("http://", "https://"))],
            language=[LANGUAGES[body["language"]]] if body["language"] in LANGUAGES else [],
            keywords=[body["kind"]],
            notes=values_of(body["note"]),
        )  # fmt: skip

    def event(self, body: Body) -> Iterator[Entity]:
        place = body["location"]
        yield entity(
            EVENT, body, "Event",
            name=[body["title"]],
            summary=values_of(body["summary"]),
            location=[place["name"]] if place else [],
            addressEntity=[name(LOCATION, place["key"])] if place else [],
            involved=unique(
                name(ACTOR, part["actor"]["key"]) for part in body["participants"] if part["standing"] == Standing.KNOWN
            ),
            proof=cited(body),
            keywords=[body["kind"], f"standing: {body['standing']}"],
            notes=[f"Date as known (EDTF): {body['when']}"] if body["when"] else ["No date is known."],
            recordId=[body["key"]],
            modifiedAt=day(body["changed_at"]),
            **span(body),
        )  # fmt: skip
        for number, taking in enumerate(body["participants"]):
            link = {
                "role": [taking["role"].replace("_", " ")],
                "status": [taking["standing"]],
                "description": values_of(taking["note"]),
            }
            ends = ("UnknownLink", "subject", "object", name(ACTOR, taking["actor"]["key"]), name(EVENT, body["key"]))
            yield part(EVENT, body, f"participant{number}", *ends, link)
        for claim in body["claims"]:
            yield note(
                CLAIM, claim["key"], name(EVENT, body["key"]), f"Claim: {claim['statement']}", sentence(claim), claim
            )
        for finding in body["findings"]:
            text = f"The desk finds: {figure(finding)}. Rule: {finding['rule']}. {finding['reason']}"
            key = f"{body['key']}.{finding['key']}"
            yield note(FINDING, key, name(EVENT, body["key"]), f"Finding on {finding['aspect']}", text, finding)

    def notice(self, body: Body) -> Iterator[Entity]:
        target = body["target"]
        if target and target["kind"] in (ACTOR, EVENT, LOCATION, SOURCE, CLAIM):
            about = name(target["kind"], target["key"])
            open_ = (
                "open" if body["resolved_on"] is None else f"resolved on {body['resolved_on']}: {body['resolution']}"
            )
            yield note(NOTICE, body["key"], about, f"Notice: {body['kind']}", f"{body['reason']} ({open_})", {})


WRITERS: dict[str, Callable[[Entities, Body], Iterator[Entity]]] = {
    ACTOR: Entities.actor,
    LOCATION: Entities.location,
    SOURCE: Entities.source,
    EVENT: Entities.event,
    NOTICE: Entities.notice,
}


def name(kind: str, key: str) -> str:
    return f"{kind}.{key}"


def entity(kind: str, body: Body, schema: str, **properties: Any) -> Entity:
    known_as = [one["value"] for one in body.get("same_as", ()) if one["scheme"] == "wikidata"]
    return {
        "id": name(kind, body["key"]),
        "schema": schema,
        "properties": {**properties, **({"wikidataId": known_as} if known_as else {})},
    }


def part(
    kind: str, body: Body, which: str, schema: str, first: str, second: str, one: str, other: str, common: Body
) -> Entity:
    """Link between two entities."""
    properties = {first: [one], second: [other], **common}
    return {"id": f"{name(kind, body['key'])}.{which}", "schema": schema, "properties": properties}


def note(kind: str, key: str, about: str, title: str, text: str, citing: Body) -> Entity:
    properties = {
        "entity": [about],
        "name": [title],
        "description": [text],
        "publisher": unique(party["name"] for party in citing.get("claimant", ())),
        "proof": cited(citing),
    }
    return {"id": name(kind, key), "schema": "Note", "properties": properties}


def sentence(claim: Body) -> str:
    """Describe a claim in one line: claimant, statement, figure, wording and rank."""
    who = ", ".join(party["name"] for party in claim["claimant"]) or "Somebody unnamed"
    parts = [f"{who} {claim['stance']}: {claim['statement']}"]
    if claim["relayed_by"]:
        parts.append(f"Relayed by {', '.join(party['name'] for party in claim['relayed_by'])}")
    if claim["measure"] and (shown := figure(claim)):
        parts.append(shown)
    if claim["as_worded"]:
        parts.append(f"As worded: “{claim['as_worded']}”")
    if claim["rank"] != "normal":
        parts.append(f"Rank: {claim['rank']} {claim['rank_reason']}".strip())
    return ". ".join(text.rstrip(".") for text in parts) + "."


def figure(body: Body) -> str:
    """Measure and figure in words, or the grade; empty if there is neither: “killed: at least 25”."""
    with override("en"):
        written = figures.counted(body) if "qualifier" in body else finding_figure(body)
    summary = " ".join(filter(None, (written, body.get("grade", ""))))
    return f"{body['measure'] or body.get('aspect', '')}: {summary}" if summary else ""


def span(body: Body) -> dict[str, list[str]]:
    """The date itself if it is a plain one, else the first and the last day that it may mean."""
    if SIMPLE_DATE.fullmatch(body["when"]):
        return {"date": [body["when"]]}
    ends = body["ends_before"]
    last = [(date.fromisoformat(ends) - timedelta(days=1)).isoformat()] if ends else []
    return {"startDate": values_of(body["starts_on"]), "endDate": last}


def cited(body: Body) -> list[str]:
    return unique(name(SOURCE, citation["source"]["key"]) for citation in body.get("citations", ()))


def country(label: str) -> list[str]:
    return values_of(codes_of(label).iso2)


def day(moment: str) -> list[str]:
    return [moment[:10]]


def values_of(text: str | None) -> list[str]:
    return [text] if text else []


def unique(names: Any) -> list[str]:
    return list(dict.fromkeys(names))
