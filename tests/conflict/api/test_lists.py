"""Every list of the API: its shape, its order, its pages, and what it costs."""

import itertools
from urllib.parse import parse_qs, urlsplit

import pytest

from conflict.api.resources import RESOURCES
from conflict.public import pagination
from conflict.record.models import PublishedEvent
from tests.documents import actor, claim, event, finding, location, notice, period, published, source


@pytest.fixture(params=RESOURCES, ids=lambda resource: resource.name)
def resource(request):
    return request.param


def world(number):
    """So many of everything, most of it at the same place in the order."""
    entries = [period("war", "War")]
    for n in range(number):
        entries += [
            actor(f"actor-{n:03}"),
            location(f"place-{n:03}"),
            source(f"source-{n:03}"),
            event(
                f"event-{n:03}",
                when="2013-01-10",
                claims=[claim(f"claim-{n:03}", low=n, high=n)],
                findings=[finding("dead")],
            ),
            notice(f"notice-{n:03}"),
            notice(f"dispute-{n:03}", kind="disputed"),
        ]
        if n:
            entries.append(period(f"period-{n:03}", position=5))
    published(entries)


def cursor_of(answer):
    return parse_qs(urlsplit(answer.json()["next"]).query)["cursor"][0]


class TestAList:
    def test_answers_with_results_and_its_neighbours(self, ask, konna, resource):
        answer = ask(resource.name)

        assert answer.status_code == 200
        assert list(answer.json()) == ["next", "previous", "results"]
        assert answer.json()["results"]
        assert answer.headers["Content-Type"] == "application/json"

    def test_serves_the_bodies_as_the_record_keeps_them(self, ask, konna):
        stored = PublishedEvent.objects.chronological().values_list("body", flat=True)

        assert ask("events").content.decode() == '{"next":null,"previous":null,"results":[' + ",".join(stored) + "]}"

    def test_is_empty_before_anything_is_published(self, db, ask, resource):
        assert ask(resource.name).json() == {"next": None, "previous": None, "results": []}

    def test_is_read_page_by_page_without_a_gap_or_a_repeat(self, ask, client, konna, resource):
        for size, order in itertools.product((1, 3, 7), resource.orderings):
            whole = ask(resource.name, ordering=order, page_size=200).json()["results"]

            read, pages, url = [], [], f"/api/v1/{resource.name}/?page_size={size}&ordering={order}"
            while url:
                page = client.get(url).json()
                pages.append(page)
                read += page["results"]
                url = page["next"]

            assert read == whole
            assert [client.get(page["previous"]).json()["results"] for page in pages[1:]] == [
                page["results"] for page in pages[:-1]
            ]
            assert pages[0]["previous"] is None

    def test_turned_round_is_the_same_list_from_the_end(self, ask, konna, resource):
        for order in resource.orders:
            there = ask(resource.name, ordering=order).json()["results"]
            back = ask(resource.name, ordering=f"-{order}").json()["results"]

            assert there == back[::-1]

    def test_has_absolute_addresses_in_body_and_link_header(self, ask, konna):
        answer = ask("events", page_size=2)

        assert answer.json()["next"].startswith("http://testserver/api/v1/events/?page_size=2&cursor=")
        assert answer.headers["Link"] == f'<{answer.json()["next"]}>; rel="next"'

    def test_costs_the_same_queries_for_two_rows_and_for_two_hundred(self, db, ask, django_assert_num_queries):
        world(200)
        costs = 2  # the log's head, and the rows
        ask()  # when the head was published is read once

        for resource in RESOURCES:
            for size in (2, 200):
                with django_assert_num_queries(costs):
                    assert len(ask(resource.name, page_size=size).json()["results"]) == size

    def test_refuses_an_absurd_page_size(self, db, ask, resource):
        for size in ("0", "201", "1000000", "-1", "ten", "1e3", "٣"):
            answer = ask(resource.name, page_size=size)

            assert (answer.status_code, answer.json()["field"]) == (400, "page_size"), size

    def test_refuses_an_ordering_that_it_does_not_have(self, db, ask, resource):
        answer = ask(resource.name, ordering="body")

        assert (answer.status_code, answer.json()["field"]) == (400, "ordering")


class TestTheChronology:
    def test_is_told_from_the_earliest_day_and_ends_with_what_has_no_date(self, keys, konna):
        assert keys("events") == [
            "january-march",
            "konna-taken",
            "konna-bombed",
            "mopti-meeting",
            "menaka-attack",
            "undated",
        ]

    def test_breaks_ties_by_key(self, db, keys):
        published([event(key, when="2013-01-10") for key in ("c", "a", "b")])

        assert keys("events") == ["a", "b", "c"]


class TestACursor:
    def test_that_was_edited_is_refused(self, ask, client, konna):
        url = ask("events", page_size=2).json()["next"]

        answer = client.get(url[:-2] + "xx")

        assert (answer.status_code, answer.json()["field"]) == (400, "cursor")

    @pytest.mark.parametrize("change", [{"kind": "battle"}, {"ordering": "-chronology"}])
    def test_of_another_list_is_refused(self, ask, client, konna, change):
        cursor = cursor_of(ask("events", page_size=2))

        answer = ask("events", cursor=cursor, **change)

        assert (answer.status_code, answer.json()["field"]) == (400, "cursor")

    def test_of_another_resource_is_refused(self, ask, client, konna):
        cursor = cursor_of(ask("events", page_size=2))

        assert ask("claims", cursor=cursor).json()["field"] == "cursor"

    def test_may_change_its_page_size_on_the_way(self, ask, client, konna):
        cursor = cursor_of(ask("events", page_size=2))

        assert len(ask("events", cursor=cursor, page_size=3).json()["results"]) == 3


class TestACount:
    def test_is_said_on_request_of_all_pages(self, ask, konna):
        answer = ask("events", count="true", page_size=2, place="konna").json()

        assert list(answer) == ["next", "previous", "count", "count_is_exact", "results"]
        assert (answer["count"], answer["count_is_exact"]) == (2, True)
        assert "count" not in ask("events").json()
        assert "count" not in ask("events", count="false").json()

    def test_of_each_kind_is_of_what_was_asked_for(self, ask, konna):
        facets = ask("events", facets="kind", place="konna").json()["facets"]

        assert facets == {"kind": {"air_strike": 1, "battle": 1}}
        assert ask("claims", facets="kind,measure").json()["facets"]["kind"] == {"control": 2, "figure": 2}

    def test_ends_where_it_would_cost_too_much(self, ask, konna, monkeypatch):
        monkeypatch.setattr(pagination, "COUNTED_UP_TO", 3)

        answer = ask("events", count="true", facets="kind").json()

        assert (answer["count"], answer["count_is_exact"], answer["facets"]) == (3, False, None)

    def test_keeps_the_place_in_the_list(self, ask, client, konna):
        following = ask("events", count="true", page_size=2).json()["next"]

        assert client.get(following.replace("count=true&", "")).status_code == 200
        assert client.get(following).json()["count"] == 6

    @pytest.mark.parametrize(
        "question", [{"facets": "title"}, {"count": "yes"}, {"count": "true", "format": "csv"}, {"count": "true", "as_of": "2099-01-01"}]
    )  # fmt: skip
    def test_is_refused_where_it_cannot_be_told(self, ask, konna, question):
        assert ask("events", **question).status_code == 400


@pytest.mark.parametrize(
    "question", [{"date_match": "contained,contained", "after": "2013"}, {"ordering": "key,-changed"}, {"disputed": "true,true"}, {"at_least": "1,2", "measure": "killed"}, {"after": "2013,2014"}, {"actor": "afp,mojwa"}, {"format": "csv,json"}, {"expand": "location,location,nothing"}]
)  # fmt: skip
def test_a_list_is_refused_where_one_value_is_expected(ask, konna, question):
    answer = ask("events", **question)

    assert (answer.status_code, answer.json()["field"]) == (400, next(iter(question)))
