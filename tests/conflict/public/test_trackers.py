"""Tracking parameters are dropped everywhere; other unknown parameters are still refused."""

import pytest

from conflict.public.trackers import without_trackers

TRACKED = [
    "fbclid=IwAR0x",
    "utm_source=newsletter&utm_medium=email&utm_campaign=a%20b",
    "UTM_Source=x",
    "gclid=1",
    "mtm_kwd=x",
    "mc_cid=1&mc_eid=2",
    "msclkid=1",
    "igshid=x",
    "ref_src=twsrc%5Etfw",
    "_=1700000000000",
]
ADDRESSES = [
    "/",
    "/fr/",
    "/map/",
    "/events/konna-dead/",
    "/search/?q=konna",
    "/search/suggestions/?q=konna",
    "/feeds/events.atom",
    "/sitemap.xml",
    "/robots.txt",
    "/.well-known/security.txt",
    "/api/v1/",
    "/api/v1/events/?page_size=1",
    "/api/v1/events/konna-dead/",
    "/api/v1/events/?format=csv",
    "/api/v1/schema/",
    "/api/v1/compatibility/dyadic/events/read?limit=2",
    "/api/v1/compatibility/georeferenced/events/26.1?pagesize=2",
]


@pytest.mark.usefixtures("record")
class TestATracker:
    @pytest.mark.parametrize("query", TRACKED)
    @pytest.mark.parametrize("address", ADDRESSES)
    def test_changes_nothing_of_the_answer(self, client, address, query):
        plain = client.get(address)

        tracked = client.get(f"{address}{'&' if '?' in address else '?'}{query}")

        assert tracked.status_code == plain.status_code == 200
        assert body(tracked) == body(plain)
        assert tracked.headers.get("ETag") == plain.headers.get("ETag")

    def test_is_answered_from_what_was_kept_for_the_plain_address(self, client, django_assert_num_queries):
        client.get("/places/konna/")

        with django_assert_num_queries(1):
            client.get("/places/konna/?fbclid=x")

    def test_stands_in_no_address_of_a_page(self, client):
        page = client.get("/chronology/?kind=agreement&utm_source=x").content.decode()

        assert 'rel="canonical" href="http://testserver/chronology/?kind=agreement"' in page
        assert "utm_source" not in page

    def test_stands_in_no_address_of_a_list_of_the_api(self, client):
        page = client.get("/api/v1/events/?page_size=1&fbclid=x").json()

        assert page["next"]
        assert "fbclid" not in page["next"]

    @pytest.mark.parametrize("query", ["utmsource=x", "_=yes", "fbclid2=x", "utm=x", "actr=army", "x_utm_source=1"])
    @pytest.mark.parametrize("address", ["/", "/robots.txt", "/feeds/events.atom", "/api/v1/events/"])
    def test_is_only_what_the_list_names(self, client, address, query):
        assert client.get(f"{address}?{query}").status_code == 400


class TestWhatIsLeft:
    @pytest.mark.parametrize(
        ("query", "left"),
        [
            ("utm_source=x&q=a%20b&&after=2013~x&fbclid=1", "q=a%20b&&after=2013~x"),
            ("q=fbclid", "q=fbclid"),
            ("q=a&utm%5Fsource=x", "q=a"),
            ("", ""),
        ],
    )
    def test_is_to_the_letter_what_was_asked(self, query, left):
        assert without_trackers(query) == left


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content
