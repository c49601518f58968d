"""Webhooks at the desk: content, permissions and buttons of each page."""

import json

import pytest
from django.urls import reverse

from editorial.models import AuditEntry, Delivery, Partner, Webhook
from editorial.models.webhook import DeliveryStatus
from editorial.webhooks import signatures
from tests.desk import just_signed_in
from tests.editorial.webhooks.conftest import NOON

pytestmark = pytest.mark.django_db


def page(name, row, of="webhook"):
    return reverse(f"admin:editorial_{of}_{name}", args=[row.pk])


@pytest.fixture
def desk(client, administrator):
    client.force_login(administrator)
    just_signed_in(client, administrator)
    return client


@pytest.fixture
def dead(webhook):
    return Delivery.objects.create(
        webhook=webhook, message_id="msg_dead", body='{"type":"record.published"}', first_number=3, last_number=7,
        created_at=NOON, settled_at=NOON, status=DeliveryStatus.DEAD, attempts=8, trouble="Answered 500.",
        answered_status=500, answer="<script>alert(1)</script>",
    )  # fmt: skip


def paused_by_itself():
    Webhook.objects.update(paused_at=NOON, pause_reason="5 deliveries in a row were given up.")


class TestMaking:
    def test_shows_the_secret_once_and_never_again(self, desk, partner):
        shown = desk.post(
            page("webhook", partner, "partner"), {"url": "https://partner.example/hook", "kinds": ["event"]}
        )

        made = Webhook.objects.get()
        assert (made.kinds, made.actions, made.partner) == (["event"], [], partner)
        assert signatures.secret_text(made.nonce) in shown.content.decode()
        assert "no-store" in shown["Cache-Control"]
        again = desk.get(page("change", made)).content.decode()
        assert "partner.example" in again
        assert "whsec_" not in again

    @pytest.mark.parametrize("url", ["http://partner.example/", "https://partner.example:22/", "", "x" * 600])
    def test_says_what_is_wrong_with_the_address(self, desk, partner, url):
        answer = desk.post(page("webhook", partner, "partner"), {"url": url})

        assert "errorlist" in answer.content.decode()
        assert not Webhook.objects.exists()

    def test_asks_again_who_it_is(self, client, partner, administrator):
        client.force_login(administrator)

        assert (
            "/confirm/"
            in client.post(page("webhook", partner, "partner"), {"url": "https://partner.example/"})["Location"]
        )
        assert not Webhook.objects.exists()

    def test_begins_at_the_partner(self, desk, partner, webhook):
        shown = desk.get(page("change", partner, "partner")).content.decode()

        assert page("webhook", partner, "partner") in shown
        assert page("change", webhook) in shown


class TestAWebhook:
    def test_is_aimed_elsewhere_and_keeps_its_secret(self, desk, webhook):
        shown = desk.get(page("edit", webhook)).content.decode()
        desk.post(page("edit", webhook), {"url": "https://other.example/", "actions": ["withdraw"]})

        changed = Webhook.objects.get()
        assert "zzsecret" in shown
        assert (changed.url, changed.actions, changed.nonce) == ("https://other.example/", ["withdraw"], webhook.nonce)

    @pytest.mark.parametrize(("at_once", "both"), [({}, True), ({"at_once": "yes"}, False)])
    def test_gets_a_new_secret(self, desk, webhook, at_once, both):
        shown = desk.post(page("rotate", webhook), at_once).content.decode()

        changed = Webhook.objects.get()
        assert changed.nonce != webhook.nonce
        assert signatures.secret_text(changed.nonce) in shown
        assert (changed.previous_nonce == webhook.nonce) is both

    def test_is_paused_with_a_reason_and_goes_on(self, desk, webhook):
        desk.post(page("pause", webhook), {"reason": ""})
        assert not Webhook.objects.get().paused_at

        desk.post(page("pause", webhook), {"reason": "They move."})
        assert "They move." in desk.get(page("change", webhook)).content.decode()

        desk.post(page("resume", webhook))
        assert not Webhook.objects.get().paused_at

    def test_is_tested(self, desk, webhook):
        desk.post(page("test", webhook))

        test = Delivery.objects.get()
        assert (test.is_test, json.loads(test.body)["type"]) == (True, "webhook.test")

    def test_that_paused_by_itself_is_told_on_the_front_page(self, desk, webhook):
        paused_by_itself()

        assert "1</strong> webhooks paused by themselves" in desk.get(reverse("admin:index")).content.decode()
        listed = desk.get(reverse("admin:editorial_webhook_changelist"), {"state": "failing"}).content.decode()
        assert "5 deliveries in a row" in listed

    def test_is_nobody_elses_business(self, client, webhook, dead, reviewer):
        client.force_login(reviewer)
        just_signed_in(client, reviewer)

        got = [client.get(page(name, webhook)).status_code for name in ("change", "edit")]
        posted = [
            client.post(page(name, webhook)).status_code for name in ("edit", "rotate", "pause", "resume", "test")
        ]
        others = [client.get(page("change", dead, "delivery")), client.post(page("send_again", dead, "delivery"))]

        assert {*got, *posted, *(answer.status_code for answer in others)} == {403}
        assert not AuditEntry.objects.filter(by=reviewer).exists()


class TestADelivery:
    def test_that_was_given_up_is_listed_with_why(self, desk, dead):
        listed = desk.get(reverse("admin:editorial_delivery_changelist"), {"status__exact": "dead"}).content.decode()
        shown = desk.get(page("change", dead, "delivery")).content.decode()

        assert "Answered 500." in listed
        assert "3–7" in listed
        assert "record.published" in shown
        assert "<script>alert" not in shown

    def test_is_sent_again(self, desk, dead):
        desk.post(page("send_again", dead, "delivery"))

        again = Delivery.objects.get()
        assert (again.status, again.attempts, again.message_id) == (DeliveryStatus.WAITING, 0, "msg_dead")
        assert "again at" not in desk.get(page("change", again.webhook)).content.decode()

    def test_is_listed_in_as_many_queries_for_many_as_for_one(self, desk, webhook, dead, django_assert_max_num_queries):
        partner = Partner.objects.get()
        for number in range(10):
            another = Webhook.objects.create(
                partner=partner, url="https://x.example/", nonce="1", created_at=NOON, created_by=webhook.created_by
            )
            dead.pk, dead.message_id, dead.webhook = None, f"msg_{number}", another
            dead.save()

        for name in ("webhook", "delivery"):
            with django_assert_max_num_queries(12):
                desk.get(reverse(f"admin:editorial_{name}_changelist"))
