"""Every page of the desk, by the URL configuration: open to everybody by axe, no wider than the window, nothing cut.

Run by `make drills`: a browser reads over a hundred pages in both languages. Those of test_access.py are part of CI.
`PAGES=preview` narrows it to the addresses that match.
"""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from conflict.models import Event
from conflict.vocabulary import ChangeKind
from editorial.import_export import uploads
from editorial.models import ImportRun
from editorial.workflow import submissions
from editorial.workflow.submissions import EntryChange
from tests.browser.conftest import SITE, static_file, window  # noqa: F401  # a fixture
from tests.desk import MORNING, an_event, at_the_desk_of
from tests.editorial.admin.conftest import filled_in
from tests.editorial.admin.test_permission_matrix import (
    LEADS_ELSEWHERE,
    NAMES,
    address,
    row_of,
)
from tests.editorial.import_export.rows import ged, written

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

ALL_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (1280, 1100, 768, 390, 320)
ONE_LINE = 70  # pixels that the head of a page may be high where it is one line
SCRIPT = "/admin/jsi18n/"
MOST_RIGHTS = ("managing editor", "administrator", "reviewer", "contributor")
ACCOUNT = (
    "account_logout", "account_inactive", "account_change_password", "account_reauthenticate",
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn",
)  # fmt: skip
CHANGED_TOGETHER = ("event", "claim", "actor", "location", "source")
Pages = dict[str, Any]  # responses by address


@pytest.fixture
def uploaded(at_desk, author, tmp_path, monkeypatch):
    """A file that waits for its confirmation, with a refused line."""
    monkeypatch.setattr(uploads, "FOLDER", tmp_path / "imports")
    rows = written(tmp_path / "up.csv", ged(), ged(id="2", where_prec="77")).read_bytes()
    file = SimpleUploadedFile("ged991.csv", rows, "text/csv")
    at_desk(author).post(reverse("admin:editorial_importrun_add"), {"holds": "ucdp-ged", "file": file}, follow=True)
    return ImportRun.objects.get()


@pytest.fixture
def proposed(things, author):
    """A correction of what is public, waiting for its review."""
    with at_the_desk_of(author):
        Event.objects.filter(pk=things["event"].pk).update(summary="Without a fight.")
        an_event("2013-01-14-diabaly")
    chosen = [EntryChange("event", key) for key in Event.objects.in_key_order().values_list("key", flat=True)]
    return submissions.submit(
        entries=chosen, by=author, at=MORNING, title="How", reason="How.", change_kind=ChangeKind.CORRECTION
    )


@pytest.fixture
def states(things, uploaded, proposed):
    """States of a page that its bare address does not show, each with who is shown it."""
    event, source = things["event"], things["source"]
    changed = reverse("admin:conflict_event_change", args=[event.pk])
    return {
        f"{changed}?open=all": "contributor",
        f"{reverse('admin:conflict_event_changelist')}?q=nothing&kind__exact=battle": "contributor",
        f"{reverse('admin:conflict_event_preview', args=[event.pk])}?submission={proposed.pk}": "reviewer",
        f"{reverse('admin:conflict_source_bench', args=[source.pk])}?queue=unresolved": "contributor",
        f"{reverse('admin:find')}?q=konna": "contributor",
        f"{reverse('admin:editorial_submission_propose')}?entry=event:{event.key}": "contributor",
        reverse("admin:editorial_submission_change", args=[proposed.pk]): "reviewer",
        reverse("admin:editorial_importrun_change", args=[uploaded.pk]): "contributor",
        reverse("admin:editorial_importrun_batches", args=[uploaded.pk]): "contributor",
        f"{changed}?rejected": "contributor",
        reverse("admin:inbox_read"): "contributor",  # which only takes what a form sends
        reverse("account_login"): "nobody",
        **{reverse(name): "contributor" for name in ACCOUNT},
    }


@pytest.fixture
def clients(cast, at_desk):
    found = {"nobody": Client(), **{role: at_desk(user) for role, user in cast.items()}}
    found["contributor"].post(reverse("account_reauthenticate"), {"password": "secret-of-the-test"})  # for MFA's pages
    return found


@pytest.fixture
def pages_of(things, clients):
    """`pages_of({url: role}, "fr")` are these pages, as somebody in this role is shown them, and what their scripts say."""

    def shown(asked: dict[str, str], language: str) -> Pages:
        headers = {"HTTP_ACCEPT_LANGUAGE": language}

        def answer(url: str, role: str) -> Any:
            client = clients[role]
            if url.endswith("/together/"):
                thing = things[url.split("/")[-3]]
                return client.post(url, {"chosen": thing.pk, "previewed": "yes", "kind": "other"}, **headers)
            if url.endswith("?rejected"):
                form = filled_in(client.get(f"{url}&open=all").content.decode(), title="", when="a day")
                return client.post(url, form, **headers)
            return client.get(f"/fr{url}" if language == "fr" and url.startswith("/account/") else url, **headers)

        answers = {url: answer(url, role) for url, role in asked.items()}
        pages = {url: answer for url, answer in answers.items() if "html" in answer.get("Content-Type", "")}
        assert {url: page.get("Location") for url, page in pages.items() if page.status_code not in (200, 405)} == {}
        return {**pages, SCRIPT: answer(SCRIPT, "contributor")}

    return shown


def examined(browser: Any, pages: Pages, **look: Any) -> Iterator[tuple[str, str]]:
    """Faults of each page, opened once in a window that asks nobody else: by axe as it is opened, and by width."""
    context = browser.new_context(base_url=SITE, **look)
    page = context.new_page()

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(SITE)
        if path in pages:
            route.fulfill(status=200, headers=dict(pages[path].items()), body=pages[path].content)
        else:
            route.fulfill(**(static_file(path) if path.startswith("/static/") else {"status": 404}))

    page.route("**/*", answer)
    first, *others = sorted(WIDTHS, key=lambda width: width != look["viewport"]["width"])
    for url, response in pages.items():
        if "html" in response["Content-Type"]:
            page.goto(url)
            for fault in [*by_axe(page), *by_width(page, first)]:
                yield url, fault
            for width in others:
                page.set_viewport_size({"width": width, "height": 900})
                yield from ((url, fault) for fault in by_width(page, width))
            page.set_viewport_size(look["viewport"])
    context.close()


def by_axe(page: Any) -> Iterator[str]:
    for fault in Axe().run(page, options=ALL_RULES).response["violations"]:
        for node in fault["nodes"]:
            yield f"{fault['id']}: {node['html'][:160]}"


def by_width(page: Any, width: int) -> Iterator[str]:
    """The page scrolls sideways at this width, or its head needs a second line."""
    wider, head = page.evaluate(
        "[document.documentElement.scrollWidth - window.innerWidth,"
        " document.querySelector('#header')?.offsetHeight || 0]"
    )
    if wider > 0:
        yield f"{width} px: {wider} px too wide"
    if width > 1024 and head > ONE_LINE:
        yield f"{width} px: head of {head} px"


def told(window: Any, pages: Pages, look: dict[str, Any]) -> None:  # noqa: F811
    """Fail with every fault of these pages."""
    faults = window.show(lambda browser: [f"{url} {fault}" for url, fault in examined(browser, pages, **look)])
    if faults:
        pytest.fail("\n".join(faults), pytrace=False)


# Between them, both languages have light and dark, a desktop and a phone.
LOOKS = {
    "en": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "fr": {"viewport": {"width": 390, "height": 900}, "color_scheme": "dark", "has_touch": True},
}


class TestEveryPageOfTheDesk:
    @pytest.mark.parametrize("language", LOOKS)
    def test_is_open_to_everybody_and_fits_every_screen(self, language, things, states, pages_of, window):  # noqa: F811
        asked = {}
        for name in NAMES:
            url, allowed = address(name, things), row_of(name)
            if url and allowed and not re.fullmatch(LEADS_ELSEWHERE, name):
                asked[url] = next(role for role in MOST_RIGHTS if role in allowed)
        asked |= {reverse(f"admin:conflict_{kind}_together"): "contributor" for kind in CHANGED_TOGETHER} | states
        chosen = {url: role for url, role in asked.items() if re.search(os.environ.get("PAGES", ""), url)}
        pages = pages_of(chosen, language)

        assert len(pages) > 100 or "PAGES" in os.environ
        told(window, pages, LOOKS[language])
