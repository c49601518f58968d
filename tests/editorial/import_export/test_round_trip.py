"""Round trip: rows of data sets, imported, published and read in the API's formats, keep their content."""

import random

import pytest

from conflict.models import Period
from editorial.import_export import proposals
from editorial.models import SourceTerms
from editorial.workflow import review
from tests.desk import MORNING
from tests.editorial.import_export.rows import acled_new, ged

pytestmark = pytest.mark.django_db
DEATHS = ("low", "best", "high", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
CIVILIANS = {"side_b": "Civilians", "side_b_new_id": "9999"}
STATE, RED, BLUE = (
    {"side_a": "Government of Nowhere", "side_a_new_id": "101"},
    {"side_a": "Red Army", "side_a_new_id": "404"},
    {"side_a": "Blue Army", "side_a_new_id": "202"},
)
SIDES = [  # type of violence and sides
    {"type_of_violence": "1", **STATE},
    {"type_of_violence": "2", **RED},
    {"type_of_violence": "3", **STATE, **CIVILIANS},
    {"type_of_violence": "3", **BLUE, **CIVILIANS},
]
DAYS = [  # date_prec, first and last day
    *(("1", "2023-05-12", "2023-05-12"), ("2", "2023-05-12", "2023-05-12"), ("2", "2023-05-12", "2023-05-17")),
    *(("3", "2023-05-08", "2023-05-14"), ("4", "2023-05-01", "2023-05-31"), ("4", "2023-02-01", "2023-02-28")),
    *(("5", "2023-01-01", "2023-12-31"), ("5", "2023-02-01", "2023-04-30"), ("5", "2022-11-03", "2023-02-11")),
]
PLACES = {  # where_prec: what the row calls the place
    "1": {"where_coordinates": "Alpha town"},
    "2": {"where_coordinates": "Gamma village"},
    "3": {"where_coordinates": "Alpha district"},
    "4": {"where_coordinates": "North province", "adm_2": ""},
    "5": {"where_coordinates": "Delta forest"},
    "6": {"where_coordinates": "Nowhere", "adm_1": "", "adm_2": ""},
    "7": {"where_coordinates": "Bay of Nowhere", "adm_1": "", "adm_2": ""},
}
DIFFICULT = [  # low, best, high and deaths of sides a and b, civilians and unknown
    *((6, 8, 30, 2, 5, 1, 0), (1, 34, 34, 1, 33, 0, 0), (3, 3, 3, 0, 0, 0, 3), (0, 0, 7961, 0, 0, 0, 0)),
    *((4, 4, 9, 0, 0, 4, 0), (20, 20, 48, 0, 20, 0, 0), (0, 5, 5, 1, 1, 1, 2)),
]


def ged_rows(seed):
    """Every type of violence, precision of date and of place, with difficult figures and others as chance has them."""
    chance = random.Random(seed)  # noqa: S311
    for number in range(70):
        date_prec, start, end = DAYS[number % len(DAYS)]
        where_prec = str(number % 7 + 1)
        dead = [chance.choice([0, 0, 1, 2, 7, chance.randrange(400)]) for _ in range(4)]
        best = sum(dead)
        figures = (chance.randrange(best + 1), best, best + chance.choice([0, 0, 1, chance.randrange(900)]), *dead)
        if number % 3 == 0:
            figures = DIFFICULT[number // 3 % len(DIFFICULT)]
        if SIDES[number % len(SIDES)]["type_of_violence"] == "3":  # the codebook counts side b with the civilians
            *others, of_a, of_b, civilians, unknown = figures
            figures = (*others, of_a, 0, of_b + civilians, unknown)
        if not figures[2]:
            figures = (0, 0, 1, 0, 0, 0, 0)  # a row without dead is no row of this format
        yield ged(
            id=str(number + 1), where_prec=where_prec, date_prec=date_prec, date_start=start, date_end=end,
            **SIDES[number % len(SIDES)], **PLACES[where_prec], **dict(zip(DEATHS, map(str, figures), strict=True)),
        )  # fmt: skip


@pytest.fixture
def published(imported, author, chief, reviewer):
    war = Period.objects.create(key="war", title="War", position=1)

    def publish(name, *rows):
        run = imported(name, *rows, period=war)
        SourceTerms.objects.update(licence="by_agreement", note="An invented letter.")
        for submission in proposals.propose(run=run, by=author, at=MORNING, reason="New.").submissions:
            review.approve(submission=submission, by=reviewer, at=MORNING)
            review.publish(submission=submission, by=chief, at=MORNING)

    return publish


def test_ucdp_s_figures_sides_type_of_violence_place_and_date(published, client):
    rows = {row["id"]: row for row in ged_rows(7)}
    published("ucdp-ged", *rows.values())

    answer = client.get("/api/v1/compatibility/georeferenced/events/25.1?pagesize=1000").json()["Result"]

    names = (
        "side_a",
        "side_b",
        "type_of_violence",
        "where_prec",
        "date_prec",
        "adm_1",
        "adm_2",
        "country",
        "where_coordinates",
        *DEATHS,
    )
    found = {out["relid"].removeprefix("ucdp-ged-"): out for out in answer}
    assert found.keys() == rows.keys()
    changed = [
        (number, name, row[name], found[number][name])
        for number, row in rows.items()
        for name in names
        if str(found[number][name]) != row[name]
    ]
    assert not changed, changed
    for number, row in rows.items():
        days = [found[number][name][:10] for name in ("date_start", "date_end")]
        assert days == [row["date_start"], row["date_end"]], row


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


CODES = {
    "1": "State forces", "2": "Rebel group", "3": "Political militia", "4": "Identity militia", "5": "Rioters", "6": "Protesters",
    "7": "Civilians", "8": "External/Other forces",
}  # fmt: skip
NAMES = {"5": "Rioters (Nowhere)", "6": "Protesters (Nowhere)", "7": "Civilians (Nowhere)"}


@pytest.mark.parametrize("layout", ["numbers", "words"])
def test_acleds_sides_types_and_figure(layout, published, client):
    rows = list(ACLED.values())
    rows += [
        acled_new(actor1=NAMES.get(one, f"{CODES[one]} of Nowhere"), inter1=CODES[one], inter2=CODES[other],
                  actor2=NAMES.get(other, f"{CODES[other]} of Elsewhere"))
        for one in CODES for other in CODES if one != other
    ]  # fmt: skip
    rows = [row | {"admin3": "Haire", "event_id_cnty": f"NOW{number}"} for number, row in enumerate(rows, start=1)]
    numbers = {name: number for number, name in CODES.items()}
    in_numbers = [row | {name: numbers.get(row[name], "0") for name in ("inter1", "inter2")} for row in rows]
    published("acled", *(in_numbers if layout == "numbers" else rows))

    answer = client.get("/api/v1/compatibility/dyadic/acled/read?inter_num=0&limit=5000").json()["data"]

    names = (
        *("inter1", "inter2", "event_type", "sub_event_type", "actor1", "actor2", "admin1", "admin2", "admin3"),
        *("location", "event_date", "country", "fatalities"),
    )
    found = {out["event_id_cnty"].removeprefix("acled-").upper(): out for out in answer}
    assert {key: {name: str(out[name]) for name in names} for key, out in found.items()} == {
        row["event_id_cnty"]: {name: row[name] for name in names} for row in rows
    }
    for row in rows:
        for side in ("assoc_actor_1", "assoc_actor_2"):
            assert sorted(found[row["event_id_cnty"]][side].split("; ")) == sorted(row[side].split("; "))
    coded = client.get("/api/v1/compatibility/dyadic/acled/read?inter_num=1&limit=5000").json()["data"]
    assert {
        out["event_id_cnty"].removeprefix("acled-").upper(): (str(out["inter1"]), str(out["inter2"])) for out in coded
    } == {row["event_id_cnty"]: (row["inter1"], row["inter2"]) for row in in_numbers}
