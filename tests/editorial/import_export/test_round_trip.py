"""Round trip: rows of data sets, imported, published and read in the API's formats, keep their content."""

import pytest

from conflict.models import Period
from editorial.import_export import proposals
from editorial.models import SourceTerms
from editorial.workflow import review
from tests.desk import MORNING
from tests.editorial.import_export.rows import acled_new, ged

pytestmark = pytest.mark.django_db
CIVILIANS = {"side_b": "Civilians", "side_b_new_id": "9999", "type_of_violence": "3", "side_a": "Blue Army", "side_a_new_id": "202"}  # fmt: skip
DEATHS = ("low", "best", "high", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
GED = {
    "a battle, its breakdown and a wide range": ged(),
    "a low estimate below one side's dead": ged(
        low="1", best="34", high="34", deaths_a="1", deaths_b="33", deaths_civilians="0"
    ),
    "of unknown status": ged(
        low="3", best="3", high="3", deaths_a="0", deaths_b="0", deaths_civilians="0", deaths_unknown="3"
    ),
    "perhaps very many": ged(low="0", best="0", high="7961", deaths_a="0", deaths_b="0", deaths_civilians="0"),
    "civilians attacked": ged(
        **CIVILIANS, low="4", best="4", high="9", deaths_a="0", deaths_b="0", deaths_civilians="4"
    ),
    "two groups": ged(type_of_violence="2", side_a="Red Army", side_a_new_id="404"),
}


@pytest.fixture
def published(imported, author, chief, reviewer):
    war = Period.objects.create(key="war", title="War", position=1)

    def publish(name, row):
        run = imported(name, row, period=war)
        SourceTerms.objects.update(licence="by_agreement", note="An invented letter.")
        (submission,) = proposals.propose(run=run, by=author, at=MORNING, reason="New.").submissions
        review.approve(submission=submission, by=reviewer, at=MORNING)
        review.publish(submission=submission, by=chief, at=MORNING)

    return publish


@pytest.mark.parametrize("row", GED.values(), ids=GED)
def test_ucdp_s_figures_sides_and_type_of_violence(row, published, client):
    published("ucdp-ged", row | {"date_start": "2023-05-12", "date_end": "2023-05-12", "year": "2023"})

    (out,) = client.get("/api/v1/compatibility/georeferenced/events/25.1").json()["Result"]

    assert {name: str(out[name]) for name in DEATHS} == {name: row[name] for name in DEATHS}
    names = ("side_a", "side_b", "type_of_violence", "where_coordinates", "adm_1", "adm_2", "country")
    assert {name: str(out[name]) for name in names} == {name: row[name] for name in names}


ACLED = {
    "a battle": acled_new(),
    "a bomb": acled_new(event_type="Explosions/Remote violence", sub_event_type="Remote explosive/landmine/IED"),
    "civilians attacked": acled_new(
        event_type="Violence against civilians",
        sub_event_type="Attack",
        actor2="Civilians (Nowhere)",
        inter2="Civilians",
        assoc_actor_2="Women (Nowhere)",
    ),
    "named with both": acled_new(assoc_actor_1="Blue Brigade", assoc_actor_2="Blue Brigade"),
    "foreign forces": acled_new(actor1="Military Forces of Elsewhere", inter1="External/Other forces"),
    "a crowd": acled_new(
        event_type="Protests",
        sub_event_type="Protest with intervention",
        actor1="Protesters (Nowhere)",
        inter1="Protesters",
    ),
    "a mob": acled_new(event_type="Riots", sub_event_type="Mob violence", actor1="Rioters (Nowhere)", inter1="Rioters"),
    "one party alone": acled_new(actor2="", inter2="", event_type="Protests", sub_event_type="Peaceful protest"),
}


@pytest.mark.parametrize("row", ACLED.values(), ids=ACLED)
def test_acleds_sides_types_and_figure(row, published, client):
    published("acled", row | {"admin3": "Haire"})

    (out,) = client.get("/api/v1/compatibility/dyadic/acled/read?inter_num=0").json()["data"]

    names = (
        "inter1",
        "event_type",
        "sub_event_type",
        "actor1",
        "actor2",
        "admin1",
        "admin2",
        "location",
        "event_date",
        "country",
    )
    assert {name: out[name] for name in names} == {name: row[name] for name in names}
    assert (out["admin3"], str(out["fatalities"])) == ("Haire", row["fatalities"])
    for side in ("assoc_actor_1", "assoc_actor_2"):
        assert sorted(out[side].split("; ")) == sorted(row[side].split("; "))
