"""Maps with scripts, by mouse and keyboard, without browser errors; without scripts, the drawing stays."""

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def complaints():
    """What the browser has to say against a page: errors of scripts, and what the content security policy refused."""
    said = []

    def note(message):
        of_the_address = "Cross-Origin-Opener-Policy header has been ignored"  # the test's site is plain HTTP
        if message.type in {"error", "warning"} and of_the_address not in message.text:
            said.append(message.text)

    def listening(page):
        page.on("console", note)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.reload()

    yield listening
    assert said == []


class TestTheMap:
    def test_is_led_by_keyboard_from_a_dot_to_its_events(self, visit, complaints):
        def act(page):
            complaints(page)
            page.get_by_role("button", name="Konna: 3 events").focus()
            page.keyboard.press("Enter")
            assert page.evaluate("document.activeElement.textContent") == "Konna"
            page.keyboard.press("Escape")
            assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Konna: 3 events"
            page.keyboard.press("Enter")
            page.get_by_role("link", name="3 events").click()
            page.wait_for_url("**/chronology/?place=konna")

        visit("/map/", act)

    def test_is_led_through_time_by_its_address_with_every_number_and_one_summary(self, visit, complaints):
        def act(page):
            complaints(page)
            page.locator(".canvas .ring").first.wait_for()
            assert page.locator(".canvas .ring[tabindex='0']").count() == 1  # the arrow keys lead to the others
            page.get_by_role("navigation", name="Time").get_by_role("link", name="2013", exact=True).click()
            page.wait_for_url("**/map/?from=2013&to=2013")
            page.locator("#time .month-links").wait_for()
            assert page.locator("main [role=status]").all_inner_texts() == [page.locator("#summary").inner_text()]
            assert page.locator("#summary").inner_text().endswith(", 2013")
            assert page.locator("[data-place=konna] .number").inner_text() == "3"
            page.locator("#time .whole").click()
            page.wait_for_url("**/map/")
            page.go_back()
            page.wait_for_url("**/map/?from=2013&to=2013")
            page.locator("#time strong", has_text="2013").wait_for()

            assert page.locator("figure.map .canvas").is_visible()

        visit("/map/", act)

    def test_asks_for_what_is_in_sight(self, visit):
        def act(page):
            page.get_by_role("button", name="Zoom in").click()
            page.get_by_role("button", name="Search in this area").click()
            page.wait_for_url("**bbox=**")

            assert page.get_by_text("between ").first.is_visible()

        visit("/map/", act)

    def test_stays_a_drawing_without_scripts(self, visit):
        def act(page):
            assert page.locator("figure.map > svg").is_visible()
            assert page.locator(".canvas").count() == 0
            page.get_by_role("navigation", name="Time").get_by_role("link", name="2013", exact=True).click()
            assert page.url.endswith("/map/?from=2013&to=2013")

        visit("/map/", act, scripts=False)


class TestASmallMap:
    @pytest.mark.parametrize("path", ["/events/konna-dead/", "/places/konna/"], ids=["event", "place"])
    def test_is_fetched_when_somebody_opens_it(self, path, visit, complaints):
        def act(page):
            complaints(page)
            assert page.evaluate("typeof window.L") == "undefined"
            page.get_by_role("button", name="Open the map").click()

            page.locator(".canvas .ring.here").wait_for()

        visit(path, act)


class TestSuggestions:
    def test_are_a_combobox_led_by_keyboard(self, visit, complaints):
        def act(page):
            complaints(page)
            field = page.get_by_role("combobox", name="Search everything")
            field.press_sequentially("Mennaka")
            option = page.get_by_role("option", name="Ménaka")
            option.wait_for()
            page.get_by_role("status").filter(has_text="1 suggestion").wait_for(state="attached")
            assert field.get_attribute("aria-expanded") == "true"

            field.press("ArrowDown")
            assert field.get_attribute("aria-activedescendant") == option.get_attribute("id")
            field.press("Escape")
            assert field.get_attribute("aria-expanded") == "false"
            assert field.input_value() == "Mennaka"
            field.press("ArrowDown")
            field.press("Enter")
            page.wait_for_url("**/places/menaka/")

        visit("/", act)
