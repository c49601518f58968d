"""Rules shared by website, API, exports and desk give the same result in each of them."""

import json
import re

import pytest

from conflict.api.formats import followthemoney
from conflict.estimates import estimates, replaced_within
from conflict.public import claim_groups
from conflict.public.cache.headers import has_copy
from conflict.record.consistency.rebuild import differences
from conflict.record.models import PublishedClaim, PublishedCount, PublishedEvent
from conflict.wording import figures
from tests import documents as doc

CITED = [doc.citation("one")]
BOTH = [doc.citation("one"), doc.citation("two")]
# By key, an event and how many sources it cites, wherever in it they are cited.
EVENTS = {
    "none": (doc.event("none"), 0),
    "own": (doc.event("own", citations=CITED), 1),
    "claims": (doc.event("claims", claims=[doc.claim("c-claims", low=1, high=1, citations=CITED)]), 1),
    "part": (doc.event("part", participants=[doc.participant("army", "attacker", citations=CITED)]), 1),
    "finding": (doc.event("finding", findings=[doc.finding("f", citations=CITED)]), 1),
    "same": (doc.event("same", citations=CITED, claims=[doc.claim("c-same", low=1, high=1, citations=CITED)]), 1),
    "two": (doc.event("two", citations=BOTH), 2),
    "other": (
        doc.event("other", citations=CITED, participants=[doc.participant("army", "attacker", citations=BOTH)]),
        2,
    ),
}


@pytest.fixture
def cited(db):
    doc.published([doc.source("one"), doc.source("two"), doc.actor("army"), *(event for event, _ in EVENTS.values())])


def on_the_website(client, query):
    return set(re.findall('<li class="event-row" id="([^"]+)"', client.get(f"/chronology/{query}").content.decode()))


def in_the_api(client, query):
    return {event["key"] for event in client.get(f"/api/v1/events/{query}").json()["results"]}


class TestASingleSource:
    def test_is_exactly_one_cited_by_the_event_or_anything_in_it(self, cited, client):
        single = {key for key, (_, sources) in EVENTS.items() if sources == 1}

        assert on_the_website(client, "?standing=single-source") == single
        assert in_the_api(client, "?single_source=true") == single
        assert in_the_api(client, "?single_source=false") == EVENTS.keys() - single

    def test_is_not_none(self, cited, client):
        assert on_the_website(client, "?standing=unsourced") == {"none"}
        assert in_the_api(client, "?unsourced=true") == {"none"}
        assert in_the_api(client, "?unsourced=false") == EVENTS.keys() - {"none"}

    def test_is_not_an_encyclopaedia_alone(self, cited, client):
        encyclopaedia = doc.source("wikipedia", kind="reference", resolved=True, title="Mali War")
        told = doc.event("told", citations=[doc.citation("wikipedia")])
        both = doc.event("both", citations=[doc.citation("wikipedia"), doc.citation("one")])
        doc.published([encyclopaedia, told, both], at=doc.NOON.replace(hour=13))

        assert on_the_website(client, "?standing=encyclopaedia-only") == {"told"}
        assert in_the_api(client, "?encyclopaedia_only=true") == {"told"}
        assert in_the_api(client, "?encyclopaedia_only=false") == {*EVENTS, "both"}

    def test_is_counted_alike_in_the_shapes_of_others(self, cited, client):
        found = client.get("/api/v1/compatibility/dyadic/events/read").json()["data"]
        told = {row["event_id_cnty"]: len(row["source"].split("; ")) for row in found}

        assert told == {key: EVENTS[key][1] for key in told}
        assert {"part", "other"} <= told.keys()


class TestAFigureThatCounts:
    CLAIMS = [
        doc.claim("first", low=500, high=500),
        doc.claim("revised", low=40, high=60, relations=[doc.relation("revises", "first")]),
        doc.claim("withdrawn", low=900, high=900, rank="deprecated", rank_reason="A typing error."),
        doc.claim("said", kind="occurrence", measure="", low=None),
        doc.claim("beside", low=45, high=45, relations=[doc.relation("contradicts", "revised")]),
        doc.claim("replaced", low=700, high=700),
        doc.claim("denied", low=800, high=800, stance="denies"),
        doc.claim("negated", low=810, high=810, negated=True),
        doc.claim("confirmed", 'He said "negated":true, "stance":"denies".', low=47, high=47, stance="confirms"),
        doc.claim("disavowed", low=46, high=46),
        doc.claim("withdrawn-too", low=1, high=1, rank="deprecated", relations=[doc.relation("revises", "disavowed")]),
        doc.claim("denying", low=2, high=2, stance="denies", relations=[doc.relation("revises", "disavowed")]),
        doc.claim("typed", low=300, high=300),
        doc.claim("mistyped", low=3, high=3, rank="deprecated", relations=[doc.relation("revises", "typed")]),
        doc.claim("retyped", low=48, high=48, relations=[doc.relation("revises", "mistyped")]),
        doc.claim("one", low=43, high=43, relations=[doc.relation("revises", "other")]),
        doc.claim("other", low=44, high=44, relations=[doc.relation("revises", "one")]),
        doc.claim("far", low=250, high=250),
    ]
    ELSEWHERE = [
        doc.claim("later", low=1, high=1, measure="wounded", relations=[doc.relation("supersedes", "replaced")]),
        doc.claim("far-mistyped", low=2, high=2, rank="deprecated", relations=[doc.relation("revises", "far")]),
    ]
    AT_LAST = [doc.claim("far-retyped", low=5, high=5, relations=[doc.relation("revises", "far-mistyped")])]

    @pytest.fixture
    def told(self, db):
        doc.published([doc.event("told", claims=self.CLAIMS), doc.event("elsewhere", claims=self.ELSEWHERE)])
        doc.published([doc.event("at-last", claims=self.AT_LAST)], at=doc.NOON.replace(hour=13))

    @pytest.mark.parametrize(
        ("at_least", "found"), [(41, {"told"}), (60, {"told"}), (61, set()), (500, set()), (700, set()), (900, set())]
    )
    def test_is_asked_for_by_what_counts_in_the_range(self, told, client, at_least, found):
        assert in_the_api(client, f"?measure=killed&at_least={at_least}") == found

    def test_is_the_same_to_queries_and_to_ranges(self, told):
        replaced = replaced_within([*self.CLAIMS, *self.ELSEWHERE, *self.AT_LAST])
        counting = {key for one in estimates(self.CLAIMS, replaced) for key in one.claims}
        body = json.loads(PublishedEvent.objects.get(pk="told").body)

        assert counting == {"revised", "beside", "confirmed", "disavowed", "retyped", "one", "other"}
        assert set(PublishedClaim.objects.counting().filter(event="told").values_list("key", flat=True)) == counting
        assert {key for one in body["estimates"] for key in one["claims"]} == counting
        assert list(differences()) == []


class TestADisputedEvent:
    @pytest.fixture
    def told(self, db):
        wrong = doc.claim(
            "wrong", kind="occurrence", measure="", rank="deprecated", relations=[doc.relation("denies", "right")]
        )
        denying = doc.claim("denying", kind="denial", measure="", relations=[doc.relation("denies", "denied")])
        doc.published([doc.event("withdrawn", claims=[doc.claim("right", kind="occurrence", measure=""), wrong])])
        doc.published([doc.event("report", claims=[doc.claim("denied", kind="occurrence", measure="")])])
        doc.published([doc.event("reply", claims=[denying])])

    @staticmethod
    def whose_accounts_compete():
        bodies = [json.loads(row.body) for row in PublishedEvent.objects.all()]
        return {body["key"] for body in bodies if claim_groups.compete(claim_groups.matters(body))}

    def test_is_one_whose_accounts_compete_on_its_page(self, told, client):
        assert in_the_api(client, "?disputed=true") == self.whose_accounts_compete() == {"report", "reply"}
        assert PublishedCount.objects.get(dimension="disputed").number == 2
        assert list(differences()) == []

    def test_is_one_no_more_once_the_claim_that_answered_it_is_gone(self, told, client):
        doc.published([doc.event("reply")], at=doc.NOON.replace(hour=13))

        assert in_the_api(client, "?disputed=true") == self.whose_accounts_compete() == set()
        assert not PublishedCount.objects.filter(dimension="disputed", number__gt=0).exists()
        assert list(differences()) == []


class TestAFigureInWords:
    @pytest.mark.parametrize(
        ("claim", "written"),
        [
            ({"low": 1200, "high": 1200, "qualifier": ""}, "1,200"),
            ({"low": 1200, "high": 1500, "qualifier": "about"}, "about 1,200–1,500"),
            ({"low": 25, "high": None, "qualifier": "at_least"}, "at least 25"),
            ({"low": None, "high": None, "qualifier": "dozens"}, "dozens"),
        ],
    )
    def test_is_written_alike_on_pages_and_in_exports(self, claim, written):
        body = {**doc.claim("c"), **claim}

        assert figures.claimed(body) == written
        assert followthemoney.figure(body) == f"killed: {written}"

    def test_of_a_finding_is_too(self):
        found = doc.finding("f", low=1200, best=1300, high=1400, grade="fair")

        assert followthemoney.figure(found) == "killed: 1,300 (range 1,200–1,400) fair"


class TestACopyThatTheClientHas:
    @pytest.mark.parametrize(
        ("sent", "has"),
        [('"a"', True), ('W/"a"', True), ('"b", W/"a"', True), ('"ab"', False), ("", False), ('x"a"x', False)],
    )
    def test_is_told_by_its_whole_tag(self, rf, sent, has):
        for etag in ('"a"', 'W/"a"'):
            assert has_copy(rf.get("/", headers={"If-None-Match": sent}), etag) is has

    @pytest.mark.parametrize(
        "address", ["/", "/api/v1/events/", "/api/v1/events/own/", "/events/own/", "/api/v1/schema/"]
    )
    def test_is_not_sent_again(self, cited, client, address):
        tag = client.get(address)["ETag"]

        for sent in (tag, tag.removeprefix("W/"), f'"other", {tag}'):
            assert client.get(address, headers={"If-None-Match": sent}).status_code == 304
        assert client.get(address, headers={"If-None-Match": tag.replace('"', '"x', 1)}).status_code == 200
