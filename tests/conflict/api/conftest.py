"""A small published world for tests of the API, and a client for it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from tests.documents import (
    actor,
    affiliation,
    citation,
    claim,
    described,
    event,
    finding,
    location,
    notice,
    participant,
    period,
    published,
    ref,
    relation,
    source,
)

Answer = Any
Ask = Callable[..., Answer]


@pytest.fixture(autouse=True)
def _a_fresh_minute() -> None:
    """No test is throttled for what another asked."""
    cache.clear()


@pytest.fixture
def ask(client: Client) -> Ask:
    """`ask("events", kind="battle")`: the answer of /api/v1/events/?kind=battle."""

    def asked(path: str = "", headers: dict[str, str] | None = None, **parameters: Any) -> Answer:
        return client.get(f"/api/v1/{path}/" if path else "/api/v1/", parameters, headers=headers or {})

    return asked


@pytest.fixture
def keys(ask: Ask) -> Callable[..., list[str]]:
    """The keys that a list answers with, in order."""

    def of(path: str, **parameters: Any) -> list[str]:
        answer = ask(path, **parameters)
        assert answer.status_code == 200, answer.content
        return [row["key"] for row in answer.json()["results"]]

    return of


@pytest.fixture
def konna(db: None) -> None:
    """Five events around Konna in January 2013, with rival claims, and one much later at Ménaka."""
    published(
        [
            location("mali", "Mali", kind="country"),
            location("mopti", "Mopti", kind="region", parent="mali"),
            location("konna", "Konna", parent="mopti", latitude="14.94530", longitude="-3.89140"),
            location("menaka", "Ménaka", parent="mali", latitude="15.91820", longitude="2.40220"),
            location("bamako", "Bamako", kind="city", parent="mali", latitude="12.65000", longitude="-8.00000"),
            actor("malian-army", "Malian Army", kind="armed_force", family="state"),
            actor(
                "red-berets",
                "Red Berets",
                kind="armed_force",
                family="state",
                affiliations=[affiliation("part_of", "malian-army")],
            ),
            actor("ansar-dine", "Ansar Dine", family="jihadist"),
            actor(
                "mojwa",
                "Movement for Oneness and Jihad in West Africa",
                family="jihadist",
                names=[{"name": "MUJAO", "kind": "acronym", "language": "fr", "note": ""}],
            ),
            actor("afp", "Agence France-Presse", kind="media"),
            source("cite-1", number=1),
            source("cite-2", number=2, title="The fall of Konna", resolved=True, kind="news", publisher=ref("actor", "afp")),
            period("war", "The war", position=1),
            period("january-2013", "January 2013", position=2, parent="war", when="2013-01"),
            period("later", "Later", position=3),
            event(
                "konna-taken",
                "Konna is taken",
                when="2013-01-10",
                place="konna",
                period="january-2013",
                participants=[
                    participant("ansar-dine", "attacker", side="attacking"),
                    participant("malian-army", "defender", side="defending"),
                ],
                claims=[
                    claim(
                        "konna-lost-army",
                        "The army still holds Konna",
                        kind="control",
                        measure="",
                        claimant=[ref("actor", "malian-army")],
                        relayed_by=[ref("actor", "afp")],
                        subject=[ref("location", "konna")],
                        holder=[ref("actor", "malian-army")],
                        citations=[citation("cite-1")],
                    ),
                    claim(
                        "konna-taken-spokesman",
                        "Konna is ours",
                        kind="control",
                        measure="",
                        claimant=[ref("actor", "ansar-dine")],
                        subject=[ref("location", "konna")],
                        holder=[ref("actor", "ansar-dine")],
                        relations=[relation("contradicts", "konna-lost-army")],
                        citations=[citation("cite-2")],
                    ),
                    claim(
                        "konna-dead",
                        "At least 25 soldiers killed",
                        low=25,
                        qualifier="at_least",
                        claimant=[described("a resident of Konna")],
                        subject=[ref("actor", "malian-army")],
                        citations=[citation("cite-2")],
                    ),
                ],
                findings=[finding("control", aspect="occurrence", measure="", grade="contested", reason="Rival claims.")],
            ),
            event("konna-bombed", "Konna is bombed", when="2013-01-11", kind="air_strike", place="konna", period="january-2013"),
            event("january-march", "The army marches north", when="2013-01", kind="military_operation", period="january-2013",
                  participants=[participant("red-berets", "attacker", side="attacking")]),
            event("mopti-meeting", "Talks at Mopti", when="2013-01-15/2013-01-17", kind="negotiation", place="mopti", period="war"),
            event(
                "menaka-attack",
                "Attack on the town",
                when="2018-05-01",
                kind="attack",
                place="menaka",
                period="later",
                participants=[participant("mojwa", "perpetrator", standing="suspected")],
                claims=[claim("menaka-dead", "17 dead", low=17, high=17, qualifier="exact", citations=[citation("cite-1")])],
            ),
            event("undated", "Somewhere, some time", when="", kind="report"),
            notice("out-of-date", "Needs update since September 2024", raised_on="2024-09"),
            notice("konna-disputed", "Rival accounts", kind="disputed", target=ref("event", "konna-taken"), origin="desk"),
            notice("settled", "Was unclear", kind="ambiguous_date", target=ref("event", "konna-bombed"), resolved_on="2025-01-02"),
        ]
    )  # fmt: skip
