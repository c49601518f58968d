"""Form input that outlives its session: kept, shown, and sent again."""

import pytest
from django.test import Client
from django.urls import reverse

from conflict.models import Actor
from tests.editorial.admin.conftest import filled_in

pytestmark = pytest.mark.django_db
HERE = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
def browser(author):
    """As a browser: forms need the token of their session."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(author)
    return client


@pytest.fixture
def typed(browser):
    """A form that was opened and filled in, before its session ended."""
    page = browser.get(reverse("admin:conflict_actor_add")).content.decode()
    return filled_in(page, key="typed", name="Typed in vain?", kind="armed_group", description="Two\nlines & <more>")


class TestAFormWhoseSessionEnded:
    def test_is_kept_until_somebody_signed_in_and_is_saved_then(self, browser, typed, author):
        browser.logout()
        token = browser.get(reverse("account_login")).context["csrf_token"]

        page = browser.post(reverse("admin:conflict_actor_add"), {**typed, "csrfmiddlewaretoken": token}, **HERE)

        assert page.status_code == 403
        assert "Sign in, in another tab" in page.content.decode()
        assert not Actor.objects.exists()

        browser.force_login(author)
        again = filled_in(page.content.decode())
        browser.cookies["csrftoken"] = "a" * 32  # as signing in changes it
        page = browser.post(reverse("admin:conflict_actor_add"), again, **HERE)
        assert "You signed in again after this form was opened" in page.content.decode()

        browser.post(reverse("admin:conflict_actor_add"), filled_in(page.content.decode()), **HERE)
        assert Actor.objects.get().description == "Two\nlines & <more>"

    def test_shows_what_was_typed(self, browser, typed):
        page = browser.post(reverse("admin:conflict_actor_add"), {**typed, "csrfmiddlewaretoken": "b" * 64}, **HERE)

        assert page.status_code == 403
        assert "Typed in vain?" in page.content.decode()
        assert "Two<br>lines &amp; &lt;more&gt;" in page.content.decode()
        assert "Sign in, in another tab" not in page.content.decode()

    @pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", ""])
    def test_is_not_offered_where_another_site_sent_it(self, origin, browser, typed):
        sent = {**typed, "csrfmiddlewaretoken": "b" * 64}

        page = browser.post(reverse("admin:conflict_actor_add"), sent, **({"HTTP_ORIGIN": origin} if origin else {}))

        assert page.status_code == 403
        assert "Typed in vain?" not in page.content.decode()

    def test_never_shows_a_password(self, browser):
        sent = {"username": "new", "password1": "secret-of-the-test", "csrfmiddlewaretoken": "b" * 64}

        page = browser.post(reverse("admin:editorial_user_add"), sent, **HERE)

        assert "secret-of-the-test" not in page.content.decode()

    def test_without_a_field_is_kept_too(self, browser):
        page = browser.post(reverse("admin:logout"), {"csrfmiddlewaretoken": "b" * 64}, **HERE)

        assert "You are signed in as" in page.content.decode()


class TestAPageOfAccountsOpenedBeforeASignIn:
    @pytest.mark.parametrize("name", ["account_login", "account_logout", "account_reauthenticate"])
    def test_is_shown_anew_and_says_why(self, name, browser):
        browser.get(reverse("account_change_password"))
        sent = {"csrfmiddlewaretoken": "b" * 64, "next": "/admin/conflict/event/", "password": "typed"}

        answer = browser.post(reverse(name), sent, **HERE)

        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, reverse(name))
        shown = browser.get(answer["Location"], follow=name == "account_login")
        assert "in another tab" in shown.content.decode()
        assert name != "account_login" or shown.redirect_chain[0][0] == "/admin/conflict/event/"

    def test_is_refused_without_any_cookie_and_where_another_site_sent_it(self, client):
        strange = Client(enforce_csrf_checks=True)

        assert strange.post(reverse("account_login"), {}, **HERE).status_code == 403
        strange.get(reverse("account_login"))
        assert strange.post(reverse("account_login"), {}, HTTP_ORIGIN="https://elsewhere.example").status_code == 403
