"""People at the desk, and how a form of the desk is filled in as a browser would."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client

from editorial.models import User
from tests.desk import just_signed_in


class Form(HTMLParser):
    """The fields of a page's change form with their values, so that a test posts what a browser would."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._select = self._textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "select":
            self._select = name
            self.values.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in given:
            self.values[self._select] = given.get("value") or ""
        elif tag == "textarea":
            self._textarea = name
            self.values[name] = ""
        elif tag == "input" and name and given.get("type") not in ("submit", "checkbox", "radio"):
            self.values[name] = given.get("value") or ""
        elif tag == "input" and name and given.get("type") == "checkbox" and "checked" in given:
            self.values[name] = given.get("value") or "on"

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] += data.removeprefix("\n").removeprefix("\r\n")


def filled_in(html: str, **changes: Any) -> dict[str, Any]:
    """What a browser would post of the page's form, with these fields changed."""
    values = {
        name: value
        for name, value in Form(html).values.items()
        if "__prefix__" not in name and name not in ("q", "action")
    }
    return values | changes


@pytest.fixture
def at_desk() -> Callable[[User], Client]:
    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        just_signed_in(client, user)
        return client

    return log_in


@pytest.fixture
def desk(at_desk, author) -> Client:
    """The contributor, logged in."""
    return at_desk(author)
