"""Decisions before a file is imported: names, places, duplicates, rows, periods and releases."""

import pytest

from conflict import message
from conflict.models import Actor, Claim, Event, Location, Period
from editorial.import_export import choices, imports
from editorial.import_export.choices import Decision
from editorial.import_export.exceptions import ImportRefused
from editorial.models import ExternalId, ImportMention
from tests.desk import MORNING, an_event
from tests.editorial.import_export.rows import acled, ged

pytestmark = pytest.mark.django_db
KONNA = {
    "where_coordinates": "Konna town",
    "date_start": "2013-01-10",
    "date_end": "2013-01-10",
    "country": "Mali",
    "adm_1": "",
    "adm_2": "",
}


@pytest.fixture
def decided(chief):
    """`decided(run, (kind, name_key, verdict, target))`; the next file of its source knows."""

    def decide(run, *decisions):
        return choices.decide(run=run, by=chief, at=MORNING, decisions=[Decision(*one) for one in decisions])

    return decide


def mentions(run, kind):
    return {mention.name: mention for mention in ImportMention.objects.filter(run=run, kind=kind)}


class TestThePreview:
    def test_lists_actors_with_kinds_places_with_divisions_and_outlets(self, previewed):
        run, _ = previewed("ucdp-ged", ged(), ged(id="2"))

        assert {name: (one.detail, one.rows, one.match) for name, one in mentions(run, "actor").items()} == {
            "Government of Nowhere": ("government or state body", 2, ""),
            "Blue Army": ("armed group", 2, ""),
        }
        assert (
            mentions(run, "place")["Alpha town"].detail == "town, Alpha district, North province, Nowhere, 14.5 -3.25"
        )
        assert set(mentions(run, "outlet")) == {"Daily Paper", "Radio One"}

    def test_says_what_the_desk_has_and_by_what_it_was_found(self, previewed):
        front = Actor.objects.create(key="front", name="Front of the Invented", kind="armed_group")
        front.names.create(name="INVF", kind="acronym")
        Actor.objects.create(key="army", name="Military Forces of Nowhere", kind="armed_force")

        run, _ = previewed(
            "acled", acled(actor1="Military Forces of Nowhere (2012-2013)", actor2="INVF: Invented Front (2014-)")
        )

        found = mentions(run, "actor")
        assert (found["Military Forces of Nowhere (2012-2013)"].match) == "army"
        assert found["INVF: Invented Front (2014-)"].match == "front"
        assert found["INVF: Invented Front (2014-)"].found_by == "acronym"

    @pytest.mark.parametrize(
        "name",
        [
            "INVF: Invented Front and/or Blue Army (North)",
            "INVF: Invented Front or Blue Army",
            "INVF: Invented Front (Splinter)",
            "INVF: Invented Front - North Faction",
        ],
    )
    def test_takes_a_name_of_several_or_of_a_faction_for_none_and_shows_whose_acronym_it_is(self, name, previewed):
        front = Actor.objects.create(key="front", name="Front of the Invented", kind="armed_group")
        front.names.create(name="INVF", kind="acronym")

        run, _ = previewed("acled", acled(actor2=name))

        mention = mentions(run, "actor")[name]
        assert (mention.match, mention.similar[0]) == ("", ["front", "INVF"])

    def test_shows_what_is_similar_and_matches_none_of_it(self, previewed):
        Actor.objects.create(key="blue", name="Blue Army of the North", kind="armed_group")

        run, _ = previewed("ucdp-ged", ged())

        blue = mentions(run, "actor")["Blue Army"]
        assert (blue.match, blue.similar) == ("", [["blue", "Blue Army of the North"]])


class TestADecision:
    def test_maps_a_name_to_an_entry_and_holds_for_the_next_file(self, previewed, imported, decided):
        blue = Actor.objects.create(key="blue", name="Bleus", kind="armed_group")
        run, _ = previewed("ucdp-ged", ged())
        decided(run, ("actor", "ucdp-actor-202", "map", "blue"))

        imported("ucdp-ged", ged())
        imported("ucdp-ged", ged(), ged(id="2"))

        assert blue.participations.count() == 2
        assert not Actor.objects.filter(name="Blue Army").exists()

    def test_leaves_a_name_out(self, previewed, imported, decided):
        run, _ = previewed("ucdp-ged", ged())
        place, outlet = mentions(run, "place")["Alpha town"].name_key, mentions(run, "outlet")["Radio One"].name_key
        decided(
            run,
            ("actor", "ucdp-actor-202", "leave_out"),
            ("place", place, "leave_out"),
            ("outlet", outlet, "leave_out"),
        )

        imported("ucdp-ged", ged())

        event = Event.objects.get()
        assert [part.actor.name for part in event.participations.all()] == ["Government of Nowhere"]
        assert (event.location, event.location_precision) == (None, "")
        assert "Radio One" not in {str(cited.source.publisher) for cited in event.citations.all()}
        assert str(event.claims.get(key="ucdp-ged-1-deaths-b").subjects[0]) == "Blue Army"

    def test_leaves_a_row_out_and_says_so_in_the_next_file(self, previewed, imported, decided):
        run, _ = previewed("ucdp-ged", ged(), ged(id="2"))
        decided(run, ("event", "2", "leave_out"))

        run = imported("ucdp-ged", ged(), ged(id="2"))

        assert (run.new, run.passed_over) == (1, 1)
        assert Event.objects.get().key == "ucdp-ged-1"

    def test_is_refused_for_a_key_that_the_desk_lacks(self, previewed, decided):
        run, _ = previewed("ucdp-ged", ged())

        with pytest.raises(ImportRefused, match="The desk has no actor nobody"):
            decided(run, ("actor", "ucdp-actor-202", "map", "nobody"))

    def test_made_after_the_preview_has_the_file_previewed_again(self, previewed, decided, chief):
        Actor.objects.create(key="blue", name="Bleus", kind="armed_group")
        run, path = previewed("ucdp-ged", ged())
        decided(run, ("actor", "ucdp-actor-202", "map", "blue"))

        with pytest.raises(ImportRefused, match="desk has changed"):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)


class TestAPossibleDuplicate:
    def test_of_the_desks_own_event_is_asked_about(self, previewed, chief):
        an_event()
        Location.objects.filter(key="konna").update(country="Mali")

        run, path = previewed("ucdp-ged", ged(**KONNA))

        assert [key for key, *_ in mentions(run, "event").popitem()[1].similar] == ["2013-01-10-konna"]
        with pytest.raises(ImportRefused, match="may be told twice"):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)

    def test_of_the_other_data_set_is_asked_about(self, imported, previewed):
        imported("ucdp-ged", ged(date_start="2031-06-09", date_end="2031-06-09"))

        run, _ = previewed("acled", acled(location="Alfa", latitude="14.5001", longitude="-3.2501"))

        assert "duplicates" in run.questions

    @pytest.mark.parametrize(
        "elsewhere",
        [{"event_date": "12 June 2031"}, {"latitude": "15.5"}, {"time_precision": "3"}],
        ids=["another day", "100 km off", "some time in the month"],
    )
    def test_is_not_what_happened_elsewhere(self, elsewhere, imported, previewed):
        imported("ucdp-ged", ged(date_start="2031-06-09", date_end="2031-06-09"))

        run, _ = previewed("acled", acled(location="Alfa", **elsewhere))

        assert run.questions == {}

    @pytest.mark.parametrize(
        ("days", "cells", "why"),
        [
            ({}, {}, "at the same time, at the same place"),
            ({}, {"event_date": "10 June 2031"}, "one day earlier, at the same place"),
            ({}, {"event_date": "08 June 2031", "latitude": "14.608"}, "one day later, 12 km away"),
            ({}, {"latitude": "14.6", "time_precision": "2"}, "at a time that overlaps, 11 km away"),
            ({"date_start": "2031-06-01", "date_end": "2031-06-20", "date_prec": "4"}, {}, "at a time that overlaps, at the same place"),
            ({"low": "0"}, {"event_date": "10 June 2031"}, "one day earlier, at the same place"),
        ],
    )  # fmt: skip
    def test_is_told_by_days_distance_dead_and_actors(self, days, cells, why, imported, previewed):
        imported("ucdp-ged", ged(**{"date_start": "2031-06-09", "date_end": "2031-06-09"} | days))

        run, _ = previewed("acled", acled(location="Alfa", fatalities="8", **cells))

        ((key, _title, said),) = mentions(run, "event").popitem()[1].similar
        assert (key, message.read(said)) == (
            "ucdp-ged-1",
            f"{why}, 8 dead in both, Government of Nowhere, Blue Army in both",
        )

    @pytest.mark.parametrize("fields", [{"negated": True}, {"stance": "denies"}, {"scope": "period"}])
    def test_is_not_told_by_dead_that_are_denied_or_of_a_longer_time(self, fields, imported, previewed):
        imported("ucdp-ged", ged(date_start="2031-06-09", date_end="2031-06-09"))
        assert Claim.objects.filter(measure="killed").update(**fields)

        run, _ = previewed("acled", acled(location="Alfa", fatalities="8", event_date="10 June 2031"))

        assert run.questions == {}

    def test_is_told_by_both_sides_and_a_figure_within_the_range(self, imported, previewed):
        imported("ucdp-ged", ged(date_start="2031-06-09", date_end="2031-06-09"))

        run, _ = previewed("acled", acled(location="Alfa", fatalities="7", event_date="08 June 2031"))

        ((_key, _title, said),) = mentions(run, "event").popitem()[1].similar
        assert "one day later, at the same place, 7 dead here, 6–30 there, Government" in message.read(said)

    @pytest.mark.parametrize(
        "cells",
        [{"fatalities": "31"}, {"fatalities": "7", "latitude": "14.56"}, {"actor1": "Red Army", "actor2": "Green Army"}, {"event_date": "07 June 2031"}, {"latitude": "14.7"}],
        ids=["other dead", "a figure within the range, and 7 km off", "other actors", "two days off", "22 km off"],
    )  # fmt: skip
    def test_is_not_what_happened_the_day_before_without_dead_and_actors_in_common(self, cells, imported, previewed):
        imported("ucdp-ged", ged(date_start="2031-06-09", date_end="2031-06-09"))

        run, _ = previewed(
            "acled", acled(**{"location": "Alfa", "fatalities": "8", "event_date": "08 June 2031"} | cells)
        )

        assert run.questions == {}

    def test_is_imported_as_an_event_of_its_own_once_that_is_decided(self, imported, previewed, decided):
        imported("ucdp-ged", ged(date_start="2031-06-09", date_end="2031-06-09"))
        run, _ = previewed("acled", acled(location="Alfa"))
        decided(run, ("event", "NOW1", "accept"))

        imported("acled", acled(location="Alfa"))

        assert Event.objects.count() == 2

    def test_gives_its_figures_to_the_desks_event_as_claims_of_its_compiler(self, previewed, imported, decided):
        event = an_event()
        Location.objects.filter(key="konna").update(country="Mali")
        run, _ = previewed("ucdp-ged", ged(**KONNA))
        decided(run, ("event", "1", "map", event.key))

        imported("ucdp-ged", ged(**KONNA))

        assert Event.objects.get() == event
        told = Claim.objects.get(key="ucdp-ged-1-killed")
        assert (told.event, told.best, told.claimants[0].actor.key) == (event, 8, "ucdp")
        assert "ucdp-ged-release" in {cited.source.key for cited in told.citations.all()}
        assert event.title == "Konna falls"

    def test_is_revised_in_its_figures_alone_by_the_next_release(self, previewed, imported, decided):
        event = an_event()
        run, _ = previewed("ucdp-ged", ged())
        decided(run, ("event", "1", "map", event.key))
        imported("ucdp-ged", ged())

        imported("ucdp-ged", ged(best="9", dyad_name="Renamed", side_b="Green Army", side_b_new_id="303"))

        event.refresh_from_db()
        assert (event.title, event.participations.count()) == ("Konna falls", 1)
        assert Claim.objects.get(key="ucdp-ged-1-killed").best == 9


class TestFiling:
    def test_by_date_goes_down_to_the_only_section_that_holds_the_days(self, imported):
        war = Period.objects.create(key="war", title="War", position=1, when="2030/2035")
        Period.objects.create(key="spring", title="Spring", position=2, when="2031-04/2031-05", parent=war)

        run = imported(
            "ucdp-ged",
            ged(),
            ged(id="2", date_start="2032-01-01", date_end="2032-01-01"),
            ged(id="3", date_start="2040-01-01", date_end="2040-01-01"),
        )

        assert dict(Event.objects.values_list("key", "period__key")) == {
            "ucdp-ged-1": "spring",
            "ucdp-ged-2": "war",
            "ucdp-ged-3": None,
        }
        assert run.filed == {"spring": 1, "war": 1, "": 1}

    def test_outside_the_chosen_period_is_asked_about(self, previewed, imported):
        past = Period.objects.create(key="past", title="Past", position=1, when="1990/1995")

        run, _ = previewed("ucdp-ged", ged(), period=past)

        assert "1 row lies outside the dates of “Past”" in message.read(run.questions["outside_period"])
        assert imported("ucdp-ged", ged(), period=past, accepted=["outside_period"]).new == 1


class TestAnOlderRelease:
    def test_over_a_newer_one_is_asked_about(self, imported, previewed, chief):
        imported("ucdp-ged", ged(best="9"), release="25.1")

        run, path = previewed("ucdp-ged", ged(), release="24.0.12")

        with pytest.raises(ImportRefused, match=r"older than 25\.1"):
            imports.confirm(run=run, path=path, by=chief, at=MORNING)
        imports.confirm(run=run, path=path, by=chief, at=MORNING, accepted=["older_release"])
        assert Claim.objects.get(key="ucdp-ged-1-killed").best == 8

    def test_that_changes_nothing_is_not(self, imported, previewed):
        imported("ucdp-ged", ged(), release="25.1")

        assert previewed("ucdp-ged", ged(), release="24.1")[0].questions == {}

    def test_is_told_by_the_age_of_its_rows_where_it_has_no_name(self, imported, previewed):
        imported("acled", acled())

        run, _ = previewed("acled", acled(fatalities="9", timestamp="1938000000"))

        assert "older_rows" in run.questions


def test_the_order_of_a_list_is_no_change(imported, previewed):
    imported("acled", acled())

    run, _ = previewed("acled", acled(source="Daily Paper; Radio One", assoc_actor_1="Border Guard; Police Forces of Nowhere"))  # fmt: skip

    assert run.unchanged == 1


class TestAnEditorsWord:
    """A release that means something else asks until somebody decides."""

    def test_is_asked_about_by_every_file_until_somebody_decides(self, imported, decided):
        imported("ucdp-ged", ged())
        Event.objects.update(title="The battle of Alpha")
        later = ged(dyad_name="Government - Blue", best="9")

        first, second = imported("ucdp-ged", later), imported("ucdp-ged", later)

        assert (first.changed, second.changed, second.lines.filter(outcome="changed").count()) == (1, 1, 1)
        asked = ImportMention.objects.get(run=second, kind="kept")
        decided(second, ("kept", asked.name_key, "accept"))
        imported("ucdp-ged", later)
        assert Event.objects.get().title == "Government - Blue: Alpha town"
        assert imported("ucdp-ged", later).unchanged == 1

    def test_on_a_part_that_the_release_drops_is_not_dropped_unsaid(self, imported):
        imported("ucdp-ged", ged())
        part = Event.objects.get().participations.get(actor__key="ucdp-actor-202")
        part.note = "Said to have come from the north."
        part.save()

        run = imported("ucdp-ged", ged(side_b="Green Army", side_b_new_id="303"))

        names = {part.actor.name for part in Event.objects.get().participations.all()}
        assert names == {"Government of Nowhere", "Blue Army", "Green Army"}
        assert ImportMention.objects.get(run=run, kind="kept").name == "1: Blue Army, taking part"

    def test_is_asked_for_where_a_place_lies_in_another_division(self, imported, decided):
        imported("ucdp-ged", ged())
        later = ged(adm_1="South province", adm_2="Beta district")

        first, second = imported("ucdp-ged", later), imported("ucdp-ged", later)

        assert (first.changed, second.changed) == (1, 1)
        place = Location.objects.get(name="Alpha town")
        assert place.parent.name == "Alpha district"
        asked = ImportMention.objects.get(run=second, kind="move")
        decided(second, ("move", asked.name_key, "accept"))
        imported("ucdp-ged", later)
        place.refresh_from_db()
        assert [place.parent.name, place.parent.parent.name] == ["Beta district", "South province"]
        assert imported("ucdp-ged", later).unchanged == 1


class TestPlaces:
    def test_with_a_typographic_apostrophe_are_those_with_a_straight_one(self, imported):
        imported("acled", acled(location="N’Tillit"), acled(event_id_cnty="NOW2", location="N'Tillit"))

        assert Location.objects.filter(kind="town").count() == 1

    def test_that_moved_a_little_are_the_same_and_keep_their_origin(self, imported):
        imported("ucdp-ged", ged())

        imported("ucdp-ged", ged(id="2", latitude="14.52"))

        place = Location.objects.get(kind="town")
        assert (place.events.count(), str(place.latitude), place.coordinate_origin) == (2, "14.50000", "UCDP GED")

    def test_of_one_name_far_apart_are_two(self, imported):
        imported("ucdp-ged", ged(), ged(id="2", latitude="20"))

        assert Location.objects.filter(kind="town").count() == 2

    def test_of_one_name_in_two_divisions_are_two_where_neither_has_a_point(self, imported):
        nowhere = {"latitude": "", "longitude": ""}
        imported("ucdp-ged", ged(**nowhere), ged(id="2", adm_1="South", adm_2="Beta", **nowhere))

        assert Location.objects.filter(kind="town").count() == 2

    def test_are_not_their_airports(self, imported):
        Location.objects.create(key="alpha-airport", name="Alpha", kind="airport", country="Nowhere")

        imported("ucdp-ged", ged())

        assert Event.objects.get().location.key != "alpha-airport"

    def test_that_are_divisions_of_the_desk_far_away_are_not_matched(self, imported):
        far = {"latitude": "30", "longitude": "20", "coordinate_precision": "region", "coordinate_origin": "a map"}
        Location.objects.create(key="north", name="North", kind="region", country="Nowhere", **far)

        imported("ucdp-ged", ged(where_prec="4", where_coordinates="North province", adm_2=""))

        assert Event.objects.get().location.key != "north"


class TestWhatWasTakenOff:
    def test_by_deleting_its_draft_stays_deleted(self, imported):
        imported("ucdp-ged", ged(), ged(id="2"))
        Event.objects.get(key="ucdp-ged-2").delete()

        run = imported("ucdp-ged", ged(), ged(id="2", best="9"))

        assert (run.unchanged, run.passed_over) == (1, 1)
        assert Event.objects.get().key == "ucdp-ged-1"
        assert ExternalId.objects.get(external_id="2").event is None
