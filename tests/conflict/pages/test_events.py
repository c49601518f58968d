import pytest

from tests import documents as doc
from tests.conflict.pages.conftest import CAST

pytestmark = pytest.mark.usefixtures("record")


class TestAnEvent:
    def test_says_when_it_was_as_precisely_as_known(self, read):
        assert "About 11–13 January 2013" in read("/events/konna-dead/")
        assert "20 February 2014 or 2015" in read("/events/later/")

    def test_sets_rival_accounts_of_one_matter_beside_each_other(self, client):
        matters = client.get("/events/konna-dead/").context["matters"]

        rivals = {entry["matter"].title: [claim["key"] for claim in entry["matter"].claims] for entry in matters}
        assert rivals["Killed: Movement for Oneness and Jihad"] == ["more-than-100", "counted-46"]
        assert rivals["Killed: Malian Army"] == ["army-dead"]

    def test_draws_them_on_a_common_scale(self, client):
        scales = {
            entry["matter"].title: entry["scale"] for entry in client.get("/events/konna-dead/").context["matters"]
        }

        marks = scales["Killed: Movement for Oneness and Jihad"].marks
        assert marks["counted-46"].is_point
        assert marks["more-than-100"].is_open_above
        assert scales["Killed: Malian Army"] is None

    def test_names_claimant_relay_and_relations(self, read):
        page = read("/events/konna-dead/")

        assert "one witness" in page
        assert "relayed by" in page
        assert ">AFP<" in page
        assert "contradicts" in page
        assert "denied by" in page

    def test_tells_the_facts_after_the_accounts_and_links_how_sure_they_are(self, read):
        page = read("/events/konna-taken/")

        order = ['class="reading"', 'id="accounts"', '<details class="fold">', "Sources</h2>"]
        assert sorted(order, key=page.index) == order
        assert 'href="/how-sure/#standing-claimed">claimed</a>' in page
        assert 'id="standing-claimed"' in read("/how-sure/")

    def test_says_that_no_figure_was_decided(self, read):
        assert "Accounts differ: 46–100 or more. We decide on none." in read("/events/konna-dead/")

    def test_keeps_zero_unknown_and_not_said_apart(self, read):
        page = read("/events/konna-dead/")

        assert "none (0)" in page
        assert "said to be unknown" in page
        assert "no number" in page

    def test_gives_full_citations_and_says_which_are_unresolved(self, read):
        page = read("/events/konna-dead/")

        assert "A. Author: " in page
        assert "[226]" in page
        assert "not yet resolved" in page

    def test_leads_to_its_neighbours_in_time(self, read):
        page = read("/events/konna-dead/")

        assert "/events/konna-taken/" in page
        assert "/events/konna-denied/" in page

    def test_leads_to_its_neighbours_in_place(self, client):
        doc.published(
            [
                doc.location(
                    "sevare", "Sévaré", latitude="14.53", longitude="-4.09", coordinate_precision="settlement"
                ),
                doc.event("near-and-later", "A day after, 50 km away", when="2013-01-16", place="sevare"),
            ],
            at=doc.NOON.replace(hour=13),
        )

        nearby = client.get("/events/konna-dead/").context["nearby"]

        assert [event["key"] for event in nearby] == ["konna-taken", "konna-denied", "near-and-later"]

    def test_shows_what_each_version_changed(self, client):
        changed = next(entry for kind, entry in CAST if entry["key"] == "konna-dead")
        doc.published([("event", {**changed, "summary": "Counts differ widely."})], at=doc.NOON.replace(hour=13))

        page = client.get("/events/konna-dead/").content.decode()

        assert "Counts <del>differ.</del> <ins>differ widely.</ins>" in page

    def test_costs_few_queries(self, client, django_assert_max_num_queries):
        client.get("/map/")  # the first page under a head also reads that head, and what has been published up to it
        with django_assert_max_num_queries(12):
            client.get("/events/konna-dead/")


class TestAClaim:
    def test_has_an_address_that_leads_to_its_place_beside_its_rivals(self, client):
        response = client.get("/claims/counted-46/")

        assert response.status_code == 302
        assert response["Location"] == "/events/konna-dead/#counted-46"

    def test_that_never_was_is_not_found(self, read):
        read("/claims/nobody-said-this/", 404)


class TestAFinding:
    @staticmethod
    def shown(client, **decision):
        killed = doc.claim("army-says", subject=[doc.ref("actor", "mojwa")], low=12, high=12, qualifier="exact")
        found = doc.finding("killed", subject=[doc.ref("actor", "mojwa")], reason="One side counts.", **decision)
        happened = doc.finding("happened", aspect="occurrence", measure="", grade="confirmed", reason="It admits it.")
        doc.published(
            [doc.event("graded", "A raid", claims=[killed], findings=[found, happened])], at=doc.NOON.replace(hour=14)
        )
        return client.get("/events/graded/").content.decode()

    def test_without_a_number_says_that_no_figure_is_decided(self, client):
        page = self.shown(client, grade="weak")

        assert "No figure decided:" in page
        assert 'that it happened (<a class="sure" href="/how-sure/#grade-confirmed">confirmed</a>)' in page
        assert "One side counts." in page
        assert "our finding (" not in page.partition("<footer")[0]

    def test_with_a_lower_bound_alone_shows_it_as_one(self, client):
        page = self.shown(client, low=12, grade="fair")

        assert "Decided:" in page
        assert "at least 12 killed" in page
        assert "our finding (rule: single claim)" in page
