"""The pages as parsers read them: strict about HTML, feeds and statements, and every link leads somewhere."""

import json
import re
from urllib.parse import parse_qs, urldefrag, urljoin, urlsplit

import feedparser
import html5lib
import pytest
import rdflib
from django.test import Client

from tests.kinds_of_page import KINDS_OF_PAGE

pytestmark = pytest.mark.usefixtures("record")

KINDS = [
    *KINDS_OF_PAGE,
    "/chronology/?actor=army&chart=killed&bbox=-5,14,-3,16",
    "/chronology/?q=zeppelin",
    "/sources/book/",
]
SCHEMA_ORG = {"@vocab": "https://schema.org/", "url": {"@type": "@id"}, "license": {"@type": "@id"}}


@pytest.mark.parametrize("path", KINDS)
@pytest.mark.parametrize("language", ["", "/fr"], ids=["en", "fr"])
class TestAPage:
    def test_is_read_by_a_strict_parser(self, path, language, client):
        page = client.get(f"{language}{path}").content.decode()

        html5lib.HTMLParser(strict=True).parse(page)

        ids = re.findall(r' id="([^"]+)"', page)
        assert len(ids) == len(set(ids)), "An id stands twice."


@pytest.mark.filterwarnings("ignore:.* deprecated:DeprecationWarning")  # of the parser, by itself
class TestStatements:
    @pytest.mark.parametrize(
        ("path", "type_of_it"), [("/events/konna-dead/", "Event"), ("/data/", "Dataset")], ids=["event", "dataset"]
    )
    def test_are_linked_data(self, path, type_of_it, client):
        (block,) = re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', client.get(path).content.decode(), re.DOTALL
        )
        said = json.loads(block)
        assert said["@context"] == "https://schema.org"

        graph = rdflib.Dataset(default_union=True).parse(
            data=json.dumps({**said, "@context": SCHEMA_ORG}), format="json-ld"
        )

        schema = rdflib.Namespace("https://schema.org/")
        (it,) = graph.subjects(rdflib.RDF.type, schema[type_of_it])
        assert graph.value(it, schema.name)
        assert str(graph.value(it, schema.url)).endswith(path)


class TestFeeds:
    @pytest.mark.parametrize("name", ["events", "corrections", "actors/mojwa", "places/konna", "periods/intervention"])
    def test_are_read_without_a_complaint(self, name, client):
        feed = feedparser.parse(client.get(f"/feeds/{name}.atom").content)

        assert not feed.bozo, feed.get("bozo_exception")
        assert feed.version == "atom10"
        assert feed.feed.title
        assert all(entry.link and entry.updated_parsed and entry.id for entry in feed.entries)


class TestLinks:
    def test_lead_somewhere_from_every_page_in_both_languages(self):
        """Every page that links reach, from both front pages on; of questions, one with the same parameters."""
        client, pages, asked = Client(), {}, ["/", "/fr/", "/chronology/"]
        questions: set[tuple[str, ...]] = set()
        fragments: set[tuple[str, str, str]] = set()
        while asked:
            here = asked.pop()
            path, question = urlsplit(here).path, tuple(sorted(parse_qs(urlsplit(here).query)))
            if here in pages or (question and (path, *question) in questions):
                continue
            questions.add((path, *question))
            response = client.get(here)
            assert response.status_code in {200, 302}, f"{here} answers {response.status_code}"
            is_page = response["Content-Type"].startswith("text/html") and response.status_code == 200
            page = pages[here] = response.content.decode() if is_page else ""
            if question or (here.startswith("/fr/") and here.count("/") > 3):  # below entries: the same in English
                continue
            for link in re.findall(r'<a[^>]* href="([^"]+)"', page):
                address, fragment = urldefrag(urljoin(here, link.replace("&amp;", "&")))
                if address.startswith("/") and not address.startswith(("/api/", "/static/")):
                    asked.append(address)
                    if fragment:
                        fragments.add((here, address, fragment))

        assert len(pages) > 100
        dead = [
            (here, f"{address}#{fragment}")
            for here, address, fragment in sorted(fragments)
            if pages.get(address) and f'id="{fragment}"' not in pages[address]
        ]
        assert dead == []
