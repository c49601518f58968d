"""Dates and words as readers type and paste them, and texts stored before they were normalized."""

import json
import re
from xml.etree import ElementTree

import pytest
from django.utils.html import escape

from conflict.public.charts import base_map
from conflict.wording.localized_texts import is_rtl
from tests import documents as doc

ATOM = "{http://www.w3.org/2005/Atom}"
DAYS = ["2013-01-1X", "2013-XX", "2013-33", "9 June 2019", "Jan 2013", "2013-01-10/", "2013-02-30", "10/01/2013", "x", "9999", "2013-01-10%00", "../..", "%E2%80%8B"]  # fmt: skip


@pytest.mark.usefixtures("record")
class TestADateThatAnybodyCanType:
    @pytest.mark.parametrize("day", DAYS)
    @pytest.mark.parametrize("path", ["/chronology/?from=", "/chronology/?to=", "/fr/chronology/?from=", "/map/?to=", "/changes/as-of/?day=", "/api/v1/events/?after=", "/api/v1/events/?before="])  # fmt: skip
    def test_is_read_or_refused_in_a_sentence(self, path, day, client):
        assert client.get(path + day).status_code in (200, 400)

    def test_is_asked_for_as_it_was_understood(self, read):
        page = read("/chronology/?from=9 Jan 2013&to=2013-01-1X")

        assert "from 9 January 2013" in page
        assert "until between 10 and 19 January 2013" in page
        assert 'value="2013-01-09"' in read("/chronology/filter/?from=9 Jan 2013&to=2013-01-1X")

    def test_has_the_day_first_in_french(self, read):
        assert "début\u00a0: 10 janvier 2013" in read("/fr/chronology/?from=10/01/2013")

    def test_is_refused_in_french(self, read):
        page = read("/fr/chronology/?to=2013-02-30", 400)

        assert "un jour qui n’existe pas dans le calendrier" in page
        assert "“" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.usefixtures("record")
class TestWordsWithWhatNobodySees:
    @pytest.mark.parametrize("words", ["Malian\u00a0Army", "Malian\u202fArmy", "Malian\tArmy", " Mal\u200bian  Army\u200e", "\ufeffMalian Army\x07"])  # fmt: skip
    @pytest.mark.parametrize("path", ["/search/", "/actors/", "/search/suggestions/", "/api/v1/actors/"])
    def test_are_found_as_plain_ones(self, path, words, client):
        name = "search" if path.startswith("/api") else "q"

        answer = client.get(path, {name: words})

        assert answer.status_code == 200
        assert "Malian Army" in answer.content.decode()

    def test_alone_ask_nothing(self, client):
        assert client.get("/chronology/", {"q": "\u200b\u00a0"}).status_code == 200


STORED = doc.event(
    "stored",
    "Ségou\u00a0market\u200b attacked \x0bagain",
    when="2013-03-04",
    summary="R&D <b>says</b>\x0b<name withheld>\x07 near\u202fthe\u00a0well.",
)


@pytest.mark.django_db
class TestATextThatWasStoredBeforeTheRule:
    @pytest.fixture(autouse=True)
    def record(self):
        doc.published([STORED])

    @pytest.mark.parametrize("words", ["Segou market", "near the well", "market attacked"])
    def test_is_found_with_plain_spaces(self, words, client):
        assert "/events/stored/" in client.get("/search/", {"q": words}).content.decode()

    @pytest.mark.parametrize("path", ["/feeds/events.atom", "/feeds/corrections.atom"])
    def test_is_no_fault_of_a_feed(self, path, client):
        answer = client.get(path)

        assert answer.status_code == 200
        ElementTree.fromstring(answer.content)  # noqa: S314

    def test_is_shown_in_a_feed_as_it_is_written(self, client):
        (entry,) = ElementTree.fromstring(client.get("/feeds/events.atom").content).iter(f"{ATOM}entry")  # noqa: S314
        summary = entry.find(f"{ATOM}summary")

        assert summary is not None
        assert summary.get("type") == "html"
        assert str(summary.text).startswith(escape("R&D <b>says</b>") + "<br>" + escape("<name withheld>"))


@pytest.mark.django_db
class TestAReference:
    @pytest.fixture(autouse=True)
    def record(self):
        doc.published([doc.event("dollar", "Ransom of $2 million, A_B and C^D ~ {E} \\F 5%", when="2013-03-04")])

    def test_is_escaped_for_bibtex(self, client):
        text = client.get("/events/dollar/cite/bibtex/").content.decode()

        assert (
            r"Ransom of \$2 million, A\_B and C\textasciicircum{}D \textasciitilde{} \{E\} \textbackslash{}F 5\%"
            in text
        )
        assert "author = {{Mali War: an annotated chronology}}" in text

    def test_names_author_and_publisher_in_ris(self, client):
        lines = client.get("/events/dollar/cite/ris/").content.decode().split("\r\n")

        assert {"AU  - Mali War: an annotated chronology", "PB  - Mali War: an annotated chronology", "PY  - 2026"} <= {
            *lines
        }

    def test_stands_in_the_head_of_the_page(self, client):
        page = client.get("/events/dollar/").content.decode()

        assert '<meta name="citation_title" content="Ransom of $2 million, A_B and C^D ~ {E} \\F 5%">' in page
        assert '<meta name="citation_publication_date" content="2026/03/01">' in page
        assert '<meta name="citation_author" content="Mali War: an annotated chronology,">' in page
        assert 'type="application/x-research-info-systems"' in page


@pytest.mark.django_db
class TestANameFromRightToLeft:
    def test_is_kept_apart_and_its_language_is_said(self, client):
        names = [{"name": "نصرة الإسلام (JNIM) 2017", "kind": "alias", "language": "ar", "note": ""}]
        doc.published([doc.actor("jnim", "JNIM", names=names)])

        assert '<bdi lang="ar">نصرة الإسلام (JNIM) 2017</bdi>' in client.get("/actors/jnim/").content.decode()

    def test_is_kept_apart_in_every_script_that_runs_that_way(self, client):
        names = ["حركة", "תנועה", "ߒߞߏ", "𞤆𞤵𞤤𞤢𞤪", "𐴌𐴗𐴥𐴝𐴙𐴚𐴒𐴙𐴝", "Київ", "မြန်မာ"]
        claims = [doc.claim(f"told-{number}", claimant=[doc.described(name)]) for number, name in enumerate(names)]
        doc.published([doc.event("told", claims=claims)])

        page = client.get("/events/told/").content.decode()
        assert [name for name in names if f"<bdi>{name}</bdi>" in page] == names[:5]

    @pytest.mark.parametrize("tag", ["ar", "ar-ML", "fa", "ps", "nqo", "ff-Adlm", "ku-Arab", "rhg"])
    def test_is_in_a_language_that_runs_that_way(self, tag):
        assert is_rtl(tag)

    @pytest.mark.parametrize("tag", ["fr", "ff", "az-Latn", "zh-Hans", "rhg-Latn", "my", "unknown"])
    def test_is_in_no_other(self, tag):
        assert not is_rtl(tag)


@pytest.mark.usefixtures("record")
class TestAMapOfAnotherPlace:
    def test_says_that_it_does_not_reach_there(self, read):
        page = read("/map/?bbox=2,48,3,49")

        assert "lies outside this map" in page
        assert '"box": null' in page
        assert "lies outside this map" in read("/embed/map/?bbox=2,48,3,49")

    def test_shows_the_part_that_it_reaches(self, read):
        page = read("/map/?bbox=-180,14,180,90")

        box = json.loads(re.search(r'"box": (\[[^]]*\])', page)[1])
        assert box == [base_map.WEST, 14, base_map.EAST, base_map.NORTH]

    def test_of_mali_says_nothing_of_it(self, read):
        assert "lies outside this map" not in read("/map/?bbox=-5,14,-3,16")
