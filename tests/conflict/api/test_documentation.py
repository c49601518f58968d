"""Every format has a page, and the instructions on the pages work."""

import html
import re
from xml.etree import ElementTree

import pytest

from conflict.api.changelog import CHANGES
from conflict.api.documentation import FORMATS
from conflict.api.resources import EVENTS, RESOURCES

OFFERED = sorted({form.format for resource in RESOURCES for form in resource.formats})


class TestThePageOfAFormat:
    def test_is_there_for_every_format_that_is_offered(self, db, client):
        assert {about.name for about in FORMATS} == {*OFFERED, "ftm"}
        for about in FORMATS:
            assert about.title in client.get(f"/api/v1/docs/formats/{about.name}/").content.decode()

    @pytest.mark.parametrize("about", FORMATS, ids=lambda about: about.name)
    def test_gives_an_address_that_answers_in_that_format(self, client, konna, about):
        page = html.unescape(client.get(f"/api/v1/docs/formats/{about.name}/").content.decode())
        (address,) = re.findall(r"curl '(.+?)'", page)

        answer = client.get(address)

        assert answer.status_code == 200
        assert about.name == "ftm" or answer.headers["Content-Type"].startswith(about.media_type)

    def test_lists_every_column(self, db, client):
        page = client.get("/api/v1/docs/formats/hxl/").content.decode()

        assert all(f"<code>{column.name}</code>" in page and column.tag in page for column in EVENTS.columns)

    def test_is_linked_from_the_documentation(self, db, client):
        page = client.get("/api/v1/docs/").content.decode()

        assert all(f"/api/v1/docs/formats/{about.name}/" in page for about in FORMATS)

    def test_of_no_format_is_404(self, db, client):
        assert client.get("/api/v1/docs/formats/docx/").status_code == 404


class TestTheChangelog:
    def test_is_a_page_and_a_feed_of_the_same_changes_newest_first(self, db, client):
        page = client.get("/api/v1/docs/changelog/").content.decode()
        answer = client.get("/api/v1/docs/changelog/feed/")
        atom = "{http://www.w3.org/2005/Atom}"
        entries = ElementTree.fromstring(answer.content).findall(f"{atom}entry")  # noqa: S314  # our own

        assert answer.headers["Content-Type"].startswith("application/atom+xml")
        assert [entry.findtext(f"{atom}summary") for entry in entries] == [change.text for change in CHANGES]
        assert [change.on for change in CHANGES] == sorted((change.on for change in CHANGES), reverse=True)
        anchors = [entry.findtext(f"{atom}id").rpartition("#")[2] for entry in entries]
        assert anchors == re.findall(r'<dd id="(\w+)">', page)
        assert "/api/v1/docs/changelog/" in client.get("/api/v1/docs/").content.decode()
