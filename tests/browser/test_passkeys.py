"""Passkeys in a real Chromium: created at the desk, and sufficient to log in again."""

import re
import threading
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page, sync_playwright

from editorial.accounts.roles import Role
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.desk import person

KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def in_chromium(act: Any) -> Any:
    """Do it with a page that has a security key plugged in; in a thread of its own, as Playwright runs a loop."""
    found: dict[str, Any] = {}

    def live() -> None:
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
                context = browser.new_context()
                page = context.new_page()
                page.set_default_timeout(20_000)
                keys = context.new_cdp_session(page)
                keys.send("WebAuthn.enable")
                keys.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
                refused: list[str] = []
                page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
                found["done"] = act(page), refused
                browser.close()
        except BaseException as error:
            found["error"] = error

    thread = threading.Thread(target=live)
    thread.start()
    thread.join()
    if "error" in found:
        raise found["error"]
    return found["done"]


@pytest.mark.skipif(not CHROMIUM, reason="No Chromium on this machine.")
class TestAPasskey:
    def test_is_made_at_the_desk_and_opens_it_without_a_password(self, live_server, settings):
        cache.clear()
        settings.SECOND_FACTOR = True
        person("author", Role.CONTRIBUTOR)

        def make_and_use(page: Page) -> list[str]:
            page.goto(f"{live_server.url}/admin/")
            page.fill("input[name=login]", "author")
            page.fill("input[name=password]", "secret-of-the-test")
            page.click("form button[type=submit] >> nth=0")
            page.wait_for_url(re.compile("/second-factor/$"))
            page.goto(f"{live_server.url}/account/second-factor/webauthn/add/")
            if "/confirm/" in page.url:
                page.fill("input[name=password]", "secret-of-the-test")
                page.click("form:has(input[name=password]) button[type=submit]")
                page.wait_for_url(re.compile("/webauthn/add/"))
            page.fill("input[name=name]", "My key")
            page.check("input[name=passwordless]")
            page.click("#mfa_webauthn_add")
            page.wait_for_url(lambda address: "/webauthn/add/" not in address)
            page.goto(f"{live_server.url}/account/sign-out/")
            page.click("main form button[type=submit]")
            page.goto(f"{live_server.url}/account/sign-in/?next=/admin/")
            page.click("#passkey_login")
            page.wait_for_url(re.compile("/admin/$"))
            return [page.url, page.inner_text("#user-tools")]

        (address, said), refused = in_chromium(make_and_use)

        assert address.endswith("/admin/")
        assert "author" in said.lower()
        assert [text for text in refused if "Content Security Policy" in text] == []
