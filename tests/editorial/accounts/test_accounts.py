"""Accounts of the desk: passwords, second factors, throttling, and the end of sessions."""

import io
import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import NoReverseMatch, reverse

from editorial.accounts import second_factor, sessions
from editorial.models import CacheRow, User
from tests.desk import just_signed_in

PASSWORD = "secret-of-the-test"
DESK = "/admin/"


@pytest.fixture(autouse=True)
def nothing_was_tried_before():
    cache.clear()


@pytest.fixture
def anybody() -> Client:
    return Client(enforce_csrf_checks=False)


@pytest.fixture
def at_desk():
    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def second_factor_required(settings):
    settings.SECOND_FACTOR = True


def sign_in(client: Client, name: str, password: str = PASSWORD, wanted: str = DESK):
    return client.post(reverse("account_login"), {"login": name, "password": password, "next": wanted})


def app_of(user: User) -> str:
    """Set up an authenticator app for the account; its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str) -> str:
    code: str = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    return code


@pytest.mark.django_db
class TestSigningIn:
    def test_is_where_the_desk_sends_a_stranger(self, anybody):
        page = anybody.get("/admin/conflict/event/", follow=True)

        assert page.redirect_chain[-1][0].startswith("/account/sign-in/")
        assert parse_qs(urlsplit(page.redirect_chain[-1][0]).query)["next"] == ["/admin/conflict/event/"]

    def test_opens_the_desk_where_no_second_factor_is_asked_for(self, anybody, author):
        answer = sign_in(anybody, "author")

        assert answer.headers["Location"] == DESK
        assert anybody.get(DESK).status_code == 200

    def test_never_leads_to_another_site(self, anybody, author):
        answer = sign_in(anybody, "author", wanted="https://evil.example/")

        assert answer.headers["Location"] == DESK

    @pytest.mark.parametrize("name", ["author", "nobody-there"])
    def test_says_the_same_of_a_wrong_password_and_of_no_account(self, anybody, author, name):
        page = sign_in(anybody, name, "wrong").content.decode()

        assert "The username and/or password you specified are not correct." in page

    def test_is_throttled_for_an_account_that_is_guessed_at(self, anybody, author):
        for _ in range(5):
            sign_in(anybody, "author", "wrong")

        page = sign_in(anybody, "author").content.decode()

        assert "Too many failed login attempts" in page
        assert anybody.get(DESK).status_code == 302

    def test_is_still_open_to_a_browser_from_which_the_account_was_used_before(self, anybody, author):
        own = Client(REMOTE_ADDR="198.51.100.7")
        sign_in(own, "author")
        own.post(reverse("account_logout"))
        for _ in range(5):
            sign_in(anybody, "author", "wrong")

        assert "Too many failed login attempts" in sign_in(anybody, "author").content.decode()
        assert sign_in(own, "author").headers["Location"] == DESK

    def test_is_throttled_for_a_known_browser_too_and_for_other_accounts_as_ever(self, author, reviewer):
        own = Client(REMOTE_ADDR="198.51.100.7")
        sign_in(own, "author")
        own.post(reverse("account_logout"))
        for name in ("author", "reviewer"):
            for _ in range(5):
                sign_in(own, name, "wrong")
                CacheRow.objects.filter(cache_key__contains=":ip:").delete()  # that of the address is another limit

        assert "Too many failed login attempts" in sign_in(own, "author").content.decode()
        one, other = Client(REMOTE_ADDR="198.51.100.8"), Client(REMOTE_ADDR="198.51.100.8")
        assert sign_in(one, "author").headers["Location"] == DESK
        assert "Too many failed login attempts" in sign_in(other, "reviewer").content.decode()

    def test_is_throttled_by_all_processes_together(self, anybody, author):
        """Another process shares nothing with this one but the database."""
        for _ in range(5):
            sign_in(anybody, "author", "wrong")
            cache.clear()

        page = sign_in(anybody, "author").content.decode()

        assert "Too many failed login attempts" in page
        assert CacheRow.objects.filter(cache_key__contains="login_failed").exists()

    def test_is_throttled_for_an_address_that_tries_many_accounts(self, anybody):
        answers = [sign_in(anybody, f"somebody-{number}", "wrong") for number in range(31)]

        assert answers[-1].status_code == 429
        assert "Too many attempts" in answers[-1].content.decode()

    def test_is_throttled_for_a_network_of_ipv6_which_one_subscriber_has(self, db):
        def tried(address: str) -> int:
            return sign_in(Client(REMOTE_ADDR=address), f"somebody at {address}", "wrong").status_code

        answers = [tried(f"2001:db8::{number:x}") for number in range(1, 32)]

        assert (answers[0], answers[-1]) == (200, 429)
        assert tried("2001:db8:0:1::1") == 200

    def test_is_refused_to_an_account_that_was_deactivated(self, anybody, author):
        User.objects.update(is_active=False)

        sign_in(anybody, "author")

        assert anybody.get(DESK).status_code == 302

    def test_does_not_open_the_desk_to_who_is_not_of_it(self, anybody, django_user_model):
        django_user_model.objects.create_user("reader", password=PASSWORD)
        sign_in(anybody, "reader")

        assert anybody.get(DESK, follow=True).status_code == 403

    def test_runs_no_script_of_the_page_itself(self, anybody):
        page = anybody.get(reverse("account_login")).content.decode()

        scripts = re.findall(r"<script([^>]*)>([^<]*)", page)
        assert [text.strip() for given, text in scripts if "json" not in given and text.strip()] == []
        assert "style=" not in page
        assert "<style" not in page

    def test_cannot_be_had_by_signing_up(self):
        for name in ("account_signup", "account_reset_password", "account_email"):
            with pytest.raises(NoReverseMatch):
                reverse(name)


@pytest.mark.django_db
@pytest.mark.usefixtures("second_factor_required")
class TestTheSecondFactor:
    def test_is_to_be_set_up_before_the_desk_opens(self, anybody, author):
        sign_in(anybody, "author")

        page = anybody.get(DESK, follow=True)

        assert page.request["PATH_INFO"] == reverse("mfa_index")
        assert "Set up a second factor first" in page.content.decode()

    def test_is_asked_for_at_every_sign_in(self, anybody, author):
        secret = app_of(author)

        asked = sign_in(anybody, "author")
        before = anybody.get(DESK).status_code
        anybody.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

        assert asked.headers["Location"].startswith(reverse("mfa_authenticate"))
        assert (before, anybody.get(DESK).status_code) == (302, 200)

    def test_takes_a_code_once_for_all_processes_together(self, anybody, author):
        secret = app_of(author)
        code = code_of(secret)
        sign_in(anybody, "author")
        anybody.post(reverse("mfa_authenticate"), {"code": code})
        assert anybody.get(DESK).status_code == 200
        cache.clear()  # another process shares nothing with this one but the database
        somebody = Client()
        sign_in(somebody, "author")

        somebody.post(reverse("mfa_authenticate"), {"code": code})

        assert somebody.get(DESK).status_code == 302

    def test_cannot_be_guessed_at(self, anybody, author):
        secret = app_of(author)
        sign_in(anybody, "author")
        for _ in range(6):
            anybody.post(reverse("mfa_authenticate"), {"code": "000000"})

        anybody.post(reverse("mfa_authenticate"), {"code": code_of(secret)})

        assert anybody.get(DESK).status_code == 302

    def test_is_asked_for_of_a_session_that_began_before_it_was_set_up(self, anybody, author):
        sign_in(anybody, "author")
        secret = app_of(author)

        page = anybody.get(DESK, follow=True)
        anybody.post(reverse("mfa_reauthenticate"), {"code": code_of(secret), "next": DESK})

        assert page.request["PATH_INFO"] == reverse("mfa_reauthenticate")
        assert anybody.get(DESK).status_code == 200

    def test_can_be_set_up_by_oneself_without_javascript(self, anybody, author):
        sign_in(anybody, "author")
        page = anybody.get(reverse("mfa_activate_totp"), follow=True)
        if page.request["PATH_INFO"] == reverse("account_reauthenticate"):
            page = anybody.post(
                reverse("account_reauthenticate"),
                {"password": PASSWORD, "next": reverse("mfa_activate_totp")},
                follow=True,
            )
        secret = anybody.session["mfa.totp.secret"]

        anybody.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})

        assert second_factor.is_set_up(author)
        assert "data:image/svg+xml" in page.content.decode()
        codes = anybody.get(reverse("mfa_view_recovery_codes"), follow=True).content.decode()
        assert len(re.findall(r"^\d{8}$|>\d{8}|\d{8}<", codes, re.MULTILINE)) >= 1

    def test_is_kept_so_that_the_database_alone_does_not_tell_it(self, author):
        secret = app_of(author)

        kept = Authenticator.objects.get(user=author, type="totp").data["secret"]

        assert secret not in kept
        assert second_factor.SecondFactorAdapter().decrypt(kept) == secret

    def test_is_still_read_after_the_secret_key_was_changed(self, author, settings):
        adapter = second_factor.SecondFactorAdapter()
        kept = adapter.encrypt("word")

        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]

        assert adapter.decrypt(kept) == "word"

    def test_is_encrypted_anew_by_a_command_so_that_the_old_key_can_go(self, author, settings):
        secret = app_of(author)
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another", [settings.SECRET_KEY]

        call_command("encrypt_second_factors", stdout=io.StringIO())
        settings.SECRET_KEY_FALLBACKS = []

        kept = Authenticator.objects.get(user=author, type="totp").data["secret"]
        assert second_factor.SecondFactorAdapter().decrypt(kept) == secret
        call_command("encrypt_second_factors", stdout=io.StringIO())

    @pytest.mark.parametrize(
        ("language", "said"), [("", "stored under another secret key"), ("/fr", "autre clé secrète")]
    )
    def test_that_fits_no_key_is_told_in_a_sentence(self, anybody, author, settings, language, said):
        app_of(author)
        settings.SECRET_KEY = "another, without the old one beside it"

        page = anybody.post(f"{language}/account/sign-in/", {"login": "author", "password": PASSWORD}, follow=True)
        page = anybody.post(page.request["PATH_INFO"], {"code": "123456"})

        assert page.status_code == 200
        assert said in page.content.decode()
        with pytest.raises(CommandError, match="reset_second_factor for author"):
            call_command("encrypt_second_factors", stdout=io.StringIO())

    def test_that_was_lost_is_removed_by_a_command_with_every_session(self, author, at_desk):
        app_of(author)
        elsewhere = at_desk(author)

        call_command("reset_second_factor", "author", stdout=io.StringIO())

        assert not second_factor.is_set_up(author)
        assert elsewhere.get(reverse("mfa_index")).status_code == 302
        with pytest.raises(CommandError, match="There is no account nobody"):
            call_command("reset_second_factor", "nobody")

    @pytest.mark.parametrize("name", ["mfa_index", "mfa_list_webauthn", "account_change_password", "account_logout"])
    def test_pages_are_the_accounts_own(self, anybody, author, name):
        stranger = anybody.get(reverse(name))
        sign_in(anybody, "author")

        assert stranger.status_code == 302
        assert anybody.get(reverse(name)).status_code == 200


@pytest.mark.django_db
class TestSessions:
    def test_end_when_the_account_is_deactivated(self, anybody, author, administrator, at_desk):
        sign_in(anybody, "author")
        office = at_desk(administrator)
        just_signed_in(office, administrator)
        page = office.get(reverse("admin:editorial_user_change", args=[author.pk])).content.decode()
        form = dict(re.findall(r'<input type="(?:text|hidden|email)" name="([^"]+)"(?: value="([^"]*)")?', page))
        form.pop("is_active", None)

        office.post(
            reverse("admin:editorial_user_change", args=[author.pk]),
            {**form, "username": "author", "is_staff": "on", "groups": [g.pk for g in author.groups.all()]},
        )
        author.refresh_from_db()
        assert not author.is_active
        User.objects.update(is_active=True)

        assert anybody.get(DESK).status_code == 302

    def test_of_the_others_go_on(self, author, reviewer, at_desk):
        at_desk(author)
        at_desk(reviewer)

        assert sessions.end_all_of(author) == 1
        assert Session.objects.count() == 1

    def test_end_when_the_password_changes_but_for_the_one_that_changed_it(self, anybody, author, at_desk):
        elsewhere = at_desk(author)
        sign_in(anybody, "author")

        anybody.post(
            reverse("account_change_password"),
            {"oldpassword": PASSWORD, "password1": "an-even-longer-word", "password2": "an-even-longer-word"},
        )

        assert elsewhere.get(DESK).status_code == 302
        assert anybody.get(DESK).status_code == 200
