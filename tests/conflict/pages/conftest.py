"""A small published cast: a battle with rival accounts, a place that changes hands, and related entries."""

from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client

from tests import documents as doc


@pytest.fixture(autouse=True)
def fresh_pages() -> Iterator[None]:
    """Pages are kept by the log's head; two tests may well publish the same."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def record(db: None) -> None:
    doc.published(CAST)


@pytest.fixture
def read(client: Client) -> Callable[..., str]:
    """The text of a page, which must answer as expected."""

    def page(path: str, status: int = 200) -> str:
        response = client.get(path)
        assert response.status_code == status, f"{path} answered {response.status_code}"
        return response.content.decode()

    return page


WITNESS = doc.described("one witness")
CAST = [
    doc.actor("army", "Malian Army", family="state", kind="armed_force"),
    doc.actor("france", "France", family="foreign", kind="state"),
    doc.actor("afp", "AFP", kind="media"),
    doc.actor(
        "mojwa",
        "Movement for Oneness and Jihad",
        family="jihadist",
        names=[{"name": "MUJAO", "kind": "acronym", "language": "fr", "note": ""}],
        affiliations=[doc.affiliation("splinter_of", "aqim", when="2011")],
    ),
    doc.actor("aqim", "Al-Qaeda in the Maghreb", family="jihadist"),
    doc.location("mali", "Mali", kind="country"),
    doc.location("konna", "Konna", parent="mali", latitude="14.94360", longitude="-3.89216"),
    doc.location("menaka", "Ménaka", parent="mali"),
    doc.source("cite-226", number=226),
    doc.source("book", kind="book", resolved=True, title="A History", authors="A. Author", published_on="2015"),
    doc.period("intervention", "Foreign intervention", when="2013-01/2013-04"),
    doc.period("konna-battle", "Battle of Konna", parent="intervention", position=2),
    doc.period("quiet", "Nothing here", when="2016", position=3),
    doc.event(
        "konna-taken",
        "Islamists capture Konna",
        when="2013-01-10",
        place="konna",
        period="konna-battle",
        kind="territorial_change",
        participants=[doc.participant("mojwa", "attacker"), doc.participant("army", "loser", standing="claimed")],
    ),
    doc.event(
        "konna-dead",
        "Dead around Konna",
        when="2013-01-11~/2013-01-13~",
        place="konna",
        period="konna-battle",
        summary="Counts differ.",
        citations=[doc.citation("cite-226"), doc.citation("book")],
        claims=[
            doc.claim(
                "counted-46",
                "One witness counted 46.",
                claimant=[WITNESS],
                relayed_by=[doc.ref("actor", "afp")],
                subject=[doc.ref("actor", "mojwa")],
                low=46,
                high=46,
                qualifier="exact",
                relations=[doc.relation("contradicts", "more-than-100")],
                citations=[doc.citation("cite-226")],
            ),
            doc.claim(
                "more-than-100",
                "Over a hundred died.",
                claimant=[doc.ref("actor", "army")],
                subject=[doc.ref("actor", "mojwa")],
                low=100,
                qualifier="more_than",
                made_on="2013-01-11",
            ),
            doc.claim("army-dead", "Dozens of soldiers died.", subject=[doc.ref("actor", "army")], qualifier="dozens"),
            doc.claim("wounded-none", "Nobody was wounded.", measure="wounded", low=0, high=0, qualifier="exact"),
            doc.claim("captured-unknown", "Nobody knows.", measure="captured", qualifier="unknown"),
            doc.claim("freed-unsaid", "Some were freed.", measure="freed"),
            doc.claim(
                "regained",
                "Konna is back in army hands.",
                kind="control",
                measure="",
                claimant=[doc.ref("actor", "army")],
                subject=[doc.ref("location", "konna")],
                holder=[doc.ref("actor", "army")],
            ),
        ],
    ),
    doc.event(
        "konna-denied",
        "France: Konna is not retaken",
        when="2013-01-15",
        place="konna",
        period="konna-battle",
        kind="statement",
        claims=[
            doc.claim(
                "not-regained",
                "The army has not retaken Konna.",
                kind="control",
                measure="",
                stance="denies",
                negated=True,
                claimant=[doc.ref("actor", "france")],
                subject=[doc.ref("location", "konna")],
                holder=[doc.ref("actor", "army")],
                relations=[doc.relation("denies", "regained")],
            )
        ],
    ),
    doc.event("undated", "Something happened", when="", place="menaka", kind="protest"),
    doc.event("later", "Ceasefire signed", when="[2014-02-20,2015-02-20]", kind="agreement", year_basis="ambiguous"),
    doc.notice("needs-update", "Most sources date from 2012 to 2015.", raised_on="2024-09"),
    doc.notice("older", "Expand this.", kind="missing_information", raised_on="2018-08"),
    doc.notice("gap", "Nothing is told.", kind="coverage_gap", target=doc.ref("period", "quiet")),
]
