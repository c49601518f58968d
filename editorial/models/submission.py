"""Submissions: entries proposed together, their exact texts, reviews and comments."""

from datetime import datetime, timedelta
from typing import Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict.documents import sha256
from conflict.models.fields import MessageField, ProseField
from conflict.record.models import Action
from conflict.vocabulary import LONGEST_KEY, ChangeKind, EntryKind, kind_label
from editorial.models.stages import EMERGENCY_TRANSITIONS, LIVE, TRANSITIONS, Stage, pairs

OVERDUE_AFTER = timedelta(minutes=3)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def live(self) -> Self:
        return self.filter(stage__in=LIVE)

    def awaiting_review(self) -> Self:
        return self.filter(stage=Stage.OPEN)

    def proposed_by(self, user: models.Model) -> Self:
        return self.filter(submitted_by=user)

    def due(self, at: datetime) -> Self:
        """Approved submissions scheduled for this moment or earlier."""
        return self.filter(stage=Stage.APPROVED, publish_at__lte=at)

    def overdue(self, at: datetime) -> Self:
        """Due for so long that the worker, which publishes on the minute, must have missed them."""
        return self.due(at - OVERDUE_AFTER)

    def oldest_first(self) -> Self:
        return self.order_by("submitted_at", "pk")


class Submission(models.Model):
    """Entries that are reviewed and published together, all or none. Not the draft: that is the desk itself.

    What is reviewed is the snapshot in `entries`; the approval holds for exactly that.
    """

    title = MessageField()
    reason = ProseField(help_text=gettext_lazy("Why; published with the change."))
    change_kind = models.CharField(max_length=20, choices=ChangeKind)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.OPEN)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="submissions")
    submitted_at = models.DateTimeField()
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reviewing",
        help_text=gettext_lazy("Who said “I am reviewing this”."),
    )
    publish_at = models.DateTimeField(null=True, blank=True)
    failure = MessageField(blank=True, help_text=gettext_lazy("Why the scheduled publication did not take place."))
    is_emergency = models.BooleanField(default=False)
    batch = models.BigIntegerField(null=True, blank=True, help_text=gettext_lazy("First number in the log."))
    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="split_off",
        help_text=gettext_lazy("Where it was returned from."),
    )

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        permissions = [
            ("review_submission", "Can review a submission"),
            ("publish_submission", "Can publish an approved submission"),
            ("publish_submission_in_emergency", "Can publish without review in an emergency"),
            ("retract_entry", "Can propose the withdrawal of an entry"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="submission_has_a_reason",
                violation_error_message=gettext_lazy("Say why: the reason is published with the change."),
            ),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True) | ~Q(stage=Stage.OPEN),
                name="submission_is_scheduled_once_approved",
                violation_error_message=gettext_lazy("Only an approved submission can be scheduled."),
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.PUBLISHED) | Q(batch__isnull=False),
                name="submission_published_is_in_the_log",
                violation_error_message=gettext_lazy("A published submission has its number in the log."),
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "submitted_at"], name="submission_by_stage"),  # the desk's front page
            models.Index(fields=["-submitted_at", "-id"], name="submission_newest"),  # the list
        ]
        triggers = [
            pgtrigger.FSM(
                name="stages_follow",
                field="stage",
                transitions=pairs(TRANSITIONS),
                condition=pgtrigger.Q(new__is_emergency=False),
            ),
            pgtrigger.FSM(
                name="emergency_stages_follow",
                field="stage",
                transitions=sorted({*pairs(TRANSITIONS), *pairs(EMERGENCY_TRANSITIONS)}),
                condition=pgtrigger.Q(new__is_emergency=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.title}"

    @property
    def digest(self) -> str:
        """SHA-256 of the proposed texts; an approval refers to it and covers nothing else."""
        rows = self.entries.values_list("entry_kind", "key", "action", "sha256", "successor")
        return sha256("\n".join(sorted(" ".join(row) for row in rows)))

    def changed_since(self, digest: str) -> list[str] | None:
        """Keys of entries that were proposed with another text under this digest; None for one that never was."""
        columns = ("entry_kind", "key", "action", "sha256", "successor")
        before = set(self.superseded.filter(digest=digest).values_list(*columns))
        if not before:
            return None
        return sorted({row[1] for row in before ^ set(self.entries.values_list(*columns))})

    def is_live(self) -> bool:
        return self.stage in LIVE


class SubmittedEntry(models.Model):
    """One entry of a submission: its proposed text, or its withdrawal."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="entries")
    entry_kind = models.CharField(max_length=20, choices=EntryKind)
    key = models.CharField(max_length=LONGEST_KEY)
    action = models.CharField(max_length=20, choices=Action, default=Action.PUBLISH)
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    successor = models.CharField(
        max_length=LONGEST_KEY, blank=True, help_text=gettext_lazy("For a merge: the key of the entry that takes over.")
    )
    is_live = models.BooleanField(
        default=True, help_text=gettext_lazy("While its submission is neither published nor withdrawn.")
    )

    class Meta:
        verbose_name_plural = "submitted entries"
        constraints = [
            models.UniqueConstraint(
                fields=["entry_kind", "key"],
                condition=Q(is_live=True),
                name="entry_is_in_one_live_submission",
                violation_error_message=gettext_lazy("This entry is in another submission that is not settled yet."),
            ),
            models.CheckConstraint(
                condition=Q(action=Action.PUBLISH) ^ Q(text=""),
                name="submitted_entry_has_a_text_unless_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_kind} {self.key}"


class SupersededEntry(models.Model):
    """An earlier text of an entry, before its submission was submitted again; earlier reviews refer to it."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="superseded")
    digest = models.CharField(max_length=64, help_text=gettext_lazy("Of all that was proposed together."))
    entry_kind = models.CharField(max_length=20, choices=EntryKind)
    key = models.CharField(max_length=LONGEST_KEY)
    action = models.CharField(max_length=20, choices=Action)
    text = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    successor = models.CharField(max_length=LONGEST_KEY, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "digest", "entry_kind", "key"], name="superseded_entry_is_kept_once"
            )
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return _("%(entry_kind)s %(key)s, earlier") % {"entry_kind": kind_label(self.entry_kind), "key": self.key}

    @classmethod
    def of(cls, entry: SubmittedEntry, digest: str) -> "SupersededEntry":
        columns = ("submission_id", "entry_kind", "key", "action", "text", "sha256", "successor")
        return cls(digest=digest, **{name: getattr(entry, name) for name in columns})


class Review(models.Model):
    """One person's verdict on a submission, bound by digest to the texts they read."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", gettext_lazy("approved")
        RETURNED = "returned", gettext_lazy("returned")

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="reviews")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    at = models.DateTimeField()
    verdict = models.CharField(max_length=20, choices=Verdict)
    note = MessageField(blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return _("%(verdict)s by %(by)s") % {"verdict": self.get_verdict_display(), "by": self.by}


class Consent(models.Model):
    """An author lets a colleague, or anybody who may submit, submit it again as the desk stands; holds until that is done."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="consents")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return _("%(by)s lets %(to)s submit it again") % {"by": self.by, "to": self.to or _("any colleague")}
