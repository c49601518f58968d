"""Pages that are read on behalf of editors: public ones only, wherever a redirect leads."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from conflict.models import Source
from editorial.models import AddressCheck
from editorial.sources import address_checks, bibliography, captures, web_pages
from editorial.sources.web_pages import NotRead

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HTML = {"Content-Type": "text/html; charset=utf-8"}


class TestAPage:
    def test_is_read_to_where_its_redirects_lead(self, site):
        site.answers["/old"] = 301, {"Location": "/new#part"}, b""
        site.answers["/new"] = 200, HTML, b"<p>Here"

        page = web_pages.read(f"{site.url}/old#top")

        assert (page.address, page.status, page.content) == (f"{site.url}/new", 200, b"<p>Here")
        assert site.asked[0][1]["User-Agent"].startswith("Conflict-Chronology")

    @pytest.mark.parametrize(
        "leads_to",
        ["http://10.0.0.1/", "http://169.254.169.254/latest/meta-data/", "https://[::1]:1/", "ftp://example.org/x"],
    )
    def test_is_not_followed_into_our_own_network(self, site, settings, leads_to):
        site.answers["/"] = 302, {"Location": leads_to}, b""

        with pytest.raises(NotRead):
            web_pages.read(f"{site.url}/")

    def test_that_leads_in_a_circle_is_given_up(self, site):
        site.answers["/"] = 302, {"Location": "/"}, b""

        with pytest.raises(NotRead, match="leads on to others more than 5 times"):
            web_pages.read(f"{site.url}/")

        assert len(site.asked) == web_pages.REDIRECTS + 1

    def test_is_read_no_further_than_is_asked_for(self, site):
        site.answers["/"] = 200, HTML, b"x" * 200_000

        page = web_pages.read(f"{site.url}/", most=1_000)

        assert (len(page.content), page.is_whole) == (1_000, False)


ARTICLE = """<html lang="fr-FR"><head><title>Ignored</title>
<meta name="citation_title" content="L’attaque de  Konna"><meta name="citation_author" content="Ba, A.">
<meta name="citation_author" content="Diop, B."><meta property="og:type" content="article">
<meta property="article:published_time" content="2013-01-10T08:00:00Z"><meta property="og:site_name" content="Le Journal">
<script type="application/ld+json">{"@type": "Report", "headline": "Other", "datePublished": "2014"}</script>
<script type="application/ld+json">{broken</script></head><body>"""


# As Crossref answers, for an article that was never written.
CROSSREF = """{"indexed": {"date-parts": [[2023, 4, 21]], "date-time": "2023-04-21T17:18:18Z", "timestamp": 1682097498127},
"reference-count": 34, "publisher": "Informa UK Limited", "issue": "1", "content-domain": {"domain": [], "crossmark-restriction": false},
"short-container-title": ["Pol. afr."], "published-print": {"date-parts": [[2016, 5]]}, "DOI": "10.1080/23802014.2016",
"type": "journal-article", "created": {"date-parts": [[2016, 4, 3]]}, "page": "134-186", "source": "Crossref",
"is-referenced-by-count": 10, "title": "<i>Jama’at</i> &amp; others\\n in the north of Mali", "prefix": "10.1080", "volume": "49",
"author": [{"given": "Awa", "family": "Ba", "sequence": "first", "affiliation": [{"name": "Université de Bamako"}]},
{"name": "Université de Bamako", "sequence": "additional", "affiliation": []}], "member": "301", "container-title": "Politique africaine",
"language": "en", "issued": {"date-parts": [[2016, 4, 2]]}, "resource": {"primary": {"URL": "https://www.tandfonline.com/x"}},
"URL": "https://doi.org/10.1080/23802014.2016", "ISSN": ["2380-2014", "2379-9978"], "subject": []}"""


class TestBibliographicData:
    def test_of_a_page_are_what_it_says_of_itself(self, site):
        site.answers["/konna"] = 200, HTML, ARTICLE.encode()

        assert bibliography.look_up(f"{site.url}/konna") == {
            "kind": "report",
            "title": "L’attaque de Konna",
            "authors": "Ba, A., Diop, B.",
            "published_on": "2013-01-10",
            "outlet": "Le Journal",
            "language": "fr",
            "url": f"{site.url}/konna",
        }

    def test_of_a_doi_are_what_its_registrar_says(self, monkeypatch):
        said = b"""{"type": "chapter", "title": ["Konna"], "author": [{"given": "A.", "family": "Ba"}, {"literal": "A Board"}],
            "container-title": "A Book", "page": "71-90", "issued": {"date-parts": [[2019, 5]]}, "publisher": "Nomos",
            "ISBN": ["9783748900740"], "URL": "https://doi.org/10.5771/x"}"""
        asked = []

        def read(address, **options):
            asked.append((address, options["accept"]))
            return web_pages.WebPage(address, 200, bibliography.CSL, said, is_whole=True)

        monkeypatch.setattr(web_pages, "read", read)

        assert bibliography.look_up("https://doi.org/10.5771/9783748900740-71") == {
            "doi": "10.5771/9783748900740-71", "kind": "chapter", "title": "Konna", "authors": "A. Ba, A Board",
            "container": "A Book", "pages": "71-90", "published_on": "2019-05", "outlet": "Nomos", "isbn": "9783748900740",
        }  # fmt: skip
        assert asked == [("https://doi.org/10.5771/9783748900740-71", bibliography.CSL)]

    def test_of_a_doi_come_from_crossref_where_the_resolver_leads(self, site, monkeypatch):
        monkeypatch.setattr(bibliography, "RESOLVER", f"{site.url}/")
        transform = "/v1/works/10.1080%2F23802014.2016/transform"
        site.answers["/10.1080/23802014.2016"] = 302, {"Location": transform}, b""
        site.answers[transform] = 200, {"Content-Type": bibliography.CSL}, CROSSREF.encode()

        assert bibliography.look_up("doi:10.1080/23802014.2016") == {
            "doi": "10.1080/23802014.2016", "kind": "article", "title": "Jama’at & others in the north of Mali",
            "authors": "Awa Ba, Université de Bamako", "container": "Politique africaine", "pages": "134-186",
            "published_on": "2016-04-02", "outlet": "Informa UK Limited", "language": "en",
        }  # fmt: skip
        assert {headers["Accept"] for _, headers in site.asked} == {bibliography.CSL}

    @pytest.mark.parametrize("typed", ["", "Konna", "10.5771", "javascript:alert(1)"])
    def test_of_anything_else_are_not_looked_for(self, typed):
        with pytest.raises(NotRead, match="neither a DOI nor an address"):
            bibliography.look_up(typed)


class TestACapture:
    def test_has_the_day_the_status_and_the_hash_of_what_the_archive_keeps(self, site):
        dated = {"Memento-Datetime": "Thu, 10 Jan 2013 08:00:00 GMT", **HTML}
        site.answers["/web/konna"] = 200, dated, b"kept"

        capture = captures.read_capture(f"{site.url}/web/konna")

        assert (capture.on.isoformat(), capture.status) == ("2013-01-10", 200)
        assert capture.sha256 == hashlib.sha256(b"kept").hexdigest()

    def test_of_the_wayback_machine_is_read_without_its_frame(self, monkeypatch):
        asked = []
        page = web_pages.WebPage("", 200, "text/html", b"kept", is_whole=True)
        monkeypatch.setattr(web_pages, "read", lambda address, **_: asked.append(address) or page)

        capture = captures.read_capture("https://web.archive.org/web/20130110080000/https://example.org/konna")

        assert asked == ["https://web.archive.org/web/20130110080000id_/https://example.org/konna"]
        assert (capture.address, capture.on.isoformat()) == (
            "https://web.archive.org/web/20130110080000/https://example.org/konna", "2013-01-10"
        )  # fmt: skip


@pytest.mark.django_db
class TestAnAddress:
    @pytest.fixture(autouse=True)
    def _ask(self, settings):
        settings.CHECK_ADDRESSES_PER_DAY = 48

    def test_that_fails_three_times_in_a_row_is_dead_until_it_answers(self, site):
        source = Source.objects.create(key="page", kind="website", title="Page", url=f"{site.url}/page")
        for days in (0, 3, 6):
            assert address_checks.check_due(NOON + timedelta(days=days)) == 1
            assert address_checks.check_due(NOON + timedelta(days=days, hours=1)) == 0  # it was asked just now
        assert AddressCheck.objects.dead().get().source == source

        site.answers["/page"] = 200, HTML, b"Here"
        address_checks.check_due(NOON + timedelta(days=9))

        assert not AddressCheck.objects.dead().exists()

    def test_that_keeps_machines_out_is_not_dead(self, site):
        source = Source.objects.create(key="page", kind="website", title="Page", url=f"{site.url}/page")
        site.answers["/page"] = 403, {}, b""

        assert address_checks.check(source, NOON).failures == 0

    def test_is_asked_for_once_an_hour_on_one_host_and_never_for_a_restricted_source(self, site):
        for number in range(3):
            Source.objects.create(key=f"page-{number}", kind="website", title="Page", url=f"{site.url}/{number}")
        Source.objects.create(
            key="secret", kind="website", title="Secret", url=f"{site.url}/secret", access="restricted"
        )

        assert address_checks.check_due(NOON) == 1
        assert len(site.asked) == 1
        assert "secret" not in [source.key for source in address_checks.due(NOON)]
