"""Sender of due deliveries: one address at a time, retried with growing pauses, given up after about thirty hours.

The table of deliveries is the queue; the worker's tasks only trigger a look at it. An attempt is counted and the
next one scheduled before anything is sent, so a worker killed in between loses nothing: the delivery is retried.
"""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from conflict.message import gettext as _
from editorial.models import Delivery, Webhook
from editorial.models.webhook import DeliveryStatus
from editorial.webhooks import addresses, http_client, management, signatures
from editorial.webhooks.addresses import AddressRefused, Target
from editorial.webhooks.http_client import Answer, NoAnswer

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 8
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=12)
GROWTH = 4  # 1 min, 4 min, 16 min, 1 h, 4 h, 12 h, 12 h: about thirty hours in all
JITTER = 0.2  # share of a pause, so that retries do not coincide
PAUSED_AFTER = 5  # deliveries given up in a row
LEASE = timedelta(minutes=2)  # longer than one attempt can take
IN_ONE_GO = 20  # deliveries to one address before others have their turn
KEPT_FOR = timedelta(days=30)

Clock = Callable[[], datetime]
Post = Callable[[Target, bytes, dict[str, str]], Answer]


def deliver(*, webhook_id: int, clock: Clock, post: Post = http_client.post) -> int:
    """Send due deliveries, oldest first, until one fails. Returns the number tried; 0 if another worker is sending."""
    tried = 0
    if not _taken(webhook_id, clock()):
        return tried
    try:
        while tried < IN_ONE_GO and (delivery := _next(webhook_id, clock())):
            tried += 1
            if not _attempt(delivery, clock, post):
                break
            _taken(webhook_id, clock(), again=True)
    finally:
        Webhook.objects.filter(pk=webhook_id).update(busy_until=None)
    return tried


def pause_after(attempts: int, *, asked_for: int | None = None) -> timedelta:
    """Pause after this many attempts; at least as long as the response requested, up to LONGEST_PAUSE."""
    pause: timedelta = min(FIRST_PAUSE * GROWTH ** (attempts - 1), LONGEST_PAUSE)
    pause *= random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  # no secret
    return max(pause, min(timedelta(seconds=asked_for or 0), LONGEST_PAUSE))


def waiting(at: datetime) -> list[int]:
    """Ids of webhooks with due deliveries."""
    return list(Delivery.objects.due(at).order_by("webhook_id").values_list("webhook_id", flat=True).distinct())


def trim(*, at: datetime) -> int:
    """Delete deliveries a month after their creation, whatever their outcome."""
    return Delivery.objects.filter(created_at__lt=at - KEPT_FOR).delete()[0]


# One attempt


def _taken(webhook_id: int, at: datetime, again: bool = False) -> bool:
    """Take or renew a lease on the webhook, so that no other worker sends to it. A dead worker's lease expires."""
    rows = Webhook.objects.filter(pk=webhook_id)
    if not again:
        rows = rows.filter(Q(busy_until__isnull=True) | Q(busy_until__lt=at))
    return rows.update(busy_until=at + LEASE) == 1


@transaction.atomic
def _next(webhook_id: int, at: datetime) -> Delivery | None:
    """The oldest due delivery, with its attempt counted and the next one scheduled."""
    due = Delivery.objects.due(at).filter(webhook=webhook_id)
    delivery = due.select_related("webhook__partner").select_for_update(of=("self",)).oldest_first().first()
    if delivery is not None:
        delivery.attempts, delivery.last_attempt_at = delivery.attempts + 1, at
        delivery.next_attempt_at = at + pause_after(delivery.attempts)
        delivery.save(update_fields=["attempts", "last_attempt_at", "next_attempt_at"])
    return delivery


def _attempt(delivery: Delivery, clock: Clock, post: Post) -> bool:
    """Send one message; True if it arrived."""
    answer, trouble = None, ""
    try:
        aim = addresses.checked(addresses.target(delivery.webhook.url))
        body = delivery.body.encode()
        signed = signatures.headers(delivery.webhook, delivery.message_id, body, clock())
        answer = post(aim, body, {"Content-Type": "application/json", **signed})
        trouble = _trouble(answer)
    except (AddressRefused, NoAnswer) as fault:
        trouble = str(fault)[:300]
    _note(delivery, answer, trouble, clock())
    return not trouble


def _trouble(answer: Answer) -> str:
    if answer.is_success:
        return ""
    if 300 <= answer.status < 400:
        return f"Answered {answer.status}: redirects are not followed, the address has to be entered anew."
    return f"Answered {answer.status}."


@transaction.atomic
def _note(delivery: Delivery, answer: Answer | None, trouble: str, at: datetime) -> None:
    webhook = management.locked(delivery.webhook)
    delivery.trouble = trouble
    delivery.answered_status = answer.status if answer else None
    delivery.answer = answer.text if answer else ""
    if not trouble:
        _settle(delivery, DeliveryStatus.DELIVERED, at)
        webhook.failed_in_a_row = 0
    elif delivery.is_test or delivery.attempts >= MOST_ATTEMPTS:
        _settle(delivery, DeliveryStatus.DEAD, at)
        webhook.failed_in_a_row += not delivery.is_test
    elif answer and answer.retry_after:
        delivery.next_attempt_at = at + pause_after(delivery.attempts, asked_for=answer.retry_after)
    delivery.save()
    webhook.save(update_fields=["failed_in_a_row"])
    if trouble:
        log.warning("Webhook %s: attempt %s of delivery %s failed.", webhook.pk, delivery.attempts, delivery.pk)
        _pause_if_hopeless(webhook, answer, at)


def _settle(delivery: Delivery, status: DeliveryStatus, at: datetime) -> None:
    delivery.status, delivery.settled_at, delivery.next_attempt_at = status, at, None


def _pause_if_hopeless(webhook: Webhook, answer: Answer | None, at: datetime) -> None:
    """Pause a webhook that is gone, or has failed for long, until somebody resumes it."""
    if webhook.paused_at:
        return
    if answer and answer.status == 410:
        reason = _("It answered 410: it wants to be told nothing any more.")
    elif webhook.failed_in_a_row >= PAUSED_AFTER:
        reason = _("%(count)s deliveries in a row were given up.") % {"count": webhook.failed_in_a_row}
    else:
        return
    webhook.paused_at, webhook.pause_reason = at, reason
    webhook.save(update_fields=["paused_at", "pause_reason"])
    management.record_audit("pause_webhook", None, at, webhook, reason)
