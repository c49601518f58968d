"""UCDP GED rows on the desk, and refused rows."""

import csv
from itertools import pairwise

import pytest

from conflict import dates
from conflict.models import Actor, Citation, Claim, Event, Location, Source
from editorial.import_export import plan
from editorial.import_export.exceptions import CellRefused
from editorial.import_export.ged import UCDP_GED, USUAL_HEADER, draft
from editorial.models import ExternalId
from tests.editorial.import_export.rows import acled, ged, ged_later

pytestmark = pytest.mark.django_db


class TestARow:
    @pytest.fixture
    def event(self, imported):
        imported("ucdp-ged", ged(), release="99.1")
        return Event.objects.get()

    def test_is_one_event_known_by_its_id(self, event):
        assert ExternalId.objects.get(dataset="ucdp-ged", external_id="1").event == event
        assert (event.key, event.kind, event.standing) == ("ucdp-ged-1", "battle", "reported")
        assert event.title == "Government of Nowhere - Blue Army: Alpha town"
        assert "Original source: the mayor." in event.summary

    def test_has_a_date_as_precise_as_known(self, event):
        assert (event.when, event.as_written) == ("2031-05-12", "2031-05-12 (exact day)")
        assert str(event.span.lower) == "2031-05-12"

    def test_has_each_figure_as_a_claim_of_the_compiler(self, event):
        figures = {claim.key: (claim.low, claim.best, claim.high, claim.qualifier) for claim in event.claims.all()}

        assert figures == {
            "ucdp-ged-1-killed": (6, 8, 30, "estimate"),
            "ucdp-ged-1-deaths-a": (2, None, 2, "exact"),
            "ucdp-ged-1-deaths-b": (5, None, 5, "exact"),
            "ucdp-ged-1-deaths-civilians": (1, None, 1, "exact"),
        }
        assert {claim.claimants[0].actor.key for claim in event.claims.all()} == {"ucdp"}

    def test_has_a_breakdown_that_is_part_of_its_total(self, event):
        whole = event.claims.get(key="ucdp-ged-1-killed")

        assert {relation.claim.key.removeprefix("ucdp-ged-1-") for relation in whole.related_from.all()} == {
            "deaths-a",
            "deaths-b",
            "deaths-civilians",
        }

    def test_says_whose_losses_a_figure_counts(self, event):
        subjects = {claim.key: [str(party) for party in claim.subjects] for claim in event.claims.all()}

        assert subjects["ucdp-ged-1-killed"] == []
        assert subjects["ucdp-ged-1-deaths-a"] == ["Government of Nowhere"]
        assert subjects["ucdp-ged-1-deaths-b"] == ["Blue Army"]
        assert subjects["ucdp-ged-1-deaths-civilians"] == ["civilians"]

    def test_cites_the_release_and_the_named_reports(self, event):
        best = event.claims.get(key="ucdp-ged-1-killed")

        titles = {str(citation.source) for citation in best.citations.all()}
        assert titles == {
            "UCDP Georeferenced Event Dataset (GED) Global, version 99.1",
            "Clash in Alpha",
            '"They came", says mayor',
        }
        paper = Source.objects.get(title="Clash in Alpha")
        assert (paper.publisher.name, paper.published_on, str(paper.published_span.upper)) == (
            "Daily Paper",
            "2031-05-13",
            "2031-05-14",
        )

    def test_lies_in_the_tree_of_divisions(self, event):
        chain, place = [], event.location
        while place:
            chain.append((place.name, place.kind))
            place = place.parent

        assert chain == [
            ("Alpha town", "town"),
            ("Alpha district", "cercle"),
            ("North province", "region"),
            ("Nowhere", "country"),
        ]
        assert (str(event.location.latitude), str(event.location.longitude)) == ("14.50000", "-3.25000")
        assert (event.location.coordinate_precision, event.location_precision) == ("settlement", "settlement")
        assert event.location.coordinate_origin == "UCDP GED"

    def test_names_both_sides_without_calling_one_the_attacker(self, event):
        parts = {(part.actor.name, part.role, part.side) for part in event.participations.all()}

        assert parts == {("Government of Nowhere", "taking_part", "first"), ("Blue Army", "taking_part", "second")}

    def test_is_whole_in_every_rule_of_the_desk(self, event):
        for model in (Event, Claim, Location, Source, Actor, Citation):
            for row in model.objects.all():
                row.full_clean()

    def test_leaves_a_history_like_any_other_change(self, event, chief):
        for row in (event, event.location, event.claims.get(key="ucdp-ged-1-killed"), *event.citations.all()):
            noted = row.history.get()
            assert noted.pgh_label == "insert"
            assert noted.pgh_context.metadata["user"] == chief.pk
            assert {noted.id, noted.pgh_obj_id} == {row.pk}

    def test_is_not_touched_after_it_was_made(self, event):
        assert event.created_at == event.modified_at


def test_a_division_has_the_point_of_the_first_row_about_it(imported, monkeypatch):
    monkeypatch.setattr(plan, "CHUNK", 1)

    imported("ucdp-ged", ged(), ged(id="2", where_prec="3", latitude="14.7", where_coordinates="Alpha district"))

    district = Location.objects.get(name="Alpha district")
    assert (str(district.latitude), district.coordinate_precision) == ("14.70000", "district")
    assert district.coordinate_origin == "UCDP GED"


class TestBothLayouts:
    def test_say_the_same(self):
        assert draft(ged_later(where_description="")) == draft(ged())

    def test_of_one_event_change_nothing_but_what_differs(self, imported, previewed):
        imported("ucdp-ged", ged())

        run, _ = previewed("ucdp-ged", ged_later(best="9", id="1.0", latitude="14.50000"))

        assert (run.changed, run.columns_changed) == (1, {"best": 1})

    def test_may_carry_a_row_of_tags(self, imported):
        assert imported("ucdp-ged", ged(iso3="NOW"), tags=True).new == 1


class TestSharing:
    def test_one_source_one_actor_and_one_place_for_many_rows(self, imported):
        imported("ucdp-ged", *(ged(id=str(number)) for number in range(1, 6)))

        assert Event.objects.count() == 5
        assert Source.objects.count() == 3
        assert Location.objects.count() == 4
        assert set(Actor.objects.values_list("name", flat=True)) == {
            "Uppsala Conflict Data Program (UCDP)",
            "Government of Nowhere",
            "Blue Army",
            "Daily Paper",
            "Radio One",
        }

    def test_actors_and_places_of_the_desk_by_name(self, imported):
        blue = Actor.objects.create(key="blue", name="Bleu", kind="armed_group")
        blue.names.create(name="BLUE ARMY")
        nowhere = Location.objects.create(key="nowhere", name="Nowhere", kind="country", country="Nowhere")
        alpha = Location.objects.create(key="alpha", name="Alpha", kind="city", country="Nowhere", parent=nowhere)

        imported("ucdp-ged", ged())

        event = Event.objects.get()
        assert blue.participations.get().event == event
        assert event.location == alpha

    @pytest.mark.parametrize("chunk", [1, 2, 1000])
    def test_a_country_and_a_division_of_the_desk_wherever_a_row_puts_their_middle(self, chunk, imported, monkeypatch):
        monkeypatch.setattr(plan, "CHUNK", chunk)
        point = {"latitude": 10, "longitude": 8, "coordinate_precision": "country", "coordinate_origin": "a map"}
        nowhere, north = (
            Location.objects.create(key=name.lower(), name=name, kind=kind, country="Nowhere", **point)
            for name, kind in (("Nowhere", "country"), ("North", "cercle"))
        )

        imported(
            "ucdp-ged",
            ged(adm_1="North", adm_2=""),  # taken for a region
            ged(id="2", where_prec="6"),
            ged(id="3", where_prec="3", adm_1="", adm_2="North", where_coordinates="North"),
            ged(id="4", where_prec="4", adm_1="", adm_2="", where_coordinates="North"),
        )

        assert nowhere.events.get().key == "ucdp-ged-2"
        assert not north.events.exists()
        made = Location.objects.get(name="North", kind="region")
        assert {event.key for event in made.events.all()} == {"ucdp-ged-3", "ucdp-ged-4"}

    def test_a_country_with_its_places_however_each_data_set_and_release_calls_it(self, imported):
        there = {"adm_1": "North state", "adm_2": "", "date_start": "2030-05-12", "date_end": "2030-05-12"}
        imported("ucdp-ged", ged(country="Myanmar (Burma)", **there), ged(id="2", country="Myanmar (Burma)", **there))
        imported("acled", acled(country="Myanmar", admin1="North", admin2="", location="Alpha"))
        run = imported("ucdp-ged", ged(country="Burma", **there))

        assert set(Location.objects.values_list("name", flat=True)) == {"Myanmar (Burma)", "North state", "Alpha town"}
        assert run.vanished == 1

    def test_no_region_for_the_district_of_its_name(self, imported):
        misfiled = {"where_prec": "4", "adm_1": "Sigma District", "adm_2": "", "where_coordinates": "Sigma District"}

        imported(
            "ucdp-ged",
            ged(**misfiled),
            ged(id="2", adm_1="Sigma  region"),
            ged(id="3", adm_1="Sigma state", where_coordinates="Beta town", latitude="14.9"),
        )

        regions = {event.key: event.location.parent.parent.name for event in Event.objects.exclude(key="ucdp-ged-1")}
        assert regions == {"ucdp-ged-2": "Sigma region", "ucdp-ged-3": "Sigma region"}

    def test_no_place_besides_those_that_the_first_row_puts_it_in(self, imported):
        imported("ucdp-ged", ged(), ged(id="2", adm_2="Beta district"))

        assert not Location.objects.filter(name="Beta district").exists()

    def test_no_actor_where_two_have_the_name(self, imported):
        for key in ("one", "two"):
            Actor.objects.create(key=key, name="Blue Army", kind="armed_group")

        imported("ucdp-ged", ged())

        assert Event.objects.get().participations.filter(actor__key="ucdp-actor-202").exists()


WHEN = {
    "a day": ("1", "2031-05-12", "2031-05-12", "2031-05-12"),
    "a few days": ("2", "2031-05-12", "2031-05-14", "2031-05-12/2031-05-14"),
    "a few days, of which one is named": ("2", "2031-05-12", "2031-05-12", "2031-05-12~"),
    "a week": ("3", "2031-05-12", "2031-05-18", "2031-05-12/2031-05-18"),
    "a week, of which one day is named": ("3", "2031-05-14", "2031-05-14", "2031-05-12/2031-05-18"),
    "a month": ("4", "2031-05-01", "2031-05-31", "2031-05"),
    "two months": ("4", "2031-05-01", "2031-06-30", "2031-05/2031-06"),
    "some ten days of a month": ("4", "2031-05-02", "2031-05-12", "2031-05-02/2031-05-12"),
    "thirty days over two months": ("4", "2031-05-15", "2031-06-14", "2031-05-15/2031-06-14"),
    "a year": ("5", "2031-01-01", "2031-12-31", "2031"),
    "part of a year": ("5", "2031-01-01", "2031-06-30", "2031-01-01/2031-06-30"),
    "with midnights": ("1", "2031-05-12 00:00:00.000", "2031-05-12 00:00:00.000", "2031-05-12"),
}


@pytest.mark.parametrize(("precision", "start", "end", "when"), WHEN.values(), ids=WHEN)
def test_dates_are_edtf_of_their_precision(precision, start, end, when):
    days = draft(ged(date_prec=precision, date_start=start, date_end=end)).days

    assert days.text == when
    parsed = dates.parse(when)
    assert (days.starts_on, days.ends_before) == (parsed.starts_on, parsed.ends_before)


WHERE = {
    "exact": ("1", "settlement", "Alpha town", "settlement"),
    "near": ("2", "near", "Alpha town", "settlement"),
    "second-order division": ("3", "district", "Alpha district", "district"),
    "first-order division": ("4", "region", "North province", "region"),
    "fuzzy": ("5", "line", "Alpha town", "settlement"),
    "country": ("6", "country", "Nowhere", "country"),
    "waters": ("7", "line", "Alpha town", "line"),
}


@pytest.mark.parametrize(("code", "precision", "name", "settled"), WHERE.values(), ids=WHERE)
def test_places_are_as_precise_as_the_row(code, precision, name, settled):
    told = draft(ged(where_prec=code))

    assert (told.place_precision, told.place.name, told.place.precision) == (precision, name, settled)


def test_a_township_of_a_division_is_a_place_of_its_own_within_it():
    told = draft(ged(where_prec="3", where_coordinates="Beta Township"))

    assert (told.place.name, told.place_precision, told.place.parent.name) == (
        "Beta Township",
        "district",
        "Alpha district",
    )


REFUSED = {
    "no id": ({"id": ""}, "id"),
    "an id that is no number": ({"id": "x1"}, "id"),
    "an id below zero": ({"id": "-5"}, "id"),
    "an id longer than any": ({"id": "9" * 200}, "id"),
    "a coordinate that is no number": ({"latitude": "NaN"}, "latitude"),
    "a figure of more digits than any number": ({"best": "9" * 5000}, "best"),
    "a figure in scientific notation": ({"best": "1e3"}, "best"),
    "an unknown kind of violence": ({"type_of_violence": "4"}, "type_of_violence"),
    "an unknown precision of place": ({"where_prec": "8"}, "where_prec"),
    "an unknown precision of date": ({"date_prec": "9"}, "date_prec"),
    "an unknown clarity": ({"event_clarity": "clear"}, "event_clarity"),
    "a day no calendar has": ({"date_start": "2031-02-29"}, "date_start"),
    "a day in words": ({"date_end": "soon"}, "date_end"),
    "an end before the start": ({"date_end": "2031-05-01"}, "date_end"),
    "a figure below zero": ({"best": "-1"}, "best"),
    "half a person": ({"deaths_a": "1.5"}, "deaths_a"),
    "no figure": ({"high": ""}, "high"),
    "a latitude beyond the pole": ({"latitude": "91"}, "latitude"),
    "a longitude in words": ({"longitude": "west"}, "longitude"),
    "half a point": ({"longitude": ""}, "longitude"),
    "no side": ({"side_b": ""}, "side_b"),
}


@pytest.mark.parametrize(("cells", "column"), REFUSED.values(), ids=REFUSED)
def test_is_refused_by_column(cells, column):
    with pytest.raises(CellRefused) as refused:
        draft(ged(**cells))

    assert refused.value.column == column
    assert refused.value.reason


def test_the_estimates_need_not_be_in_order():
    total = draft(ged(low="9", best="0", high="7961")).claims[0]

    assert (total.low, total.best, total.high) == (0, 0, 7961)
    assert total.as_worded == "low: 9, best: 0, high: 7961"


def test_a_report_that_is_not_told_apart_stays_as_written():
    source = draft(ged(source_article="Reuters 9/1 2031; AFP")).sources[0]

    assert (source.title, source.is_resolved) == ("Reuters 9/1 2031; AFP", False)


def test_releases_are_ordered_by_what_they_cover_and_a_final_one_replaces_its_candidates():
    in_order = ["24.1", "24.0.11", "24.01.24.12", "25.1", "25.0.1", "25.0.2", "25.01.25.03", "25.0.12", "26.1"]

    assert all(UCDP_GED.is_older(one, other) for one, other in pairwise(in_order))
    assert not any(UCDP_GED.is_older(other, one) for one, other in pairwise(in_order))
    assert not UCDP_GED.is_older("", "25.1")
    assert not UCDP_GED.is_older("25.1", "the one of spring")


def test_a_release_without_a_header_is_read_by_its_usual_order_after_a_question(previewed, tmp_path):
    rows = [ged_later(gwnob=""), ged_later(id="2", gwnob="7", side_b="Red Army")]
    with (tmp_path / "GEDEvent_v24_0_1.csv").open("w", newline="") as file:
        csv.DictWriter(file, USUAL_HEADER, extrasaction="ignore").writerows(rows)

    run, _ = previewed("ucdp-ged", file="GEDEvent_v24_0_1.csv")

    assert (run.rows, run.new, run.refused, run.release) == (2, 2, 0, "24.0.1")
    assert "in the order in which UCDP GED publishes them" in run.asked["no_header"]
    assert [line.line for line in run.lines.order_by("line")] == [1, 2]
