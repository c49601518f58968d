"""The reconciliation service: version 0.2 of the protocol that OpenRefine speaks."""

import json
from urllib.parse import quote

import pytest

from tests.documents import actor, event, location, published, source

HERE = "/api/v1/reconciliation/"


@pytest.fixture
def identified(konna):
    """Actors, places and events that other systems know, and one of two namesakes that the other lacks."""
    published(
        [
            actor("azawad-front", "Azawad Front", country="Mali", identifiers=["ucdp:77", "wikidata:Q912"]),
            location("gao", "Gao", parent="mali", geonames_id=2457161, pcode="ML07"),
            location("gao-quarter", "Gao", kind="neighbourhood", parent="bamako"),
            source("report", title="Report on Gao", resolved=True, kind="report", doi="10.1000/AbC", isbn="978-0-306-40615-7"),
            event("gao-raid", "Raid on Gao", when="2014-02-03", place="gao", identifiers=["ucdp:5"]),
        ]
    )  # fmt: skip


@pytest.fixture
def reconcile(client, identified):
    """`reconcile(query)`: candidates for one query, sent as OpenRefine sends it."""

    def sent(**query):
        answer = client.post(HERE, {"queries": json.dumps({"q0": query})})
        assert answer.status_code == 200, answer.content
        return answer.json()["q0"]["result"]

    return sent


class TestAName:
    def test_finds_who_has_it_alone_with_certainty(self, reconcile):
        best = reconcile(query="mujao")[0]

        assert (best["id"], best["match"], best["score"]) == ("actors/mojwa", True, 98)
        assert best["type"] == [{"id": "actors", "name": "Actor"}]

    def test_of_two_is_certain_of_neither_until_a_property_tells_them_apart(self, reconcile):
        assert [each["match"] for each in reconcile(query="Gao", type="places")[:2]] == [False, False]

        told = reconcile(query="Gao", type=["places"], properties=[{"pid": "parent", "v": "Bamako"}])

        assert told[0]["id"] == "places/gao-quarter"
        assert told[0]["score"] > told[1]["score"]

    def test_misspelt_is_a_candidate_and_not_certain(self, reconcile):
        best = reconcile(query="Menakka", type="places")[0]

        assert best["id"] == "places/menaka"
        assert not best["match"]
        assert 50 < best["score"] < 100

    def test_that_is_nobodys_finds_nothing(self, reconcile):
        assert reconcile(query="the") == reconcile(query="Xyzzyx Brigade") == []


class TestAnIdentifier:
    @pytest.mark.parametrize(
        ("kind", "pid", "value", "found"),
        [
            ("actors", "wikidata", "Q912", "actors/azawad-front"),
            ("places", "geonames", "2457161", "places/gao"),
            ("places", "pcode", "ML07", "places/gao"),
            ("sources", "doi", "10.1000/abc", "sources/report"),
            ("sources", "isbn", "9780306406157", "sources/report"),
            ("events", "ucdp", 5, "events/gao-raid"),
        ],
    )
    def test_of_another_system_is_certain_whatever_the_name(self, reconcile, kind, pid, value, found):
        (only,) = reconcile(type=kind, properties=[{"pid": pid, "v": value}])

        assert (only["id"], only["match"]) == (found, True)

    def test_is_public_in_the_body_in_lists_and_on_the_page(self, client, identified):
        body = client.get("/api/v1/actors/azawad-front/").json()
        rows = client.get("/api/v1/actors/?identifier=wikidata:q912&format=csv").content.decode()
        page = client.get("/actors/azawad-front/").content.decode()

        assert body["same_as"][1] == {
            "scheme": "wikidata",
            "value": "Q912",
            "url": "https://www.wikidata.org/entity/Q912",
        }
        assert "ucdp:77; wikidata:Q912" in rows
        assert '"sameAs": ["https://ucdp.uu.se/actor/77", "https://www.wikidata.org/entity/Q912"]' in page
        assert "Wikidata <a" in page


class TestTheService:
    def test_describes_itself_to_scripts_of_any_site(self, client, identified):
        answer = client.get(HERE)
        manifest = answer.json()

        assert manifest["versions"] == ["0.2"]
        for one in ("view", "preview"):
            for entry in ("places/gao", "actors/azawad-front", "sources/report", "events/gao-raid"):
                assert client.get(manifest[one]["url"].replace("{{id}}", quote(entry, safe=""))).status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "POST" in client.options(HERE).headers["Access-Control-Allow-Methods"]
        for service in (*manifest["suggest"].values(), manifest["extend"]["propose_properties"]):
            assert client.get(service["service_path"], {"prefix": "gao"}).status_code in (200, 400)

    def test_suggests_while_somebody_types(self, client, identified):
        def suggested(what, **asked):
            return [each["id"] for each in client.get(f"{HERE}suggest/{what}/", asked).json()["result"]]

        assert suggested("entity", prefix="azawad", type="actors") == ["actors/azawad-front"]
        assert suggested("entity", prefix="Ga")[0] == "places/gao"  # no whole word yet
        assert suggested("entity", prefix="Ga", spell="always", exact="false", prefixed="true")[0] == "places/gao"
        assert suggested("type", prefix="pla") == ["places"]
        assert suggested("property", prefix="wiki") == ["wikidata"]
        as_openrefine = {"spell": "always", "exact": "false", "scoring": "schema", "prefixed": "true"}
        assert suggested("property", prefix="lat", type="places", **as_openrefine) == ["latitude"]
        assert suggested("property", prefix="lat", type="actors", **as_openrefine) == []

    def test_extends_a_table_by_what_the_entries_say(self, client, identified):
        asked = {"ids": ["places/gao", "events/gao-raid", "places/nowhere"], "properties": [{"id": "parent"}, {"id": "when"}, {"id": "geonames"}]}  # fmt: skip
        rows = client.post(HERE, {"extend": json.dumps(asked)}).json()["rows"]

        assert rows["places/gao"] == {"parent": [{"id": "places/mali", "name": "Mali"}], "when": [], "geonames": [{"str": "2457161"}]}  # fmt: skip
        assert rows["events/gao-raid"]["when"] == [{"str": "2014-02-03"}]
        assert rows["places/nowhere"] == {"parent": [], "when": [], "geonames": []}

    @pytest.mark.parametrize(
        "sent",
        [
            {"queries": "["},
            {"queries": "[]"},
            {"queries": '{"q0": {"query": 5}}'},
            {"queries": '{"q0": {"query": "x", "type": "ships"}}'},
            {"queries": json.dumps({str(number): {"query": "x"} for number in range(51)})},
            {"extend": '{"ids": ["x"], "properties": [{"id": "colour"}]}'},
            {"question": "x"},
        ],
    )
    def test_refuses_what_the_protocol_does_not_have(self, client, db, sent):
        answer = client.post(HERE, sent)

        assert answer.status_code == 400
        assert answer.json()["message"]
