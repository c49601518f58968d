"""An event from first account to withdrawal, by four people in a real Chromium; the public page is checked at every step."""

import re
import threading
import time
from collections.abc import Callable

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.cache import cache
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from editorial.accounts.roles import Role
from editorial.models import User
from editorial.workflow import publisher
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.desk import MORNING, an_event, at_the_desk_of, person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not CHROMIUM, reason="No Chromium on this machine."),
]
KEY = "2012-09-01-douentza"
SUBMISSION = re.compile(r"/editorial/submission/\d+/change/$")
OUT_OF_SIGHT = """() => [...document.querySelectorAll("#event_form :is(input, select, textarea, .select2-container)")]
  .filter((field) => field.offsetParent && field.getBoundingClientRect().width > 2)
  .filter((field) => {
    const card = field.closest(".cards .inline-related")?.getBoundingClientRect().right ?? innerWidth;
    return field.getBoundingClientRect().right > Math.min(card, innerWidth);
  }).map((field) => field.name || field.className)"""
PATIENCE = 60_000  # milliseconds, for a busy machine; nothing waits longer than it has to


def session_of(user: User) -> str:
    """The cookie of somebody who signed in a moment ago."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return str(session.session_key)


class Story:
    """Windows of Chromium, one a person, and what they do there; `tell` runs the story in a thread, as Playwright loops."""

    def __init__(self, address: str, cookies: dict[str, str]) -> None:
        self.address, self.cookies = address, cookies
        self.faults: list[str] = []
        self.submission = ""  # the address of the newest

    def tell(self, story: Callable[["Story"], None]) -> None:
        failed: list[BaseException] = []

        def live() -> None:
            try:
                with sync_playwright() as playwright:
                    self.browser = browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                    self.pages = {name: self._window(browser.new_context(), name) for name in self.cookies}
                    story(self)
                    browser.close()
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=live)
        thread.start()
        thread.join()
        if failed:
            raise failed[0]

    def _window(self, context: BrowserContext, name: str) -> Page:
        if name in self.cookies:
            context.add_cookies([{"name": "sessionid", "value": self.cookies[name], "url": self.address}])
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.faults.append(f"{name}: {error}"))
        page.on("response", lambda answer: self.faults.append(answer.url) if answer.status >= 500 else None)
        return page

    def readers_find(self, path: str, *words: str, status: int = 200, but_not: tuple[str, ...] = ()) -> None:
        context = self.browser.new_context(java_script_enabled=False)  # a reader who kept nothing from before
        page = context.new_page()
        page.route("**/static/**", lambda route: route.abort())  # words are looked for, not how they are set
        answer = page.goto(f"{self.address}{path}")
        assert answer is not None
        text = page.inner_text("body")
        context.close()
        assert answer.status == status, f"{path} answered {answer.status}"
        assert [word for word in words if word not in text] == [], text[:2000]
        assert [word for word in but_not if word in text] == []

    def at(self, name: str, path: str) -> Page:
        page = self.pages[name]
        page.goto(f"{self.address}/admin/{path}")
        return page

    def event(self, name: str, then: str = "", key: str = KEY) -> Page:
        """The page of the event, found as one finds it: by searching the list."""
        page = self.at(name, f"conflict/event/?q={key}")
        self.press(page, "#result_list tbody th a")
        if then:
            self.press(page, f".object-tools >> text={then}")
        return page

    def newest_submission(self, name: str) -> Page:
        page = self.pages[name]
        page.goto(self.submission)
        return page

    def acts(self, name: str, verb: str, note: str = "") -> Page:
        """Somebody opens the newest submission and does this to it."""
        page = self.newest_submission(name)
        if not page.is_visible(f"form.act.{verb}"):
            page.click(".acts details summary")
        if note:
            page.fill(f"form.act.{verb} textarea[name=note]", note)
        self.does(page, f"form.act.{verb} button")
        return page

    def press(self, page: Page, button: str) -> None:
        """Press it and wait for the page that it leads to; the one before may say "saved" too."""
        with page.expect_navigation():
            page.click(button)
        if SUBMISSION.search(page.url):
            self.submission = page.url

    def does(self, page: Page, button: str) -> None:
        """Press it, and the desk says that it is done."""
        self.press(page, button)
        expect(page.locator(".messagelist .success")).to_be_visible(timeout=PATIENCE)

    def save(self, page: Page) -> None:
        self.does(page, "input[name=_continue] >> nth=0")

    def submit(self, page: Page, reason: str, kind: str) -> None:
        self.press(page, "input[name=_submit] >> nth=0")
        page.fill("form.propose textarea[name=reason]", reason)
        page.select_option("form.propose select[name=change_kind]", kind)
        self.press(page, "form.propose input[type=submit]")
        expect(page).to_have_url(SUBMISSION, timeout=PATIENCE)

    def goes_public(self) -> None:
        """Reviewed by one person and published by another."""
        self.acts("reviewer", "approve")
        self.acts("chief", "publish")


def choose(page: Page, row: str, words: str) -> None:
    """Find an entry by typing, as in every relation of the desk."""
    page.click(f"{row} .select2-selection")
    page.fill(".select2-container--open .select2-search__field", words)
    page.click(f".select2-results__option:has-text('{words}')")


@pytest.fixture
def story(live_server):
    cache.clear()
    people = {
        "author": person("author", Role.CONTRIBUTOR),
        "reviewer": person("reviewer", Role.REVIEWER),
        "chief": person("chief", Role.MANAGING_EDITOR),
        "administrator": person("administrator", Role.ADMINISTRATOR),
    }
    with at_the_desk_of(people["author"]):
        an_event()
    publisher.publish_baseline(at=MORNING)
    return Story(live_server.url, {name: session_of(user) for name, user in people.items()})


def contributed_returned_and_fixed(story: Story) -> None:
    page = story.at("author", "conflict/event/add/")
    page.fill("input[name=title]", "Duentza falls")
    page.fill("input[name=key]", KEY)
    page.select_option("select[name=kind]", "battle")
    page.fill("input[name=when]", "2012-09-01")
    choose(page, ".field-location", "Konna")
    choose(page, ".field-period", "War")
    choose(page, "#citations-0 .field-source", "cite-1")
    page.fill("input[name=claims-0-claimant_words]", "a resident")
    page.fill("textarea[name=claims-0-statement]", "The town is empty.")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(OUT_OF_SIGHT) == []  # nothing lies beside a phone's screen, rows of tables included
    expect(page.locator("#participations-0 .field-role")).to_have_attribute("data-label", "Role")
    page.set_viewport_size({"width": 1280, "height": 720})
    source = page.locator("#claims-0 .field-source .select2-selection__rendered")
    expect(source).to_contain_text("cite-1", timeout=PATIENCE)  # the only one that the event cites
    story.save(page)
    page.click("#claims-0 button.open")  # the card of a claim is text until it is opened, in place
    page.fill("textarea[name=claims-0-statement]", "The town is quiet.")
    page.click("#claims-0 button.rival")
    expect(page.locator("#claims-1 :focus")).to_have_count(1)
    page.fill("input[name=claims-1-claimant_words]", "another resident")
    page.fill("textarea[name=claims-1-statement]", "There was a shot.")
    story.save(page)
    expect(page.locator("#claims-1 .text")).to_contain_text("Contradicts The town is quiet.", timeout=PATIENCE)
    expect(page.locator("#claims-0 .text")).to_contain_text("The town is quiet.", timeout=PATIENCE)
    story.readers_find(f"/events/{KEY}/", status=404)
    story.submit(page, "First account.", "new")
    story.readers_find(f"/events/{KEY}/", status=404)
    assert story.newest_submission("author").locator("form.act.approve").count() == 0
    page = story.newest_submission("reviewer")
    page.click("table.compared details.remark summary >> nth=0")
    page.fill("table.compared details.remark textarea[name=note] >> nth=0", "Spelling?")
    story.does(page, "table.compared details.remark button >> nth=0")
    expect(page.locator(".remark >> text=Spelling?")).to_be_visible(timeout=PATIENCE)
    story.acts("reviewer", "return_for_revision", "The town is Douentza.")
    page = story.event("author")
    page.fill("input[name=title]", "Douentza falls")
    story.save(page)
    story.acts("author", "resubmit", "Spelled as it is.")
    story.readers_find("/", "Konna falls", but_not=("Douentza",))


def approved_and_published(story: Story) -> None:
    page = story.newest_submission("administrator")
    assert page.locator("form.act").count() <= 1  # to comment, if anything
    story.acts("reviewer", "approve", "Read against the source.")
    story.readers_find(f"/events/{KEY}/", status=404)
    story.acts("chief", "publish")
    story.readers_find(f"/events/{KEY}/", "Douentza falls", but_not=("Duentza", "author", "reviewer"))
    story.readers_find("/", "Douentza falls")


def corrected(story: Story) -> None:
    page = story.event("author")
    page.fill("textarea[name=summary]", "Without a fight.")
    page.once("dialog", lambda dialog: dialog.accept())  # “Leave the page?”
    page.reload()  # leaving keeps it, too
    page.click("[data-do=restore]")
    assert page.input_value("textarea[name=summary]") == "Without a fight."
    story.save(page)
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('desk-draft:'))") == []
    story.submit(page, "How it fell.", "correction")
    story.readers_find(f"/events/{KEY}/", but_not=("Without a fight",))
    story.goes_public()
    story.readers_find(f"/events/{KEY}/", "Without a fight.")
    story.readers_find(f"/events/{KEY}/versions/", "How it fell.", "First account.")
    story.readers_find(f"/events/{KEY}/versions/1/", but_not=("Without a fight",))


def disputed_and_settled(story: Story) -> None:
    page = story.event("author", "Dispute")
    page.select_option("select[name=ground]", "outdated")
    page.fill("textarea[name=statement]", "A secret informant says so.")
    page.check("input[name=confirmed]")
    story.does(page, "input[type=submit]")
    story.readers_find(f"/events/{KEY}/", "it may be out of date", but_not=("informant",))
    page = story.at("reviewer", "editorial/dispute/")
    story.press(page, "#result_list tbody th a")
    page.fill("textarea[name=public_reason]", "Two newer sources agree with it.")
    story.does(page, "button[value=rejected]")
    story.readers_find(f"/events/{KEY}/", "it may be out of date", but_not=("Two newer sources",))
    story.press(story.at("chief", "editorial/submission/"), "#result_list tbody th a")
    story.acts("chief", "approve")
    story.acts("chief", "publish")
    story.readers_find(f"/events/{KEY}/", "Two newer sources agree with it.", but_not=("informant", "reviewer"))
    story.readers_find("/disputes/", "Two newer sources agree with it.", but_not=("informant", "author"))


def withdrawn_and_merged(story: Story) -> None:
    page = story.event("chief", "Withdraw or merge")
    choose(page, "form.propose", "Konna falls")
    story.press(page, "form.propose button")
    page.fill("textarea[name=reason]", "Told twice.")
    story.does(page, "form.retract button[type=submit]")
    story.readers_find(f"/events/{KEY}/", "Douentza falls")
    story.acts("reviewer", "approve")
    story.acts("chief", "publish")
    story.readers_find(f"/events/{KEY}/", "Told twice.", "Konna falls", status=410)
    story.readers_find("/", "Konna falls", but_not=("Douentza falls",))
    page = story.event("chief", "Withdraw or merge", key="2013-01-10-konna")
    page.fill("textarea[name=reason]", "Nothing of it is true.")
    story.does(page, "form.retract button[type=submit]")
    story.goes_public()
    story.readers_find("/events/2013-01-10-konna/", "Nothing of it is true.", status=410)


def test_an_event_is_told_reviewed_corrected_disputed_and_withdrawn(story):
    def all_of_it(story: Story) -> None:
        contributed_returned_and_fixed(story)
        approved_and_published(story)
        corrected(story)
        disputed_and_settled(story)
        withdrawn_and_merged(story)

    story.tell(all_of_it)

    assert story.faults == []
