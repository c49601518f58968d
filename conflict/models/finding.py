"""Findings: the desk's conclusions from the claims, with rule and reason."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from conflict import vocabulary
from conflict.models.claim import Claim
from conflict.models.entry import KeyField, tracked
from conflict.models.event import Event
from conflict.models.fields import ProseField
from conflict.models.lookups import chosen_in, held_in
from conflict.models.party import Party, party_is_one_thing
from conflict.models.translations import TranslationsField
from conflict.models.triggers import touches
from conflict.vocabulary import FindingAspect


@tracked
class Finding(models.Model):
    """One recorded conclusion: a figure, or a grade of occurrence or attribution. Never computed silently."""

    event = models.ForeignKey(Event, models.CASCADE, related_name="findings")
    key = KeyField()
    aspect = models.CharField(max_length=20, choices=FindingAspect)
    measure = models.CharField(max_length=20, choices=vocabulary.Measure, blank=True)
    low = models.BigIntegerField(null=True, blank=True)
    best = models.BigIntegerField(null=True, blank=True)
    high = models.BigIntegerField(null=True, blank=True)
    grade = models.CharField(max_length=20, choices=vocabulary.Grade, blank=True)
    rule = models.CharField(max_length=30, choices=vocabulary.FindingRule)
    reason = ProseField()
    translations = TranslationsField()
    claims = models.ManyToManyField(Claim, through="FindingBasis", related_name="findings")

    class Meta:
        indexes = [
            *(held_in(column, of="finding") for column in ("key", "reason")),  # search in the list
            *(chosen_in(column, of="finding") for column in ("aspect", "grade", "rule", "measure")),
        ]
        triggers = touches("conflict_event", "SELECT event_id FROM {rows}")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "key"],
                name="finding_keys_differ_within_an_event",
                violation_error_message=_("Another finding of this event has this key."),
            ),
            models.CheckConstraint(
                condition=(Q(low__isnull=True) | Q(best__isnull=True) | Q(low__lte=F("best")))
                & (Q(best__isnull=True) | Q(high__isnull=True) | Q(best__lte=F("high")))
                & (Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high"))),
                name="finding_figures_are_in_order",
                violation_error_message=_("The figures must rise from low to best to high."),
            ),
            models.CheckConstraint(
                condition=(Q(low__isnull=True) | Q(low__gte=0))
                & (Q(best__isnull=True) | Q(best__gte=0))
                & (Q(high__isnull=True) | Q(high__gte=0)),
                name="finding_figures_are_not_negative",
                violation_error_message=_("A figure cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=~Q(aspect=FindingAspect.FIGURE)
                | (
                    ~Q(measure="")
                    & (
                        Q(low__isnull=False)
                        | Q(best__isnull=False)
                        | Q(high__isnull=False)
                        | ~Q(grade="")
                        | Q(rule=vocabulary.FindingRule.UNDECIDED)
                    )
                ),
                name="finding_on_a_figure_has_measure_and_figure",
                violation_error_message=_(
                    "A finding on a figure needs its measure, and a figure, a grade, or the rule “no figure decided”."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(rule=vocabulary.FindingRule.UNDECIDED)
                | Q(low__isnull=True, best__isnull=True, high__isnull=True),
                name="finding_without_decision_has_no_figure",
                violation_error_message=_(
                    "“No figure decided” gives no figure: take the figures out, or choose another rule."
                ),
            ),
            models.CheckConstraint(
                condition=Q(aspect=FindingAspect.FIGURE)
                | (~Q(grade="") & Q(low__isnull=True, best__isnull=True, high__isnull=True)),
                name="finding_on_occurrence_or_attribution_is_a_grade",
                violation_error_message=_("Only a finding on a figure gives figures; any other is a grade."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="finding_has_a_reason",
                violation_error_message=_("Say why the desk concludes this."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_aspect_display()}: {self.key}"

    @property
    def subjects(self) -> list["FindingParty"]:
        return sorted(self.parties.all(), key=lambda party: (party.position, party.pk))


@tracked
class FindingParty(Party):
    """Party that a finding is about: the one that suffered losses, or the one held responsible."""

    finding = models.ForeignKey(Finding, models.CASCADE, related_name="parties")

    class Meta:
        verbose_name_plural = "finding parties"
        triggers = touches(
            "conflict_event", "SELECT f.event_id FROM {rows} r JOIN conflict_finding f ON f.id = r.finding_id"
        )
        constraints = [party_is_one_thing("finding_party_is_one_thing")]


@tracked
class FindingBasis(models.Model):
    """A claim on which a finding is based."""

    finding = models.ForeignKey(Finding, models.CASCADE)
    claim = models.ForeignKey(Claim, models.PROTECT)

    class Meta:
        verbose_name_plural = "finding bases"
        triggers = touches(
            "conflict_event", "SELECT f.event_id FROM {rows} r JOIN conflict_finding f ON f.id = r.finding_id"
        )
        constraints = [
            models.UniqueConstraint(
                fields=["finding", "claim"],
                name="finding_rests_on_a_claim_once",
                violation_error_message=_("The finding already rests on this claim."),
            )
        ]

    def __str__(self) -> str:
        return str(self.claim)
