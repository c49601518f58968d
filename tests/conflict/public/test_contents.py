"""Contents of answers stay through publications that do not touch them, and are never other than what is made anew."""

import re
from collections.abc import Iterable

import pytest

from conflict.public.cache import contents, counts, fragments, responses
from conflict.public.cache.change_tracker import tracker
from conflict.public.cache.reads import depends_on_head, recording, unrecorded
from conflict.public.head import Head, head
from conflict.public.queries import events
from tests import documents as doc
from tests.conflict.pages.conftest import CAST
from tests.kinds_of_page import KINDS_OF_PAGE

LATER = doc.NOON.replace(hour=14)
BY_KEY = {entry["key"]: (kind, entry) for kind, entry in CAST}
NOT_KEPT = re.compile("versions|never|data|verify|sure|actr|Konnna")  # refusals, redirects, what depends on more
PAGES = [address for address in KINDS_OF_PAGE if not NOT_KEPT.search(address)]
OTHER_ANSWERS = [
    "/fr/",
    "/fr/chronology/?actor=mojwa",
    "/chronology/?chart=killed",
    "/map/?place=konna",
    "/embed/map/",
    "/embed/events/konna-dead/",
    "/search/suggestions/?q=Kon",
    "/feeds/events.atom",
    "/feeds/corrections.atom",
    "/sitemap.xml",
    "/sitemap-events-0.xml",
    "/.well-known/security.txt",
    "/event/konna-dead/cite/bibtex/",
    "/api/v1/",
    "/api/v1/events/",
    "/api/v1/events/konna-dead/",
    "/api/v1/events/konna-dead/versions/",
    "/api/v1/events/?actor=mojwa&count=true&facets=kind",
    "/api/v1/events/?format=csv",
    "/api/v1/events/?search=Konna",
    "/api/v1/events/?as_of=2030-01-01",
    "/api/v1/claims/?claimant=army",
    "/api/v1/actors/",
    "/api/v1/notices/",
    "/api/v1/totals/?measure=killed",
    "/api/v1/changes/?after=0",
    "/api/v1/publications/?page_size=2",
]
SIGNED = re.compile(r"(?<=%3A)[^%]{6}%3A[^'\">&]+")
OF_THE_REQUEST = {"X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset"}


def changed(key, **fields):
    kind, entry = BY_KEY[key]
    return kind, {**entry, **fields}


PUBLICATIONS = {
    "a new title": lambda at: doc.published([changed("konna-taken", title="A town falls")], at=at),
    "another figure and another date": lambda at: doc.published(
        [changed("konna-dead", claims=CORRECTED), changed("konna-denied", when="2013-01-09")], at=at
    ),
    "a new name": lambda at: doc.published([changed("mojwa", name="Unity Movement")], at=at),
    "a withdrawal": lambda at: doc.withdrawn("event", "later", at=at, successor="undated"),
    "a notice in another month": lambda at: doc.published(
        [doc.notice("bare", raised_on="2025-01", target=doc.ref("event", "konna-dead"))], at=at.replace(month=9)
    ),
}
CORRECTED = [{**claim, "low": claim["low"] and 7} for claim in BY_KEY["konna-dead"][1]["claims"]]


def answers(client, addresses: Iterable[str]):
    """Status, headers and body of each, but for the time at which a cursor was signed."""
    found = {}
    for address in addresses:
        response = client.get(address)
        kept_headers = {name: value for name, value in response.items() if name not in OF_THE_REQUEST}
        found[address] = SIGNED.sub("", str((response.status_code, kept_headers, b"".join(response).decode())))
    return found


def forget_everything():
    responses.store.clear()
    contents.store.clear()
    fragments.store.clear()
    counts.clear()
    tracker.__init__()


@pytest.mark.usefixtures("record")
class TestAnAnswer:
    @pytest.mark.parametrize("addresses", [PAGES, OTHER_ANSWERS], ids=["pages", "others"])
    def test_after_each_publication_is_what_would_be_made_anew(self, addresses, client, settings):
        settings.API_REQUESTS_PER_MINUTE = 1000
        before = answers(client, addresses)
        assert sum(answer.startswith("(200") for answer in before.values()) > len(addresses) - 3

        for hour, (name, publish) in enumerate(PUBLICATIONS.items(), doc.NOON.hour + 1):
            publish(doc.NOON.replace(hour=hour))
            kept = answers(client, addresses)
            forget_everything()
            fresh = answers(client, addresses)

            assert [address for address in addresses if kept[address] != fresh[address]] == [], name
            assert fresh != before
            before = fresh

    @pytest.mark.parametrize(
        "address",
        [
            "/actors/mojwa/",
            "/events/konna-dead/",
            "/fr/events/undated/",
            "/map/",
            "/api/v1/events/?actor=france",
            "/api/v1/actors/",
            "/api/v1/totals/?measure=killed",
        ],
    )
    def test_that_a_publication_does_not_touch_is_not_made_anew(self, address, client, monkeypatch):
        client.get(address)
        doc.published([changed("later", summary="Told better.")], at=LATER)
        monkeypatch.setattr(contents.Contents, "keep", lambda *_: pytest.fail("It was made anew."))

        assert client.get(address).status_code == 200

    def test_says_at_which_publication_the_record_stands(self, client):
        client.get("/places/konna/")
        (step,) = doc.published([changed("later", summary="Told better.")], at=LATER)

        response = client.get("/places/konna/")

        assert step.sha256 in response.content.decode()
        assert response["Record-Head"] == str(step.number)


@pytest.mark.usefixtures("record")
class TestReads:
    def test_hold_until_a_result_is_another(self):
        with recording(head()) as reads:
            titles = list(events().values_list("label"))
        doc.published([changed("later", summary="Told better.")], at=LATER)
        held = reads.hold(head())
        doc.published([changed("later", title="Signed")], at=LATER)

        assert titles
        assert (held, reads.hold(head())) == (True, False)

    def test_leave_out_what_is_left_unrecorded(self):
        with recording() as reads, unrecorded():
            head()

        assert not reads.all

    @pytest.mark.parametrize("read", [depends_on_head, lambda: list(events().iterator(10))])
    def test_that_cannot_be_repeated_never_hold(self, read):
        with recording(Head(1, "a")) as reads:
            read()

        assert not reads.may_hold
        assert not reads.hold(Head(2, "b"))
