"""Claims: single assertions about an event by a claimant, as worded, and the relations between claims."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy

from conflict import vocabulary
from conflict.estimates import REPLACING
from conflict.message import gettext as _
from conflict.models.entry import KeyField, leads_back, tracked
from conflict.models.event import Event
from conflict.models.fields import EDTFField, LineField, ProseField, SpanField
from conflict.models.lookups import chosen_in, held_in
from conflict.models.party import Party, party_is_one_thing
from conflict.models.translations import TranslationsField
from conflict.models.triggers import claim_key_is_settled, one_way, touches
from conflict.vocabulary import ClaimKind, ClaimRelationKind, PartyRole, Qualifier, Rank

PART_OF = ClaimRelationKind.PART_OF
ONE_WAY = REPLACING | {PART_OF}


class ClaimManager(models.Manager["Claim"]):
    def get_by_natural_key(self, key: str) -> "Claim":
        return self.get(key=key)


@tracked
class Claim(models.Model):
    """One assertion about one event. Not a fact: the desk's conclusions from claims are findings.

    Zero, unknown and not stated are three values: `low` and `high` 0; qualifier `unknown` and no number; neither number
    nor qualifier. One account that gives a range and a best figure within it (such as UCDP's low, best and high) is one
    claim. `scope` is what the figure covers, `scope_when` the days covered, if not the event's.
    """

    entry_kind: ClassVar[str] = "claim"

    event = models.ForeignKey(Event, models.CASCADE, related_name="claims")
    key = KeyField(unique=True)
    kind = models.CharField(max_length=20, choices=ClaimKind)
    measure = models.CharField(max_length=20, choices=vocabulary.Measure, blank=True)
    statement = ProseField(help_text=gettext_lazy("What is claimed, in the desk's words."))
    as_worded = LineField(max_length=300, blank=True, help_text=gettext_lazy("The claimant's own words, short."))
    stance = models.CharField(max_length=20, choices=vocabulary.Stance, default=vocabulary.Stance.ASSERTS)
    negated = models.BooleanField("says it was not so", default=False)
    low = models.BigIntegerField(null=True, blank=True)
    high = models.BigIntegerField(null=True, blank=True)
    qualifier = models.CharField(max_length=20, choices=Qualifier, blank=True)
    best = models.BigIntegerField(
        null=True,
        blank=True,
        help_text=gettext_lazy("Where the claimant gives a range and a best figure within it, as UCDP does."),
    )
    unit = LineField(
        max_length=60,
        blank=True,
        help_text=gettext_lazy("For persons, who they are: then it is said of every subject that is named."),
    )
    scope = models.CharField(
        max_length=20,
        choices=vocabulary.ClaimScope,
        default=vocabulary.ClaimScope.EVENT,
        db_default=vocabulary.ClaimScope.EVENT.value,
        help_text=gettext_lazy("What the figure covers."),
    )
    scope_when = EDTFField(
        db_default="", help_text=gettext_lazy("EDTF: the days that the figure covers, where they are not the event's.")
    )
    when = EDTFField(
        gettext_lazy("date that it gives"),
        db_default="",
        help_text=gettext_lazy("EDTF: when the event happened, says the claim."),
    )
    made_on = EDTFField(help_text=gettext_lazy("EDTF: when the claim was made."))
    made_span = SpanField(derived_from="made_on")
    rank = models.CharField(max_length=20, choices=Rank, default=Rank.NORMAL)
    rank_reason = LineField(max_length=300, blank=True)
    translations = TranslationsField()

    objects = ClaimManager()

    class Meta:
        triggers = [*touches("conflict_event", "SELECT event_id FROM {rows}"), claim_key_is_settled()]
        indexes = [
            *(held_in(column, of="claim") for column in ("statement", "as_worded", "key")),  # search in the list
            *(chosen_in(column, of="claim") for column in ("measure", "kind", "rank", "stance", "qualifier")),
            models.Index(fields=["made_on"], name="claim_by_made_on"),  # the list, ordered by day
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="claim_low_is_not_above_high",
                violation_error_message=gettext_lazy("The lower figure is above the upper one."),
            ),
            models.CheckConstraint(
                condition=(Q(low__isnull=True) | Q(low__gte=0)) & (Q(high__isnull=True) | Q(high__gte=0)),
                name="claim_figures_are_not_negative",
                violation_error_message=gettext_lazy("A figure cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True, high__isnull=True)
                | (~Q(qualifier="") & ~Q(qualifier__in=vocabulary.QUALIFIERS_IN_WORDS)),
                name="claim_number_is_qualified",
                violation_error_message=gettext_lazy(
                    "A number needs a qualifier such as exactly, about or at least; dozens or unknown stand without a number."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(qualifier=Qualifier.EXACT) | (Q(low__isnull=False, high__isnull=False) & Q(low=F("high"))),
                name="claim_exact_figure_is_one_number",
                violation_error_message=gettext_lazy("“Exactly” needs the same number as lower and upper figure."),
            ),
            models.CheckConstraint(
                condition=~Q(qualifier__in=[Qualifier.AT_LEAST, Qualifier.MORE_THAN])
                | Q(low__isnull=False, high__isnull=True),
                name="claim_at_least_has_only_a_lower_figure",
                violation_error_message=gettext_lazy(
                    "“At least” and “more than” give a lower figure and no upper one."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(qualifier=Qualifier.UP_TO) | Q(low__isnull=True, high__isnull=False),
                name="claim_up_to_has_only_an_upper_figure",
                violation_error_message=gettext_lazy("“Up to” gives an upper figure and no lower one."),
            ),
            models.CheckConstraint(
                condition=Q(best__isnull=True)
                | Q(low__isnull=False, high__isnull=False, low__lte=F("best"), best__lte=F("high")),
                name="claim_best_lies_within_its_range",
                violation_error_message=gettext_lazy("A best figure needs a lower and an upper one around it."),
            ),
            models.CheckConstraint(
                condition=~Q(scope=vocabulary.ClaimScope.EVENT) | Q(scope_when=""),
                name="claim_of_the_event_has_no_days_of_its_own",
                violation_error_message=gettext_lazy(
                    "A figure of this event covers the event's own days: leave its days empty, or say that it covers a part or more."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(kind=ClaimKind.FIGURE) | ~Q(measure=""),
                name="claim_figure_has_a_measure",
                violation_error_message=gettext_lazy("A figure needs its measure: say what is counted."),
            ),
            models.CheckConstraint(
                condition=Q(kind=ClaimKind.DATE) & ~Q(when="") | ~Q(kind=ClaimKind.DATE) & Q(when=""),
                name="claim_of_the_date_gives_one",
                violation_error_message=gettext_lazy(
                    "A claim on when it happened gives the date that it says, and no other claim gives one."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(rank=Rank.DEPRECATED) | ~Q(rank_reason=""),
                name="claim_deprecated_has_a_reason",
                violation_error_message=gettext_lazy("Say why the claim is deprecated."),
            ),
        ]

    def __str__(self) -> str:
        return self.statement[:120]

    def clean(self) -> None:
        """Validate with a readable message that no part, of this event or another, is larger than this whole."""
        if self.pk is None or self.high is None:
            return
        larger = {"kind": PART_OF, "claim__measure": self.measure, "claim__low__gt": self.high}
        if part := ClaimRelation.objects.filter(other=self, **larger).select_related("claim").order_by("pk").first():
            raise ValidationError(
                _("%(high)s is smaller than a part of it, %(key)s with %(low)s: correct one of the figures.")
                % {"high": self.high, "key": part.claim.key, "low": part.claim.low}
            )

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    @property
    def claimants(self) -> list["ClaimParty"]:
        return self._parties(PartyRole.CLAIMANT)

    @property
    def relays(self) -> list["ClaimParty"]:
        return self._parties(PartyRole.RELAY)

    @property
    def subjects(self) -> list["ClaimParty"]:
        return self._parties(PartyRole.SUBJECT)

    @property
    def holders(self) -> list["ClaimParty"]:
        return self._parties(PartyRole.HOLDER)

    def _parties(self, role: PartyRole) -> list["ClaimParty"]:
        return sorted(
            (party for party in self.parties.all() if party.role == role), key=lambda party: (party.position, party.pk)
        )


@tracked
class ClaimParty(Party):
    """A party that makes, relays or is the subject of a claim. Relays are ordered, nearest to the claimant first."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="parties")
    role = models.CharField(max_length=20, choices=PartyRole)

    class Meta:
        verbose_name_plural = "claim parties"
        triggers = touches(
            "conflict_event", "SELECT c.event_id FROM {rows} r JOIN conflict_claim c ON c.id = r.claim_id"
        )
        constraints = [
            party_is_one_thing("claim_party_is_one_thing"),
            models.CheckConstraint(
                condition=Q(location__isnull=True) | Q(role=PartyRole.SUBJECT),
                name="claim_party_place_is_a_subject",
                violation_error_message=gettext_lazy(
                    "A place can be the subject of a claim; it cannot make, relay or hold anything."
                ),
            ),
        ]


@tracked
class ClaimRelation(models.Model):
    """Relation of one claim to another, of the same event or not; read as `claim kind other`."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="relations")
    kind = models.CharField(max_length=20, choices=vocabulary.ClaimRelationKind)
    other = models.ForeignKey(Claim, models.RESTRICT, related_name="related_from")  # both are deleted with their event

    class Meta:
        triggers = [
            *touches("conflict_event", "SELECT c.event_id FROM {rows} r JOIN conflict_claim c ON c.id = r.claim_id"),
            one_way(
                "conflict_claimrelation",
                "claim_id",
                "other_id",
                ONE_WAY,
                "Of two claims only one can be the part, or the revision,",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(claim=F("other")),
                name="claim_relation_is_with_another_claim",
                violation_error_message=gettext_lazy("A claim cannot be related to itself."),
            ),
            models.UniqueConstraint(
                fields=["claim", "kind", "other"],
                name="claim_relation_is_given_once",
                violation_error_message=gettext_lazy("This relation is already recorded."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.get_kind_display()} {self.other_id}"

    def clean(self) -> None:
        """Validate with readable messages: no cycles, and no part larger than its whole, across events too."""
        if not (self.claim_id and self.other_id):
            return
        kinds = REPLACING if self.kind in REPLACING else {self.kind}
        if self.kind in ONE_WAY and leads_back(ClaimRelation, "claim", self, kinds):
            raise ValidationError(
                _("These two would be part of each other: say which one is the whole.")
                if self.kind == PART_OF
                else _("These two would revise each other: say which one came later.")
            )
        part, whole = self.claim, self.other
        if (
            self.kind == PART_OF
            and part.measure == whole.measure
            and whole.high is not None
            and (part.low or 0) > whole.high
        ):
            raise ValidationError(
                _(
                    "A part of %(low)s cannot be larger than its whole of %(high)s: correct one of the figures, or choose another relation."
                )
                % {"low": part.low, "high": whole.high}
            )
