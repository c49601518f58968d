import json
import re
from xml.etree import ElementTree

import pytest
from django.core.cache import cache

from conflict.public.cache import contents, responses

pytestmark = pytest.mark.usefixtures("record")
ATOM = "{http://www.w3.org/2005/Atom}"


class TestFeeds:
    @pytest.mark.parametrize("path", ["events", "actors/mojwa", "places/konna", "periods/intervention"])
    def test_are_atom_with_an_entry_per_event(self, path, client):
        response = client.get(f"/feeds/{path}.atom")

        feed = ElementTree.fromstring(response.content)  # noqa: S314  # our own answer
        assert response["Content-Type"].startswith("application/atom+xml")
        assert "Islamists capture Konna" in "".join(title.text or "" for title in feed.iter(f"{ATOM}title"))

    def test_of_corrections_may_be_empty(self, client):
        feed = ElementTree.fromstring(client.get("/feeds/corrections.atom").content)  # noqa: S314

        assert not list(feed.iter(f"{ATOM}entry"))


class TestBeingFound:
    def test_robots_are_led_to_the_sitemap(self, read):
        assert "Sitemap: http://testserver/sitemap.xml" in read("/robots.txt")

    def test_every_event_stands_in_a_sitemap(self, read):
        assert "/sitemap-events-0.xml" in read("/sitemap.xml")
        assert "http://testserver/events/konna-dead/" in read("/sitemap-events-0.xml")

    def test_an_event_says_itself_in_the_words_of_schema_org(self, read):
        page = read("/events/konna-dead/")

        (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        event = json.loads(block)
        assert event["@type"] == "Event"
        assert event["location"]["name"] == "Konna"

    def test_a_page_names_itself_in_the_other_language(self, read):
        assert 'hreflang="fr" href="http://testserver/fr/events/konna-dead/"' in read("/events/konna-dead/")

    def test_an_entry_is_signposted(self, client):
        links = client.get("/fr/events/konna-dead/")["Link"].split(", ")

        assert '<http://testserver/fr/events/konna-dead/versions/1/>; rel="cite-as"' in links
        assert '<http://testserver/api/v1/events/konna-dead/>; rel="describedby"; type="application/json"' in links
        assert any('rel="license"' in link for link in links)
        assert 'rel="cite-as"' in client.get("/places/konna/")["Link"]

    def test_security_txt_expires(self, read):
        assert "Expires: 2027-" in read("/.well-known/security.txt")

    def test_security_txt_names_whoever_is_configured(self, read, settings):
        assert "Contact: http://testserver/method/#contact" in read("/.well-known/security.txt")

        cache.clear()
        for kept in (responses, contents):
            kept.store.clear()
        settings.SECURITY_CONTACT = "mailto:security@example.org"

        assert "Contact: mailto:security@example.org\n" in read("/.well-known/security.txt")


class TestAboutPages:
    @pytest.mark.parametrize("path", ["/method/", "/data/", "/verify/", "/feeds/"])
    def test_answer(self, path, read):
        read(path)

    def test_coverage_counts_years_without_events(self, client):
        years = dict(client.get("/method/").context["coverage"])

        assert years[2013][0] == 3
