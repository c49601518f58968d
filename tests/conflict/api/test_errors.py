"""Refusals: one shape for every status, and the parameter named."""

import logging
from datetime import UTC, datetime
from http import HTTPStatus

import pytest
from django.db import OperationalError
from django.test import Client
from psycopg.errors import QueryCanceled

from conflict.api import views
from tests.documents import event, published, withdrawn

SHAPE = {"code", "message", "field", "docs"}


def said(answer):
    """What a refusal says; fails unless it has the one shape."""
    assert answer.headers["Content-Type"] == "application/json"
    body = answer.json()
    assert body.keys() >= SHAPE
    assert body["message"].endswith((".", ":")) or body["message"]
    assert body["docs"] == "/api/v1/docs/#errors"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return body


@pytest.fixture
def broken(monkeypatch):
    """Make lists fail with an exception; the client sees the answer, not the exception."""

    def by(error):
        def fail(self):
            raise error

        monkeypatch.setattr(views.ListView, "rows", fail)
        return Client(raise_request_exception=False)

    return by


class TestARefusal:
    def test_of_a_bad_parameter_is_400(self, db, ask):
        answer = ask("events", page_size=0)

        assert answer.status_code == HTTPStatus.BAD_REQUEST
        assert said(answer)["field"] == "page_size"

    @pytest.mark.parametrize("path", ["nothing", "events/never-was", "publications/99999999999999999999", "claims/x/y"])
    def test_of_what_never_was_is_404(self, db, ask, path):
        answer = ask(path)

        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert said(answer)["code"] == "not_found"

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_of_writing_is_405(self, db, client, method):
        answer = getattr(client, method)("/api/v1/events/", "{}", content_type="application/json")

        assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        assert said(answer)["code"] == "method_not_allowed"
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"

    def test_of_a_format_that_is_not_offered_is_406(self, db, ask):
        answer = ask("events", headers={"Accept": "application/pdf"})

        assert answer.status_code == HTTPStatus.NOT_ACCEPTABLE
        assert said(answer)["code"] == "not_acceptable"

    def test_of_too_many_requests_is_429_and_says_how_long_to_wait(self, db, ask, settings):
        settings.API_REQUESTS_PER_MINUTE = 2
        answers = [ask("events") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
        assert said(answers[-1])["code"] == "throttled"
        assert 0 < int(answers[-1].headers["Retry-After"]) <= 120

    def test_of_what_was_withdrawn_is_410_with_date_reason_and_successor(self, db, ask, client):
        published([event("told-thrice"), event("told-twice"), event("told-once")])
        withdrawn("event", "told-thrice", datetime(2026, 3, 3, tzinfo=UTC), reason="Again.", successor="told-twice")
        withdrawn("event", "told-twice", datetime(2026, 3, 4, tzinfo=UTC), reason="Told twice.", successor="told-once")

        answer = ask("events/told-twice")

        assert answer.status_code == HTTPStatus.GONE
        body = said(answer)
        assert body["message"] == "The event “told-twice” was withdrawn on 2026-03-04: Told twice."
        assert body["withdrawn_at"] == "2026-03-04T00:00:00.000000Z"
        assert body["reason"] == "Told twice."
        assert body["successor"] == {
            "kind": "event",
            "key": "told-once",
            "url": "http://testserver/api/v1/events/told-once/",
        }
        assert body["publication"] == 5
        assert said(ask("events/told-thrice"))["successor"] == body["successor"]  # the end of the chain
        assert b"/events/told-once/" in client.get("/events/told-thrice/").content

    def test_of_a_question_that_takes_too_long_is_503(self, db, broken):
        error = OperationalError("canceling statement due to statement timeout")
        error.__cause__ = QueryCanceled()

        answer = broken(error).get("/api/v1/events/")

        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert said(answer)["code"] == "too_slow"

    def test_while_the_record_is_out_of_reach_is_503(self, db, broken):
        answer = broken(OperationalError("connection refused")).get("/api/v1/events/")

        assert answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE
        assert said(answer)["code"] == "unavailable"

    def test_for_a_fault_of_ours_is_500_and_tells_nothing_of_it(self, db, broken, caplog):
        answer = broken(RuntimeError("secret detail")).get("/api/v1/events/")

        assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
        assert said(answer)["code"] == "server_error"
        assert "secret" not in answer.content.decode()
        assert "secret detail" in caplog.text
        assert caplog.records[-1].levelno == logging.ERROR

    def test_outside_the_views_has_the_shape_too(self, db, client, settings):
        settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
        answer = client.get("/api/v1/events/?a=1&b=2&c=3&d=4")

        assert answer.status_code == HTTPStatus.BAD_REQUEST
        assert said(answer)["code"] == "bad_request"

    def test_is_never_kept_by_caches(self, db, ask):
        assert ask("nothing").headers["Cache-Control"] == "no-store"


class TestAnAddressWithoutItsSlash:
    def test_leads_to_the_one_with_it(self, db, client):
        answer = client.get("/api/v1/events?kind=battle")

        assert (answer.status_code, answer.headers["Location"]) == (301, "/api/v1/events/?kind=battle")

    def test_that_leads_nowhere_is_404(self, db, client):
        assert client.get("/api/v1/nothing").status_code == HTTPStatus.NOT_FOUND
