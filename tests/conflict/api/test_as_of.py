"""What the record said at a moment in the past."""

from datetime import UTC, datetime

import pytest

from conflict.vocabulary import ChangeKind
from tests.documents import actor, claim, event, location, notice, participant, published, ref, withdrawn


def on(day):
    return datetime(2026, 3, day, tzinfo=UTC)


@pytest.fixture
def past(db):
    """Published on the 1st, corrected on the 3rd, withdrawn on the 5th; the actor renamed on the 4th."""
    published([actor("jnim", "JNIM"), location("mali", "Mali"), location("dioura", "Dioura", parent="mali")], on(1))
    part, dead = [participant("jnim", "attacker")], [claim("dead", low=98, high=98)]
    published(
        [event("attack", "Attack at Dioura", when="2025-05-30", place="dioura", participants=part, claims=dead)], on(1)
    )
    published([event("talks", "Talks", when="2025-06", kind="negotiation"), event("undated", when="")], on(2))
    published([notice("doubt", "Doubtful", target=ref("event", "attack"))], on(2))
    revised = [claim("dead", low=81, high=81)]
    published(
        [event("attack", "Attack on Dioura", when="2025-05-30", place="dioura", participants=part, claims=revised)],
        on(3),
        kind=ChangeKind.CORRECTION,
        reason="Revised.",
    )
    published([actor("jnim", "Jama'at Nusrat al-Islam")], on(4), kind=ChangeKind.CORRECTION, reason="Full name.")
    withdrawn("notice", "doubt", on(5))
    withdrawn("event", "attack", on(5))


class TestAnEntryAsOfAMoment:
    @pytest.mark.parametrize(
        ("moment", "title", "low", "name", "warned"),
        [
            ("2026-03-01", "Attack at Dioura", 98, "JNIM", False),
            ("2026-03-02", "Attack at Dioura", 98, "JNIM", True),
            ("2026-03-03T00:00:00Z", "Attack on Dioura", 81, "JNIM", True),
            ("2026-03-04T01:00:00+01:00", "Attack on Dioura", 81, "Jama'at Nusrat al-Islam", True),
        ],
    )
    def test_says_what_it_said_then(self, ask, past, moment, title, low, name, warned):
        entry = ask("events/attack", as_of=moment).json()

        assert (entry["title"], entry["claims"][0]["low"], entry["estimates"][0]["low"]) == (title, low, low)
        assert entry["participants"][0]["actor"]["name"] == name
        assert [warning["key"] for warning in entry["notices"]] == (["doubt"] if warned else [])

    @pytest.mark.parametrize("moment", ["2026-02-28", "2026-03-05", "2026-03-06"])
    def test_is_404_before_it_was_public_and_after_it_was_withdrawn(self, ask, past, moment):
        assert ask("events/attack", as_of=moment).status_code == 404

    def test_knows_its_clocks_and_version_of_then(self, ask, past):
        entry = ask("events/attack", as_of="2026-03-02").json()

        assert (entry["version"], entry["changed_at"]) == (1, "2026-03-01T00:00:00.000000Z")

    @pytest.mark.parametrize("path", ["events/talks", "actors/jnim", "locations/dioura"])
    def test_is_the_same_as_today_where_nothing_changed_since(self, ask, past, path):
        today, then = ask(path).json(), ask(path, as_of="2026-03-06").json()

        assert then == today

    def test_of_the_future_is_refused(self, ask, past):
        answer = ask("events/attack", as_of="2999-01-01")

        assert (answer.status_code, answer.json()["field"]) == (400, "as_of")


class TestAListAsOfAMoment:
    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ({"as_of": "2026-02-01"}, []),
            ({"as_of": "2026-03-01"}, ["attack"]),
            ({"as_of": "2026-03-04"}, ["attack", "talks", "undated"]),
            ({"as_of": "2026-03-05"}, ["talks", "undated"]),
            ({"as_of": "2026-03-04", "kind": "battle"}, ["attack", "undated"]),
            ({"as_of": "2026-03-04", "actor": "jnim"}, ["attack"]),
            ({"as_of": "2026-03-04", "after": "2025-06-02"}, ["talks"]),
            ({"as_of": "2026-03-04", "before": "2025-05"}, ["attack"]),
            ({"as_of": "2026-03-04", "after": "2025", "before": "2025"}, ["attack", "talks"]),
        ],
        ids=str,
    )
    def test_holds_what_was_public_then(self, keys, past, question, expected):
        assert keys("events", **question) == expected

    def test_is_read_page_by_page(self, ask, client, past):
        page = ask("events", as_of="2026-03-04", page_size=2).json()

        assert [row["key"] for row in client.get(page["next"]).json()["results"]] == ["undated"]

    def test_refuses_a_filter_that_it_cannot_answer(self, ask, past):
        answer = ask("events", as_of="2026-03-04", search="attack")

        assert (answer.status_code, answer.json()["field"]) == (400, "search")

    def test_of_the_log_is_the_log_up_to_then(self, ask, past):
        assert [row["number"] for row in ask("publications", as_of="2026-03-02").json()["results"]] == [
            1,
            2,
            3,
            4,
            5,
            6,
            7,
        ]

    def test_costs_the_same_for_one_entry_and_for_many(self, ask, past, django_assert_max_num_queries):
        with django_assert_max_num_queries(9):
            ask("events", as_of="2026-03-04")
