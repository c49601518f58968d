"""A server that starts answers one request of each kind to itself."""

import pytest
from django.db import connections

from conflict.ops import warm_up
from editorial.models import ViewCount
from tests.conflict.pages.conftest import record  # noqa: F401  # a fixture


@pytest.mark.usefixtures("record")
class TestTheFirstRequests:
    def test_are_answered_in_every_language_and_counted_as_nobodys(self, settings):
        settings.ALLOWED_HOSTS = [".chronology.example"]

        statuses = {path: response.status_code for path, response in warm_up.answers()}

        assert set(statuses.values()) == {200}
        assert {"/", "/fr/", "/map/", "/api/v1/"} < statuses.keys()
        assert any(path.startswith("/fr/events/") for path in statuses)
        assert not ViewCount.objects.exists()

    def test_keep_no_server_from_starting_and_leave_no_connection(self, monkeypatch, caplog):
        closed = []
        monkeypatch.setattr(warm_up, "answers", lambda: 1 / 0)
        for connection in connections.all():
            monkeypatch.setattr(connection, "close", lambda: closed.append("connection"))
            monkeypatch.setattr(connection, "close_pool", lambda: closed.append("pool"))

        warm_up.warm_up()

        assert "division by zero" in caplog.text
        assert closed.count("connection") == closed.count("pool") == len(list(connections.all()))
