"""Events asked for by date: what certainly happened within the dates comes before what only may have, on all pages."""

import csv
import functools
import io
import operator

import pytest
from django.core.cache import cache

from conflict import dates
from conflict.pages import chronology
from tests.documents import actor, event, participant, published

SURE = ["a-day", "the-week", "z-day"]  # in January 2013
POSSIBLE = ["since-2012", "winter", "the-year", "open"]
DATES = {
    "a-day": "2013-01-02",
    "the-week": "2013-01-03/2013-01-09",
    "z-day": "2013-01-31",
    "since-2012": "2012-05/2013-06",
}
DATES |= {
    "winter": "2012-12/2013-01",
    "the-year": "2013",
    "open": "2013-01-20/..",
    "before": "2012",
    "after": "2013-02",
}
ASKED = {"after": "2013-01", "before": "2013-01"}


@pytest.fixture(autouse=True)
def dated(db):
    cache.clear()
    army = actor("army")
    published(
        [army, *(event(key, when=when, participants=[participant("army", "attacker")]) for key, when in DATES.items())]
    )
    yield
    cache.clear()


def keys(client, **asked):
    return [row["key"] for row in client.get("/api/v1/events/", {**ASKED, **asked}).json()["results"]]


class TestEventsAskedForByDate:
    @pytest.mark.parametrize(("narrowed", "size"), [({}, 1), ({"actor": "army"}, 2), ({"search": "army"}, 5)])
    def test_are_sure_first_on_all_pages_of_the_api_both_ways(self, narrowed, size, client):
        answer = client.get("/api/v1/events/", {**ASKED, **narrowed, "page_size": size}).json()
        pages = [answer]
        while answer["next"]:
            pages.append(answer := client.get(answer["next"]).json())
        rows = [row["key"] for page in pages for row in page["results"]]
        sure = [row["key"] for page in pages for row in page["results"][: page["sure"]]]

        assert (rows, sure) == ([*SURE, *POSSIBLE], SURE)

        back = [answer]
        while answer["previous"]:
            back.append(answer := client.get(answer["previous"]).json())
        assert [(page["results"], page["sure"]) for page in reversed(back)] == [
            (page["results"], page["sure"]) for page in pages
        ]

    def test_are_one_or_the_other(self, client):
        assert keys(client, date_match="contained") == SURE
        assert keys(client, date_match="possible") == POSSIBLE
        assert keys(client, date_match="overlap") == [*SURE, *POSSIBLE]

    @pytest.mark.parametrize("asked", [ASKED, {"after": "2013-01-31"}, {"before": "2012-04"}])
    def test_are_those_whose_dates_may_lie_within_them(self, asked, client):
        start, end = (dates.parse(asked[name]) if name in asked else None for name in ("after", "before"))
        period = start and start.starts_on, end and end.ends_before
        found = {row["key"] for row in client.get("/api/v1/events/", asked).json()["results"]}

        assert found == {key for key, when in DATES.items() if dates.parse(when).may_lie_within(*period)}

    def test_are_mixed_in_another_order(self, client):
        answer = client.get("/api/v1/events/", {**ASKED, "ordering": "key"}).json()

        assert [row["key"] for row in answer["results"]] == sorted([*SURE, *POSSIBLE])
        assert "sure" not in answer

    def test_are_told_apart_with_one_date_alone(self, client):
        for asked in ({"after": "2013-01-31"}, {"before": "2012-04"}, {"before": "0001-01-01"}):
            answer = client.get("/api/v1/events/", asked).json()
            sure = client.get("/api/v1/events/", {**asked, "date_match": "contained"}).json()["results"]

            assert answer["results"][: answer["sure"]] == sure

    def test_are_in_the_same_order_in_files_and_from_any_row_on(self, client):
        text = b"".join(client.get("/api/v1/events/", {**ASKED, "format": "csv"})).decode()

        assert [row["key"] for row in csv.DictReader(io.StringIO(text))] == [*SURE, *POSSIBLE]
        for place, key in enumerate([*SURE, *POSSIBLE]):
            assert keys(client, starting_after=key) == [*SURE, *POSSIBLE][place + 1 :]

    @pytest.mark.parametrize(("size", "order"), [(1, ""), (2, "newest"), (5, "")])
    def test_are_sure_first_on_all_pages_of_the_website(self, size, order, client, monkeypatch):
        monkeypatch.setattr(chronology, "PAGE_SIZE", size)
        asked = {"from": "2013-01", "to": "2013-01", **({"order": order} if order else {})}
        whole = [SURE[::-1], POSSIBLE[::-1]] if order else [SURE, POSSIBLE]

        def read(page):
            split = page.context["page"].of_first_rank
            rows = [row.key for row in page.context["page"].rows]
            assert ("May also have happened" in page.content.decode()) == (split < len(rows))
            return rows[:split], rows[split:]

        pages = [client.get("/chronology/", {**asked, "page": number}) for number in range(1, -(-7 // size) + 1)]
        assert [functools.reduce(operator.iadd, keys, []) for keys in zip(*map(read, pages), strict=True)] == whole

        page = client.get("/chronology/", asked)
        since = next(iter(page.context["page"].rows))
        page = client.get("/chronology/", {**asked, "after": f"0~{since.sorts_on}~{since.key}"})
        followed = [read(page)]
        while page.context["page"].next:
            page = client.get("/chronology/" + page.context["page"].next)
            followed.append(read(page))
        assert [functools.reduce(operator.iadd, keys, []) for keys in zip(*followed, strict=True)] == [
            whole[0][1:],
            whole[1],
        ]

    def test_refuse_what_is_no_place_in_the_list_and_know_addresses_without_a_rank(self, client):
        for position in ("2~2013-01-01~x", "x~2013-01-01~x", "0~x~x", "x"):
            assert client.get("/chronology/", {"from": "2013", "after": position}).status_code == 400
        assert client.get("/chronology/", {"from": "2013", "after": "2013-01-01~x"}).status_code == 200
