"""An event as a page with claims as its children, the way Wagtail's documentation models such things."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.api import APIField
from wagtail.models import Orderable, Page

CLAIM = (
    "key",
    "kind",
    "measure",
    "claimant",
    "statement",
    "as_worded",
    "low",
    "high",
    "qualifier",
    "made_on",
    "source",
)


class EventPage(Page):
    key = models.CharField(max_length=120, unique=True)
    summary = models.TextField(blank=True)
    kind = models.CharField(max_length=40)
    when = models.CharField(max_length=80)
    sorts_on = models.DateField(db_index=True)
    location = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=200, blank=True)
    standing = models.CharField(max_length=20)

    api_fields = [
        *(APIField(name) for name in ("key", "summary", "kind", "when", "sorts_on", "location", "period", "standing")),
        APIField("claims"),
        APIField("participants"),
    ]

    class Meta:
        app_label = "pages"


class Claim(Orderable):
    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="claims")
    key = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)
    measure = models.CharField(max_length=20)
    claimant = models.CharField(max_length=200)
    statement = models.TextField()
    as_worded = models.TextField(blank=True)
    low = models.BigIntegerField(null=True)
    high = models.BigIntegerField(null=True)
    qualifier = models.CharField(max_length=20)
    made_on = models.CharField(max_length=80)
    source = models.CharField(max_length=200)

    api_fields = [APIField(name) for name in CLAIM]

    class Meta(Orderable.Meta):
        app_label = "pages"


class Participant(Orderable):
    page = ParentalKey(EventPage, on_delete=models.CASCADE, related_name="participants")
    actor = models.CharField(max_length=200)
    role = models.CharField(max_length=20)
    side = models.CharField(max_length=20)

    api_fields = [APIField(name) for name in ("actor", "role", "side")]

    class Meta(Orderable.Meta):
        app_label = "pages"
