"""Versions, the differences between them, and the feed of changes."""

from datetime import UTC, datetime

import pytest

from conflict.api.resources import ENTRIES
from conflict.vocabulary import ChangeKind
from tests.documents import actor, claim, event, participant, published, withdrawn


def on(day):
    return datetime(2026, 3, day, tzinfo=UTC)


@pytest.fixture
def revised(db):
    """Dioura: 98 dead, revised to 81, then withdrawn in favour of another entry."""
    published([actor("jnim"), actor("army")], on(1))
    first = [
        claim("dioura-dead", low=98, high=98, qualifier="exact"),
        claim("dioura-cars", measure="vehicles_lost", low=2),
    ]
    then = [
        claim("dioura-dead", low=81, high=81, qualifier="exact"),
        claim("dioura-wounded", measure="wounded", low=40),
    ]
    published(
        [event("dioura", "Attack at Dioura", claims=first, participants=[participant("jnim", "attacker")])], on(2)
    )
    published(
        [event("dioura", "Attack on Dioura", claims=then, participants=[participant("army", "target")])],
        on(3),
        kind=ChangeKind.CORRECTION,
        reason="The same party revised its figure.",
    )
    published([event("dioura-attack")], on(4))
    withdrawn("event", "dioura", on(5), reason="Told twice.", successor="dioura-attack")


class TestVersions:
    def test_are_all_there_and_stay_readable_after_a_withdrawal(self, ask, revised):
        versions = ask("events/dioura/versions").json()["results"]

        assert [(row["version"], row["action"]) for row in versions] == [
            (1, "publish"),
            (2, "publish"),
            (3, "withdraw"),
        ]
        assert [row["document"]["title"] for row in versions[:2]] == ["Attack at Dioura", "Attack on Dioura"]
        assert ask("events/dioura").status_code == 410

    def test_have_addresses_of_their_own(self, ask, revised):
        for row in ask("events/dioura/versions").json()["results"]:
            assert ask(f"events/dioura/versions/{row['version']}").json() == row

    @pytest.mark.parametrize(
        "path", ["events/x/versions", "events/dioura/versions/4", "events/dioura/versions/0/changes"]
    )
    def test_that_never_were_are_404(self, ask, revised, path):
        assert ask(path).status_code == 404

    @pytest.mark.parametrize("resource", ENTRIES, ids=lambda resource: resource.name)
    def test_are_kept_of_every_kind_of_entry(self, ask, konna, resource):
        key = ask(resource.name).json()["results"][0]["key"]

        assert ask(f"{resource.name}/{key}/versions/1").json()["document"]["key"] == key

    def test_are_read_page_by_page(self, ask, client, revised):
        page = ask("events/dioura/versions", page_size=2).json()

        assert [row["version"] for row in client.get(page["next"]).json()["results"]] == [3]


class TestTheChangesBetweenTwoVersions:
    def test_are_told_field_by_field_and_child_by_child(self, ask, revised):
        answer = ask("events/dioura/versions/2/changes").json()

        told = {(change["field"], change["change"]): (change["old"], change["new"]) for change in answer["changes"]}
        assert answer["since"] == 1
        assert told["title", "changed"] == ("Attack at Dioura", "Attack on Dioura")
        assert told["claims/dioura-dead/low", "changed"] == (98, 81)
        assert told["claims/dioura-dead/high", "changed"] == (98, 81)
        assert told["claims/dioura-cars", "removed"][0]["low"] == 2
        assert told["claims/dioura-wounded", "added"][1]["low"] == 40
        assert told["participants", "removed"][0]["actor"]["key"] == "jnim"
        assert told["participants", "added"][1]["actor"]["key"] == "army"
        assert len(told) == 7

    def test_can_be_asked_between_any_two(self, ask, revised):
        there = ask("events/dioura/versions/2/changes", since=1).json()["changes"]
        back = ask("events/dioura/versions/1/changes", since=2).json()["changes"]

        assert {(change["field"], str(change["old"])) for change in back} == {
            (change["field"], str(change["new"])) for change in there
        }
        assert ask("events/dioura/versions/2/changes", since=2).json()["changes"] == []

    def test_of_the_first_are_all_of_it(self, ask, revised):
        answer = ask("events/dioura/versions/1/changes").json()

        assert answer["since"] is None
        assert {change["change"] for change in answer["changes"]} == {"added"}

    def test_with_a_version_that_never_was_are_404(self, ask, revised):
        assert ask("events/dioura/versions/2/changes", since=9).status_code == 404


class TestTheFeedOfChanges:
    def test_says_what_each_publication_changed(self, ask, revised):
        first, second, other, withdrawal = ask("changes", after=2).json()["results"]

        assert (first["changes"], other["changes"], withdrawal["changes"]) == ([], [], [])
        assert {change["field"] for change in second["changes"]} >= {"title", "claims/dioura-dead/low"}
        assert (second["change_kind"], second["reason"]) == ("correction", "The same party revised its figure.")
        assert withdrawal["successor"] == "dioura-attack"

    def test_is_empty_for_a_consumer_that_has_everything(self, ask, revised):
        assert ask("changes", after=6).json()["results"] == []

    def test_costs_two_queries(self, ask, revised, django_assert_num_queries):
        ask("periods", page_size=1)  # the first answer under a head also reads its time
        with django_assert_num_queries(2):
            ask("changes")

    def test_has_all_that_the_log_has(self, ask, revised):
        publications = ask("publications").json()["results"]

        assert [{**row, "changes": None} for row in publications] == [
            {**row, "changes": None} for row in ask("changes").json()["results"]
        ]
