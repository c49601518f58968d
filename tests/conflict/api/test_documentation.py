"""Every format has a page, and the instructions on the pages work."""

import html
import re

import pytest

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
