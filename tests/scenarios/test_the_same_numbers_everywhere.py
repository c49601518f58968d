"""Every figure is the same everywhere: page, chart, body, flat file and the formats of other data sets agree."""

import csv
import io
import json
import random
from html import escape

import pytest
from django.core.management import call_command
from django.db import transaction

from conflict.public.fatalities_over_time import over_time
from conflict.record.models import (
    PublishedActor,
    PublishedEvent,
    PublishedIncident,
    PublishedLocation,
    PublishedPeriod,
)
from conflict.vocabulary import Measure
from conflict.wording import figures, headlines
from tests.documents import actor, claim, event, location, participant, published, ref, relation

GEOREFERENCED = "/api/v1/compatibility/georeferenced/events/26.1"
DYADIC = "/api/v1/compatibility/dyadic/events/read"
PARTIES = {
    "army": ("armed_force", "state"),
    "rebels": ("armed_group", "separatist"),
    "jihadists": ("armed_group", "jihadist"),
    "villagers": ("civilians", "civilian"),
}


def killed(body):
    """Low and high of the killed, as the body has them; None and None where nobody gives a number."""
    total = next((one for one in body["totals"] if one["measure"] == Measure.KILLED), {"low": None, "high": None})
    return total["low"], total["high"]


def bodies():
    return {row.key: json.loads(row.body) for row in PublishedEvent.objects.order_by("key")}


def disagreements(client):
    """A line for each place where a number is another than in the event's body."""
    shown = bodies()
    yield from _of_the_flat_file(client, shown)
    yield from _of_the_georeferenced_shape(client, shown)
    yield from _of_the_dyadic_shape(client, shown)
    yield from _of_many_events(client, shown)
    for key, body in shown.items():
        whole = over_time([body]).whole
        if (whole.low, whole.high) != killed(body) if whole else killed(body) != (None, None):
            yield f"chart of {key}"
    for incident in PublishedIncident.objects.order_by("event"):
        low, high = killed(shown[incident.event_id])
        if (incident.deaths_low, incident.deaths_high) != (None if high is None else low or 0, high):
            yield f"incident {incident.event_id}"


def _of_many_events(client, shown):
    """Totals of an episode, an actor, a place, a period, a year: on the page, in the chart and from the API."""
    everything = client.get("/api/v1/totals/").json()
    drawn = client.get("/chronology/?chart=killed").content.decode()
    for year in everything["years"]:
        if f'title="{year["year"]}: {figures.total(year)}"' not in drawn:
            yield f"chart of {year['year']}"
    wholes = {one["event"]["key"] for body in shown.values() for one in body["relations"] if one["kind"] == "part_of"}
    pages = {f"/chronology/?from={year['year']}&to={year['year']}": ("toll", year) for year in everything["years"][::4]}
    of = {"episode": ("events", sorted(wholes)), "actor": ("actors", _with_dead(PublishedActor, shown))}
    of |= {
        "place": ("places", _with_dead(PublishedLocation, shown)),
        "period": ("periods", _with_dead(PublishedPeriod, shown)),
    }
    for name, (path, keys) in of.items():
        for key in keys[:: max(len(keys) // 4, 1)]:
            answer = client.get("/api/v1/totals/", {name: key}).json()
            pages[f"/{path}/{key}/"] = "episode" if name == "episode" else "toll", answer["total"]
            assert name == "episode" or answer["total"], (name, key)
    for address, (name, total) in pages.items():
        toll = client.get(address).context[name]
        if (toll.words if toll else None) != (figures.total(total) if total else None) and not (
            name == "episode" and toll is None
        ):
            yield f"{address}: {toll and toll.words}, {total}"


def _with_dead(model, shown):
    """Keys of the entries of this kind that are named in events with dead who are theirs, or happened there."""
    told = [body for body in shown.values() if killed(body)[1]]
    if model is PublishedActor:
        found = {
            party["key"] for body in told for one in body["estimates"] for party in one["subject"] if "key" in party
        }
    else:
        name = "location" if model is PublishedLocation else "period"
        found = {body[name]["key"] for body in told if body[name]}
    return list(model.objects.filter(pk__in=found).order_by("pk").values_list("pk", flat=True))


def _of_the_flat_file(client, shown):
    answer = client.get("/api/v1/events/?format=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode())))
    assert len(rows) == len(shown)
    for row in rows:
        low, high = ("" if bound is None else str(bound) for bound in killed(shown[row["key"]]))
        if (row["killed_low"], row["killed_high"]) != (low, high):
            yield f"CSV of {row['key']}"
        if row["killed_said"] != headlines.text(shown[row["key"]]):
            yield f"sentence in CSV of {row['key']}"
        if not row["killed_note"] and not (low and high):
            yield f"CSV of {row['key']} does not say why a bound is missing"


def _of_the_georeferenced_shape(client, shown):
    rows = client.get(f"{GEOREFERENCED}?pagesize=1000").json()["Result"]
    assert rows
    for row in rows:
        low, high = killed(shown[row["relid"]])
        if (row["low"], row["high"]) != (low or 0, high or 0):
            yield f"georeferenced {row['relid']}"
        if not row["low"] <= row["best"] <= row["high"]:
            yield f"georeferenced {row['relid']}: best"
        if row["deaths_a"] + row["deaths_b"] + row["deaths_civilians"] + row["deaths_unknown"] != row["best"]:
            yield f"georeferenced {row['relid']}: sides"


def _of_the_dyadic_shape(client, shown):
    rows = client.get(f"{DYADIC}?limit=5000").json()["data"]
    assert rows
    for row in rows:
        if row["fatalities"] != (killed(shown[row["event_id_cnty"]])[0] or 0):
            yield f"dyadic {row['event_id_cnty']}"


@pytest.fixture(scope="class")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_chronology", verbosity=0)
        call_command("publish_baseline", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.mark.django_db
@pytest.mark.usefixtures("loaded")
class TestTheChronology:
    def test_says_one_figure_everywhere(self, client):
        assert list(disagreements(client)) == []

    def test_counts_the_dead_of_an_episode_once_and_says_who_counts_and_what_is_left_out(self, client):
        answer = client.get("/api/v1/totals/?episode=2013-01-konna-fighting").json()

        total = {name: answer["total"][name] for name in ("low", "high", "is_open_above", "may_overlap", "in_words")}
        assert total == {"low": 110, "high": 111, "is_open_above": True, "may_overlap": True, "in_words": 1}
        assert answer["bodies_seen"] == 2
        assert {teller["party"]["name"] for teller in answer["claimants"]} == {
            "Malian Army",
            "Wikipedia",
            "regional security sources",
        }

    def test_says_its_figures_on_each_page_with_their_author(self, client):
        told = {key: headlines.headlines(body) for key, body in bodies().items()}
        told = {key: lines for key, lines in told.items() if lines}
        assert len(told) > 50

        for key, lines in list(told.items())[::4]:
            page = client.get(f"/events/{key}/").content.decode()
            for line in lines:
                assert escape(line.lead) in page, key
                assert escape(line.rest).replace("&#x27;", "&#39;") in page.replace("&#x27;", "&#39;"), key


def made_up(seed):
    """Events with rival figures, parts, revisions and denials, as chance has it."""
    chance = random.Random(seed)  # noqa: S311
    for number in range(25):
        key = f"made-up-{seed}-{number}"
        claims = []
        for place in range(chance.randrange(5)):
            low = chance.randrange(60)
            qualifier, low, high = chance.choice(
                [("exact", low, low), ("at_least", low, None), ("up_to", None, low), ("about", low, low + 20), ("dozens", None, None)]
            )  # fmt: skip
            earlier = (
                [relation(chance.choice(["part_of", "revises", "contradicts"]), claims[-1]["key"])] if claims else []
            )
            claims.append(
                claim(
                    f"{key}-{place}", low=low, high=high, qualifier=qualifier, negated=chance.random() < 0.1,
                    subject=[ref("actor", party) for party in chance.sample(sorted(PARTIES), chance.randrange(3))],
                    scope=chance.choice(["event", "event", "part", "episode"]),
                    relations=earlier if chance.random() < 0.5 else [],
                )
            )  # fmt: skip
        first, second = chance.sample(sorted(PARTIES), 2)
        yield event(
            key, when=f"2013-{chance.randrange(1, 13):02}", place="konna", claims=claims,
            participants=[participant(first, "attacker"), participant(second, chance.choice(["defender", "victim"]))],
        )  # fmt: skip


@pytest.mark.django_db
class TestWhateverIsPublished:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_says_one_figure_everywhere(self, client, seed):
        parties = [actor(key, kind=kind, family=family) for key, (kind, family) in PARTIES.items()]
        published([location("mali", kind="country"), location("konna", parent="mali"), *parties, *made_up(seed)])

        assert list(disagreements(client)) == []
