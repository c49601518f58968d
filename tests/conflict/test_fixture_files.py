"""Consistency of the fixture files: counts, references, dates, terms and formats, checked without a database."""

import calendar
import copy
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from rest_framework import serializers

from conflict import dates, vocabulary
from conflict.documents import SHAPES, references
from conflict.documents.translations import with_texts
from conflict.text import prose
from conflict.translations import TRANSLATED, digest
from editorial.import_export import translations
from tests.conflict.chronology import FILES, FIXTURES, by_key, documents

KINDS = list(FILES)
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DATES = ("when", "made_on", "raised_on", "published_on")
SYMMETRIC_CLAIM_RELATIONS = {"contradicts", "alternative_to", "see_also"}
SYMMETRIC_AFFILIATIONS = {"allied_with", "opposed_to", "overlaps", "also_known_as"}
CLAIMS = [claim for event in documents("event") for claim in event.get("claims", [])]


def dicts_in(value: Any) -> Iterator[dict[str, Any]]:
    match value:
        case dict():
            yield value
            for item in value.values():
                yield from dicts_in(item)
        case list():
            for item in value:
                yield from dicts_in(item)


def declared(field: Any) -> Any:
    """The serializer of one child, None for a plain field."""
    child = getattr(field, "child", field)
    return child if isinstance(child, serializers.Serializer) else None


def misplaced_fields(document: dict[str, Any], shape: Any) -> list[str]:
    """Fields that the shape does not have or declares in another order."""
    names = list(shape.fields)
    if isinstance(shape, SHAPES["notice"]):
        names.insert(names.index("kind") + 1, "audience")
    order = [names.index(name) if name in names else -1 for name in document]
    found = [name for name, place in zip(document, order, strict=True) if place < 0]
    found += [name for (a, b), name in zip(pairwise(order), list(document)[1:], strict=True) if a > b]
    for name, value in document.items():
        child = declared(shape.fields.get(name))
        for item in value if isinstance(value, list) else [value]:
            if child is not None and isinstance(item, dict):
                found += [f"{name}.{inner}" for inner in misplaced_fields(item, child)]
    return found


class TestCounts:
    @pytest.mark.parametrize(
        ("kind", "number"),
        [
            ("event", 291 + 2),  # and the episodes of Konna and In Aménas
            (
                "actor",
                173 + 1 + 3,
            ),  # and the encyclopaedia whose statements are claims, and three groups that merged into JNIM
            ("location", 96 + 3),  # and three regions that the tree needs
            ("period", 43),
            ("source", 265 + 1 + 1 + 5),  # numbered citations, the one full reference, the article, five on mergers
            ("notice", 91),
        ],
    )
    def test_no_entry_of_the_inventory_is_missing(self, kind, number):
        assert len(documents(kind)) == number

    def test_no_claim_of_the_inventory_is_missing(self):
        holding = [claim for claim in CLAIMS if claim["key"].startswith("control-")]
        deaths = [claim for claim in CLAIMS if claim["key"].startswith("killed-")]  # told in words alone

        assert len(CLAIMS) - len(holding) - len(deaths) == 320
        assert {claim["kind"] for claim in holding} == {"control"}
        assert [(claim["measure"], claim["high"]) for claim in deaths] == [("killed", 1)] * 2

    def test_six_notices_are_carried_by_the_source_text(self):
        assert Counter(notice["origin"] for notice in documents("notice")) == {"source_text": 6, "reading": 85}

    def test_each_event_stands_in_the_file_of_its_year(self):
        astray = [
            event["key"]
            for name in FILES["event"]
            for event in json.loads((FIXTURES / name).read_text(encoding="utf-8"))
            if str(dates.parse(event["when"]).sorts_on.year) not in name
        ]

        assert not astray


class TestKeys:
    @pytest.mark.parametrize("kind", KINDS)
    def test_are_unique_and_well_formed(self, kind):
        keys = [document["key"] for document in documents(kind)]

        assert not [key for key in keys if not KEY.fullmatch(key) or len(key) > 120]
        assert len(set(keys)) == len(keys)

    def test_of_claims_are_unique_and_well_formed(self):
        keys = [claim["key"] for claim in CLAIMS]

        assert not [key for key in keys if not KEY.fullmatch(key) or len(key) > 120]
        assert len(set(keys)) == len(keys)

    @pytest.mark.parametrize("kind", KINDS)
    def test_that_are_referred_to_exist(self, kind):
        dangling = [
            (document["key"], reference)
            for document in documents(kind)
            for reference in references(document)
            if reference.key not in by_key(reference.kind)
        ]

        assert not dangling


class TestShape:
    @pytest.mark.parametrize("kind", KINDS)
    def test_holds_only_declared_fields_in_their_order(self, kind):
        shape = SHAPES[kind]()

        wrong = {document["key"]: misplaced_fields(document, shape) for document in documents(kind)}

        assert not {key: fields for key, fields in wrong.items() if fields}

    @pytest.mark.parametrize("kind", KINDS)
    def test_holds_only_terms_of_the_vocabulary(self, kind):
        checks = {document["key"]: SHAPES[kind](data=document, partial=True) for document in documents(kind)}

        assert not {key: check.errors for key, check in checks.items() if not check.is_valid()}

    @pytest.mark.parametrize("kind", KINDS)
    def test_leaves_out_what_is_empty(self, kind):
        empty = [
            (document["key"], name)
            for document in documents(kind)
            for holder in dicts_in(document)
            for name, value in holder.items()
            if value in ("", None, []) or (value is False and name != "resolved")
        ]

        assert not empty

    @pytest.mark.parametrize("name", [name for names in FILES.values() for name in names])
    def test_of_the_file_is_one_that_diffs_well(self, name):
        text = (FIXTURES / name).read_text(encoding="utf-8")

        assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"


class TestDates:
    @pytest.mark.parametrize("kind", KINDS)
    def test_are_dates_that_a_calendar_has(self, kind):
        for document in documents(kind):
            for holder in dicts_in(document):
                for name in DATES:
                    if holder.get(name):
                        dates.parse(holder[name])

    def test_every_event_has_one(self):
        assert not [event["key"] for event in documents("event") if not event.get("when")]


class TestFigures:
    def test_are_never_upside_down(self):
        assert not [c["key"] for c in CLAIMS if "low" in c and "high" in c and c["low"] > c["high"]]

    def test_in_words_have_no_number(self):
        assert not [
            c["key"]
            for c in CLAIMS
            if c.get("qualifier") in vocabulary.QUALIFIERS_IN_WORDS and ("low" in c or "high" in c)
        ]

    def test_in_numbers_are_qualified(self):
        assert not [c["key"] for c in CLAIMS if ("low" in c or "high" in c) and not c.get("qualifier")]

    @pytest.mark.parametrize(
        ("qualifier", "bounds"),
        [
            ("exact", {"low", "high"}),
            ("about", {"low", "high"}),
            ("at_least", {"low"}),
            ("more_than", {"low"}),
            ("up_to", {"high"}),
        ],
    )
    def test_have_the_bounds_of_their_qualifier(self, qualifier, bounds):
        worded = [claim for claim in CLAIMS if claim.get("qualifier") == qualifier]

        assert worded
        assert not [claim["key"] for claim in worded if {"low", "high"} & claim.keys() != bounds]

    def test_alone_have_a_measure(self):
        assert not [c["key"] for c in CLAIMS if (c["kind"] == "figure") != bool(c.get("measure"))]

    def test_of_other_kinds_of_claims_name_what_they_count(self):
        numbered = [c for c in CLAIMS if c["kind"] != "figure" and ("low" in c or "high" in c)]

        assert numbered
        assert not [c["key"] for c in numbered if not c.get("unit")]


class TestClaims:
    def test_all_have_claimant_subject_statement_and_citation(self):
        needed = ("claimant", "subject", "statement", "citations")

        assert not [c["key"] for c in CLAIMS if not all(c.get(name) for name in needed)]

    def test_of_control_name_place_and_holder(self):
        control = [c for c in CLAIMS if c["kind"] == "control"]

        assert not [
            c["key"]
            for c in control
            if not c.get("holder") or {party["kind"] for party in c["subject"]} != {"location"}
        ]

    def test_of_no_other_kind_name_a_holder(self):
        assert not [c["key"] for c in CLAIMS if c.get("holder") and c["kind"] != "control"]

    def test_come_from_actors_or_described_people_never_from_places(self):
        roles = ("claimant", "relayed_by", "holder")

        assert not [c["key"] for c in CLAIMS for role in roles for p in c.get(role, []) if p["kind"] == "location"]

    def test_are_related_once_and_in_one_direction(self):
        stored = [(c["key"], r["kind"], r["claim"]["key"]) for c in CLAIMS for r in c.get("relations", [])]

        assert len(stored) == len(set(stored))
        assert not [key for key, _, other in stored if key == other]
        assert not [
            (key, kind, other)
            for key, kind, other in stored
            if kind in SYMMETRIC_CLAIM_RELATIONS and (other, kind, key) in stored
        ]

    def test_contradict_each_other_in_sixteen_pairs(self):
        pairs = {
            frozenset((c["key"], r["claim"]["key"]))
            for c in CLAIMS
            for r in c.get("relations", [])
            if r["kind"] == "contradicts"
        }

        assert len(pairs) == 16

    def test_say_in_nineteen_cases_that_something_was_not_so(self):
        assert sum(c.get("negated", False) for c in CLAIMS) == 15 + 4  # and four places that somebody no longer held


class TestProvenance:
    @pytest.mark.parametrize("children", [documents("event"), CLAIMS], ids=["events", "claims"])
    def test_every_row_names_its_line_of_the_source_text(self, children):
        def lines(row):
            return [
                c
                for c in row.get("citations", [])
                if re.search(r"\blines? \d", c.get("locator", "") + c.get("note", ""))
            ]

        assert not [row["key"] for row in children if not lines(row)]

    def test_every_citation_number_is_used(self):
        cited = {
            holder["source"]["key"]
            for event in documents("event")
            for holder in dicts_in(event)
            if isinstance(holder.get("source"), dict)
        }

        assert {source["key"] for source in documents("source") if "number" in source} <= cited

    def test_a_number_alone_is_never_called_resolved(self):
        for source in documents("source"):
            assert source["resolved"] == ("number" not in source)
            assert source["resolved"] == bool(source.get("title"))


class TestActors:
    def test_stand_to_each_other_once_and_in_one_direction(self):
        stored = [
            (actor["key"], link["kind"], link["actor"]["key"], link.get("when", ""))
            for actor in documents("actor")
            for link in actor.get("affiliations", [])
        ]

        assert len(stored) == len(set(stored))
        assert not [
            (key, kind, other)
            for key, kind, other, _ in stored
            if kind in SYMMETRIC_AFFILIATIONS and any(s[:3] == (other, kind, key) for s in stored)
        ]

    def test_have_each_name_once(self):
        for actor in documents("actor"):
            names = [name["name"] for name in actor.get("names", [])]
            assert len(names) == len(set(names)), actor["key"]

    def test_have_each_role_in_an_event_once(self):
        for event in documents("event"):
            parts = [(part["actor"]["key"], part["role"]) for part in event["participants"]]
            assert len(parts) == len(set(parts)), event["key"]


class TestPlaces:
    @staticmethod
    def above(key: str) -> list[str]:
        """The place and all it lies in, up to the country."""
        chain = [key]
        while parent := by_key("location")[chain[-1]].get("parent"):
            assert parent["key"] not in chain, f"{key} lies within itself"
            chain.append(parent["key"])
        return chain

    def test_all_have_coordinates_with_precision_and_origin(self):
        needed = ("latitude", "longitude", "coordinate_precision", "coordinate_origin")

        assert not [p["key"] for p in documents("location") if not all(p.get(name) for name in needed)]

    def test_of_mali_lie_in_mali(self):
        for place in documents("location"):
            if "mali" in self.above(place["key"]):
                assert 10.1 <= float(place["latitude"]) <= 25.1, place["key"]
                assert -12.3 <= float(place["longitude"]) <= 4.3, place["key"]

    def test_lie_in_a_country_or_are_one_or_span_several(self):
        tops = {self.above(place["key"])[-1] for place in documents("location")}

        assert {by_key("location")[key]["kind"] for key in tops - {"sahel"}} == {"country"}

    def test_lie_near_what_they_lie_in(self):
        for place in documents("location"):
            parent = place.get("parent") and by_key("location")[place["parent"]["key"]]
            if parent and parent["kind"] in ("region", "city", "town", "village"):
                apart = max(abs(float(place[axis]) - float(parent[axis])) for axis in ("latitude", "longitude"))
                assert apart < (4 if parent["kind"] == "region" else 0.5), place["key"]

    @pytest.mark.parametrize(
        ("key", "latitude", "longitude", "region"),
        [
            ("bamba", 17.03, -1.40, "gao-region"),  # on the Niger, not in the far south
            ("lere", 15.71, -4.91, "tombouctou-region"),
            ("gao", 16.27, -0.04, "gao-region"),
            ("konna", 14.94, -3.89, "mopti-region"),
            ("dogofry", 14.78, -6.03, "segou-region"),  # near Diabaly, not in Yélimané cercle
            ("taoussa", 16.92, -0.58, "gao-region"),
            ("mourrah", 14.33, -4.60, "mopti-region"),
            ("menaka", 15.92, 2.40, "menaka-region"),
        ],
    )
    def test_are_not_their_namesakes(self, key, latitude, longitude, region):
        place = by_key("location")[key]

        assert abs(float(place["latitude"]) - latitude) < 0.05
        assert abs(float(place["longitude"]) - longitude) < 0.05
        assert region in self.above(key)

    def test_menaka_is_a_region_only_since_2016(self):
        assert by_key("location")["menaka-region"]["when"] == "2016/.."

    def test_of_an_event_are_no_more_precise_than_the_point_that_stands_for_them(self):
        scale = list(vocabulary.PlacePrecision.values)

        for event in documents("event"):
            if "location" in event:
                point = by_key("location")[event["location"]["key"]]["coordinate_precision"]
                assert scale.index(event["location_precision"]) >= scale.index(point), event["key"]


class TestPeriods:
    def test_follow_each_other_without_gap(self):
        assert [period["position"] for period in documents("period")] == list(range(1, 44))

    def test_contain_no_circle(self):
        parents = {p["key"]: p["parent"]["key"] for p in documents("period") if "parent" in p}

        for key in parents:
            seen = [key]
            while seen[-1] in parents:
                assert parents[seen[-1]] not in seen
                seen.append(parents[seen[-1]])


class TestNotices:
    def test_the_warning_of_september_2024_comes_first(self):
        first = documents("notice")[0]

        assert (first["key"], first["kind"], first["raised_on"]) == ("article-update", "needs_update", "2024-09")
        assert first["audience"] == "public"
        assert "target" not in first

    def test_all_say_who_they_are_for_and_why(self):
        assert not [n["key"] for n in documents("notice") if not n.get("audience") or not n.get("reason")]

    def test_on_form_alone_are_for_the_desk(self):
        form = {"pointer", "naming_variant", "date_order"}

        assert {n["audience"] for n in documents("notice") if n["kind"] in form} == {"desk"}

    def test_concern_something_else_than_their_target(self):
        assert not [n["key"] for n in documents("notice") if n.get("target") in n.get("concerns", [])]


class TestTheFrench:
    def test_of_every_text_is_there_and_of_the_text_as_it_stands(self):
        told, wrong, texts = translations.texts_in(FIXTURES), [], set()
        for part, owner, french in with_their_french(told):
            texts |= {owner.get(field) for field in TRANSLATED[part]}
            wrong += [
                (part, owner.get(field))
                for field in TRANSLATED[part]
                if french.get(field, {}).get("of") != (digest(owner[field]) if owner.get(field) else None)
            ]

        assert wrong == []
        assert [unused for unused in told if unused[0] != "phrase" or unused[1] not in texts] == []

    def test_is_stored_by_the_rule_for_text_with_the_apostrophes_of_print(self):
        texts = [french for _, french in beside_the_french()]

        assert len(texts) > 1400
        assert [text for text in texts if prose(text) != text or re.search("['\"]", text)] == []

    def test_gives_the_figures_and_months_of_the_original(self):
        told = list(beside_the_french())

        wrong = [french for english, french in told if figures(french, FRENCH) != figures(english, ENGLISH)]

        assert len(told) > 1400
        assert wrong == []

    def test_sets_its_marks_as_french_does(self):
        texts = [french for _, french in beside_the_french()]

        assert [text for text in texts if re.search(r"\S[;:?!»](?!\d)|«\S|\d,\d{3}", text)] == []


# Numbers in words; one and two are left out, as French says “un” and “les deux” where English has no number.
ENGLISH = {
    "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "(?<!half )a dozen": 12, "thirteen": 13, "fourteen": 14, "sixteen": 16, "twenty": 20, "forty": 40,
}  # fmt: skip
FRENCH = {
    "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12,
    "(?<!demi-)douzaine": 12, "treize": 13, "quatorze": 14, "quinzaine": 15, "seize": 16, "vingt": 20, "vingt-huit": 28,
    "quarante": 40, "quarantaine": 40, "soixante-cinq": 65, "deux cent cinquante-cinq": 255, "1er": 1,
}  # fmt: skip
MOIS = [
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
]  # fmt: skip
MONTHS = {name: f"m{number}" for names in (calendar.month_name[1:], MOIS) for number, name in enumerate(names, 1)}


def figures(text: str, words: dict[str, int]) -> set[str]:
    """The numbers and months that a text gives, in figures or in words."""
    text = re.sub(r"(?<=\d)[ ,](?=\d{3}\b)", "", text)
    for word in sorted(words, key=len, reverse=True):
        text = re.sub(rf"(?<![\w-]){word}(?![\w-])", str(words[word]), text, flags=re.IGNORECASE)
    months = {MONTHS[word] for word in re.findall(r"\w+", text) if word in MONTHS}
    return {*re.findall(r"\d+", text), *months} - {"1", "2"}


def with_their_french(told: Any) -> Iterator[tuple[str, Any, Any]]:
    """Every part of an entry that has texts: its kind, the part itself and its French by field; `told` loses what it has."""
    for kind in (kind for kind in KINDS if kind in TRANSLATED):
        for document in documents(kind):
            whole = copy.deepcopy(document)
            translations.add(told, kind, whole)
            for part, owner in with_texts(kind, whole):
                yield part, owner, owner.get("translations", {}).get("fr", {})


def beside_the_french() -> Iterator[tuple[str, str]]:
    """Every text of the chronology and its French."""
    for part, owner, french in with_their_french(translations.texts_in(FIXTURES)):
        yield from ((owner[field], french[field]["text"]) for field in TRANSLATED[part] if field in french)
