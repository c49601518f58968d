"""Settings from the environment, and the refusal of invalid values."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from conflict.environment import Environment
from tests import processes

PRODUCTION = {
    "SECRET_KEY": "x" * 60,
    "ALLOWED_HOSTS": "chronology.example",
    "DATABASE_URL": "postgres://desk:secret@127.0.0.1:1/chronology",
}


def manage(*arguments: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run manage.py as a person would, with these variables and no others."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env={"PATH": os.defpath, **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


class TestAValue:
    @pytest.mark.parametrize("value", ["1", "true", "YES", "on"])
    def test_can_say_yes_in_several_ways(self, value):
        assert Environment({"DEBUG": value}).flag("DEBUG", default=False) is True

    @pytest.mark.parametrize("value", ["0", "False", "no", "OFF"])
    def test_can_say_no_in_several_ways(self, value):
        assert Environment({"DEBUG": value}).flag("DEBUG", default=True) is False

    def test_that_is_empty_counts_as_not_set(self):
        assert Environment({"PORT": " "}).number("PORT", 8000, at_least=1, at_most=65535) == 8000

    @pytest.mark.parametrize("value", ["maybe", "2", "None"])
    def test_that_is_neither_yes_nor_no_is_refused_by_name(self, value):
        environment = Environment({"DEBUG": value})

        environment.flag("DEBUG", default=False)

        assert environment.problems == [f"DEBUG is '{value}', but must be 1 or 0."]

    @pytest.mark.parametrize("value", ["http", "0", "65536", "-1", "80.5", "8000;"])
    def test_that_is_no_port_is_refused_by_name(self, value):
        environment = Environment({"PORT": value})

        environment.number("PORT", 8000, at_least=1, at_most=65535)

        assert environment.problems == [f"PORT is '{value}', but must be a whole number from 1 to 65535."]

    def test_outside_a_list_of_choices_is_answered_with_the_list(self):
        environment = Environment({"LOG_LEVEL": "loud"})

        environment.one_of("LOG_LEVEL", "INFO", ("DEBUG", "INFO"))

        assert environment.problems == ["LOG_LEVEL is 'loud', but must be one of DEBUG, INFO."]

    def test_of_an_origin_needs_its_scheme(self):
        environment = Environment({"CSRF_TRUSTED_ORIGINS": "https://a.example, b.example"})

        assert environment.origins("CSRF_TRUSTED_ORIGINS") == []
        assert "https://example.org" in environment.problems[0]

    @pytest.mark.parametrize(
        ("method", "value"),
        [
            ("hosts", "https://chronology.example/"),
            ("hosts", "chronology.example www.chronology.example"),
            ("languages", "french"),
            ("languages", "fr, FR"),
            ("sender", "desk"),
        ],
    )
    def test_that_looks_like_another_is_refused_with_an_example(self, method, value):
        environment = Environment({"SETTING": value})

        getattr(environment, method)("SETTING", [])

        assert re.match(rf"SETTING is '{value}', but must be .* such as ", environment.problems[0])

    @pytest.mark.parametrize("value", ["*", ".chronology.example", "[::1]", "localhost:8443", "a.example, 127.0.0.1"])
    def test_names_hosts_as_django_takes_them(self, value):
        environment = Environment({"ALLOWED_HOSTS": value})

        assert environment.hosts("ALLOWED_HOSTS", []) == value.split(", ")
        assert environment.problems == []


class TestAFile:
    def test_that_is_not_there_is_refused_by_name(self, tmp_path):
        environment = Environment({"TIMESTAMP_ROOTS": f"{tmp_path}/roots.pem"})

        environment.file("TIMESTAMP_ROOTS")
        (tmp_path / "roots.pem").touch()
        environment.file("TIMESTAMP_ROOTS")

        assert environment.problems == [f"TIMESTAMP_ROOTS names {tmp_path}/roots.pem, where there is no file."]


class TestADatabaseURL:
    def test_names_host_port_user_and_database(self):
        found = Environment(
            {"DATABASE_URL": "postgres://desk:p%40ss@db.example:5433/chronology?sslmode=require"}
        ).database("DATABASE_URL")

        assert found is not None
        assert (found["HOST"], str(found["PORT"]), found["NAME"]) == ("db.example", "5433", "chronology")
        assert (found["USER"], found["PASSWORD"]) == ("desk", "p@ss")
        assert found["OPTIONS"]["sslmode"] == "require"

    def test_may_name_a_socket_folder(self):
        found = Environment({"DATABASE_URL": "postgres://desk@%2Frun%2Fpostgresql/chronology"}).database("DATABASE_URL")

        assert found is not None
        assert found["HOST"] == "/run/postgresql"

    @pytest.mark.parametrize(
        ("url", "reason"),
        [
            ("nonsense", "only PostgreSQL is supported"),
            ("mysql://desk:s3cret@db/chronology", "only PostgreSQL is supported"),
            ("sqlite:///file.db", "only PostgreSQL is supported"),
            ("postgres://desk:s3cret@db:port/chronology", "its port is not a number below 65536"),
            ("postgres://desk:s3cret@db:99999/chronology", "its port is not a number below 65536"),
            ("postgres://desk:s3cret@db", "it names no database"),
            ("postgres://desk:s3c#ret@db/chronology", "it has a #, which a password writes as %23"),
        ],
    )
    def test_that_cannot_be_used_is_refused_without_repeating_its_password(self, url, reason):
        environment = Environment({"DATABASE_URL": url})

        assert environment.database("DATABASE_URL") is None
        assert len(environment.problems) == 1
        assert environment.problems[0].startswith(f"DATABASE_URL cannot be used: {reason}.")
        assert "s3cret" not in environment.problems[0]


class TestSeveralServersForReaders:
    def test_are_told_apart_by_commas(self):
        named = "postgres://reader:a@one/chronology, postgres://reader:a@two:5433/chronology"

        servers = Environment({"PUBLIC_DATABASE_URL": named}).databases("PUBLIC_DATABASE_URL")

        assert [(server["HOST"], server["PORT"]) for server in servers] == [("one", ""), ("two", 5433)]

    @pytest.mark.parametrize(
        "second", ["postgres://other:secret@two/chronology", "postgres://reader:secret@two/elsewhere"]
    )
    def test_of_which_one_is_of_another_kind_are_refused(self, second):
        environment = Environment({"PUBLIC_DATABASE_URL": f"postgres://reader:secret@one/chronology,{second}"})

        environment.databases("PUBLIC_DATABASE_URL")

        assert environment.problems == [
            "PUBLIC_DATABASE_URL names several servers; all of them must have the same user and database."
        ]


class TestASharedCache:
    @pytest.mark.parametrize("url", ["127.0.0.1:6379", "memcached://:secret@cache/0", "redis:///0"])
    def test_that_is_no_redis_server_is_refused_without_repeating_its_password(self, url):
        environment = Environment({"CACHE_URL": url})

        environment.cache("CACHE_URL")

        assert environment.problems == ["CACHE_URL cannot be used. It looks like redis://user:password@host:6379/0."]


class TestProblems:
    def test_are_all_said_at_once(self):
        environment = Environment({"PORT": "x", "LOG_LEVEL": "y"})
        environment.number("PORT", 8000, at_least=1, at_most=65535)
        environment.one_of("LOG_LEVEL", "INFO", ("INFO",))

        with pytest.raises(ImproperlyConfigured) as refused:
            environment.refuse_problems()

        assert len(str(refused.value).splitlines()) == 2


class TestTheCommandLine:
    def test_says_what_a_public_site_lacks_one_line_each(self):
        done = manage("check")

        assert done.returncode == 1
        assert [line.split(" is ")[0] for line in done.stderr.splitlines()] == [
            "Error: SECRET_KEY",
            "Error: ALLOWED_HOSTS",
            "Error: DATABASE_URL",
        ]

    def test_starts_with_what_a_public_site_needs(self):
        done = manage("check", **PRODUCTION)

        assert done.returncode == 0, done.stderr

    @pytest.mark.parametrize(
        ("variable", "value"),
        [
            ("DEBUG", "perhaps"),
            ("PORT", "eighty"),
            ("LOG_LEVEL", "chatty"),
            ("DATABASE_URL", "postgres//x"),
            ("RELEASE_SIGNING_KEY", "/nowhere/key"),
        ],
    )
    def test_refuses_nonsense_in_one_line_without_a_traceback(self, variable, value):
        done = manage("check", **{**PRODUCTION, variable: value})

        assert done.returncode == 1
        assert len(done.stderr.splitlines()) == 1
        assert done.stderr.startswith(f"Error: {variable}")

    def test_says_in_one_line_that_no_database_answers(self):
        done = manage("migrate", "--database=owner", **PRODUCTION)

        assert done.returncode == 1
        assert done.stderr.startswith("Error: the database cannot be used: ")
        assert len(done.stderr.splitlines()) == 1

    def test_has_logins_beside_the_desks_only_when_the_desks_is_given(self):
        done = manage("check", DEBUG="1", PUBLIC_DATABASE_URL=PRODUCTION["DATABASE_URL"])

        assert done.returncode == 1
        assert "mean something only beside DATABASE_URL" in done.stderr


@pytest.fixture(scope="module")
def values() -> dict[str, str]:
    """Some settings of a public site."""
    wanted = ["DEBUG", "SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS"]
    code = f"from conflict import settings as s\nfor n in {wanted}: print(n, getattr(s, n))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={"PATH": os.defpath, **PRODUCTION},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


class TestAPublicSite:
    """What is on unless somebody turns it off."""

    def test_is_not_debugged(self, values):
        assert values["DEBUG"] == "False"

    @pytest.mark.parametrize("name", ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"])
    def test_keeps_to_https(self, values, name):
        assert values[name] == "True"

    def test_has_browsers_remember_that_for_a_year(self, values):
        assert int(values["SECURE_HSTS_SECONDS"]) == 365 * 24 * 3600

    @pytest.mark.parametrize("word", ["'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:"])
    def test_lets_no_page_run_or_load_what_is_not_its_own(self, word):
        directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]

        assert all(word not in sources for sources in directives.values())
        assert directives["default-src"] == ["'none'"]

    def test_reads_for_the_public_in_transactions_that_cannot_write(self):
        options = settings.LOGINS["public"]["OPTIONS"]["options"]

        assert "default_transaction_read_only=on" in options
        assert "statement_timeout=" in options


class TestTheSecretKey:
    def test_of_a_checkout_is_readable_by_its_user_alone(self):
        kept = Path(settings.VAR_DIR) / "secret-key"
        if not kept.exists():
            pytest.skip("SECRET_KEY is set here, so none was made.")

        assert kept.stat().st_mode & 0o077 == 0
        assert len(kept.read_text()) >= 50


class TestTheFolderForFiles:
    def test_is_the_one_that_is_named_whatever_the_chronology(self, tmp_path):
        program = (
            "from django.conf import settings; print(settings.VAR_DIR, settings.STATIC_ROOT, settings.RELEASES_DIR)"
        )

        done = processes.run("-c", program, VAR_DIR=str(tmp_path))

        assert done.stdout.split() == [str(tmp_path), f"{tmp_path}/static", f"{tmp_path}/releases"]
