"""Persistent database connections."""

import time

import pytest
from django.db import connections
from django.db.backends.postgresql import base

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept_connection():
    """One of its own to the test database, beside the one that tests share."""
    connection = connections.create_connection("default")
    connection.settings_dict = {**connection.settings_dict, "NAME": connections["default"].settings_dict["NAME"]}
    connection.connect()
    yield connection
    connection.close()


class TestAKeptConnection:
    def test_that_is_well_is_not_asked(self, kept_connection, monkeypatch):
        monkeypatch.setattr(base.DatabaseWrapper, "is_usable", lambda self: 1 / 0)

        assert kept_connection.is_usable()

    def test_whose_server_has_ended_it_is_noticed(self, kept_connection):
        number = kept_connection.connection.info.backend_pid
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [number])
            give_up_at = time.monotonic() + 10
            while cursor.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [number]) and cursor.fetchone():
                assert time.monotonic() < give_up_at
                cursor.execute("SELECT pg_stat_clear_snapshot()")

        assert not kept_connection.is_usable()

    def test_that_was_closed_here_is_noticed(self, kept_connection):
        kept_connection.connection.close()

        assert not kept_connection.is_usable()
