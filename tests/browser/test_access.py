"""Accessibility of every kind of page, checked by axe in both languages and colour schemes, on desktop and phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.kinds_of_page import KINDS_OF_PAGE

pytestmark = pytest.mark.browser

PAGES = [
    *KINDS_OF_PAGE,
    "/chronology/?actor=army",
    "/chronology/?chart=killed",
    "/chronology/?q=nothing-like-it",
    "/sources/cite-226/",
    "/api/v1/docs/",
    "/api/v1/docs/events/",
]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("path", PAGES)
class TestAPage:
    @pytest.mark.parametrize(
        ("language", "scheme", "width"), [("", "light", 1280), ("/fr", "dark", 360)], ids=["desk", "phone"]
    )
    def test_is_open_to_everybody(self, path, language, scheme, width, visit):
        def examine(page):
            wider = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
            return Axe().run(page, options=RULES).response["violations"], wider

        address = path if path.startswith("/api/") else f"{language}{path}"
        found, wider = visit(address, examine, scheme=scheme, width=width)

        assert not wider, "The page scrolls sideways."
        assert not found, [(fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]) for fault in found]
