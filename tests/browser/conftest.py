"""A real Chromium that reads the pages of the test's own transaction.

Playwright keeps an event loop running in its thread, and Django's connections do not reach into
one. So the browser runs in a thread of its own, and requests every response from the test's thread.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from html import escape
from mimetypes import guess_type
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, Page, Route, sync_playwright

from tests import documents as doc
from tests.conflict.pages.conftest import CAST

SITE = "http://testserver"
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
Act = Callable[[Page], Any]
Answer = dict[str, Any]


class Window:
    """Chromium in its thread. `show` does something with a page there, while this thread answers its requests."""

    def __init__(self) -> None:
        self.wishes: Queue[tuple[Callable[[Browser], Any], Future[Any]] | None] = Queue()
        self.questions: Queue[tuple[str, Future[Answer]] | None] = Queue()
        self.thread = Thread(target=self._live, daemon=True)
        self.thread.start()

    def show(self, act: Callable[[Browser], Any]) -> Any:
        done: Future[Any] = Future()
        done.add_done_callback(lambda future: self.questions.put(None))
        self.wishes.put((act, done))
        while question := self.questions.get():
            address, answered = question
            try:
                answered.set_result(answer(address))
            except BaseException as error:
                answered.set_exception(error)
        return done.result()

    def ask(self, route: Route) -> None:
        answered: Future[Answer] = Future()
        self.questions.put((route.request.url, answered))
        route.fulfill(**answered.result())

    def close(self) -> None:
        self.wishes.put(None)
        self.thread.join()

    def _live(self) -> None:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            while wish := self.wishes.get():
                act, done = wish
                try:
                    done.set_result(act(browser))
                except BaseException as error:
                    done.set_exception(error)
            browser.close()


@pytest.fixture(scope="session")
def window() -> Iterator[Window]:
    if not CHROMIUM:
        pytest.skip("No Chromium on this machine: apt-get install chromium, or name one in CHROMIUM.")
    window = Window()
    yield window
    window.close()


@pytest.fixture
def visit(window: Window, db: None) -> Callable[..., Any]:
    """`visit("/", act, width=390, scheme="dark")` opens the page and does `act(page)`; gives what that gives."""
    doc.published(CAST)
    cache.clear()

    def go(path: str, act: Act, *, width: int = 1280, scheme: str = "light", scripts: bool = True) -> Any:
        def visiting(browser: Browser) -> Any:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="dark" if scheme == "dark" else "light",
                java_script_enabled=scripts,
                base_url=SITE,
            )
            try:
                page = context.new_page()
                page.route("**/*", window.ask)
                page.goto(path)
                return act(page)
            finally:
                context.close()

        return window.show(visiting)

    return go


def static_file(path: str) -> Answer:
    found = finders.find(path.removeprefix("/static/"))
    assert found, f"{path} is not there."
    return {"body": Path(str(found)).read_bytes(), "content_type": guess_type(str(found))[0] or "text/plain"}


def answer(url: str) -> Answer:
    """As the site would answer; a page that asks any other host fails its test."""
    address = urlsplit(url)
    assert f"{address.scheme}://{address.netloc}" == SITE, f"A page asked another site: {url}"
    if address.path.startswith("/static/"):
        return static_file(address.path)
    response = Client().get(f"{address.path}?{address.query}" if address.query else address.path)
    if 300 < response.status_code < 304:  # Playwright does not intercept what a redirect leads to
        refresh = f'<meta http-equiv="refresh" content="0;url={escape(response["Location"])}">'
        return {"body": refresh, "content_type": "text/html"}
    return {"status": response.status_code, "headers": dict(response.items()), "body": response.content}
