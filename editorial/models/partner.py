"""Partners: organisations that use the API with a key, and their proposals to the desk."""

import ipaddress
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conflict.models.fields import LineField, ProseField
from conflict.vocabulary import LONGEST_KEY, EntryKind
from editorial.models.dispute import Dispute
from editorial.models.stages import DisputeStage, Stage
from editorial.models.submission import Submission


class Scope(models.TextChoices):
    """Rights of a key. Reading needs no key; with this scope the rate limit is higher."""

    READ = "read", _("read, more often than without a key")
    PROPOSE = "propose", _("propose what is missing, and corrections")


class ProposalKind(models.TextChoices):
    CLAIM = "claim", _("a further claim about an event")
    CORRECTION = "correction", _("a correction of an entry or of one claim")
    SOURCE = "source", _("a source for an event or for one claim")
    PARTICIPATION = "participation", _("somebody's part in an event")
    PLACE = "place", _("a place of an event")
    AFFILIATION = "affiliation", _("a tie of an actor to another")
    OBJECTION = "objection", _("an objection to an entry or to one claim")


class ProposalStatus(models.TextChoices):
    """Status of a proposal as shown to its proposer."""

    RECEIVED = "received", _("received")
    IN_REVIEW = "in_review", _("in review")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")


def refuse_bad_network(value: str) -> None:
    try:
        ipaddress.ip_network(value)
    except ValueError as fault:
        raise ValidationError(
            _("“%(value)s” is no network: write 192.0.2.0/24, 2001:db8::/32 or one address.") % {"value": value},
            code="network",
        ) from fault


class Partner(models.Model):
    """An organisation with which the desk exchanges data. Nothing of it is public."""

    organisation = LineField(max_length=200, unique=True)
    contact = ProseField(blank=True, help_text=_("Whom to write to about its keys. For the desk only."))
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.organisation


class PartnerKeyQuerySet(models.QuerySet["PartnerKey"]):
    def in_force(self, at: datetime) -> Self:
        """Keys neither revoked nor expired."""
        return self.filter(revoked_at__isnull=True).filter(Q(expires_on__isnull=True) | Q(expires_on__gte=at.date()))

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-pk")


class PartnerKey(models.Model):
    """One key of a partner. The secret itself is not stored, only a keyed hash that can verify it."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="keys")
    prefix = models.CharField(max_length=12, unique=True, help_text=_("The part before the point; not secret."))
    secret_hmac = models.CharField(max_length=64)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope), default=list)
    networks = ArrayField(
        models.CharField(max_length=50, validators=[refuse_bad_network]),
        default=list,
        blank=True,
        help_text=_("Where it may be used from; from anywhere when empty."),
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_on = models.DateField(null=True, blank=True, help_text=_("The last day on which it opens anything."))
    last_used_at = models.DateTimeField(null=True, blank=True, help_text=_("To the hour."))
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PartnerKeyQuerySet.as_manager()

    class Meta:
        permissions = [("manage_keys", "Can issue, rotate and revoke keys of partners")]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="partner_key_revoked_says_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~Q(scopes=[]),
                name="partner_key_opens_something",
                violation_error_message=_("A key without any scope opens nothing: choose at least one."),
            ),
        ]

    def __str__(self) -> str:
        return self.prefix

    def is_expired(self, at: datetime) -> bool:
        return self.expires_on is not None and self.expires_on < at.date()


# Not declined, and taken up neither as a dispute nor in a submission, except a withdrawn one.
WAITING = Q(declined_at__isnull=True, dispute__isnull=True) & (
    Q(submission__isnull=True) | Q(submission__stage=Stage.WITHDRAWN)
)


OF_DISPUTE = {DisputeStage.OPEN: ProposalStatus.IN_REVIEW, DisputeStage.UPHELD: ProposalStatus.ACCEPTED}


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def of(self, partner_id: int) -> Self:
        """Proposals of this partner, under any of its keys."""
        return self.filter(key__partner=partner_id)

    def waiting(self) -> Self:
        return self.filter(WAITING)

    def newest_first(self) -> Self:
        return self.order_by("-pk")


class Proposal(models.Model):
    """A partner's proposal about a public entry, as sent. It changes no draft until an editor takes it up."""

    key = models.ForeignKey(PartnerKey, models.PROTECT, related_name="proposals")
    idempotency_key = models.CharField(max_length=200)
    body_sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=20, choices=ProposalKind)
    entry_kind = models.CharField(max_length=20, choices=EntryKind)
    entry_key = models.CharField(max_length=LONGEST_KEY)
    entry_version = models.PositiveIntegerField(help_text=_("Version of the entry that was public when it arrived."))
    payload: Any = models.JSONField()
    received_at = models.DateTimeField()
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, blank=True, related_name="from_partners")
    dispute = models.OneToOneField(Dispute, models.PROTECT, null=True, blank=True, related_name="from_partner")
    taken_up_at = models.DateTimeField(null=True, blank=True)
    taken_up_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decline_reason = ProseField(blank=True, help_text=_("The proposer reads it."))

    objects = ProposalQuerySet.as_manager()

    class Meta:
        permissions = [("settle_proposal", "Can take up or decline proposals of partners")]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "idempotency_key"],
                name="proposal_is_sent_once",
                violation_error_message=_("This Idempotency-Key was used before."),
            ),
            models.CheckConstraint(
                condition=Q(declined_at__isnull=True, declined_by__isnull=True, decline_reason="")
                | (Q(declined_at__isnull=False, declined_by__isnull=False) & ~Q(decline_reason="")),
                name="proposal_declined_says_by_whom_when_and_why",
            ),
            models.CheckConstraint(
                condition=Q(
                    submission__isnull=True, dispute__isnull=True, taken_up_at__isnull=True, taken_up_by__isnull=True
                )
                | (
                    Q(taken_up_at__isnull=False, taken_up_by__isnull=False)
                    & (Q(submission__isnull=False) | Q(dispute__isnull=False))
                ),
                name="proposal_taken_up_says_by_whom_and_when",
            ),
        ]

    def __str__(self) -> str:
        return gettext("%(what)s: %(which)s") % {"what": self.get_kind_display(), "which": self.entry_key}

    @property
    def status(self) -> ProposalStatus:
        """Status derived from the submission or dispute, which is read."""
        if self.declined_at:
            return ProposalStatus.DECLINED
        if self.dispute:
            return OF_DISPUTE.get(DisputeStage(self.dispute.stage), ProposalStatus.DECLINED)
        match self.submission.stage if self.submission else None:
            case None | Stage.WITHDRAWN:
                return ProposalStatus.RECEIVED
            case Stage.PUBLISHED:
                return ProposalStatus.ACCEPTED
        return ProposalStatus.IN_REVIEW

    @property
    def is_waiting(self) -> bool:
        return self.status == ProposalStatus.RECEIVED
