"""Accessibility of every kind of page, checked by axe: on a desktop, and on a small phone, dark and in French.

Neither scrolls sideways, not even with its text twice as large.
"""

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
    "/chronology/filter/",
    "/api/v1/docs/",
    "/api/v1/docs/events/",
    "/embed/events/konna-dead/",
    "/embed/chart/",
    "/embed/map/",
    "/report/claim/army-dead/",
]
ALL_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
# What language, colours or width can change; the rest of a page is the same.
OF_THE_LOOK = {
    "runOnly": {
        "type": "rule",
        "values": ["color-contrast", "target-size", "html-has-lang", "html-lang-valid", "valid-lang", "meta-viewport",
                   "scrollable-region-focusable", "link-in-text-block", "duplicate-id-aria"],
    }
}  # fmt: skip


# Read one after the other in one window: the time goes into opening windows and publishing, not into axe.
LOOKS = {
    "on a desktop": ("", ALL_RULES, {"width": 1024}),
    "on a phone, dark and in French": ("/fr", OF_THE_LOOK, {"width": 320, "scheme": "dark"}),
}


class TestEveryKindOfPage:
    @pytest.mark.parametrize("look", LOOKS)
    def test_is_open_to_everybody(self, look, visit):
        language, rules, window = LOOKS[look]

        def faults(page):
            for path in PAGES:
                page.goto(path if path.startswith("/api/") else f"{language}{path}")
                if scrolls_sideways(page):
                    yield path, "scrolls sideways"
                for fault in Axe().run(page, options=rules).response["violations"]:
                    yield path, fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]
                page.evaluate("document.documentElement.style.fontSize = '200%'")
                if scrolls_sideways(page):
                    yield path, "scrolls sideways with its text twice as large"

        assert visit("/how-sure/", lambda page: list(faults(page)), **window) == []


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
