"""Citations: each the use of a source by exactly one thing that it supports."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conflict import vocabulary
from conflict.models.actor import Affiliation
from conflict.models.claim import Claim
from conflict.models.entry import exactly_one, tracked
from conflict.models.event import Event, Participation
from conflict.models.fields import LineField
from conflict.models.finding import Finding
from conflict.models.source import Source
from conflict.models.triggers import touches

# Paths from a citation to its event: direct, or through a part of the event. The record counts the same ones.
IN_EVENTS = ("event", "claim__event", "finding__event", "participation__event")
CITED_BY = ("event", "claim", "finding", "affiliation", "participation")


@tracked
class Citation(models.Model):
    """A place in a source that supports one event, claim, finding, affiliation or participation."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="citations")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="citations")
    claim = models.ForeignKey(Claim, models.CASCADE, null=True, blank=True, related_name="citations")
    finding = models.ForeignKey(Finding, models.CASCADE, null=True, blank=True, related_name="citations")
    affiliation = models.ForeignKey(Affiliation, models.CASCADE, null=True, blank=True, related_name="citations")
    participation = models.ForeignKey(Participation, models.CASCADE, null=True, blank=True, related_name="citations")
    locator = LineField(max_length=120, blank=True, help_text=_("Page, paragraph or time in the source."))
    quotation = LineField(max_length=300, blank=True)
    accessed_on = models.DateField(null=True, blank=True)
    basis = models.CharField(max_length=20, choices=vocabulary.CitationBasis, blank=True)
    note = LineField(max_length=300, blank=True)

    class Meta:
        triggers = [
            *touches(
                "conflict_event",
                "SELECT event_id FROM {rows}"
                " UNION SELECT c.event_id FROM {rows} r JOIN conflict_claim c ON c.id = r.claim_id"
                " UNION SELECT f.event_id FROM {rows} r JOIN conflict_finding f ON f.id = r.finding_id"
                " UNION SELECT p.event_id FROM {rows} r JOIN conflict_participation p ON p.id = r.participation_id",
            ),
            *touches(
                "conflict_actor",
                "SELECT a.actor_id FROM {rows} r JOIN conflict_affiliation a ON a.id = r.affiliation_id",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=exactly_one(*CITED_BY),
                name="citation_supports_exactly_one_thing",
                violation_error_message=_(
                    "A citation supports exactly one event, claim, finding, affiliation or participation."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}{', ' + self.locator if self.locator else ''}"
