"""The access log, slow queries, failed sign-ins: named, and without anything that is secret."""

import json
import logging

import pytest
from django.core.cache import caches
from django.db import OperationalError, connection
from psycopg.errors import QueryCanceled

from conflict.ops.logs import JsonLines
from editorial.accounts.roles import Role
from tests.desk import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog, settings):
    settings.ACCESS_LOG = True
    caplog.set_level(logging.INFO, "conflict.access")
    return lambda: [json.loads(JsonLines().format(one)) for one in caplog.records if one.name == "conflict.access"]


class TestTheAccessLog:
    def test_has_a_line_for_each_request_with_its_id(self, client, lines):
        client.get("/api/v1/nothing/?search=a-draft", headers={"x-request-id": "from-the-proxy"})

        (line,) = lines()
        assert (line["method"], line["path"], line["status"]) == ("GET", "/api/v1/nothing/", 404)
        assert line["request"] == "from-the-proxy"
        assert line["seconds"] >= 0
        assert "a-draft" not in json.dumps(line)

    def test_hides_the_address_that_opens_an_account(self, client, lines):
        client.get("/account/password/set/MQ/a-token-valid-once/")

        (line,) = lines()
        assert line["path"] == "/account/password/set/…"
        assert "valid-once" not in json.dumps(line)

    def test_leaves_out_what_monitors_ask_every_few_seconds(self, client, lines):
        client.get("/healthz")

        assert lines() == []

    def test_is_silent_when_it_is_switched_off(self, client, lines, settings):
        settings.ACCESS_LOG = False
        client.get("/healthz/")

        assert lines() == []


class TestNoise:
    def test_a_favicon_is_no_fault(self, client, caplog):
        answer = client.get("/favicon.ico")

        assert (answer.status_code, answer["Location"]) == (302, "/static/conflict/mark.svg")
        assert caplog.records == []

    def test_a_foreign_host_is_refused_without_an_error_in_the_log(self, client, capfd):
        assert client.get("/", headers={"host": "evil.example"}).status_code == 400
        assert "evil.example" not in capfd.readouterr().err


class TestASlowQuery:
    def test_is_named_without_its_parameters(self, settings, caplog):
        settings.SLOW_QUERY_SECONDS = 0
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s::text || 'x'", ["a-draft"])

        assert "Slow query" in caplog.text
        assert "SELECT %s::text" in caplog.text
        assert "a-draft" not in caplog.text

    @pytest.mark.parametrize(
        ("path", "said"), [("/", "This takes too long to answer"), ("/api/v1/events/", "too_slow")]
    )
    def test_that_the_database_cancels_is_not_told_as_an_outage(self, client, monkeypatch, caplog, path, said):
        def cancelled(*given, **named):
            raise OperationalError from QueryCanceled("canceling statement due to statement timeout")

        client.raise_request_exception = False
        monkeypatch.setattr("conflict.ops.static_files.redirect", cancelled)
        monkeypatch.setattr("django.db.backends.utils.CursorWrapper.execute", cancelled)

        answer = client.get(path)

        assert answer.status_code == 503
        assert said in answer.content.decode()
        assert "cannot be reached" not in caplog.text


class TestAFailedSignIn:
    @pytest.fixture(autouse=True)
    def _fresh(self):
        caches["desk"].clear()

    @pytest.mark.parametrize("logged", [False, True])
    def test_is_logged_without_name_and_password_and_with_the_address_if_wanted(self, client, settings, caplog, logged):
        settings.LOG_ADDRESSES = logged
        user = person("author", Role.CONTRIBUTOR)

        client.post("/account/sign-in/", {"login": "author", "password": "guessed"}, REMOTE_ADDR="203.0.113.9")
        client.post("/account/sign-in/", {"login": "s3cret", "password": "guessed"}, REMOTE_ADDR="203.0.113.9")

        first, second = (one.getMessage() for one in caplog.records if "sign-in failed" in one.getMessage())
        assert f"wrong password for account {user.pk}" in first
        assert "no account of that name" in second
        assert "author" not in first
        assert not {"s3cret", "guessed"} & set((first + second).split())
        assert ("203.0.113.9" in first) == logged
