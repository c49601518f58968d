"""Every desk page responds to permitted users, with a number of queries that does not grow."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.formats import date_format

from conflict.models import TABLES, Actor, ActorName, Event, Participation
from editorial.accounts.roles import Role
from tests.desk import an_event, person

pytestmark = pytest.mark.django_db
SHOWN = [model for model in admin.site._registry if model._meta.app_label == "conflict"]
IN_WORDS = [model._meta.model_name for model in SHOWN]


class TestEveryModelOfTheDesk:
    def test_has_a_page_of_its_own_or_stands_on_that_of_its_entry(self):
        inlines = {inline.model for registered in admin.site._registry.values() for inline in registered.inlines}

        placed = {model._meta.model_name for model in {*SHOWN, *inlines}}

        assert placed >= set(TABLES)

    @pytest.mark.parametrize("model", SHOWN, ids=IN_WORDS)
    def test_has_a_list_that_can_be_searched_and_a_page_to_add_one(self, model, draft, desk):
        listed = desk.get(reverse(f"admin:conflict_{model._meta.model_name}_changelist"), {"q": "Konna"})
        added = desk.get(reverse(f"admin:conflict_{model._meta.model_name}_add"))

        assert (listed.status_code, added.status_code) == (200, 200)

    @pytest.mark.parametrize("model", SHOWN, ids=IN_WORDS)
    def test_can_be_seen_and_not_changed_by_an_administrator(self, model, administrator, at_desk):
        desk = at_desk(administrator)

        listed = desk.get(reverse(f"admin:conflict_{model._meta.model_name}_changelist"))
        added = desk.get(reverse(f"admin:conflict_{model._meta.model_name}_add"))

        assert (listed.status_code, added.status_code) == (200, 403)

    @pytest.mark.parametrize("model", SHOWN, ids=IN_WORDS)
    def test_is_refused_to_an_account_without_a_role(self, model, db, at_desk, django_user_model):
        nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)

        answer = at_desk(nobody).get(reverse(f"admin:conflict_{model._meta.model_name}_changelist"))

        assert answer.status_code == 403


class TestAPage:
    def test_says_of_every_box_that_deletes_what_it_deletes(self, desk):
        mojwa = Actor.objects.create(key="mojwa", name="MOJWA", kind="armed_group")
        ActorName.objects.create(actor=mojwa, name="MUJAO")

        page = desk.get(reverse("admin:conflict_actor_change", args=[mojwa.pk])).content.decode()

        boxes = re.findall(r'<input type="checkbox" name="[a-z_]+-[0-9]+-DELETE"[^>]*>', page)
        assert boxes
        assert [box for box in boxes if 'aria-label="Delete ' not in box] == []

    def test_writes_the_day_before_the_month(self):
        assert date_format(datetime(2026, 3, 1, 14, 5, tzinfo=UTC), "DATETIME_FORMAT") == "1 March 2026, 14:05"


class TestFinding:
    def test_an_actor_by_a_further_name(self, desk):
        mojwa = Actor.objects.create(key="mojwa", name="MOJWA", kind="armed_group")
        ActorName.objects.create(actor=mojwa, name="MUJAO")

        page = desk.get(reverse("admin:conflict_actor_changelist"), {"q": "mujao"})

        assert "mojwa" in page.content.decode()

    def test_a_name_without_its_accent(self, desk):
        Actor.objects.create(key="menaka-group", name="Ménaka group", kind="armed_group")

        page = desk.get(reverse("admin:conflict_actor_changelist"), {"q": "menaka g"})

        assert "menaka-group" in page.content.decode()

    def test_offers_further_names_and_keys_while_typing(self, desk):
        mojwa = Actor.objects.create(key="mojwa", name="Movement for Oneness", kind="armed_group")
        ActorName.objects.create(actor=mojwa, name="MUJAO")

        answer = desk.get(
            "/admin/autocomplete/",
            {"term": "mujao", "app_label": "conflict", "model_name": "participation", "field_name": "actor"},
        )

        assert answer.json()["results"] == [{"id": str(mojwa.pk), "text": "Movement for Oneness · mojwa"}]

    def test_while_typing_is_refused_to_an_account_without_a_role(self, db, at_desk, django_user_model):
        nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)

        answer = at_desk(nobody).get(
            "/admin/autocomplete/",
            {"term": "a", "app_label": "conflict", "model_name": "participation", "field_name": "actor"},
        )

        assert answer.status_code == 403

    def test_while_typing_does_not_stumble_over_a_null_character(self, desk):
        answer = desk.get(
            "/admin/autocomplete/",
            {"term": "a\0", "app_label": "conflict", "model_name": "participation", "field_name": "actor"},
        )

        assert answer.json()["results"] == []


def queries_for(desk, address):
    desk.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert desk.get(address).status_code == 200
    return len(asked)


class TestQueries:
    def test_of_the_list_of_events_do_not_grow_with_it(self, draft, desk):
        address = reverse("admin:conflict_event_changelist")
        few = queries_for(desk, address)

        for number in range(20):
            an_event(f"2013-02-{number + 1:02}-more")

        assert queries_for(desk, address) == few

    def test_of_an_event_do_not_grow_with_those_who_took_part(self, draft, desk):
        address = reverse("admin:conflict_event_change", args=[draft.pk])
        few = queries_for(desk, address)

        for number in range(20):
            actor = Actor.objects.create(key=f"group-{number}", name=f"Group {number}", kind="armed_group")
            Participation.objects.create(event=draft, actor=actor, role="attacker")

        assert queries_for(desk, address) == few

    def test_never_count_the_whole_table(self, draft, desk):
        with CaptureQueriesContext(connection) as asked:
            desk.get(reverse("admin:conflict_event_changelist"))

        counts = [query["sql"] for query in asked if "COUNT(" in query["sql"].upper()]
        assert counts
        assert all("LIMIT" in sql for sql in counts)


class TestWhatWasUnderstoodOfADate:
    def test_stands_beside_it_in_words(self, desk):
        event = Event.objects.create(key="2013-01-konna", title="Konna", kind="battle", when="2013-01~")

        page = desk.get(reverse("admin:conflict_event_change", args=[event.pk])).content.decode()

        assert "about January 2013" in page
        assert "between 2013-01-01 and 2013-01-31" in page


class TestAccounts:
    def test_are_kept_by_administrators_alone(self, author, administrator, at_desk):
        address = reverse("admin:editorial_user_changelist")

        assert at_desk(author).get(address).status_code == 403
        assert at_desk(administrator).get(address).status_code == 200

    def test_are_never_made_superusers_by_somebody_who_is_none(self, author, administrator, at_desk):
        address = reverse("admin:editorial_user_change", args=[author.pk])

        at_desk(administrator).post(
            address,
            {
                "username": "author",
                "is_superuser": "on",
                "is_active": "on",
                "is_staff": "on",
                "date_joined_0": "2026-01-01",
                "date_joined_1": "10:00:00",
            },
        )

        author.refresh_from_db()
        assert not author.is_superuser

    def test_of_superusers_are_not_changed_by_others(self, administrator, at_desk):
        root = person("root", Role.REVIEWER, is_superuser=True)

        answer = at_desk(administrator).post(
            reverse("admin:editorial_user_change", args=[root.pk]), {"username": "mine"}
        )

        root.refresh_from_db()
        assert (answer.status_code, root.username) == (403, "root")

    def test_are_not_deleted(self, administrator, author, at_desk):
        answer = at_desk(administrator).post(reverse("admin:editorial_user_delete", args=[author.pk]), {"post": "yes"})

        assert answer.status_code == 403
