"""Irreversible actions require reauthentication, after which the request continues."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conflict.record.models import Publication
from editorial.models.stages import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stale(chief):
    """The managing editor at a desk left open: signed in, but long ago. CSRF is checked, as in a browser."""
    cache.clear()
    client = Client(enforce_csrf_checks=True)
    client.force_login(chief)
    return client


def token(page) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert found
    return found[1]


def press(client, submission, verb, **fields):
    page = client.get(reverse("admin:editorial_submission_change", args=[submission.pk]))
    address = reverse("admin:editorial_submission_act", args=[submission.pk, verb])
    return client.post(address, {"csrfmiddlewaretoken": token(page), **fields})


class TestPublishing:
    def test_asks_anew_and_goes_on_once_answered(self, stale, approved):
        asked = press(stale, approved, "publish")
        before = Publication.objects.count()
        page = stale.get(asked.headers["Location"])

        stale.post(
            reverse("account_reauthenticate"),
            {
                "csrfmiddlewaretoken": token(page),
                "password": "secret-of-the-test",
                "next": reverse("admin:editorial_submission_act", args=[approved.pk, "publish"]),
            },
        )

        approved.refresh_from_db()
        assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
        assert (before, approved.stage) == (0, Stage.PUBLISHED)

    def test_does_not_go_on_with_a_wrong_password(self, stale, approved):
        asked = press(stale, approved, "publish")
        page = stale.get(asked.headers["Location"])

        stale.post(
            reverse("account_reauthenticate"),
            {
                "csrfmiddlewaretoken": token(page),
                "password": "guessed",
                "next": reverse("admin:editorial_submission_act", args=[approved.pk, "publish"]),
            },
        )

        approved.refresh_from_db()
        assert approved.stage == Stage.APPROVED

    @pytest.mark.parametrize("verb", ["publish", "schedule", "publish_in_emergency"])
    def test_is_asked_for_by_every_verb_that_publishes(self, stale, approved, submission, verb):
        asked = press(stale, approved, verb, publish_at="2099-01-01T09:00")

        assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))

    def test_is_not_asked_for_by_the_others(self, stale, approved):
        done = press(stale, approved, "comment", note="Seen.")

        assert done.headers["Location"] == reverse("admin:editorial_submission_change", args=[approved.pk])

    def test_is_not_asked_again_within_a_quarter_of_an_hour(self, at_desk, chief, approved, time_machine):
        time_machine.move_to(timezone.now() - timedelta(minutes=14))
        desk = at_desk(chief)
        time_machine.shift(timedelta(minutes=14))

        press(desk, approved, "publish")

        approved.refresh_from_db()
        assert approved.stage == Stage.PUBLISHED

    def test_is_asked_again_after_it(self, at_desk, chief, approved, time_machine):
        time_machine.move_to(timezone.now())
        desk = at_desk(chief)
        time_machine.shift(timedelta(minutes=16))

        press(desk, approved, "publish")

        approved.refresh_from_db()
        assert approved.stage == Stage.APPROVED


class TestWithdrawing:
    def test_asks_anew(self, stale, published, draft):
        address = reverse("admin:conflict_event_retract", args=[draft.pk])
        page = stale.get(address)

        asked = stale.post(address, {"csrfmiddlewaretoken": token(page), "reason": "It never happened."})

        assert asked.headers["Location"].startswith(reverse("account_reauthenticate"))
