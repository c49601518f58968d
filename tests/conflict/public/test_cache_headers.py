"""Cache headers of every kind of response, for browsers, proxies and a CDN that is purged when the log moves."""

import pytest

from conflict.api import release_builder
from conflict.record.models import Publication
from tests.documents import event, period, published

KEPT_WITH_THE_RECORD = {
    "the chronology": ("/chronology/", 200),
    "the chronology in French": ("/fr/chronology/", 200),
    "the front page": ("/", 200),
    "an event": ("/events/konna-dead/", 200),
    "the map": ("/map/", 200),
    "a search": ("/search/?q=Konna", 200),
    "an Atom feed": ("/feeds/events.atom", 200),
    "a sitemap": ("/sitemap.xml", 200),
    "robots.txt": ("/robots.txt", 200),
    "an entry that is none": ("/events/nothing-of-the-kind/", 404),
    "the root of the API": ("/api/v1/", 200),
    "a list of the API": ("/api/v1/events/", 200),
    "a table of the API": ("/api/v1/events/?format=csv", 200),
    "an entry of the API": ("/api/v1/events/konna-dead/", 200),
    "the changes": ("/api/v1/changes/?after=0", 200),
    "the releases": ("/api/v1/releases/", 200),
    "a file of the latest release": ("/api/v1/releases/latest/events.csv", 200),
}
KEPT_BY_NOBODY = {
    "health": ("/healthz", 200),
    "readiness": ("/readyz", 200),
    "the door of the desk": ("/account/sign-in/", 200),
    "the desk to a stranger": ("/admin/", 302),
    "the proposals to a stranger": ("/api/v1/proposals/", 401),
    "an unknown address": ("/nothing/here/", 404),
    "an unknown address of the API": ("/api/v1/nothing/", 404),
    "a refused page": ("/chronology/?actr=x", 400),
    "a refused question": ("/api/v1/events/?actr=x", 400),
    "a wrong key": ("/api/v1/events/", 401),
}


@pytest.fixture
def released(settings, tmp_path):
    settings.RELEASES_DIR = tmp_path / "releases"
    published([period("war", position=1), event("konna-dead", period="war")])
    release_builder.build("2026.1", settings.RELEASES_DIR)


@pytest.fixture
def get(client):
    """Asks, and closes what was answered from a file."""

    def get(path, **headers):
        answer = client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        for close in answer._resource_closers:  # answer.close() would close the test's database too
            close()
        return answer

    return get


def head() -> int:
    return Publication.objects.newest_first()[0].number


@pytest.mark.django_db
class TestAnAnswerOfTheRecord:
    @pytest.mark.parametrize(("path", "status"), KEPT_WITH_THE_RECORD.values(), ids=KEPT_WITH_THE_RECORD)
    def test_may_be_kept_until_the_log_moves(self, get, released, path, status):
        answer = get(path)

        assert answer.status_code == status
        kept = answer["Cache-Control"].split(", ")
        assert {"public", "s-maxage=60", "stale-if-error=86400"} <= set(kept)
        assert answer["Record-Head"] == str(head())
        assert answer["Surrogate-Key"] == f"record head-{head()}"
        assert answer["Cache-Tag"] == f"record,head-{head()}"

    @pytest.mark.parametrize("path", [path for path, _ in KEPT_WITH_THE_RECORD.values()])
    def test_is_one_for_all_browsers_and_people(self, get, released, path):
        answer = get(path, accept_language="fr", cookie="sessionid=someone")

        assert not {"Cookie", "Accept-Language", "*"} & set(answer.get("Vary", "").split(", "))
        assert not answer.cookies

    def test_differs_by_what_the_client_accepts_where_there_are_formats(self, get, released):
        assert "Accept" in get("/api/v1/events/")["Vary"].split(", ")
        assert "Accept-Encoding" in get("/")["Vary"].split(", ")

    @pytest.mark.parametrize("path", ["/", "/api/v1/events/", "/api/v1/releases/"])
    def test_that_is_unchanged_says_the_same_about_copies(self, get, released, path):
        first = get(path)

        again = get(path, if_none_match=first["ETag"])

        assert again.status_code == 304
        for name in ("Cache-Control", "Surrogate-Key", "ETag"):
            assert again[name] == first[name]

    def test_may_be_kept_for_long_by_a_cache_that_is_purged(self, get, released, settings):
        settings.SHARED_CACHE_SECONDS = 604800

        assert "s-maxage=604800" in get("/api/v1/events/")["Cache-Control"]
        assert "max-age=60, s-maxage=604800" in get("/")["Cache-Control"]


@pytest.mark.django_db
class TestAnAnswerThatIsOfTheMoment:
    @pytest.mark.parametrize(("path", "status"), KEPT_BY_NOBODY.values(), ids=KEPT_BY_NOBODY)
    def test_is_kept_by_nobody(self, get, released, path, status):
        answer = get(path, **({"authorization": "Key wrong"} if status == 401 else {}))

        assert answer.status_code == status
        assert "no-store" in answer["Cache-Control"]
        assert "Surrogate-Key" not in answer


@pytest.mark.django_db
class TestARelease:
    def test_is_kept_for_a_year_and_never_asked_about(self, get, released):
        answer = get("/api/v1/releases/2026.1/events.csv")

        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["Cache-Tag"] == "releases"

    @pytest.mark.parametrize("path", ["/api/v1/releases/", "/api/v1/releases/latest/events.csv"])
    def test_that_is_newer_is_seen_by_whoever_holds_a_copy(self, get, released, settings, path):
        first = get(path)
        release_builder.build("2026.2", settings.RELEASES_DIR)  # of the same head

        again = get(path, if_none_match=first["ETag"])

        assert again.status_code == 200
