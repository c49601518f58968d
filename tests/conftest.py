"""The test database: one connection for all aliases, and separate logins for tests of permissions."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connections
from django.template.backends.jinja2 import Template
from django.test.signals import template_rendered
from django.utils import translation

from conflict.postgres import roles
from conflict.public.cache import contents, counts, fragments
from conflict.public.cache.responses import store

ALIASES = {"desk": "default", "public": "public", "owner": "owner"}


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Sets in one order, or two workers would collect different tests."""
    return " ".join(sorted(map(str, val))) if isinstance(val, set | frozenset) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let every database test use all aliases: they are one connection here."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        uses_database = mark or {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        if uses_database and "databases" not in (mark.kwargs if mark else {}):
            wanted = {**(mark.kwargs if mark else {}), "databases": list(connections)}
            item.add_marker(pytest.mark.django_db(**wanted), append=False)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """After the test database is made: grant the roles, and point every alias at the one connection.

    A test runs in a transaction that only its own connection sees, and `.using("public")` must see it too.
    """
    with django_db_blocker.unblock():
        for alias in ("owner", "public"):
            connections[alias].close()
            connections[alias] = connections["default"]
        logins = {
            alias: roles.Login(login["USER"], login.get("PASSWORD", "")) for alias, login in settings.LOGINS.items()
        }
        for login in roles.missing(connections["default"], [logins["default"], logins["public"]]):
            roles.create(connections["default"], login)
        roles.grant(connections["default"], desk=logins["default"].name, public=logins["public"].name)


@pytest.fixture(autouse=True)
def _contexts_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """`response.context` has what the readers' templates were given; Django does that for templates of its own only."""

    def rendered(self: Any, context: dict[str, Any] | None = None, request: Any = None) -> str:
        template_rendered.send(sender=self, template=self.template, context=context or {})
        return render(self, context, request)

    render = Template.render
    monkeypatch.setattr(Template, "render", rendered)


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """No test is answered by what another asked of a log with the same head."""
    translation.activate(settings.LANGUAGE_CODE)  # a request leaves its language behind in the thread
    store.clear()
    contents.store.clear()
    fragments.store.clear()
    counts.clear()


@pytest.fixture
def log_in_as(db: None) -> Iterator[Callable[[str], "psycopg.Connection[tuple[Any, ...]]"]]:
    """Connections to the test database under the real roles: `log_in_as("public")`, `"desk"`, `"owner"`.

    They are connections of their own, so they see only what is committed.
    """
    with ExitStack() as opened:

        def log_in(role: str) -> "psycopg.Connection[tuple[Any, ...]]":
            login = settings.LOGINS[ALIASES[role]]
            if role != "owner" and login["USER"] == settings.LOGINS["owner"]["USER"]:
                pytest.skip(f"The {role} logs in as the owner here; set OWNER_DATABASE_URL and PUBLIC_DATABASE_URL.")
            here = connections["default"].get_connection_params()
            return opened.enter_context(
                psycopg.connect(
                    host=here.get("host"),
                    port=here.get("port"),
                    dbname=connections["default"].settings_dict["NAME"],
                    user=login["USER"],
                    password=login.get("PASSWORD") or None,
                    options=login["OPTIONS"].get("options"),
                    autocommit=True,
                )
            )

        yield log_in
