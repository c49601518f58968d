"""The desk's figures for `/metrics`."""

from django.utils import timezone

from conflict.ops.metrics import Gauge, gauges, one
from editorial.models import Delivery, Submission
from editorial.models.webhook import DeliveryStatus

gauges += [
    Gauge(
        "failed_deliveries",
        "Webhook messages given up, of the last month.",
        lambda: one(Delivery.objects.dead().count()),
    ),
    Gauge(
        "waiting_deliveries",
        "Webhook messages not delivered yet.",
        lambda: one(Delivery.objects.filter(status=DeliveryStatus.WAITING).count()),
    ),
    Gauge(
        "overdue_submissions",
        "Scheduled submissions that should have been published by now.",
        lambda: one(Submission.objects.overdue(timezone.now()).count()),
    ),
]
