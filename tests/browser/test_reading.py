"""A reader's actions in a real browser."""

import pytest

pytestmark = pytest.mark.browser


class TestAReader:
    def test_gets_from_a_figure_to_its_claims_without_scripts(self, visit):
        def act(page):
            page.get_by_role("link", name="46–100 or more").click()

            assert page.url.endswith("/events/konna-dead/#accounts")
            assert page.get_by_text("one witness").first.is_visible()

        visit("/", act, scripts=False)

    def test_filters_by_keyboard_alone(self, visit):
        def act(page):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
            page.locator("summary", has_text="Filter the events").focus()
            page.keyboard.press("Enter")
            page.get_by_label("Words").fill("ceasefire")
            page.keyboard.press("Enter")
            page.wait_for_url("**/chronology/?q=ceasefire")

            assert page.get_by_text("1 event", exact=True).is_visible()

        visit("/chronology/", act)

    def test_drops_one_part_of_the_filter(self, visit):
        def act(page):
            page.get_by_role("link", name="naming France").click()

            assert page.url.endswith("/chronology/?kind=statement")

        visit("/chronology/?actor=france&kind=statement", act)

    def test_changes_the_language_and_stays_on_the_page(self, visit):
        def act(page):
            page.get_by_role("link", name="Français").click()

            assert page.url.endswith("/fr/events/konna-dead/")
            assert page.get_by_role("heading", name="Récits rivaux").is_visible()

        visit("/events/konna-dead/", act)

    def test_clicks_a_month_of_the_chart(self, visit):
        def act(page):
            page.locator("svg a", has_text="January 2013").click()

            assert "from=2013-01" in page.url

        visit("/chronology/?from=2013&to=2013", act)

    def test_reads_the_same_on_paper(self, visit):
        def act(page):
            page.emulate_media(media="print")

            assert page.get_by_role("heading", name="Competing accounts").is_visible()
            assert not page.get_by_role("navigation", name="Main").is_visible()

        visit("/events/konna-dead/", act)
