"""Delivery: signed, retried with growing pauses, finally given up, never lost, never sent by two workers at once."""

import base64
import hashlib
import hmac
import json
import logging
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as ours
from django.utils import timezone

from conflict.vocabulary import ChangeKind
from editorial import tasks
from editorial.models import AuditEntry, Delivery, Webhook
from editorial.models.webhook import DeliveryStatus
from editorial.webhooks import http_client, management, sender, signatures
from editorial.webhooks.http_client import Answer, NoAnswer
from editorial.workflow import publisher
from editorial.workflow.exceptions import NotPermitted, WorkflowRefused
from tests import processes
from tests.desk import an_event
from tests.editorial.webhooks.conftest import NOON, say, until

pytestmark = pytest.mark.django_db


def a_delivery(webhook, name="1", at=NOON):
    return Delivery.objects.create(
        webhook=webhook, message_id=f"msg_{name}", body='{"é":1}', first_number=1, last_number=1,
        created_at=at, next_attempt_at=at,
    )  # fmt: skip


@pytest.fixture
def delivery(webhook):
    return a_delivery(webhook)


def tried(webhook, clock, post=http_client.post):
    return sender.deliver(webhook_id=webhook.pk, clock=clock, post=post)


def is_signed(came, secret):
    """By the convention, as a partner checks it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{came.headers['webhook-id']}.{came.headers['webhook-timestamp']}.".encode() + came.body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return expected in came.headers["webhook-signature"].split(" ")


def unreachable(*_):
    raise NoAnswer("Nobody there.")


class TestADelivery:
    def test_arrives_signed(self, made, delivery, receiver, clock):
        assert tried(made.webhook, clock) == 1

        (came,) = receiver.received
        delivery.refresh_from_db()
        assert (delivery.status, delivery.attempts, delivery.answered_status) == (DeliveryStatus.DELIVERED, 1, 204)
        assert (came.body, came.headers["Content-Type"]) == (b'{"\xc3\xa9":1}', "application/json")
        assert came.headers["webhook-id"] == "msg_1"
        assert came.headers["webhook-timestamp"] == str(int(NOON.timestamp()))
        assert is_signed(came, made.secret)
        assert not is_signed(came, signatures.secret_text("another"))

    def test_is_not_sent_twice(self, webhook, delivery, receiver, clock):
        assert [tried(webhook, clock), tried(webhook, clock)] == [1, 0]
        assert len(receiver.received) == 1

    def test_is_not_sent_by_two_workers_at_once(self, webhook, delivery, clock):
        seen = []

        def post(*_):
            seen.append(tried(webhook, clock))
            return Answer(200, "")

        assert tried(webhook, clock, post) == 1
        assert seen == [0]

    def test_of_a_worker_that_was_killed_is_tried_again(self, webhook, delivery, receiver, clock):
        def killed(*_):
            raise SystemExit

        with pytest.raises(SystemExit):
            tried(webhook, clock, killed)
        Webhook.objects.update(busy_until=clock() + sender.LEASE)  # as it is where not even `finally` ran

        assert tried(webhook, clock) == 0
        clock.move(minutes=3)
        assert tried(webhook, clock) == 1
        assert len(receiver.received) == 1

    def test_goes_with_others_in_their_order(self, webhook, receiver, clock):
        for name in "123":
            a_delivery(webhook, name)

        assert tried(webhook, clock) == 3
        assert [came.headers["webhook-id"] for came in receiver.received] == ["msg_1", "msg_2", "msg_3"]

    def test_that_fails_makes_the_others_wait_for_the_next_round(self, webhook, receiver, clock):
        for name in "12":
            a_delivery(webhook, name)
        receiver.answer = 500

        assert tried(webhook, clock) == 1
        receiver.answer = 200
        assert tried(webhook, clock) == 1
        assert [came.headers["webhook-id"] for came in receiver.received] == ["msg_1", "msg_2"]

    def test_to_a_name_that_leads_into_a_network_of_ours_is_not_sent(self, webhook, delivery, clock, monkeypatch):
        Webhook.objects.update(url="https://partner.example/hook?token=zzsecret")
        monkeypatch.setattr(
            "editorial.webhooks.addresses.socket.getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("10.0.0.5", 443))]
        )

        tried(webhook, clock, post=pytest.fail)

        delivery.refresh_from_db()
        assert "not a public address" in delivery.trouble

    def test_leaves_neither_secret_nor_query_in_the_log(self, made, delivery, receiver, clock, caplog):
        receiver.answer = say("zzanswer", 500)

        with caplog.at_level(logging.DEBUG):
            tried(made.webhook, clock)

        assert "attempt 1" in caplog.text
        assert not [word for word in ("zzsecret", made.secret[6:], "zzanswer", "/hook") if word in caplog.text]

    @pytest.mark.parametrize(
        ("answer", "trouble"),
        [(500, "Answered 500."), (404, "Answered 404."), (302, "redirects are not followed"), (199, "199")],
    )
    def test_answered_otherwise_than_with_success_fails(self, webhook, delivery, clock, answer, trouble):
        tried(webhook, clock, lambda *_: Answer(answer, "Oh."))

        delivery.refresh_from_db()
        assert delivery.status == DeliveryStatus.WAITING
        assert (delivery.answered_status, delivery.answer) == (answer, "Oh.")
        assert trouble in delivery.trouble


class TestTryingAgain:
    def test_takes_growing_pauses_and_ends(self, webhook, delivery, clock, steady):
        minutes = []
        while delivery.status == DeliveryStatus.WAITING:
            clock.now = delivery.next_attempt_at
            assert tried(webhook, clock, unreachable) == 1
            delivery.refresh_from_db()
            if delivery.next_attempt_at:
                minutes.append((delivery.next_attempt_at - clock()) / timedelta(minutes=1))

        assert minutes == [1, 4, 16, 64, 256, 720, 720]
        assert (delivery.status, delivery.attempts, delivery.trouble) == (DeliveryStatus.DEAD, 8, "Nobody there.")
        assert timedelta(days=1) < clock() - NOON < timedelta(days=2)

    def test_comes_a_little_earlier_or_later_each_time(self):
        pauses = {sender.pause_after(3) for _ in range(50)}

        assert len(pauses) > 1
        assert all(timedelta(minutes=12.8) <= pause <= timedelta(minutes=19.2) for pause in pauses)

    @pytest.mark.parametrize(("asked", "minutes"), [(600, 10), (10, 1), (999_999, 720)])
    def test_waits_as_long_as_it_is_asked_to_within_reason(self, webhook, delivery, clock, steady, asked, minutes):
        tried(webhook, clock, lambda *_: Answer(503, "", retry_after=asked))

        delivery.refresh_from_db()
        assert delivery.next_attempt_at - NOON == timedelta(minutes=minutes)

    def test_happens_every_minute_to_what_is_due(self, webhook, delivery, receiver):
        assert sender.waiting(NOON) == [webhook.pk]
        assert sender.waiting(NOON - timedelta(seconds=1)) == []

        tasks.deliver_due(timestamp=0)
        tasks.deliver(webhook_id=webhook.pk)

        assert len(receiver.received) == 1

    def test_of_a_webhook_that_is_no_more_is_nothing(self, db, clock):
        assert sender.deliver(webhook_id=999, clock=clock) == 0

    def test_by_hand_sends_the_same_under_the_same_id(self, webhook, delivery, receiver, clock, administrator):
        Delivery.objects.update(status=DeliveryStatus.DEAD, settled_at=NOON, next_attempt_at=None, attempts=8)
        delivery.refresh_from_db()

        management.send_again(delivery=delivery, by=administrator, at=NOON)
        tried(webhook, clock)

        delivery.refresh_from_db()
        assert (delivery.status, receiver.received[0].headers["webhook-id"]) == (DeliveryStatus.DELIVERED, "msg_1")
        assert AuditEntry.objects.filter(verb="send_webhook_again").exists()

    def test_by_hand_is_refused_while_it_waits_or_is_paused(self, webhook, delivery, administrator):
        with pytest.raises(WorkflowRefused, match="still waits"):
            management.send_again(delivery=delivery, by=administrator, at=NOON)
        Delivery.objects.update(status=DeliveryStatus.DEAD, settled_at=NOON, next_attempt_at=None)
        management.pause(webhook=webhook, by=administrator, at=NOON, reason="They move.")
        with pytest.raises(WorkflowRefused, match="paused"):
            management.send_again(delivery=delivery, by=administrator, at=NOON)


class TestPausing:
    def given_up(self, webhook, clock, name, answer=unreachable):
        delivery = a_delivery(webhook, name, clock())
        Delivery.objects.filter(pk=delivery.pk).update(attempts=sender.MOST_ATTEMPTS - 1)
        tried(webhook, clock, answer)

    def test_comes_by_itself_after_some_that_were_given_up_in_a_row(self, webhook, clock):
        for name in "1234":
            self.given_up(webhook, clock, name)
        webhook.refresh_from_db()
        assert webhook.paused_at is None

        self.given_up(webhook, clock, "5")

        webhook.refresh_from_db()
        assert (webhook.paused_at, webhook.paused_by) == (NOON, None)
        assert "5 deliveries in a row" in webhook.pause_reason
        audit_entry = AuditEntry.objects.get(verb="pause_webhook")
        assert audit_entry.by is None
        assert "zzsecret" not in audit_entry.why

    def test_does_not_come_where_one_arrived_in_between(self, webhook, clock):
        for name in "1234":
            self.given_up(webhook, clock, name)
        self.given_up(webhook, clock, "5", lambda *_: Answer(200, ""))
        self.given_up(webhook, clock, "6")

        webhook.refresh_from_db()
        assert (webhook.paused_at, webhook.failed_in_a_row) == (None, 1)

    def test_comes_at_once_where_the_address_says_that_it_is_gone(self, webhook, delivery, clock):
        tried(webhook, clock, lambda *_: Answer(410, ""))

        webhook.refresh_from_db()
        assert webhook.paused_at == NOON

    def test_keeps_what_waits_until_somebody_resumes(self, webhook, delivery, receiver, clock, administrator):
        management.pause(webhook=webhook, by=administrator, at=NOON, reason="They move.")
        assert tried(webhook, clock) == 0

        management.resume(webhook=webhook, by=administrator, at=NOON)

        assert tried(webhook, clock) == 1
        assert list(
            AuditEntry.objects.exclude(verb="rights_changed").order_by("pk").values_list("verb", flat=True)
        ) == [
            "create_webhook",
            "pause_webhook",
            "resume_webhook",
        ]

    def test_does_not_stop_a_test_which_is_tried_once(self, webhook, receiver, clock, administrator):
        management.pause(webhook=webhook, by=administrator, at=NOON, reason="They move.")
        test = management.send_test(webhook=webhook, by=administrator, at=NOON)
        receiver.answer = 500

        assert tried(webhook, clock) == 1

        test.refresh_from_db()
        webhook.refresh_from_db()
        assert (test.status, webhook.failed_in_a_row) == (DeliveryStatus.DEAD, 0)
        assert json.loads(receiver.received[0].body)["type"] == "webhook.test"


class TestTheSecret:
    def test_is_of_the_length_and_in_the_form_of_the_convention(self, made):
        assert made.secret.startswith("whsec_")
        assert len(base64.b64decode(made.secret[6:])) == 32

    def test_is_not_in_the_database(self, made):
        row = " ".join(map(str, Webhook.objects.values_list()[0]))
        audit_entries = " ".join(AuditEntry.objects.values_list("why", flat=True))

        assert made.secret[6:] not in row + audit_entries
        assert signatures.secret_of(made.webhook.nonce).hex() not in row

    def test_is_another_under_another_pepper(self, made, settings):
        settings.KEY_PEPPER = "another"

        assert signatures.secret_text(made.webhook.nonce) != made.secret

    def test_under_an_earlier_pepper_signs_beside_todays(self, made, receiver, clock, settings):
        settings.KEY_PEPPER, settings.KEY_PEPPER_FALLBACKS = "another", [settings.KEY_PEPPER]
        a_delivery(made.webhook, "1")

        tried(made.webhook, clock)

        (one,) = receiver.received
        assert is_signed(one, made.secret)
        assert is_signed(one, signatures.secret_text(made.webhook.nonce))

    def test_made_anew_signs_beside_the_old_one_until_the_partner_has_changed_over(
        self, made, receiver, clock, administrator
    ):
        new = management.rotate(webhook=made.webhook, by=administrator, at=NOON)
        a_delivery(new.webhook, "1")
        a_delivery(new.webhook, "2", NOON + timedelta(days=8))

        tried(new.webhook, clock)
        clock.move(days=8)
        tried(new.webhook, clock)

        both, one = receiver.received
        assert [is_signed(both, made.secret), is_signed(both, new.secret)] == [True, True]
        assert [is_signed(one, made.secret), is_signed(one, new.secret)] == [False, True]

    def test_that_others_know_signs_no_more_at_once(self, made, receiver, clock, administrator):
        new = management.rotate(webhook=made.webhook, by=administrator, at=NOON, at_once=True)
        a_delivery(new.webhook)

        tried(new.webhook, clock)

        assert [is_signed(receiver.received[0], secret) for secret in (made.secret, new.secret)] == [False, True]

    def test_is_managed_by_those_who_manage_keys(self, made, reviewer):
        for verb in (management.rotate, management.resume, management.send_test):
            with pytest.raises(NotPermitted):
                verb(webhook=made.webhook, by=reviewer, at=NOON)


class TestTrimming:
    def test_forgets_what_is_a_month_old(self, webhook):
        a_delivery(webhook, "old", NOON - timedelta(days=31))
        a_delivery(webhook, "young", NOON - timedelta(days=29))

        sender.trim(at=NOON)

        assert Delivery.objects.get().message_id == "msg_young"

    def test_is_asked_for_by_the_worker(self, webhook):
        a_delivery(webhook, "old", timezone.now() - timedelta(days=31))

        tasks.trim_deliveries(timestamp=0)

        assert not Delivery.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestTheWorker:
    def test_delivers_what_was_published(self, made, author, receiver):
        event = an_event()
        publisher.publish_baseline(at=timezone.now())
        type(event).objects.filter(pk=event.pk).update(title="Konna is taken")
        publisher.publish_entry(entry=event, change_kind=ChangeKind.CORRECTION, reason="A slip.", at=timezone.now())

        worker = subprocess.Popen(
            [sys.executable, "manage.py", "worker"],
            cwd=ours.BASE_DIR,
            env={
                **processes.database_urls(),
                "PATH": "",
                "TRIAL": "1",
                "DJANGO_SETTINGS_MODULE": "conflict.settings",
                "KEY_PEPPER": ours.KEY_PEPPER,
            },
        )
        try:
            until(lambda: len(receiver.received) >= 2)
        finally:
            worker.terminate()
            worker.wait(30)

        assert [json.loads(came.body)["data"]["last_number"] for came in receiver.received] == [5, 6]
        assert all(is_signed(came, made.secret) for came in receiver.received)
        assert set(Delivery.objects.values_list("status", flat=True)) == {DeliveryStatus.DELIVERED}
