"""An invented war of any size: public documents, reproducible by seed, with a realistic distribution.

A few actors and places occur in most events and most occur in few, as in real ones; a fifth of the dates are
imprecise; a third of the texts are French; every event has three claims, and some have findings.
"""

import bisect
import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from conflict import dates
from conflict.documents import canonical_text
from conflict.documents.schema_upgrades import lifted

Document = dict[str, Any]
Entry = tuple[str, Document]

SCHEMA = 1  # of what is invented here; upgraded to the current one, as a log of that time would be
FIRST_DAY, DAYS = date(2012, 1, 17), 5000
CLAIMS = 3
SYLLABLES = ("ba", "bou", "dia", "dou", "fa", "gao", "gou", "ka", "ki", "kou", "lé", "ma", "mo", "na", "nou", "ra", "sé", "ta", "tou", "wa")  # fmt: skip
KINDS = {
    "battle": 22, "attack": 22, "air_strike": 9, "bombing": 6, "human_rights_abuse": 9, "execution": 4, "capture": 5,
    "hostage_taking": 4, "territorial_change": 4, "displacement": 4, "looting": 3, "protest": 3, "statement": 3,
    "agreement": 1, "accident": 1,
}  # fmt: skip
FRENCH, ENGLISH = "fr", "en"
TITLES = {
    ENGLISH: {
        "battle": "Clash near {place}", "attack": "Attack on {other} in {place}", "air_strike": "Air strike at {place}",
        "bombing": "Bombing in {place}", "": "{actor} in {place}",
    },
    FRENCH: {
        "battle": "Affrontements près de {place}", "attack": "Attaque contre {other} à {place}",
        "air_strike": "Frappe aérienne à {place}", "bombing": "Attentat à {place}", "": "{actor} à {place}",
    },
}  # fmt: skip
SENTENCES = {
    ENGLISH: (
        "{actor} attacked positions of {other} near {place} shortly before dawn.",
        "Residents of {place} described gunfire that lasted for about three hours and burnt houses at the market.",
        "A spokesman for {other} said that reinforcements had been sent from the regional capital.",
        "The wounded were taken to the reference health centre, which had run short of blood and bandages.",
        "{actor} circulated a statement in which it took responsibility and named its own dead.",
        "The telephone network was cut for two days, so that first figures came from travellers and drivers.",
        "A patrol of the peace operation found vehicle tracks and spent cartridges, and no bodies.",
        "Several families left for the neighbouring villages with their cattle.",
    ),
    FRENCH: (
        "{actor} a attaqué des positions de {other} près de {place} peu avant l'aube.",
        "Des habitants de {place} ont décrit des tirs nourris pendant près de trois heures et des maisons brûlées au marché.",
        "Un porte-parole de {other} a déclaré que des renforts avaient été dépêchés depuis le chef-lieu de région.",
        "Les blessés ont été évacués vers le centre de santé de référence, à court de sang et de pansements.",
        "{actor} a diffusé un communiqué de revendication où sont nommés ses propres morts.",
        "Le réseau téléphonique était coupé depuis deux jours ; les premiers bilans venaient de voyageurs et de chauffeurs.",
        "Une patrouille de la mission a relevé des traces de véhicules et des douilles, mais aucun corps.",
        "Plusieurs familles sont parties vers les villages voisins avec leur bétail.",
    ),
}
WITNESSES = {
    ENGLISH: ("a resident of {place}", "a local official", "a hospital worker", "an elected representative"),
    FRENCH: ("un habitant de {place}", "un responsable local", "une source hospitalière", "un élu de la commune"),
}
STATEMENTS = {ENGLISH: "{number} people were {measure} at {place}.", FRENCH: "{number} personnes {measure} à {place}."}
MEASURED = {"killed": "tuées", "wounded": "blessées", "captured": "capturées", "displaced": "déplacées"}
PHASES = ("Rebellion", "Intervention", "Talks", "Spread", "Centre", "Coups", "Withdrawals", "Siege")


class Popularity:
    """A choice among `number` things where few are chosen often and most seldom (Zipf)."""

    def __init__(self, number: int, exponent: float = 0.9) -> None:
        weights = [1 / rank**exponent for rank in range(1, number + 1)]
        self.upto = list(itertools.accumulate(weights))

    def choice(self, chance: random.Random) -> int:
        return bisect.bisect(self.upto, chance.random() * self.upto[-1])


@dataclass(frozen=True)
class World:
    """What there is, for so many events; each event follows from the seed and its own number alone."""

    events: int
    seed: int = 1
    _names: dict[int, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def actors(self) -> int:
        return max(40, min(2000, self.events // 40))

    @property
    def outlets(self) -> int:
        return max(8, self.actors // 20)

    @property
    def places(self) -> int:
        return 60 + max(40, min(12000, self.events // 12))

    @property
    def sources(self) -> int:
        return max(120, self.events * 3 // 5)

    @cached_property
    def popular_actors(self) -> Popularity:
        return Popularity(self.actors - self.outlets)

    @cached_property
    def popular_places(self) -> Popularity:
        return Popularity(self.places - 60, 0.8)

    # What events name

    def shared(self) -> Iterator[Entry]:
        """Everything but events and their notices, so that each entry comes after those that it names."""
        for kind, invented, number in (
            ("actor", self.actor, self.actors),
            ("location", self.location, self.places),
            ("source", self.source, self.sources),
            ("period", self.period, len(PHASES) * 5),
        ):
            yield from ((kind, _current(kind, invented(position))) for position in range(number))

    def actor(self, number: int) -> Document:
        chance, name = self._chance("actor", number), self.actor_name(number)
        is_outlet = number >= self.actors - self.outlets
        kind = (
            "media" if is_outlet else chance.choice(("armed_group", "armed_force", "coalition", "person", "population"))
        )
        family = "other" if is_outlet else chance.choice(("state", "separatist", "jihadist", "foreign", "civilian"))
        names = [{"name": f"{name[:1]}{name.split()[-1].upper()}", "kind": "acronym", "language": "", "note": ""}]
        ties = []
        if not is_outlet and number > 5 and chance.random() < 0.3:
            above = self.actor_key(chance.randrange(min(number, 20)))
            tie = {"role": "", **_dated(f"{2012 + number % 10}"), "standing": "known", "note": "", "citations": []}
            ties = [{"kind": "part_of", "actor": _ref("actor", above), **tie}]
        return _ordered(
            {
                "schema": SCHEMA,
                "key": self.actor_key(number),
                "name": name,
                "kind": kind,
                "family": family,
                "country": "Mali",
                **_dated("2012/.."),
                "description": f"{name}, described in a sentence or two.",
                "names": names,
                "affiliations": ties,
            }
        )

    def actor_key(self, number: int) -> str:
        return f"actor-{number}"

    def actor_name(self, number: int) -> str:
        return f"{('Movement', 'Front', 'Battalion', 'Katiba', 'Brigade')[number % 5]} {self._name(number + 7)}"

    def location(self, number: int) -> Document:
        """Regions first, then cercles within them, then places within those; the country is above all."""
        above, kind, precision = (number - 60) % 49 + 11, "village", "settlement"
        if number == 0:
            above, kind, precision = -1, "country", "country"
        elif number <= 10:
            above, kind, precision = 0, "region", "region"
        elif number < 60:
            above, kind, precision = (number - 11) % 10 + 1, "cercle", "district"
        chance, name = self._chance("location", number), self.location_name(number)
        names = [{"name": name.replace("ou", "u"), "language": "fr", "note": ""}] if "ou" in name else []
        return _ordered(
            {
                "schema": SCHEMA,
                "key": self.location_key(number),
                "name": name,
                "kind": kind,
                "parent": _ref("location", self.location_key(above)) if above >= 0 else None,
                "country": "Mali",
                "latitude": f"{chance.uniform(12, 22):.5f}",
                "longitude": f"{chance.uniform(-10, 4):.5f}",
                "coordinate_precision": precision,
                "coordinate_origin": "invented",
                "pcode": f"ML{number:06}",
                "geonames_id": None,
                **_dated(""),
                "description": "",
                "names": names,
            }
        )

    def location_key(self, number: int) -> str:
        return f"place-{number}"

    def location_name(self, number: int) -> str:
        return self._name(number)

    def source(self, number: int) -> Document:
        chance = self._chance("source", number)
        day = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
        is_resolved = chance.random() < 0.9
        outlet = self.actors - 1 - chance.randrange(self.outlets)
        return {
            "schema": SCHEMA, "key": self.source_key(number), "kind": "news" if is_resolved else "unresolved",
            "resolved": is_resolved, "number": None if is_resolved else number + 1,
            "title": f"{self.actor_name(number % 40)}: fighting reported on {day}" if is_resolved else "",
            "authors": "", "container": "", "pages": "", "publisher": _ref("actor", self.actor_key(outlet)),
            "published_on": day.isoformat() if is_resolved else "",
            "url": f"https://news.example/{day:%Y/%m/%d}/{number}" if is_resolved else "", "archived_url": "",
            "doi": "", "isbn": "", "language": chance.choice(("en", "fr")), "access": "public", "note": "",
        }  # fmt: skip

    def source_key(self, number: int) -> str:
        return f"source-{number}"

    def period(self, number: int) -> Document:
        """Phases, each with four parts."""
        phase, part = divmod(number, 5)
        start = FIRST_DAY + timedelta(days=DAYS // len(PHASES) * phase)
        title = f"{PHASES[phase]}, part {part}" if part else PHASES[phase]
        return {
            "schema": SCHEMA, "key": f"period-{number}", "title": title, "position": number + 1,
            "parent": _ref("period", f"period-{phase * 5}") if part else None, **_dated(f"{start:%Y-%m}/.."),
            "introduction": f"What happened under the heading {title}.", "heading_origin": "editor",
        }  # fmt: skip

    # Events

    def events_from(self, first: int, after_last: int) -> Iterator[Document]:
        return (_current("event", self.event(number)) for number in range(first, after_last))

    def event_key(self, number: int) -> str:
        return f"event-{number}"

    def event(self, number: int) -> Document:
        chance = self._chance("event", number)
        language = FRENCH if chance.random() < 0.33 else ENGLISH
        kind = chance.choices(tuple(KINDS), tuple(KINDS.values()))[0]
        happened = FIRST_DAY + timedelta(days=min(chance.randrange(DAYS), chance.randrange(DAYS + 400)) % DAYS)
        when, as_written = self._when(chance, happened)
        place = 60 + self.popular_places.choice(chance) if chance.random() < 0.93 else 11 + chance.randrange(49)
        actor, other = self._two_actors(chance)
        said = {
            "place": self.location_name(place),
            "actor": self.actor_name(actor),
            "other": self.actor_name(other),
        }
        phase = min((happened - FIRST_DAY).days * len(PHASES) // DAYS, len(PHASES) - 1)
        titles, key = TITLES[language], self.event_key(number)
        sentences = chance.sample(SENTENCES[language], chance.choice((1, 2, 2, 3, 3, 4)))
        claims = self._claims(chance, number, language, happened, actor, other, said)
        also = [self.location_key(place - 1)] if chance.random() < 0.08 and place > 61 else []
        relations = []
        if number and chance.random() < 0.02:
            relations = [{"kind": "possibly_same_as", "event": _ref("event", self.event_key(chance.randrange(number)))}]
        return _ordered(
            {
                "schema": SCHEMA,
                "key": key,
                "title": titles.get(kind, titles[""]).format(**said),
                "summary": " ".join(sentences).format(**said),
                "kind": kind,
                **_dated(when),
                "as_written": as_written,
                "date_basis": "stated",
                "year_basis": "explicit",
                "standing": chance.choice(("stated", "reported", "reported", "claimed", "contested")),
                "location": _ref("location", self.location_key(place)),
                "location_precision": "settlement" if place >= 60 else "district",
                "other_locations": [_ref("location", key) for key in also],
                "period": _ref("period", f"period-{phase * 5 + chance.randrange(5)}"),
                "participants": [
                    self._part(chance, actor, "attacker", "attacking"),
                    self._part(chance, other, "defender", "defending"),
                ],
                "claims": claims,
                "findings": self._findings(chance, claims),
                "relations": relations,
                "citations": self._cited(chance, chance.choice((1, 1, 2))),
            }
        )

    def notices(self, first: int, after_last: int) -> Iterator[Document]:
        """Every hundredth event carries a warning, and so does the whole chronology."""
        for number in range(first, after_last):
            if number % 100 == 0:
                target = _ref("event", self.event_key(number)) if number else None
                notice = {
                    "schema": SCHEMA, "key": f"notice-{number}", "kind": "needs_update" if number % 200 else "disputed",
                    "target": target, "concerns": [], "reason": "Accounts differ, and later reports are not in yet.",
                    "origin": "desk", "raised_on": "2024-09-01", "review_by": None, "resolved_on": None, "resolution": "",
                }  # fmt: skip
                yield _current("notice", notice)

    def _when(self, chance: random.Random, day: date) -> tuple[str, str]:
        """EDTF, as precise as such reports are, and what the report may have said."""
        draw = chance.random()
        if draw < 0.78:
            return day.isoformat(), f"{day:%d %B %Y}"
        if draw < 0.86:
            later = day + timedelta(days=chance.randrange(1, 9))
            return f"{day}/{later}", f"between {day:%d} and {later:%d %B %Y}"
        if draw < 0.93:
            return f"{day:%Y-%m}", f"in {day:%B %Y}"
        if draw < 0.96:
            return f"{day:%Y-%m}~", f"around {day:%B %Y}"
        if draw < 0.99:
            return f"{day}?", f"probably on {day:%d %B}"
        return f"{day:%Y}", f"in {day:%Y}"

    def _claims(
        self, chance: random.Random, number: int, language: str, happened: date, actor: int, other: int, said: Document
    ) -> list[Document]:
        toll = int(chance.paretovariate(1.1)) + chance.randrange(4)
        witness = chance.choice(WITNESSES[language]).format(**said)
        outlet = self.actor_key(self.actors - 1 - chance.randrange(self.outlets))
        claimants = [
            _actor(self.actor_key(actor)),
            _actor(self.actor_key(other)),
            {"kind": "described", "name": witness},
        ]
        found: list[Document] = []
        for position, claimant in enumerate(claimants[:CLAIMS]):
            measure = "killed" if position < 2 else chance.choice(tuple(MEASURED))
            low = max(0, toll + chance.randrange(-toll // 2, toll + 1))
            qualifier, high = chance.choice((("exact", low), ("about", low), ("about", low + 3), ("at_least", None)))
            named = measure if language == ENGLISH else MEASURED[measure]
            statement = STATEMENTS[language].format(number=low, measure=named, place=said["place"])
            relations = []
            if found and chance.random() < 0.25:
                kind = chance.choice(("contradicts", "confirms", "denies", "revises"))
                relations = [{"kind": kind, "claim": _ref("claim", found[0]["key"])}]
            subject = _actor(self.actor_key(other if position == 0 else actor))
            found.append(
                {
                    "key": f"claim-{number}-{position + 1}",
                    "kind": "figure",
                    "measure": measure,
                    "claimant": [claimant],
                    "relayed_by": [_actor(outlet)] if chance.random() < 0.6 else [],
                    "subject": [subject] if position < 2 else [],
                    "holder": [],
                    "statement": statement,
                    "as_worded": f"« {statement} »" if chance.random() < 0.4 else "",
                    "stance": "asserts",
                    "negated": False,
                    "low": low,
                    "high": high,
                    "qualifier": qualifier,
                    "unit": "persons",
                    "made_on": (happened + timedelta(days=chance.randrange(5))).isoformat(),
                    "rank": "normal",
                    "rank_reason": "",
                    "relations": relations,
                    "citations": self._cited(chance, chance.choice((1, 1, 1, 2))),
                }
            )
        return found

    def _findings(self, chance: random.Random, claims: Sequence[Document]) -> list[Document]:
        found = []
        if chance.random() < 0.15:
            low, high = sorted(claim["low"] for claim in claims[:2])
            grade = chance.choice(("confirmed", "fair", "weak", "contested"))
            found.append(
                {
                    "key": "killed",
                    "aspect": "figure",
                    "measure": "killed",
                    "subject": [],
                    "low": low,
                    "best": low,
                    "high": high,
                    "grade": grade,
                    "rule": "range_of_claims",
                    "reason": "Both sides gave a figure; neither could be verified.",
                    "claims": [_ref("claim", claim["key"]) for claim in claims[:2]],
                    "citations": [],
                }
            )
        return found

    def _part(self, chance: random.Random, actor: int, role: str, side: str) -> Document:
        standing = chance.choice(("known", "known", "reported", "claimed"))
        cited = self._cited(chance, 1) if chance.random() < 0.2 else []
        part = {"role": role, "side": side, "standing": standing, "note": "", "citations": cited}
        return {"actor": _ref("actor", self.actor_key(actor)), **part}

    def _cited(self, chance: random.Random, number: int) -> list[Document]:
        shape = {"quotation": "", "accessed_on": None, "basis": "direct", "note": ""}
        keys = {self.source_key(chance.randrange(self.sources)) for _ in range(number)}
        pages = chance.choice(("", "", "p. 3"))
        return [{"source": _ref("source", key), "locator": pages, **shape} for key in sorted(keys)]

    def _two_actors(self, chance: random.Random) -> tuple[int, int]:
        first = self.popular_actors.choice(chance)
        second = self.popular_actors.choice(chance)
        return first, second if second != first else (first + 1) % (self.actors - self.outlets)

    def _chance(self, kind: str, number: int) -> random.Random:
        return random.Random(f"{self.seed} {kind} {number}")  # noqa: S311  # a repeatable world is what is wanted

    def _name(self, number: int) -> str:
        """An invented name, a different one for each number."""
        if number not in self._names:
            parts, rest = [], number + 20
            while rest:
                rest, position = divmod(rest, len(SYLLABLES))
                parts.append(SYLLABLES[position])
            self._names[number] = "".join(parts).capitalize()
        return self._names[number]


def _ref(kind: str, key: str) -> Document:
    return {"kind": kind, "key": key}


def _actor(key: str) -> Document:
    return {"kind": "actor", "key": key}


def _dated(when: str) -> Document:
    parsed = dates.parse(when) if when else None
    starts_on, ends_before = (parsed.starts_on, parsed.ends_before) if parsed else (None, None)
    return {
        "when": when,
        "starts_on": starts_on.isoformat() if starts_on else None,
        "ends_before": ends_before.isoformat() if ends_before else None,
    }


def _current(kind: str, document: Document) -> Document:
    return lifted(kind, canonical_text(document))


def _ordered(document: Document) -> Document:
    """Children in the order that documents give them (`conflict.documents.parts.Children`)."""
    for name, value in document.items():
        if isinstance(value, list) and name not in ("claimant", "relayed_by", "subject", "holder"):
            rows = [_ordered(row) if isinstance(row, dict) else row for row in value]
            document[name] = sorted(rows, key=lambda row: (row.get("key") or "", canonical_text(row)))
    return document
