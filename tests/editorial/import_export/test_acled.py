"""ACLED rows on the desk, and refused rows. All rows here are invented."""

import pytest

from conflict import message
from conflict.api.compat import dyadic_rows
from conflict.models import Actor, Event, Source
from editorial.import_export import plan
from editorial.import_export.acled import KINDS, draft
from editorial.import_export.datasets import DATASETS
from editorial.import_export.exceptions import CellRefused, FileRefused
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
        assert {(part.actor.name, part.role, part.side) for part in event.participations.all()} == {
            ("Military Forces of Nowhere", "taking_part", "first"),
            ("Police Forces of Nowhere", "associated", "first"),
            ("Border Guard", "associated", "first"),
            ("Blue Army", "taking_part", "second"),
        }
        assert Actor.objects.get(name="Military Forces of Nowhere").kind == "armed_force"

    def test_names_outlets_whose_report_is_still_to_be_found(self, event):
        source = Source.objects.get(title="Reports of Radio One")

        assert (source.resolved, source.publisher.name, source.publisher.kind) == (False, "Radio One", "media")

    def test_lies_in_the_tree_of_divisions(self, event):
        assert str(event.location) == "Alphaville"
        assert [event.location.parent.name, event.location.parent.parent.name] == ["Alpha", "North"]
        assert event.location.parent.parent.parent.key == "country-nowhere"


@pytest.mark.parametrize("chunk", [1, 500])
def test_an_actor_is_what_the_row_says_that_says_most(chunk, imported, previewed, monkeypatch):
    monkeypatch.setattr(plan, "CHUNK", chunk)
    foreign = {"actor1": "Military Forces of Elsewhere", "inter1": "8", "actor2": "Red Guard", "inter2": "3"}
    ally = {"assoc_actor_2": "Military Forces of Elsewhere; Red Guard"}

    run = imported("acled", acled(**ally), acled(event_id_cnty="NOW2", **foreign), acled(event_id_cnty="NOW3", **ally))

    made = Actor.objects.filter(name__in=["Military Forces of Elsewhere", "Red Guard"]).order_by("name")
    assert [*made.values_list("kind", "family")] == [("armed_force", "foreign"), ("militia", "other")]
    assert message.read(run.mentions.get(name="Red Guard").detail) == "militia"


def test_actors_that_a_later_file_puts_on_the_other_side_change_sides(imported):
    imported("acled", acled(assoc_actor_1="Red Guard"))
    first, second = (acled()[f"actor{number}"] for number in (1, 2))

    imported(
        "acled", acled(actor1=second, inter1="2", actor2=first, inter2="1", assoc_actor_1="", assoc_actor_2="Red Guard")
    )

    sides = dict(Event.objects.get().participations.values_list("actor__name", "side"))
    assert sides == {second: "first", first: "second", "Red Guard": "second"}


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


RELEASES = {
    "GEDEvent_v23_1.csv": ("ucdp-ged", "23.1"),
    "ged191.csv": ("ucdp-ged", "19.1"),
    "ged251-csv.csv": ("ucdp-ged", "25.1"),
    "ged251 (2).csv": ("ucdp-ged", "25.1"),
    "GEDEvent_v25_0_12.csv": ("ucdp-ged", "25.0.12"),
    "GEDEvent_v25_01_25_03.csv": ("ucdp-ged", "25.01.25.03"),
    "ged231-2024-01-01.csv": ("ucdp-ged", "23.1"),
    "UCDP_GED_2023.csv": ("ucdp-ged", ""),
    "ged.csv": ("ucdp-ged", ""),
    "2031-01-01-2031-07-01-Nowhere.csv": ("acled", ""),
    "ACLED RAW_2024-01-01-2025-05-19.csv": ("acled", ""),
    "Nowhere_v3_final.csv": ("acled", ""),
    "acled-export-2031-07-01.csv": ("acled", "2031-07-01"),
    "acled-2031-07-01 (1).csv": ("acled", "2031-07-01"),
}


@pytest.mark.parametrize(("name", "told"), RELEASES.items())
def test_the_release_is_the_one_that_the_name_gives_or_none(name, told):
    dataset, release = told

    assert DATASETS[dataset].release_of(name) == release


class TestSides:
    def test_are_perpetrator_and_victim_where_civilians_are_attacked(self):
        row = acled(
            event_type="Violence against civilians",
            sub_event_type="Attack",
            actor2="Civilians (Nowhere)",
            inter2="7",
            assoc_actor_2="Women (Nowhere); Teachers (Nowhere)",
        )

        parts = [(part.actor.name, part.role.value, part.side.value) for part in draft(row).parts]

        assert parts == [
            ("Military Forces of Nowhere", "perpetrator", "first"),
            ("Police Forces of Nowhere", "associated", "first"),
            ("Border Guard", "associated", "first"),
            ("Civilians (Nowhere)", "victim", "second"),
            ("Women (Nowhere)", "associated", "second"),
            ("Teachers (Nowhere)", "associated", "second"),
        ]

    def test_are_both_kept_where_a_group_fights_its_like(self):
        row = acled(actor1="Blue Militia", actor2="Blue Militia", assoc_actor_1="")

        parts = [(part.role.value, part.side.value) for part in draft(row).parts]

        assert parts == [("taking_part", "first"), ("opponent", "second")]


ASSOCIATED = {
    "ICRC: International Committee of the Red Cross": "ngo",
    "UNHCR: United Nations High Commissioner for Refugees": "intergovernmental",
    "MSF: Medecins Sans Frontieres": "ngo",
    "Women (Nowhere)": "civilians",
    "Journalists (Nowhere)": "civilians",
    "Teachers (Nowhere)": "civilians",
    "Health Workers (Nowhere)": "civilians",
    "Refugees/IDPs (Nowhere)": "civilians",
    "Blue Ethnic Group (Nowhere)": "population",
    "Government of Nowhere (2020-)": "government",
    "Military Forces of Nowhere (2012-2013)": "armed_force",
    "Blue Militia (Nowhere)": "armed_group",
    "Blue Brigade": "unspecified",
}


@pytest.mark.parametrize(("name", "kind"), ASSOCIATED.items())
def test_an_associated_actor_is_what_its_name_says_or_unspecified(name, kind):
    part = next(part for part in draft(acled(assoc_actor_1=name)).parts if part.role == "associated")

    assert part.actor.kind == kind


@pytest.mark.parametrize(("kind", "sub_kind"), [(kind, sub) for kind, subs in KINDS.items() for sub in subs])
def test_a_type_is_the_same_on_the_way_out(kind, sub_kind):
    ours = draft(acled(event_type=kind, sub_event_type=sub_kind)).kind

    assert dyadic_rows.TYPES[ours] == (kind, sub_kind)


def test_a_commune_is_a_division_and_an_airport_no_town():
    place = draft(acled(admin3="Haire", location="Alphaville Airport")).place

    assert (place.kind, place.parent.kind, place.parent.parent.kind) == ("airport", "commune", "cercle")


@pytest.mark.parametrize("said", ["12.000", "1,200", "1 200", "12'000"])
def test_a_figure_with_a_sign_between_its_digits_is_refused(said):
    with pytest.raises(CellRefused, match="may be"):
        draft(acled(fatalities=said))


@pytest.mark.parametrize("said", ["12", "12.0", "12.00"])
def test_a_figure_may_be_written_as_other_programs_do(said):
    assert draft(acled(fatalities=said)).claims[0].low == 12


def test_layouts_before_2019_are_said_not_to_be_read(previewed):
    old = {name: cell for name, cell in acled().items() if name != "sub_event_type"} | {"gwno": "432"}

    with pytest.raises(FileRefused, match="before 2019 are not read"):
        previewed("acled", old)
