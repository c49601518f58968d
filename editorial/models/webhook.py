"""Webhooks: addresses of partners that are notified of publications, and the deliveries to each."""

from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conflict.models.fields import MessageField
from conflict.record.models import Action
from conflict.vocabulary import EntryKind
from editorial.models.partner import Partner


class WebhookQuerySet(models.QuerySet["Webhook"]):
    def active(self) -> Self:
        return self.filter(paused_at__isnull=True)

    def paused_by_failing(self) -> Self:
        """Webhooks paused automatically after too many failed deliveries."""
        return self.filter(paused_at__isnull=False, paused_by__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-pk")


class Webhook(models.Model):
    """One address of a partner. Its secret is not stored, but derived from the nonce and the pepper in the settings."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="webhooks")
    url = models.CharField("address", max_length=500)
    kinds = ArrayField(
        models.CharField(max_length=20, choices=EntryKind),
        default=list,
        blank=True,
        help_text=_("Of which kinds of entries it is told; of all when empty."),
    )
    actions = ArrayField(
        models.CharField(max_length=20, choices=Action),
        default=list,
        blank=True,
        help_text=_("Of publications, withdrawals or redactions; of all when empty."),
    )
    nonce = models.CharField(
        max_length=64, help_text=_("What the secret follows from; worth nothing without the pepper.")
    )
    previous_nonce = models.CharField(max_length=64, blank=True)
    previous_until = models.DateTimeField(null=True, blank=True, help_text=_("Until when the old secret signs too."))
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    paused_at = models.DateTimeField(null=True, blank=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: by itself."),
    )
    pause_reason = MessageField(blank=True)
    failed_in_a_row = models.PositiveIntegerField(
        default=0, help_text=_("Deliveries given up since the last that arrived.")
    )
    busy_until = models.DateTimeField(
        null=True, blank=True, help_text=_("A worker sends to it; the promise ends by itself.")
    )

    objects = WebhookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(paused_at__isnull=True, paused_by__isnull=True, pause_reason="")
                | (Q(paused_at__isnull=False) & ~Q(pause_reason="")),
                name="webhook_paused_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(previous_nonce="", previous_until__isnull=True)
                | (~Q(previous_nonce="") & Q(previous_until__isnull=False)),
                name="webhook_old_secret_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return _("%(host)s of %(partner)s") % {"host": self.host, "partner": self.partner}

    @property
    def host(self) -> str:
        """The host alone: path and query may hold the partner's secrets."""
        return urlsplit(self.url).hostname or ""


class DeliveryStatus(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DELIVERED = "delivered", _("delivered")
    DEAD = "dead", _("given up")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, at: datetime) -> Self:
        """Deliveries to attempt now; only tests go to a paused address."""
        return self.filter(
            Q(webhook__paused_at__isnull=True) | Q(is_test=True), status=DeliveryStatus.WAITING, next_attempt_at__lte=at
        )

    def dead(self) -> Self:
        return self.filter(status=DeliveryStatus.DEAD)

    def newest_first(self) -> Self:
        return self.order_by("-pk")

    def oldest_first(self) -> Self:
        return self.order_by("pk")


class Delivery(models.Model):
    """One message to one address: its body, the number of attempts, and the last response."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    message_id = models.CharField(max_length=40, unique=True, help_text=_("webhook-id: the same for every attempt."))
    body = models.TextField(help_text=_("As it is signed and sent."))
    first_number = models.BigIntegerField(null=True, blank=True, help_text=_("In the publication log."))
    last_number = models.BigIntegerField(null=True, blank=True)
    is_test = models.BooleanField(default=False)
    status = models.CharField(max_length=20, choices=DeliveryStatus, default=DeliveryStatus.WAITING)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_attempt_at = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True, help_text=_("When it arrived or was given up."))
    trouble = models.CharField(max_length=300, blank=True, help_text=_("Why the last attempt failed."))
    answered_status = models.PositiveSmallIntegerField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True, help_text=_("The beginning of the last answer."))

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["next_attempt_at"], condition=Q(status="waiting"), name="delivery_due"
            ),  # worker, every minute
            models.Index(fields=["webhook", "-id"], name="delivery_of_webhook"),  # page of a webhook
            models.Index(fields=["created_at"], name="delivery_by_age"),  # trimming
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="waiting", next_attempt_at__isnull=False, settled_at__isnull=True)
                | (~Q(status="waiting") & Q(next_attempt_at__isnull=True, settled_at__isnull=False)),
                name="delivery_waits_or_is_settled",
            ),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def numbers(self) -> str:
        """Range of the log it covers, for people."""
        if self.first_number is None:
            return "test"
        if self.first_number == self.last_number:
            return str(self.first_number)
        return f"{self.first_number}–{self.last_number}"
