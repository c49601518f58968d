"""HTTP behaviour: lengths, ranges, compression, negotiation, limits, problems and preflights."""

import gzip
import json
import math
from datetime import UTC, datetime

import pytest
from django.test import Client

from conflict.api import ranges
from conflict.api.exports import AT_ONCE
from conflict.public import throttles
from conflict.record.models import Publication
from tests.documents import event, published


def content(answer):
    return b"".join(answer) if answer.streaming else answer.content


@pytest.fixture
def clock(monkeypatch):
    """The throttles' clock, which stands until it is turned on."""

    class Clock:
        now = 1_800_000_000.0 + 45  # 45 seconds into a minute

        def time(self):
            return self.now

    stopped = Clock()
    monkeypatch.setattr(throttles, "time", stopped)
    return stopped


class TestALength:
    @pytest.mark.parametrize(
        "question", ["", "?format=csv", "?format=geojson", "?format=jsonl", "?format=xlsx&page_size=2"]
    )
    def test_is_said_of_pages_and_of_small_lists(self, client, konna, question):
        answer = client.get(f"/api/v1/events/{question}")

        assert int(answer["Content-Length"]) == len(content(answer))

    def test_is_not_known_of_a_long_list_which_is_streamed(self, client, db):
        published([event(f"event-{number}") for number in range(AT_ONCE + 1)])

        answer = client.get("/api/v1/events/?format=jsonl")

        assert "Content-Length" not in answer
        assert len(content(answer).splitlines()) == AT_ONCE + 1

    def test_is_said_of_a_long_list_to_who_asks_for_its_head(self, client, db):
        published([event(f"event-{number}") for number in range(AT_ONCE + 1)])
        whole = content(client.get("/api/v1/events/?format=jsonl"))

        assert int(client.head("/api/v1/events/?format=jsonl")["Content-Length"]) == len(whole)


class TestAPartOfAList:
    def test_is_the_same_as_in_the_whole(self, client, konna):
        whole = content(client.get("/api/v1/events/?format=geojson"))

        answer = client.get("/api/v1/events/?format=geojson", headers={"Range": "bytes=10-99"})

        assert (answer.status_code, content(answer)) == (206, whole[10:100])
        assert answer["Content-Range"] == f"bytes 10-99/{len(whole)}"
        assert answer["ETag"].startswith('W/"')
        assert answer["Cache-Control"].startswith("public")

    def test_is_not_made_of_what_was_published_since(self, client, konna):
        client.get("/api/v1/events/?format=csv", headers={"Range": "bytes=0-9"})
        published([event("new")])

        whole = content(client.get("/api/v1/events/?format=csv"))
        answer = client.get("/api/v1/events/?format=csv", headers={"Range": "bytes=0-9"})

        assert answer["Content-Range"].endswith(f"/{len(whole)}")

    def test_lies_within_the_list(self, client, konna):
        answer = client.get("/api/v1/events/?format=csv", headers={"Range": "bytes=99999999-"})

        assert (answer.status_code, answer.json()["field"]) == (416, "Range")

    def test_is_the_whole_for_who_may_have_parts_of_another(self, client, konna):
        etag = client.get("/api/v1/events/?format=csv")["ETag"]

        answer = client.get("/api/v1/events/?format=csv", headers={"Range": "bytes=0-9", "If-Range": etag})

        assert answer.status_code == 200

    def test_is_not_offered_of_a_workbook_which_is_another_each_time(self, client, konna):
        answer = client.get("/api/v1/events/?format=xlsx", headers={"Range": "bytes=0-9"})

        assert answer.status_code == 200
        assert "Accept-Ranges" not in answer

    def test_is_kept_for_the_next_ones_up_to_a_bound(self):
        recent = ranges.RecentLists()
        for name in "abc":
            recent.keep(name, bytes(ranges.MOST // 2))

        assert recent.find("a") is None
        assert recent.find("c")


class TestCompression:
    @pytest.mark.parametrize(
        "question", ["events/", "events/?format=jsonl", "events/?format=csv", "schema/", "events/konna-taken/"]
    )
    def test_is_had_for_the_asking(self, client, konna, question):
        plain = client.get(f"/api/v1/{question}")
        packed = client.get(f"/api/v1/{question}", headers={"Accept-Encoding": "gzip"})

        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(content(packed)) == content(plain)
        assert "Accept-Encoding" in packed["Vary"]
        assert "Accept-Encoding" in plain["Vary"]
        assert int(packed["Content-Length"]) == len(content(packed))

    @pytest.mark.parametrize("question", ["events/?format=xlsx", "nothing/"])
    def test_is_left_out_where_it_gains_nothing(self, client, konna, question):
        answer = client.get(f"/api/v1/{question}", headers={"Accept-Encoding": "gzip"})

        assert "Content-Encoding" not in answer

    def test_is_never_of_a_part(self, client, konna):
        answer = client.get("/api/v1/events/?format=csv", headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})

        assert "Content-Encoding" not in answer


class TestTheFormatThatIsAccepted:
    @pytest.mark.parametrize(
        ("accept", "wanted"),
        [
            ("text/csv;q=0.5, application/json;q=0.9", "application/json"),
            ("application/json;q=0.1, text/csv", "text/csv"),
            ("text/csv; q=0.8, */*; q=0.1", "text/csv"),
            ("text/*, application/json;q=0.5", "text/csv"),
            ("application/json;q=0, */*", "application/x-ndjson"),
            ("application/json, text/javascript, */*; q=0.01", "application/json"),  # jQuery's
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"),
            ("application/geo+json", "application/geo+json"),
            ("TEXT/CSV", "text/csv"),
            ("*", "application/json"),
            ("application/json;charset=utf-8", "application/json"),
        ],
    )
    def test_is_the_one_of_the_highest_quality(self, client, konna, accept, wanted):
        answer = client.get("/api/v1/events/", headers={"Accept": accept})

        assert answer["Content-Type"].partition(";")[0] == wanted

    @pytest.mark.parametrize("accept", ["application/json;q=0", "image/png", "*/*;q=0"])
    def test_is_refused_where_none_is_left(self, client, konna, accept):
        assert client.get("/api/v1/actors/mojwa/", headers={"Accept": accept}).status_code == 406


class TestAnyCopy:
    def test_will_do_for_who_asks_only_whether_there_is_one(self, client, konna):
        for _ in range(2):  # made, and given again
            answer = client.get("/api/v1/events/konna-taken/", headers={"If-None-Match": "*"})

            assert (answer.status_code, answer.content) == (304, b"")

    def test_does_not_make_something_of_nothing(self, client, konna):
        assert client.get("/api/v1/events/never-was/", headers={"If-None-Match": "*"}).status_code == 404


class TestTheLastChange:
    def test_is_the_last_publication(self, client, konna):
        at = Publication.objects.order_by("-number").first().published_at

        assert client.get("/api/v1/events/")["Last-Modified"] == at.strftime("%a, %d %b %Y %H:%M:%S GMT")

    def test_is_unknown_while_nothing_is_published(self, client, db):
        assert "Last-Modified" not in client.get("/api/v1/events/")


class TestALimit:
    @pytest.mark.parametrize("limit", [1, 2, 3, 10, 60])
    def test_lets_in_again_who_waits_as_long_as_it_says_and_not_earlier(self, client, db, settings, clock, limit):
        settings.API_REQUESTS_PER_MINUTE = limit
        for _ in range(limit):
            assert client.get("/api/v1/schema/").status_code == 200
        refused = client.get("/api/v1/schema/")
        wait = int(refused["Retry-After"])

        clock.now += wait - 2
        assert client.get("/api/v1/schema/").status_code == 429
        clock.now += 2
        assert client.get("/api/v1/schema/").status_code == 200

    def test_says_the_truth_to_who_has_just_spent_the_last_minutes_too(self, client, db, settings, clock):
        settings.API_REQUESTS_PER_MINUTE = 10
        for _ in range(10):
            client.get("/api/v1/schema/")
        clock.now += 20  # five seconds into the next minute
        assert client.get("/api/v1/schema/").status_code == 429

        clock.now += int(client.get("/api/v1/schema/")["Retry-After"])
        assert client.get("/api/v1/schema/").status_code == 200

    def test_is_all_there_again_after_the_seconds_of_its_reset(self, client, db, settings, clock):
        settings.API_REQUESTS_PER_MINUTE = 10
        for _ in range(7):
            answer = client.get("/api/v1/schema/")

        clock.now += int(answer["RateLimit-Reset"])
        assert client.get("/api/v1/schema/")["RateLimit-Remaining"] == "9"


class TestAProblem:
    def test_has_the_shape_of_the_standard_for_who_asks_for_it(self, client, konna):
        answer = client.get(
            "/api/v1/events/?page_size=0", headers={"Accept": "application/json, application/problem+json"}
        )

        said = json.loads(answer.content)
        assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
        assert said["type"] == "http://testserver/api/v1/docs/#errors"
        assert (said["title"], said["status"], said["detail"]) == ("Bad Request", 400, said["message"])
        assert (said["instance"], said["field"]) == ("/api/v1/events/?page_size=0", "page_size")

    def test_is_in_our_own_shape_for_everybody_else(self, client, konna):
        for accept in ("application/json", "*/*", "application/problem+json;q=0, */*"):
            answer = client.get("/api/v1/events/never-was/", headers={"Accept": accept})

            assert answer["Content-Type"] == "application/json", accept

    def test_is_said_of_an_address_that_is_none_and_of_a_format_that_is_none(self, client, db):
        for path in ("nothing/", "events/"):
            answer = client.get(f"/api/v1/{path}", headers={"Accept": "application/problem+json"})

            assert answer["Content-Type"] == "application/problem+json"
            assert json.loads(answer.content)["status"] == answer.status_code == {"nothing/": 404, "events/": 406}[path]

    def test_of_the_software_has_the_shape_too(self, db, monkeypatch):
        monkeypatch.setattr("conflict.api.views.ListView.rows", lambda self: 1 / 0)
        client = Client(raise_request_exception=False)

        answer = client.get("/api/v1/events/", headers={"Accept": "application/json, application/problem+json"})

        assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")


class TestAMethod:
    @pytest.mark.parametrize("method", ["get", "post", "options"])
    def test_is_not_said_to_be_allowed_where_there_is_nothing(self, client, db, method):
        answer = getattr(client, method)("/api/v1/nothing/")

        assert answer.status_code == 404
        assert "Allow" not in answer

    def test_is_kept_on_the_way_to_the_address_with_the_slash(self, client, db):
        read, sent = client.get("/api/v1/events"), client.post("/api/v1/proposals")

        assert (read.status_code, read["Location"], "Allow" in read) == (301, "/api/v1/events/", False)
        assert (sent.status_code, sent["Location"]) == (308, "/api/v1/proposals/")


class TestARequest:
    def test_has_a_name_of_its_own(self, client, konna):
        names = {client.get("/api/v1/events/")["X-Request-ID"] for _ in range(3)}

        assert len(names) == 3

    def test_keeps_the_name_that_it_came_with_if_it_is_one(self, client, db):
        assert client.get("/api/v1/schema/", headers={"X-Request-ID": "trace-7"})["X-Request-ID"] == "trace-7"
        assert client.get("/api/v1/schema/", headers={"X-Request-ID": "a b\u00e9"})["X-Request-ID"] != "a b\u00e9"


class TestAPageOfAnotherSite:
    @pytest.mark.parametrize("address", ["/api/v1/events/", "/api/v1/reconciliation/"])
    def test_may_send_what_the_documentation_says_and_what_libraries_add(self, client, db, address):
        answer = client.options(address, headers={"Origin": "https://example.org"})

        allowed = answer["Access-Control-Allow-Headers"].split(", ")
        assert {"Record-Head", "If-None-Match", "Range", "If-Range", "Accept", "X-Request-ID"} < set(allowed)
        assert {"Content-Type", "X-Requested-With", "Cache-Control", "Pragma"} < set(allowed)
        assert len(allowed) == len(set(allowed))

    @pytest.mark.parametrize("address", ["/feeds/events.atom", "/chronology/months.csv"])
    def test_may_read_feeds_and_tables_of_the_website_also_unchanged(self, client, konna, address):
        answer = client.get(address)
        again = client.get(address, headers={"If-None-Match": answer["ETag"]})

        assert [(one.status_code, one["Access-Control-Allow-Origin"]) for one in (answer, again)] == [
            (200, "*"),
            (304, "*"),
        ]

    def test_may_not_send_a_key_which_all_its_readers_would_see(self, client, db):
        allowed = client.options("/api/v1/events/", headers={"Origin": "https://example.org"})

        assert "Authorization" not in allowed["Access-Control-Allow-Headers"]

    def test_may_read_what_tells_of_copies_and_limits(self, client, db):
        shown = client.get("/api/v1/events/")["Access-Control-Expose-Headers"].split(", ")

        assert {"Last-Modified", "X-Request-ID", "Retry-After", "Deprecation", "Sunset"} <= set(shown)


def test_the_clock_of_the_tests_is_the_clock_of_the_throttles(clock):
    throttle = throttles.ReadThrottle()
    throttle.is_within("somebody")

    assert math.isclose(throttle.seconds_left, 15)
    assert datetime.fromtimestamp(clock.now, UTC).second == 45
