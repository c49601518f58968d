"""Filters of every list. Every filter of every resource has a row here; a test makes sure of it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from conflict.api.resources import RESOURCES
from conflict.public.parameters import Terms
from conflict.vocabulary import ChangeKind
from tests.documents import actor, event, published, ref, withdrawn

JANUARY = {"january-march", "konna-taken", "konna-bombed"}
ASKED: list[tuple[str, dict[str, Any], set[str]]] = [
    # resource, question, keys of the answer (in any order)
    ("events", {"search": "Menaka"}, {"menaka-attack"}),
    ("events", {"search": "MUJAO"}, {"menaka-attack"}),
    ("events", {"search": '"Konna is" -bombed'}, {"konna-taken"}),
    ("events", {"search": "\u201cKonna is\u201d -bombed"}, {"konna-taken"}),
    ("events", {"search": "\u00ab\u00a0Konna is\u00a0\u00bb"}, {"konna-taken", "konna-bombed"}),
    ("events", {"search": "\u201eis bombed\u201c"}, {"konna-bombed"}),
    ("events", {"search": "l'army"}, {"konna-taken", "january-march"}),
    ("events", {"search": "d\u2019Ansar Dine"}, {"konna-taken"}),
    ("events", {"search": "la bombed de Konna"}, {"konna-bombed"}),
    ("actors", {"search": "MUJAO"}, {"mojwa"}),
    ("events", {"after": "2013-01-16"}, {"january-march", "mopti-meeting", "menaka-attack"}),
    ("events", {"before": "2013-01-10"}, {"january-march", "konna-taken", "bamako-coup"}),
    ("events", {"after": "2013-01-16", "before": "2013-12"}, {"january-march", "mopti-meeting"}),
    ("events", {"after": "2013", "before": "2013"}, {"january-march", "konna-taken", "konna-bombed", "mopti-meeting"}),
    ("events", {"after": "2014"}, {"menaka-attack"}),
    ("events", {"kind": "battle"}, {"konna-taken"}),
    ("events", {"kind": "air_strike,negotiation"}, {"konna-bombed", "mopti-meeting"}),
    ("events", {"actor": "ansar-dine"}, {"konna-taken"}),
    ("events", {"actor": "afp"}, {"konna-taken"}),
    ("events", {"place": "mopti"}, {"konna-taken", "konna-bombed", "mopti-meeting"}),
    ("events", {"place": "konna", "kind": "air_strike"}, {"konna-bombed"}),
    ("events", {"period": "january-2013"}, {"konna-taken", "konna-bombed", "january-march"}),
    ("events", {"period": "war"}, {"konna-taken", "konna-bombed", "january-march", "mopti-meeting"}),
    ("events", {"changed_since": "2026-03-02"}, {"bamako-coup"}),
    ("events", {"published_since": "2026-03-01T12:00:01Z"}, {"bamako-coup"}),
    ("events", {"after": "2013-01", "before": "2013-01", "date_match": "contained"}, JANUARY | {"mopti-meeting"}),
    ("events", {"after": "2013-01-16", "date_match": "contained"}, {"menaka-attack"}),
    ("events", {"before": "2013-01-16", "date_match": "contained"}, {"konna-taken", "konna-bombed", "bamako-coup"}),
    ("events", {"after": "2013-01-16", "before": "2013", "date_match": "overlap"}, {"january-march", "mopti-meeting"}),
    ("events", {"actor": "malian-army", "with_units": "true"}, {"konna-taken", "january-march"}),
    ("events", {"actor": "malian-army", "with_units": "false"}, {"konna-taken"}),
    ("events", {"actor": "malian-army", "with_units": "true", "role": "attacker"}, {"january-march"}),
    ("events", {"actor": "malian-army", "role": "attacker"}, set()),
    ("events", {"actor": "malian-army", "role": "attacker,defender", "side": "defending"}, {"konna-taken"}),
    ("events", {"actor": "mojwa", "standing": "suspected"}, {"menaka-attack"}),
    ("events", {"actor": "mojwa", "standing": "known,denied"}, set()),
    ("events", {"dead_of": "malian-army"}, {"konna-taken"}),
    ("events", {"dead_of": "ansar-dine"}, set()),
    ("events", {"encyclopaedia_only": "true"}, set()),
    ("events", {"episode": "mopti-meeting"}, {"mopti-meeting", "bamako-coup"}),
    ("events", {"episode": "konna-taken"}, {"konna-taken"}),
    ("events", {"bbox": "-4,14,-3,15"}, {"konna-taken", "konna-bombed"}),
    ("events", {"bbox": "-180,-90,180,90", "kind": "attack"}, {"menaka-attack"}),
    ("events", {"near": "14.9,-3.9", "radius_km": 20}, {"konna-taken", "konna-bombed"}),
    ("events", {"near": "14.9,-3.9", "radius_km": 5}, set()),
    ("events", {"measure": "killed"}, {"konna-taken", "menaka-attack"}),
    ("events", {"measure": "killed", "at_least": 18}, {"konna-taken"}),
    ("events", {"measure": "killed", "at_most": 18}, {"menaka-attack"}),
    ("events", {"measure": "killed", "at_least": 17, "at_most": 25}, {"konna-taken", "menaka-attack"}),
    ("events", {"measure": "wounded", "at_least": 1}, set()),
    ("events", {"grade": "contested"}, {"konna-taken"}),
    ("events", {"grade": "confirmed,fair"}, set()),
    ("events", {"disputed": "true"}, {"konna-taken"}),
    ("events", {"disputed": "false", "place": "konna"}, {"konna-bombed"}),
    ("events", {"single_source": "true", "after": "2018"}, {"menaka-attack"}),
    ("events", {"single_source": "false", "kind": "battle"}, {"konna-taken"}),
    ("events", {"unsourced": "true", "place": "konna"}, {"konna-bombed"}),
    ("events", {"unsourced": "false"}, {"konna-taken", "menaka-attack"}),
    ("events", {"unresolved": "true"}, {"konna-taken", "menaka-attack"}),
    ("events", {"unresolved": "false", "place": "konna"}, {"konna-bombed"}),
    ("claims", {"at_least": 18}, {"konna-dead"}),
    ("claims", {"at_most": 18}, {"menaka-dead"}),
    ("claims", {"rank": "normal", "measure": "killed"}, {"konna-dead", "menaka-dead"}),
    ("actors", {"part_of": "malian-army"}, {"malian-army", "red-berets"}),
    ("locations", {"bbox": "-9,12,-3,15"}, {"konna", "bamako"}),
    ("locations", {"near": "12.65,-8.0", "radius_km": 1}, {"bamako"}),
    ("claims", {"event": "menaka-attack"}, {"menaka-dead"}),
    ("claims", {"claimant": "ansar-dine"}, {"konna-taken-spokesman"}),
    ("claims", {"subject": "konna"}, {"konna-lost-army", "konna-taken-spokesman"}),
    ("claims", {"subject": "malian-army"}, {"konna-dead"}),
    ("claims", {"place": "mopti", "measure": "killed"}, {"konna-dead"}),
    ("claims", {"after": "2018"}, {"menaka-dead"}),
    ("claims", {"before": "2013-01-10", "kind": "figure"}, {"konna-dead"}),
    ("findings", {"event": "konna-taken"}, {"control"}),
    ("findings", {"event": "menaka-attack"}, set()),
    ("findings", {"grade": "contested,weak"}, {"control"}),
    ("actors", {"search": "mujao"}, {"mojwa"}),
    ("actors", {"changed_since": "2026-03-02"}, {"junta"}),
    ("actors", {"published_since": "2026-03-02"}, {"junta"}),
    ("actors", {"identifier": "wikidata:Q7"}, {"junta"}),
    ("events", {"identifier": "wikidata:Q8"}, {"bamako-coup"}),
    ("locations", {"identifier": "wikidata:Q7"}, set()),
    ("sources", {"identifier": "wikidata:Q7"}, set()),
    ("locations", {"search": "menaka"}, {"menaka"}),
    ("locations", {"kind": "region,city"}, {"mopti", "bamako"}),
    ("locations", {"place": "mopti"}, {"mopti", "konna"}),
    ("locations", {"changed_since": "2026-03-02"}, set()),
    ("locations", {"published_since": "2026-03-02"}, set()),
    ("sources", {"search": "fall"}, {"cite-2"}),
    ("sources", {"resolved": "false"}, {"cite-1"}),
    ("sources", {"publisher": "afp"}, {"cite-2"}),
    ("sources", {"changed_since": "2026-03-02"}, set()),
    ("sources", {"published_since": "2026-03-01"}, {"cite-1", "cite-2"}),
    ("periods", {"search": "january"}, {"january-2013"}),
    ("periods", {"period": "war"}, {"war", "january-2013"}),
    ("periods", {"changed_since": "2026-03-02"}, set()),
    ("periods", {"published_since": "2026-03-02"}, set()),
    ("disputes", {"search": "rival"}, {"konna-disputed"}),
    ("disputes", {"target": "konna-taken"}, {"konna-disputed"}),
    ("disputes", {"target_kind": "actor"}, set()),
    ("disputes", {"open": "true"}, {"konna-disputed"}),
    ("disputes", {"changed_since": "2026-03-02"}, set()),
    ("disputes", {"published_since": "2026-03-02"}, set()),
    ("notices", {"search": "rival"}, {"konna-disputed"}),
    ("notices", {"target": "konna-taken"}, {"konna-disputed"}),
    ("notices", {"target_kind": "chronology"}, {"out-of-date"}),
    ("notices", {"target_kind": "event"}, {"konna-disputed", "settled"}),
    ("notices", {"open": "true"}, {"out-of-date", "konna-disputed"}),
    ("notices", {"open": "false"}, {"settled"}),
    ("notices", {"changed_since": "2026-03-02"}, set()),
    ("notices", {"published_since": "2026-03-02"}, set()),
    ("publications", {"kind": "event", "published_since": "2026-03-02"}, {"bamako-coup", "told-twice"}),
    ("publications", {"key": "told-twice"}, {"told-twice"}),
    ("changes", {"key": "told-twice"}, {"told-twice"}),
    ("changes", {"kind": "event", "published_since": "2026-03-03"}, {"told-twice"}),
]

NONSENSE: list[tuple[dict[str, Any], str]] = [
    ({"after": "2015-02-29"}, "after"),
    ({"before": "yesterday"}, "before"),
    ({"after": "2013-02", "before": "2013-01"}, "before"),
    ({"kind": "batle"}, "kind"),
    ({"kind": "battle,"}, "kind"),
    ({"actor": "nobody"}, "actor"),
    ({"actor": "told-twice"}, "actor"),
    ({"place": "../etc"}, "place"),
    ({"search": ""}, "search"),
    ({"search": "a\x00b"}, "search"),
    ({"search": "x" * 201}, "search"),
    ({"changed_since": "last week"}, "changed_since"),
    ({"changed_since": "2026-13-01"}, "changed_since"),
    ({"cursor": "x"}, "cursor"),
    ({"role": "attacker"}, "role"),
    ({"with_units": "true"}, "with_units"),
    ({"actor": "mojwa", "with_units": "yes"}, "with_units"),
    ({"date_match": "contained"}, "date_match"),
    ({"at_least": 3}, "at_least"),
    ({"measure": "killed", "at_least": "-3"}, "at_least"),
    ({"measure": "killed", "at_least": "9" * 40}, "at_least"),
    ({"measure": "killed", "at_least": 5, "at_most": 3}, "at_most"),
    ({"bbox": "1,2,3"}, "bbox"),
    ({"bbox": "170,-10,-170,10"}, "bbox"),
    ({"bbox": "0,10,1,5"}, "bbox"),
    ({"bbox": "0,0,0,nan"}, "bbox"),
    ({"near": "14,3"}, "near"),
    ({"near": "91,3", "radius_km": 5}, "near"),
    ({"radius_km": 5}, "radius_km"),
    ({"identifier": "Q912"}, "identifier"),
    ({"identifier": "wikidatum:Q912"}, "identifier"),
    ({"fields": "key,titel"}, "fields"),
    ({"fields": "key", "omit": "claims"}, "omit"),
    ({"expand": "title"}, "expand"),
    ({"format": "docx"}, "format"),
    ({"ordering": ["key", "-key"]}, "ordering"),
    ({"actor": ["mojwa", "afp"]}, "actor"),
]


def column_of(declared: Any) -> str:
    """The column that a filter reads, if it is one that has a term of a vocabulary."""
    column, _, lookup = declared.lookup.partition("__")
    return column if lookup == "in" and isinstance(declared.parameter, Terms) else ""


TIES = [
    {"kind": "part_of", "event": ref("event", "mopti-meeting")},
    {"kind": "possibly_same_as", "event": ref("event", "konna-taken")},
]


@pytest.fixture
def later(konna):
    """What was published a day and more after the rest."""
    published(
        [
            actor("junta", kind="government", identifiers=["wikidata:Q7"]),
            event("bamako-coup", when="2012-03-22", kind="coup", relations=TIES, identifiers=["wikidata:Q8"]),
        ],
        datetime(2026, 3, 2, 12, tzinfo=UTC),
    )
    published([event("told-twice", when="2012-03-22", kind="coup")], datetime(2026, 3, 3, tzinfo=UTC))
    withdrawn("event", "told-twice", datetime(2026, 3, 4, tzinfo=UTC), successor="bamako-coup")


class TestAFilter:
    @pytest.mark.parametrize(
        ("resource", "question", "expected"),
        ASKED,
        ids=lambda value: " ".join(sorted(value)) if isinstance(value, set) else str(value),
    )
    def test_finds_exactly_what_is_asked_for(self, keys, later, resource, question, expected):
        assert set(keys(resource, **question)) == expected

    @pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
    def test_is_in_the_table_above(self, resource):
        asked = {name for path, question, _ in ASKED if path == resource.name for name in question}
        by_column = {name for name, declared in resource.filters.base_filters.items() if column_of(declared)}

        assert set(resource.filters.base_filters) - {"after"} - by_column == asked - {"after"} - by_column

    @pytest.mark.parametrize(
        ("resource", "name"),
        [
            pytest.param(resource, name, id=f"{resource.name} {name}")
            for resource in RESOURCES
            for name, declared in resource.filters.base_filters.items()
            if column_of(declared)
        ],
    )
    def test_by_a_column_finds_the_entries_that_say_so(self, ask, later, resource, name):
        declared = resource.filters.base_filters[name]
        rows = ask(resource.name, page_size=200).json()["results"]
        terms = {row[column_of(declared)] for row in rows} - {""} or declared.parameter.terms[:1]

        for term in terms:
            found = ask(resource.name, **{name: term}, page_size=200).json()["results"]

            assert found == [row for row in rows if row[column_of(declared)] == term]

    def test_after_a_number_gives_the_publications_since(self, ask, konna):
        numbers = [row["number"] for row in ask("publications", after=3, page_size=2).json()["results"]]

        assert numbers == [4, 5]

    @pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
    def test_that_does_not_exist_is_refused_by_name(self, db, ask, resource):
        answer = ask(resource.name, actr="x")

        assert answer.status_code == 400
        assert answer.json()["code"] == "unknown_parameter"
        assert answer.json()["field"] == "actr"

    def test_that_makes_no_sense_is_refused_with_its_name(self, ask, later):
        for question, field in NONSENSE:
            answer = ask("events", **question)

            assert (answer.status_code, answer.json()["field"]) == (400, field), question

    def test_given_several_times_is_a_list_where_lists_are_taken(self, keys, konna):
        assert keys("events", kind=["battle", "attack"]) == keys("events", kind="battle,attack")

    def test_and_its_neighbours_narrow_together(self, keys, konna):
        assert keys("events", place="mopti", after="2013-01-11", kind="air_strike,battle") == ["konna-bombed"]

    def test_by_dates_finds_what_began_long_before(self, keys, db):
        lasting = {"long": "2012-01/2013-06", "open": "../2013-02-10", "still": "2012-06/..", "day": "2013-02-05"}
        others = {"over": "2012-01/2013-01-31", "later": "2013-03-01", "undated": ""}
        published([event(key, when=when) for key, when in (lasting | others).items()])

        assert keys("events", after="2013-02", before="2013-02") == ["day", "long", "still", "open"]
        assert keys("events", after="2013-02-06", before="2013-02-06") == ["long", "still", "open"]

    def test_by_clock_takes_any_zone(self, keys, konna):
        assert keys("events", changed_since="2026-03-01T14:00:01+02:00") == []
        assert len(keys("events", changed_since="2026-03-01T14:00:00+02:00")) == 6

    def test_does_not_count_new_terms_as_a_change(self, keys, konna):
        published(
            [event("undated", when="", kind="legal")], datetime(2026, 4, 1, tzinfo=UTC), kind=ChangeKind.VOCABULARY
        )

        assert keys("events", changed_since="2026-03-02") == []

    def test_sentences_are_english_whatever_the_reader_speaks(self, db, ask):
        answer = ask("events", headers={"Accept-Language": "fr"}, page_size="x" * 300)

        assert "at most 200 characters" in answer.json()["message"]
