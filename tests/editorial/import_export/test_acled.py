"""ACLED: what a row says on the desk, and what no row may say. All rows here are invented."""

import pytest

from conflict.models import Actor, Event, Source
from editorial.import_export.acled import KINDS, draft
from editorial.import_export.datasets import DATASETS
from editorial.import_export.exceptions import CellRefused
from editorial.models import ExternalId
from tests.editorial.import_export.rows import acled, acled_new

pytestmark = pytest.mark.django_db


class TestARow:
    @pytest.fixture
    def event(self, imported):
        imported("acled", acled(), tags=True, release="2031-07-01")
        return Event.objects.get()

    def test_is_one_event_known_by_the_id_that_stays(self, event):
        assert ExternalId.objects.get(dataset="acled", external_id="NOW1").event == event
        assert (event.key, event.kind, event.when) == ("acled-now1", "battle", "2031-06-09")
        assert event.as_written == "09 June 2031 (exact day)"
        assert event.summary == "On 9 June 2031, invented forces clashed."

    def test_has_its_figure_as_a_claim_of_the_compiler(self, event):
        claim = event.claims.get()

        assert (claim.key, claim.low, claim.high, claim.as_worded) == ("acled-now1-fatalities", 4, 4, "fatalities: 4")
        assert claim.claimants[0].actor.key == "acled"
        assert {citation.source.title for citation in claim.citations.all()} == {
            "ACLED event data, 2031-07-01",
            "Reports of Radio One",
            "Reports of Daily Paper",
        }

    def test_names_all_actors_and_calls_none_the_attacker(self, event):
        assert {(part.actor.name, part.role) for part in event.participations.all()} == {
            ("Military Forces of Nowhere", "taking_part"),
            ("Police Forces of Nowhere", "taking_part"),
            ("Border Guard", "taking_part"),
            ("Blue Army", "taking_part"),
        }
        assert Actor.objects.get(name="Military Forces of Nowhere").kind == "armed_force"

    def test_names_outlets_whose_report_is_still_to_be_found(self, event):
        source = Source.objects.get(title="Reports of Radio One")

        assert (source.resolved, source.publisher.name, source.publisher.kind) == (False, "Radio One", "media")

    def test_lies_in_the_tree_of_divisions(self, event):
        assert str(event.location) == "Alphaville"
        assert [event.location.parent.name, event.location.parent.parent.name] == ["Alpha", "North"]
        assert event.location.parent.parent.parent.key == "country-nowhere"


def test_both_layouts_and_both_spellings_of_dates_say_the_same():
    old, new = draft(acled()), draft(acled_new())

    assert (old.days, old.claims, old.parts, old.place) == (new.days, new.claims, new.parts, new.place)


def test_a_later_file_in_the_other_layout_changes_only_what_differs(imported, previewed):
    imported("acled", acled(), acled(event_id_cnty="NOW2"))

    run, _ = previewed("acled", acled_new(fatalities="9"), acled_new(event_id_cnty="NOW2"))

    assert run.columns_changed["fatalities"] == 1
    assert run.new == 0


@pytest.mark.parametrize(
    ("precision", "when"),
    [("1", "2031-06-09"), ("2", "2031-06-09/2031-06-15"), ("3", "2031-06")],
    ids=["day", "week", "month"],
)
def test_dates_are_edtf_of_their_precision(precision, when):
    assert draft(acled(time_precision=precision)).days.text == when


@pytest.mark.parametrize(
    ("code", "precision"), [("1", "settlement"), ("2", "near"), ("3", "region")], ids=["town", "near", "region"]
)
def test_places_are_as_precise_as_the_row(code, precision):
    assert draft(acled(geo_precision=code)).place_precision == precision


@pytest.mark.parametrize(("kind", "sub_kind"), [(kind, sub) for kind, subs in KINDS.items() for sub in subs])
def test_every_type_has_a_kind_of_ours(kind, sub_kind):
    assert draft(acled(event_type=kind, sub_event_type=sub_kind)).kind


REFUSED = {
    "no id": ({"event_id_cnty": ""}, "event_id_cnty"),
    "the id of a release": ({"event_id_cnty": "12345"}, "event_id_cnty"),
    "an unknown type": ({"event_type": "Skirmishes"}, "event_type"),
    "a type of another kind": ({"sub_event_type": "Grenade"}, "sub_event_type"),
    "an unknown actor code": ({"inter1": "12"}, "inter1"),
    "a day no calendar has": ({"event_date": "31 June 2031"}, "event_date"),
    "a month first": ({"event_date": "06/09/2031"}, "event_date"),
    "an unknown precision of time": ({"time_precision": "4"}, "time_precision"),
    "an unknown precision of place": ({"geo_precision": ""}, "geo_precision"),
    "no figure": ({"fatalities": ""}, "fatalities"),
    "a figure in words": ({"fatalities": "dozens"}, "fatalities"),
    "no actor": ({"actor1": "", "actor2": "", "assoc_actor_1": ""}, "actor1"),
}


@pytest.mark.parametrize(("cells", "column"), REFUSED.values(), ids=REFUSED)
def test_is_refused_by_column(cells, column):
    with pytest.raises(CellRefused) as refused:
        draft(acled(**cells))

    assert refused.value.column == column


def test_the_release_is_told_by_the_name_of_the_file():
    assert DATASETS["acled"].release_of("2031-01-01-2031-07-01-Nowhere.csv") == "2031-01-01"
    assert DATASETS["ucdp-ged"].release_of("GEDEvent_v23_1.csv") == "23.1"
    assert DATASETS["ucdp-ged"].release_of("ged191.csv") == "19.1"
