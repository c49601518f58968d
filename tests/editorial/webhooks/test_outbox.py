"""Messages to partners: one small message per publication, committed together with it."""

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from conflict.models import Event
from conflict.record.log import Step
from conflict.record.models import Action, Publication
from conflict.vocabulary import ChangeKind, EntryKind
from editorial.models import Delivery
from editorial.webhooks import management, outbox, queue
from editorial.workflow import publisher, review
from tests.desk import MORNING
from tests.editorial.webhooks.conftest import NOON

LATER = MORNING + timedelta(hours=1)


def told(delivery):
    return json.loads(delivery.body)


def jobs():
    return ProcrastinateJob.objects.filter(task_name="editorial.tasks.deliver")


def retitled(draft, title="Konna is taken"):
    Event.objects.filter(pk=draft.pk).update(title=title)
    return publisher.publish_entry(entry=draft, change_kind=ChangeKind.CORRECTION, reason="A slip.", at=LATER)


class TestAPublication:
    def test_is_told_in_one_message_however_many_entries_it_has(self, webhook, approved, chief):
        publications = review.publish(submission=approved, by=chief, at=LATER)

        delivery = Delivery.objects.get()
        said = told(delivery)
        assert (said["type"], said["timestamp"]) == ("record.published", "2026-03-01T10:00:00.000000Z")
        assert (said["data"]["first_number"], said["data"]["last_number"], said["data"]["count"]) == (1, 5, 5)
        assert said["data"]["changes"].endswith("/api/v1/changes/?after=0")
        assert [entry["sha256"] for entry in said["data"]["entries"]] == [one.sha256 for one in publications]
        assert said["data"]["entries"][-1] == {
            "number": 5,
            "action": "publish",
            "change_kind": "new",
            "entry": {"kind": "event", "key": "2013-01-10-konna"},
            "version": 1,
            "sha256": publications[-1].sha256,
        }
        assert jobs().get().args == {"webhook_id": webhook.pk}

    def test_of_ten_thousand_entries_is_one_small_message(self, webhook):
        many = [
            Publication(number=number, entry_kind="event", key=f"e-{number}", version=1, action="publish",
                        change_kind="new", published_at=NOON, sha256="a" * 64)
            for number in range(1, 10_001)
        ]  # fmt: skip

        outbox.announce(many, NOON)

        delivery = Delivery.objects.get()
        assert (delivery.first_number, delivery.last_number) == (1, 10_000)
        assert len(delivery.body) < 8000
        assert told(delivery)["data"]["entries_left_out"] == 9980
        assert jobs().count() == 1

    def test_that_is_rolled_back_is_told_to_nobody(self, webhook, published, draft):
        with transaction.atomic():
            retitled(draft)
            kept = Delivery.objects.filter(first_number=6).exists()
            transaction.set_rollback(True)

        assert kept
        assert not Delivery.objects.filter(first_number=6).exists()
        assert jobs().count() == 1

    def test_is_told_to_those_who_want_to_know(self, partner, administrator, receiver, published, draft):
        asking = {
            "all": {},
            "events": {"kinds": ["event"]},
            "actors": {"kinds": ["actor"]},
            "withdrawals": {"actions": ["withdraw"]},
        }
        made = {
            name: management.create(
                partner=partner,
                by=administrator,
                at=NOON,
                url=receiver.url,
                kinds=[EntryKind(kind) for kind in of.get("kinds", ())],
                actions=[Action(action) for action in of.get("actions", ())],
            ).webhook
            for name, of in asking.items()
        }

        retitled(draft)
        after_change = {name for name, webhook in made.items() if webhook.deliveries.count() == 1}
        withdrawal = Step("event", draft.key, ChangeKind.WITHDRAWAL, "Never was.", action=Action.WITHDRAW)
        publisher.publish_steps([withdrawal], LATER)

        assert after_change == {"all", "events"}
        assert {name: webhook.deliveries.count() for name, webhook in made.items()} == {
            "all": 2,
            "events": 2,
            "actors": 0,
            "withdrawals": 1,
        }

    def test_is_not_told_where_the_webhook_is_paused(self, webhook, administrator, published, draft):
        management.pause(webhook=webhook, by=administrator, at=NOON, reason="They move.")
        before = Delivery.objects.count()

        retitled(draft)

        assert Delivery.objects.count() == before

    def test_costs_one_query_where_nobody_listens(self, published, django_assert_num_queries):
        publications = list(Publication.objects.all())

        with django_assert_num_queries(1):
            outbox.announce(publications, NOON)

    def test_names_nobody_of_the_desk(self, webhook, author, reviewer, chief, published):
        assert not [name for name in ("author", "reviewer", "chief") if name in Delivery.objects.get().body]


class TestTheLink:
    @pytest.mark.parametrize(
        ("hosts", "https", "site"),
        [
            (["chronology.example", "other"], True, "https://chronology.example"),
            ([".chronology.example"], True, "https://chronology.example"),
            (["*"], True, ""),
            (["127.0.0.1"], False, "http://127.0.0.1:8000"),
        ],
    )
    def test_leads_to_this_site_as_it_is_called_from_outside(self, settings, hosts, https, site):
        settings.ALLOWED_HOSTS, settings.HTTPS, settings.PORT = hosts, https, 8000

        assert outbox.site() == site


class TestAJob:
    def test_of_a_worker_that_was_killed_is_forgotten_and_no_other(self, db):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now()), (now() - interval '1 hour') RETURNING id"
            )
            living, dead = (number for (number,) in cursor.fetchall())
            for status, worker in (("todo", None), ("doing", living), ("doing", dead), ("doing", None)):
                cursor.execute(
                    "INSERT INTO procrastinate_jobs (queue_name, task_name, status, worker_id) VALUES ('x', 'x', %s, %s)",
                    [status, worker],
                )

        assert queue.forget_lost_jobs() == 2
        assert list(ProcrastinateJob.objects.order_by("pk").values_list("status", "worker_id")) == [
            ("todo", None),
            ("doing", living),
        ]
