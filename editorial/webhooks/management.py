"""Verbs of webhooks: create, change, rotate the secret, pause, resume, test."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from conflict.message import gettext as _
from conflict.message import joined
from conflict.record.models import Action
from conflict.text import prose
from conflict.vocabulary import EntryKind
from editorial.models import AuditEntry, Delivery, Partner, User, Webhook
from editorial.models.webhook import DeliveryStatus
from editorial.webhooks import addresses, outbox, queue, signatures
from editorial.workflow import permissions
from editorial.workflow.exceptions import WorkflowRefused, refuse_empty

CHANGING_OVER = timedelta(days=7)


class NewWebhook(NamedTuple):
    """A webhook with its secret, which is shown once."""

    webhook: Webhook
    secret: str


@transaction.atomic
def create(
    *,
    partner: Partner,
    by: User,
    at: datetime,
    url: str,
    kinds: Sequence[EntryKind] = (),
    actions: Sequence[Action] = (),
) -> NewWebhook:
    """Create a webhook of the partner. Raises NotPermitted, WorkflowRefused for an address that is not allowed."""
    permissions.require(permissions.may_manage_keys(by), by, _("manage webhooks of partners"))
    _refuse_bad(url)
    webhook = Webhook(
        partner=partner,
        url=url,
        kinds=[kind.value for kind in kinds],
        actions=[action.value for action in actions],
        nonce=signatures.new_nonce(),
        created_at=at,
        created_by=by,
    )
    webhook.full_clean()
    webhook.save()
    record_audit("create_webhook", by, at, webhook)
    return NewWebhook(webhook, signatures.secret_text(webhook.nonce))


@transaction.atomic
def change(
    *, webhook: Webhook, by: User, at: datetime, url: str, kinds: Sequence[EntryKind], actions: Sequence[Action]
) -> Webhook:
    """Change the address or the publications it is notified of. The secret stays."""
    permissions.require(permissions.may_manage_keys(by), by, _("manage webhooks of partners"))
    _refuse_bad(url)
    webhook = locked(webhook)
    webhook.url, webhook.kinds, webhook.actions = url, [str(kind) for kind in kinds], [str(one) for one in actions]
    webhook.full_clean()
    webhook.save()
    record_audit("change_webhook", by, at, webhook)
    return webhook


@transaction.atomic
def rotate(*, webhook: Webhook, by: User, at: datetime, at_once: bool = False) -> NewWebhook:
    """Issue a new secret. Both sign for some days, so that the partner can change over; `at_once` if the old one leaked."""
    permissions.require(permissions.may_manage_keys(by), by, _("manage webhooks of partners"))
    webhook = locked(webhook)
    webhook.previous_nonce, webhook.previous_until = webhook.nonce, at + CHANGING_OVER
    if at_once:
        webhook.previous_nonce, webhook.previous_until = "", None
    webhook.nonce = signatures.new_nonce()
    webhook.save()
    record_audit("rotate_webhook_secret", by, at, webhook, _("The old one signs no more.") if at_once else "")
    return NewWebhook(webhook, signatures.secret_text(webhook.nonce))


@transaction.atomic
def pause(*, webhook: Webhook, by: User, at: datetime, reason: str) -> Webhook:
    """Pause the webhook. It is not notified of later publications: the partner fetches those changes itself."""
    permissions.require(permissions.may_manage_keys(by), by, _("manage webhooks of partners"))
    webhook = locked(webhook)
    if webhook.paused_at:
        raise WorkflowRefused(_("The webhook %(webhook)s is paused already.") % {"webhook": webhook})
    refuse_empty(reason, _("Say why it is paused."))
    webhook.paused_at, webhook.paused_by, webhook.pause_reason = at, by, prose(reason)[:300]
    webhook.save()
    record_audit("pause_webhook", by, at, webhook, prose(reason))
    return webhook


@transaction.atomic
def resume(*, webhook: Webhook, by: User, at: datetime) -> Webhook:
    """Resume the webhook, beginning with the deliveries that were waiting when it was paused."""
    permissions.require(permissions.may_manage_keys(by), by, _("manage webhooks of partners"))
    webhook = locked(webhook)
    if not webhook.paused_at:
        raise WorkflowRefused(_("The webhook %(webhook)s is not paused.") % {"webhook": webhook})
    webhook.paused_at, webhook.paused_by, webhook.pause_reason, webhook.failed_in_a_row = None, None, "", 0
    webhook.save()
    webhook.deliveries.filter(status=DeliveryStatus.WAITING).update(next_attempt_at=at)
    record_audit("resume_webhook", by, at, webhook)
    queue.enqueue([webhook.pk])
    return webhook


@transaction.atomic
def send_test(*, webhook: Webhook, by: User, at: datetime) -> Delivery:
    """Send a test message, tried once, even to a paused address."""
    permissions.require(permissions.may_manage_keys(by), by, _("manage webhooks of partners"))
    delivery = Delivery.objects.create(
        webhook=webhook,
        message_id=outbox.new_message_id(),
        body=outbox.test_body(at),
        is_test=True,
        created_at=at,
        next_attempt_at=at,
    )
    queue.enqueue([webhook.pk])
    return delivery


@transaction.atomic
def send_again(*, delivery: Delivery, by: User, at: datetime) -> Delivery:
    """Send a message again under its id, with all attempts. Raises WorkflowRefused while it waits or is paused."""
    permissions.require(permissions.may_manage_keys(by), by, _("manage webhooks of partners"))
    webhook = locked(delivery.webhook)
    delivery = Delivery.objects.select_for_update(of=("self",)).select_related("webhook").get(pk=delivery.pk)
    if delivery.status == DeliveryStatus.WAITING:
        raise WorkflowRefused(
            _("The delivery %(delivery)s still waits: it is tried by itself.") % {"delivery": delivery}
        )
    if webhook.paused_at and not delivery.is_test:
        raise WorkflowRefused(_("The webhook %(webhook)s is paused: resume it first.") % {"webhook": webhook})
    delivery.status, delivery.attempts, delivery.next_attempt_at = DeliveryStatus.WAITING, 0, at
    delivery.settled_at, delivery.trouble, delivery.answered_status, delivery.answer = None, "", None, ""
    delivery.save()
    record_audit("send_webhook_again", by, at, webhook, _("Delivery %(delivery)s.") % {"delivery": delivery})
    queue.enqueue([webhook.pk])
    return delivery


def locked(webhook: Webhook) -> Webhook:
    return Webhook.objects.select_for_update(of=("self",)).select_related("partner").get(pk=webhook.pk)


def record_audit(verb: str, by: User | None, at: datetime, webhook: Webhook, why: str = "") -> None:
    """Record in the audit log, with the host only: path and query of an address may be secret."""
    named = _("Webhook %(number)s, %(webhook)s.") % {"number": webhook.pk, "webhook": webhook}
    why = joined([named, why] if why else [named])
    AuditEntry.objects.create(verb=verb, by=by, at=at, why=why)


def _refuse_bad(url: str) -> None:
    try:
        addresses.target(url)
    except addresses.AddressRefused as refused:
        raise WorkflowRefused(str(refused)) from refused
