"""Every kind of page of the desk, by the URL configuration: open to everybody by axe, no wider than the window."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conflict.models import Event
from conflict.vocabulary import ChangeKind
from editorial.import_export import uploads
from editorial.models import ImportRun
from editorial.workflow import submissions
from editorial.workflow.submissions import EntryChange
from tests.browser.conftest import SITE, static_file, window  # noqa: F401  # a fixture
from tests.desk import MORNING, an_event, at_the_desk_of
from tests.editorial.admin.test_permission_matrix import LEADS_ELSEWHERE, NAMES, address, re, row_of
from tests.editorial.import_export.rows import ged, written

pytestmark = [pytest.mark.django_db, pytest.mark.browser]

ALL_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (1280, 1100, 390, 320)
ONE_LINE = 70  # pixels that the head of a page may be high where it is one line
FRENCH = {"HTTP_ACCEPT_LANGUAGE": "fr"}
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
def pages(things, cast, at_desk, uploaded, proposed):
    """`pages()` are all pages of the desk in one language, each as somebody sees it who may."""
    clients = {role: at_desk(user) for role, user in cast.items()}
    event, source = things["event"], things["source"]
    further = {  # states of a page that its bare address does not show
        f"{reverse('admin:conflict_event_change', args=[event.pk])}?open=all": "contributor",
        f"{reverse('admin:conflict_event_preview', args=[event.pk])}?submission={proposed.pk}": "reviewer",
        f"{reverse('admin:conflict_source_bench', args=[source.pk])}?queue=unresolved": "contributor",
        f"{reverse('admin:find')}?q=konna": "contributor",
        f"{reverse('admin:editorial_submission_propose')}?entry=event:{event.key}": "contributor",
        reverse("admin:editorial_submission_change", args=[proposed.pk]): "reviewer",
        reverse("admin:editorial_importrun_change", args=[uploaded.pk]): "contributor",
        reverse("admin:editorial_importrun_batches", args=[uploaded.pk]): "contributor",
    }

    def found(**headers: str) -> Pages:
        answers: Pages = {}
        for name in NAMES:
            url, allowed = address(name, things), row_of(name)
            if url and allowed and not re.fullmatch(LEADS_ELSEWHERE, name):
                answers[url] = clients[next(role for role in clients if role in allowed)].get(url, **headers)
        for url, role in further.items():
            answers[url] = clients[role].get(url, **headers)
        for kind in ("event", "claim", "actor", "location", "source"):
            url = reverse(f"admin:conflict_{kind}_together")
            asked = {"chosen": things[kind].pk, "previewed": "yes", "kind": "other"}
            answers[url] = clients["contributor"].post(url, asked, **headers)
        shown = {url: answer for url, answer in answers.items() if "text/html" in answer.get("Content-Type", "")}
        assert {url: answer.status_code for url, answer in shown.items() if answer.status_code != 200} == {}
        assert len(shown) > 100
        shown = {url: shown[url] for url in one_of_each_kind(shown)}
        return {**shown, reverse("admin:jsi18n"): answers[reverse("admin:jsi18n")]}

    return found


def one_of_each_kind(shown: Pages) -> list[str]:
    """Addresses of pages that no other page is made of the same templates as: lists differ in their rows alone."""
    kinds = {frozenset(template.name for template in answer.templates): url for url, answer in shown.items()}
    return sorted(kinds.values())


def examined(browser: Any, pages: Pages, examine: Any) -> dict[str, Any]:
    """What is wrong with each page, opened in one window that asks nobody else."""
    context = browser.new_context(base_url=SITE, viewport={"width": WIDTHS[0], "height": 900})
    page = context.new_page()

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix(SITE)
        if path in pages:
            route.fulfill(status=200, headers=dict(pages[path].items()), body=pages[path].content)
        else:
            route.fulfill(**(static_file(path) if path.startswith("/static/") else {"status": 404}))

    page.route("**/*", answer)
    wrong = {}
    for url in pages:
        if "html" in pages[url]["Content-Type"]:
            page.goto(url)
            if faults := examine(page):
                wrong[url] = faults
    context.close()
    return wrong


def by_axe(page: Any) -> list[Any]:
    found = Axe().run(page, options=ALL_RULES).response["violations"]
    return [(fault["id"], [node["html"][:160] for node in fault["nodes"][:2]]) for fault in found]


def by_width(page: Any) -> list[str]:
    """Widths at which the page scrolls sideways, or its head needs a second line."""
    wrong = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        head = page.evaluate("document.getElementById('header')?.offsetHeight || 0")
        if wider > 0:
            wrong.append(f"{width}: {wider} wider")
        if width > 1024 and head > ONE_LINE:
            wrong.append(f"{width}: head of {head}")
    return wrong


class TestEveryKindOfPage:
    def test_is_open_to_everybody(self, pages, window):  # noqa: F811
        shown = pages()

        assert window.show(lambda browser: examined(browser, shown, by_axe)) == {}

    def test_fits_a_phone_and_every_screen_in_french(self, pages, window):  # noqa: F811
        shown = pages(**FRENCH)

        assert window.show(lambda browser: examined(browser, shown, by_width)) == {}
