"""The page on data and licence: downloads and releases."""

import pytest

from conflict.api import release_builder
from tests.documents import event, period, published


@pytest.mark.django_db
class TestTheDataPage:
    @pytest.fixture(autouse=True)
    def record(self, settings, tmp_path):
        settings.RELEASES_DIR = tmp_path / "releases"
        published([period("war", position=1), event("konna-dead", period="war")])

    def test_says_that_no_release_was_made(self, client):
        assert "None has been made so far." in client.get("/data/").content.decode()

    def test_lists_a_release_at_once_though_the_log_has_not_moved(self, client, settings):
        before = client.get("/data/")

        release_builder.build("2026.1", settings.RELEASES_DIR)

        after = client.get("/data/", headers={"If-None-Match": before["ETag"]})
        assert after.status_code == 200
        assert '<a href="/api/v1/releases/2026.1/">2026.1</a>: as of publication 2' in after.content.decode()
