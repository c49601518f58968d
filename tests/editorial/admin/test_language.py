"""The language of the desk: the browser's until the account has one; what is kept or published stays in one."""

from types import SimpleNamespace

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils.translation import override

from conflict.models import Event
from conflict.record.models import PublishedNotice
from editorial.accounts.roles import Role
from editorial.admin import database_errors
from editorial.admin.widgets import DateInputField
from editorial.models import AuditEntry, Dispute, User
from tests.desk import person

pytestmark = pytest.mark.django_db

FRENCH = {"HTTP_ACCEPT_LANGUAGE": "fr-ML,fr;q=0.9,en;q=0.5"}
INDEX = reverse("admin:index")


class TestTheLanguageOfTheDesk:
    def test_is_that_of_the_browser(self, desk):
        assert '<html lang="en"' in desk.get(INDEX).content.decode()
        assert '<html lang="fr"' in desk.get(INDEX, **FRENCH).content.decode()

    def test_is_kept_once_chosen_from_the_head_of_a_page(self, desk):
        chosen = desk.post(reverse("admin:language"), {"language": "en", "next": f"{INDEX}?q=1"}, **FRENCH)

        assert chosen["Location"] == f"{INDEX}?q=1"
        desk.cookies.pop("django_language")  # kept by the account, wherever its owner signs in
        assert "What waits at the desk" in desk.get(INDEX, **FRENCH).content.decode()

    def test_is_taken_from_the_first_sign_in_and_kept_at_the_next(self, client):
        person("writer", Role.CONTRIBUTOR)
        for tongue in ("fr", "en"):
            with override(tongue):
                form = {"login": "writer", "password": "secret-of-the-test"}
                assert client.post(reverse("account_login"), form).status_code == 302
            client.logout()

        assert User.objects.get(username="writer").language == "fr"

    def test_leads_to_the_sign_in_of_that_language(self, client):
        answer = client.get(INDEX, follow=True, **FRENCH)

        assert answer.redirect_chain[-1][0].startswith("/fr/account/sign-in/")

    def test_is_not_that_of_what_readers_and_the_audit_are_told(self, published, desk):
        page = reverse("admin:conflict_event_dispute", args=[Event.objects.get().pk])
        desk.post(page, {"ground": "other", "statement": "Non.", "claim_key": "", "confirmed": "on"}, **FRENCH)
        dispute = Dispute.objects.get()
        settle = reverse("admin:editorial_dispute_settle", args=[dispute.pk])
        desk.post(settle, {"outcome": "withdrawn"}, **FRENCH)

        dispute.notice.refresh_from_db()
        assert dispute.notice.resolution.startswith("Withdrawn: ")
        assert "Retirée" not in PublishedNotice.objects.get().body
        assert AuditEntry.objects.filter(verb="settle_dispute", why__startswith="The dispute was withdrawn").exists()

    def test_is_that_of_what_the_database_refuses_whoever_was_refused_before(self):
        refused = DatabaseError()
        refused.__cause__ = Exception()
        refused.__cause__.diag = SimpleNamespace(constraint_name="claim_deprecated_has_a_reason")
        refused.__cause__.sqlstate = "23514"

        assert database_errors.sentence(refused) == "Say why the claim is deprecated."
        with override("fr"):
            assert database_errors.sentence(refused) == "Indiquez pourquoi l’affirmation est écartée."

    def test_tells_which_of_two_numbers_is_the_day(self):
        with override("fr"):
            assert DateInputField().clean("10/01/2013") == "2013-01-10"
