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


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_open_to_everybody(path, visit):
    def examined(rules):
        def examine(page):
            found = Axe().run(page, options=rules).response["violations"]
            sizes = [scrolls_sideways(page)]
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            return found, [*sizes, scrolls_sideways(page)]

        return examine

    in_french = path if path.startswith("/api/") else f"/fr{path}"
    on_a_desktop = visit(path, examined(ALL_RULES), width=1024)
    on_a_phone = visit(in_french, examined(OF_THE_LOOK), scheme="dark", width=320)

    for found, sideways in (on_a_desktop, on_a_phone):
        assert sideways == [False, False], "The page scrolls sideways, as it is or with its text twice as large."
        assert not found, [(fault["id"], [node["html"][:160] for node in fault["nodes"][:3]]) for fault in found]


def scrolls_sideways(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
