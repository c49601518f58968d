"""Checks of the recipes in docs/contributing.md; test_recipes.py runs them on a copy of the tree with the recipes applied."""

import pytest
from django.utils import timezone

from conflict.models import Claim, Event
from editorial.accounts.roles import Role
from editorial.workflow import publisher
from tests.desk import an_event, person

pytestmark = pytest.mark.django_db
KEY = "2013-01-10-konna"


@pytest.fixture
def konna(db):
    event = an_event(KEY)
    an_event("2013-02-02-other")
    Event.objects.filter(pk=event.pk).update(weapon="drone")
    Claim.objects.filter(event=event).update(measure="abducted")
    for row in (Event.objects.get(pk=event.pk), Claim.objects.get(event=event)):
        row.full_clean()
    publisher.publish_baseline(at=timezone.now())
    return event


def text(client, path):
    answer = client.get(path)
    body = b"".join(answer) if answer.streaming else answer.content
    assert answer.status_code == 200, body[:500]
    return body.decode()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"/events/{KEY}/", ["Abducted", "<dt>Weapon</dt><dd>Drone</dd>"]),
        (f"/fr/events/{KEY}/", ["nlevés", "<dt>Arme</dt><dd>Drone</dd>"]),
        (f"/api/v1/events/{KEY}/", ['"weapon":"drone"', '"measure":"abducted"']),
        ("/api/v1/events/?format=csv", ["weapon", "drone"]),
        ("/api/v1/events/?format=hxl", ["#event+weapon"]),
        ("/api/v1/claims/?format=csv", ["abducted"]),
        ("/api/v1/schema/", ["abducted", '"Weapon"', "mine or roadside bomb"]),
        ("/chronology/?weapon=drone", ["<strong>1 event</strong>", "with drone"]),
        ("/fr/chronology/?weapon=drone", ["arme\u00a0: drone"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_readers_see_it(client, konna, path, words):
    shown = text(client, path)

    assert [word for word in words if word not in shown] == []


@pytest.mark.parametrize("question", ["measure=abducted", "weapon=drone", "weapon=drone,mine"])
def test_the_api_filters_by_it(client, konna, question):
    rows = client.get(f"/api/v1/events/?{question}").json()["results"]

    assert [row["key"] for row in rows] == [KEY]


def test_editors_find_it_in_the_form(client, konna):
    client.force_login(person("chief", Role.MANAGING_EDITOR))

    form = text(client, f"/admin/conflict/event/{konna.pk}/change/?open=all")

    assert 'name="weapon"' in form
    assert '<option value="abducted" selected>' in form
