"""The record as of a moment in the past."""

from datetime import UTC, datetime

import pytest

from conflict.api import as_of as then
from conflict.vocabulary import ChangeKind
from tests.documents import actor, claim, event, finding, location, notice, participant, published, ref, withdrawn


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


@pytest.fixture
def claimed(db):
    """Two events; of the first, one claim is revised on the 3rd, another dropped; the second is withdrawn on the 5th."""
    published([actor("jnim"), actor("army")], on(1))
    first = [
        claim("dead", low=98, high=98, claimant=[ref("actor", "jnim")]),
        claim("cars", measure="vehicles_lost", low=2),
    ]
    found = [finding("dead", low=90, high=98, claims=[ref("claim", "dead")])]
    published([event("attack", claims=first, findings=found), event("raid", claims=[claim("raid-dead", low=4)])], on(2))
    published(
        [event("attack", claims=[claim("dead", low=81, high=81)])], on(3), kind=ChangeKind.CORRECTION, reason="Revised."
    )
    withdrawn("event", "raid", on(5), reason="Never was.", successor="attack")


class TestClaimsAndFindingsAsOfAMoment:
    @pytest.mark.parametrize(
        ("moment", "expected"),
        [
            ("2026-03-01", {}),
            ("2026-03-02", {"dead": 98, "cars": 2, "raid-dead": 4}),
            ("2026-03-04", {"dead": 81, "raid-dead": 4}),
            ("2026-03-05", {"dead": 81}),
        ],
    )
    def test_are_those_of_the_events_of_then(self, ask, claimed, moment, expected):
        rows = ask("claims", as_of=moment).json()["results"]

        assert {row["key"]: row["low"] for row in rows} == expected

    @pytest.mark.parametrize(
        ("question", "expected"),
        [
            ({"measure": "killed"}, ["dead", "raid-dead"]),
            ({"claimant": "jnim"}, ["dead"]),
            ({"event": "raid"}, ["raid-dead"]),
            ({"kind": "figure", "rank": "normal", "event": "attack"}, ["cars", "dead"]),
            ({"after": "2014"}, []),
        ],
        ids=str,
    )
    def test_are_narrowed_as_they_are_today(self, ask, claimed, question, expected):
        answer = ask("claims", as_of="2026-03-02", **question)

        assert [row["key"] for row in answer.json()["results"]] == expected

    def test_are_read_page_by_page_and_as_files(self, ask, client, claimed, monkeypatch):
        monkeypatch.setattr(then, "EVENTS_AT_ONCE", 1)
        url, keys = "/api/v1/claims/?as_of=2026-03-02&page_size=1", []
        while url:
            page = client.get(url).json()
            keys += [row["key"] for row in page["results"]]
            url = page["next"]

        file = b"".join(ask("claims", as_of="2026-03-02", format="csv")).decode()
        assert keys == ["cars", "dead", "raid-dead"]
        assert [line.split(",")[0] for line in file.splitlines()[1:]] == keys

    def test_lead_on_after_a_search_that_found_nothing_yet(self, ask, client, claimed, monkeypatch):
        monkeypatch.setattr(then, "EVENTS_AT_ONCE", 1)
        monkeypatch.setattr(then, "MOST_EVENTS", 1)

        page = ask("claims", as_of="2026-03-02", event="raid").json()
        while page["next"]:
            page = client.get(page["next"]).json()

        assert [row["key"] for row in page["results"]] in ([], ["raid-dead"])

    @pytest.mark.parametrize(
        ("path", "moment", "low"),
        [
            ("claims/dead", "2026-03-02", 98),
            ("claims/dead", "2026-03-03", 81),
            ("claims/cars", "2026-03-02", 2),
            ("claims/raid-dead", "2026-03-04", 4),
            ("findings/attack.dead", "2026-03-02", 90),
        ],
    )
    def test_are_found_at_their_addresses(self, ask, claimed, path, moment, low):
        assert ask(path, as_of=moment).json()["low"] == low

    @pytest.mark.parametrize("path", ["claims/cars", "findings/attack.dead"])
    def test_are_404_where_their_event_did_not_have_them(self, ask, claimed, path):
        assert ask(path, as_of="2026-03-04").status_code == 404

    @pytest.mark.parametrize(
        ("path", "day", "reason", "successor"),
        [
            ("claims/cars", 3, "Revised.", None),
            ("findings/attack.dead", 3, "Revised.", None),
            ("claims/raid-dead", 5, "Never was.", "attack"),
        ],
    )
    def test_that_are_gone_say_when_why_and_what_took_their_place(self, ask, claimed, path, day, reason, successor):
        answer = ask(path)

        body = answer.json()
        assert (answer.status_code, body["code"], body["reason"]) == (410, "gone", reason)
        assert body["withdrawn_at"].startswith(f"2026-03-0{day}")
        assert (body["successor"] or {}).get("key") == successor

    def test_that_never_were_are_404(self, ask, claimed):
        assert ask("claims/never").status_code == ask("findings/attack.never").status_code == 404

    def test_refuse_a_filter_that_cannot_be_answered(self, ask, claimed):
        answer = ask("claims", as_of="2026-03-02", at_least=5)

        assert (answer.status_code, answer.json()["field"]) == (400, "at_least")

    def test_are_the_same_as_today_where_nothing_changed_since(self, ask, konna):
        for path in ("findings/konna-taken.control", "disputes/konna-disputed"):
            assert ask(path, as_of="2026-03-02").json() == ask(path).json()


class TestAFilterAsOfAMoment:
    def test_takes_the_key_of_what_was_withdrawn_since(self, ask, claimed):
        assert ask("claims", event="raid").status_code == 400
        assert len(ask("claims", event="raid", as_of="2026-03-04").json()["results"]) == 1
