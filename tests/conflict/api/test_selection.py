"""Selection of an entry's parts, and expansion of its references."""

import pytest

from conflict.api.resources import RESOURCES


class TestFields:
    def test_shows_only_what_is_named_in_the_order_it_is_named(self, ask, konna):
        rows = ask("events", fields="title,key", kind="battle").json()["results"]

        assert [list(row.items()) for row in rows] == [[("title", "Konna is taken"), ("key", "konna-taken")]]

    def test_leads_into_parts(self, ask, konna):
        event = ask("events/konna-taken", fields="key,claims.low,claims.key,location.name").json()

        assert event["location"] == {"name": "Konna"}
        assert {"low": 25, "key": "konna-dead"} in event["claims"]

    @pytest.mark.parametrize("fields", ["claims,claims.low", "claims.low,claims"])
    def test_shows_a_whole_part_that_is_named_beside_its_own(self, ask, konna, fields):
        assert len(ask("events/konna-taken", fields=fields).json()["claims"][0]) > 10

    @pytest.mark.parametrize("resource", RESOURCES, ids=lambda resource: resource.name)
    def test_works_on_every_resource(self, ask, konna, resource):
        name = resource.default_order if resource.orders.keys() == {"number"} else "key"

        assert all(list(row) == [name] for row in ask(resource.name, fields=name).json()["results"])


class TestOmit:
    def test_shows_all_but_what_is_named(self, ask, konna):
        whole = ask("events/konna-taken").json()

        shown = ask("events/konna-taken", omit="claims,citations,location.key").json()

        assert whole.keys() - shown.keys() == {"claims", "citations"}
        assert shown["location"] == {"kind": "location", "name": "Konna"}


class TestExpand:
    def test_puts_what_is_named_beside_the_reference(self, ask, konna):
        event = ask("events/konna-taken", expand="location,participants.actor").json()

        assert event["location"]["entry"] == ask("locations/konna").json()
        assert {part["actor"]["entry"]["name"] for part in event["participants"]} == {"Ansar Dine", "Malian Army"}

    def test_leaves_described_parties_and_missing_references_alone(self, ask, konna):
        rows = ask("events", expand="claims.claimant,period").json()["results"]

        parties = [party for row in rows for claim in row["claims"] for party in claim["claimant"]]
        assert {"kind": "described", "name": "a resident of Konna"} in parties
        assert [row["period"] for row in rows if row["key"] == "undated"] == [None]

    def test_can_be_combined_with_fields(self, ask, konna):
        event = ask("events/konna-taken", expand="location", fields="location.key").json()

        assert event["location"].keys() == {"key", "entry"}

    def test_costs_one_query_for_each_kind_however_long_the_list(self, ask, konna, django_assert_num_queries):
        ask("periods", page_size=1)  # the first answer under a head also reads its time
        with django_assert_num_queries(4):
            ask("events", expand="participants.actor,claims.claimant,claims.citations.source")


class TestACursorOfASelection:
    def test_may_go_on_with_another_selection(self, ask, client, konna):
        url = ask("events", page_size=2, fields="key").json()["next"]

        assert "fields=key" in url
        assert client.get(url.replace("fields=key", "fields=title")).status_code == 200
