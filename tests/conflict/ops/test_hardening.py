"""Hardening of a public site: headers on every kind of response, cookies, logs, checks."""

import json
import logging
import re
import threading
from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from conflict.ops import health
from conflict.ops.worker_state import WorkerState
from conflict.record import clock
from editorial.accounts.roles import Role
from tests import docs, processes
from tests.desk import person

ANSWERS = {
    "a page": ("/", 200),
    "a page in French": ("/fr/", 200),
    "an answer of the API": ("/api/v1/events/", 200),
    "the API's documentation": ("/api/v1/docs/", 200),
    "a refusal of the API": ("/api/v1/events/?actr=x", 400),
    "the door of the desk": ("/account/sign-in/", 200),
    "the desk to a stranger": ("/admin/", 302),
    "a static file": ("/static/conflict/mark.svg", 200),
    "an unknown page": ("/nothing/here/", 404),
    "an unknown answer": ("/api/v1/nothing/", 404),
    "a static file that is not there": ("/static/nothing.css", 404),
    "health": ("/healthz", 200),
    "readiness": ("/readyz", 200),
}
ASK = """
import json, logging, sys
from django.test import Client
logging.disable()
client = Client(raise_request_exception=False, headers={"host": "chronology.example"})
answers = {}
for path in json.loads(sys.argv[1]):
    answer = client.get(path, secure=True)
    answers[path] = [answer.status_code, dict(answer.headers), {k: dict(v.items()) for k, v in answer.cookies.items()}]
from unittest.mock import patch
def broken(*given, **named):
    raise RuntimeError("a secret of the code")
from conflict.ops import health
with patch.object(health, "read_the_log", broken):
    answer = client.get("/readyz", secure=True)
    answers["broken"] = [answer.status_code, dict(answer.headers), {"text": answer.content.decode()}]
answer = client.get("/", secure=True, headers={"host": "evil.example"})
answers["another host"] = [answer.status_code, dict(answer.headers), {"text": answer.content.decode()}]
answer = client.get("/robots.txt", secure=True, headers={"host": "chronology.example:8443"})
answers["a port"] = [answer.status_code, {}, {"text": answer.content.decode()}]
answer = client.get("/", secure=False)
answers["plain"] = [answer.status_code, dict(answer.headers), {}]
answer = client.get("/healthz", secure=False)
answers["plain health"] = [answer.status_code, dict(answer.headers), {}]
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker):
    """What the software answers with the settings of a public site, by path."""
    paths = json.dumps([path for path, _ in ANSWERS.values()])
    done = processes.program(ASK, paths)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class TestEveryAnswer:
    @pytest.mark.parametrize(("path", "status"), ANSWERS.values(), ids=ANSWERS)
    def test_carries_the_headers_that_protect_its_reader(self, answers, path, status):
        found, headers, _ = answers[path]

        assert found == status
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-eval" not in policy
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy

    def test_links_to_the_host_alone_whatever_port_was_asked_for(self, answers):
        status, _, said = answers["a port"]

        assert status == 200
        assert "https://chronology.example/sitemap.xml" in said["text"]

    @pytest.mark.parametrize("what", ["broken", "another host"])
    def test_to_a_fault_carries_them_too_and_tells_nothing(self, answers, what):
        status, headers, said = answers[what]

        assert status in (400, 500)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "secret of the code" not in said["text"]
        assert "Traceback" not in said["text"]

    def test_over_plain_http_is_a_redirect_but_for_health(self, answers):
        assert answers["plain"][0] == 301
        assert answers["plain"][1]["Location"].startswith("https://")
        assert answers["plain health"][0] == 200

    @pytest.mark.parametrize("path", ["/", "/fr/", "/api/v1/events/", "/static/conflict/mark.svg", "/nothing/here/"])
    def test_in_public_sets_no_cookie(self, answers, path):
        assert answers[path][2] == {}

    def test_that_sets_a_cookie_keeps_it_to_https_and_to_this_host(self, answers):
        cookies = answers["/account/sign-in/"][2]

        assert set(cookies) == {"__Host-csrf"}
        assert cookies["__Host-csrf"]["secure"]
        assert cookies["__Host-csrf"]["samesite"] == "Lax"
        assert cookies["__Host-csrf"]["domain"] == ""

    @pytest.mark.parametrize("path", ["/healthz", "/readyz", "/account/sign-in/"])
    def test_about_the_moment_is_never_cached(self, answers, path):
        assert "no-store" in answers[path][1]["Cache-Control"]


@pytest.fixture
def a_worker(monkeypatch):
    """As far as the database would say, which is asked over another connection."""
    monkeypatch.setattr(health, "worker_state", lambda: WorkerState(10.0, 10.0, 0.0))


@pytest.mark.django_db
@pytest.mark.usefixtures("a_worker")
class TestReadiness:
    def test_is_had_while_all_answers(self, client):
        assert (client.get("/readyz").status_code, client.get("/readyz").content) == (200, b"ready\n")

    def test_is_lost_while_a_migration_is_missing(self, client, monkeypatch):
        monkeypatch.setattr("conflict.ops.health.newest_migrations", lambda: {("conflict", "9999_to_come")})

        answer = client.get("/readyz")

        assert (answer.status_code, answer.content) == (503, b"not ready\n")

    def test_is_less_while_the_tables_are_newer_than_the_code(self, client, monkeypatch):
        known = health.known_migrations()
        monkeypatch.setattr(
            health, "known_migrations", lambda: known - {max(one for one in known if one[0] == "record")}
        )

        answer = client.get("/readyz")

        assert (answer.status_code, answer.content) == (200, b"degraded\n")

    @pytest.mark.parametrize(
        ("state", "said"),
        [
            (WorkerState(180.0, 180.0, 0.0), "for 3 minutes"),
            (WorkerState(None, 60.0, 0.0), "for 1 minutes"),
            (WorkerState(None, None, 0.0), "No worker has ever run here"),
        ],
    )
    def test_is_less_while_no_worker_reports(self, client, caplog, monkeypatch, state, said):
        monkeypatch.setattr(health, "worker_state", lambda: state)

        answer = client.get("/readyz")

        assert (answer.status_code, answer.content) == (200, b"degraded\n")
        assert said in caplog.text

    def test_is_less_while_the_clocks_differ(self, client, monkeypatch, caplog):
        monkeypatch.setattr(clock.timezone, "now", lambda: datetime(2030, 1, 1, tzinfo=UTC))

        answer = client.get("/readyz")

        assert (answer.status_code, answer.content) == (200, b"degraded\n")
        assert "It is 2030-01-01 00:00:00 by the application's clock" in caplog.text

    @pytest.mark.parametrize(
        ("hanging", "said"),
        [
            ("read_the_log", (503, b"not ready\n")),
            ("compare_the_tables", (200, b"degraded\n")),
            ("unreachable_parts", (200, b"degraded\n")),
            ("clock_and_anchors", (200, b"degraded\n")),
            ("missing_worker", (200, b"degraded\n")),
        ],
    )
    def test_is_told_while_a_database_hangs(self, client, monkeypatch, hanging, said):
        answered = threading.Event()
        answers = {"read_the_log": None, "compare_the_tables": ("", []), "unreachable_parts": [], "clock_and_anchors": [], "missing_worker": []}  # fmt: skip
        for asked, at_once in answers.items():
            monkeypatch.setattr(health, asked, lambda at_once=at_once: at_once)
        monkeypatch.setattr(health, hanging, lambda: answered.wait(60) and answers[hanging])

        answer = client.get("/readyz")
        answered.set()

        assert (answer.status_code, answer.content) == said

    def test_asks_a_database_that_hangs_no_second_time(self):
        answered = threading.Event()
        question = health.Question(lambda: answered.wait(60))

        first, second = question.begin(), question.begin()
        answered.set()

        assert first is second
        assert first.result(60)
        assert question.begin().result(60)

    def test_waits_no_second_time_for_what_hangs(self, monkeypatch):
        hanging, waited = health.Answer(), []
        monkeypatch.setattr(hanging, "result", waited.append)
        monkeypatch.setattr(health.time, "monotonic", lambda: hanging.began + 0.4 * health.PATIENCE)
        health.answer_of(hanging)
        monkeypatch.setattr(health.time, "monotonic", lambda: hanging.began + 60)
        health.answer_of(hanging)

        assert waited == [pytest.approx(0.6 * health.PATIENCE), 0]

    def test_is_asked_for_and_nothing_else(self, client):
        assert client.post("/readyz").status_code == 405

    def test_of_life_asks_nothing_of_the_database(self, client, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert client.get("/healthz").content == b"alive\n"


@pytest.mark.django_db
class TestLogs:
    def test_hold_no_password_no_key_no_address(self, caplog, client, monkeypatch):
        cache.clear()
        caplog.set_level(logging.DEBUG)
        secrets = [
            "guessed-word",
            "secret-of-the-test",
            "cc_live_0123456789",
            "author@example.org",
            "203.0.113.9",
            "new-long-word-1",
        ]
        person("author", Role.CONTRIBUTOR, email="author@example.org")
        client.raise_request_exception = False
        client.post("/account/sign-in/", {"login": "author", "password": "guessed-word"}, REMOTE_ADDR="203.0.113.9")
        client.post(
            "/account/sign-in/", {"login": "author", "password": "secret-of-the-test"}, REMOTE_ADDR="203.0.113.9"
        )
        client.post(
            "/account/password/",
            {"oldpassword": "secret-of-the-test", "password1": "new-long-word-1", "password2": "new-long-word-1"},
        )
        client.get("/api/v1/events/", headers={"authorization": "Bearer cc_live_0123456789"})
        client.get("/api/v1/nothing/?key=cc_live_0123456789")
        monkeypatch.setattr("conflict.ops.health.read_the_log", lambda: 1 / 0)
        client.get("/readyz?key=cc_live_0123456789", headers={"authorization": "Bearer cc_live_0123456789"})

        told = "\n".join(caplog.handler.format(record) for record in caplog.records)

        assert "ZeroDivisionError" in told
        assert [secret for secret in secrets if secret in told] == []


class TestLogsForMachines:
    def test_are_one_json_object_a_line_with_the_fault_in_it(self):
        text = "import logging, sys; logging.getLogger('conflict').info('Vérifié: %s', 1)\n"
        text += "try:\n    1 / 0\nexcept ZeroDivisionError:\n    logging.getLogger('conflict').exception('Broken.')"

        done = processes.program(text)

        first, second = (json.loads(line) for line in done.stderr.splitlines())
        assert (first["level"], first["logger"], first["message"]) == ("INFO", "conflict", "Vérifié: 1")
        assert second["message"] == "Broken."
        assert second["exception"].endswith("ZeroDivisionError: division by zero")


class TestTheDocumentedSettings:
    def test_pass_the_checks_of_a_public_site(self):
        block = re.search(r"```sh\nSECRET_KEY=.*?```", docs.page("install"), re.DOTALL)
        assert block is not None
        documented = dict(re.findall(r"^([A-Z_]+)=(\S+)", block[0], re.MULTILINE))
        given = {
            **{name: value.replace("…", "a-word") for name, value in documented.items()},
            "SECRET_KEY": "kq3v8-0aXw_2LmN7pRt5uYz1cB4dEfGhJ6sKi9oQxWvUyTzA-b7HsLe3VnM5",
        }

        done = processes.run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **given)

        assert done.returncode == 0, done.stderr
        assert "no issues" in done.stdout

    def test_warn_where_the_second_factor_is_switched_off(self):
        done = processes.run("manage.py", "check", "--deploy", SECOND_FACTOR="0")

        assert "conflict.W004" in done.stderr
