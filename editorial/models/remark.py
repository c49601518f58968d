"""Remarks on what is proposed: comments, also at one field and with another text for it, and entries ticked as read."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from conflict.models.fields import ProseField
from conflict.vocabulary import LONGEST_KEY, EntryKind
from editorial.models.submission import Submission


class Comment(models.Model):
    """Comment on a submission or a dispute, visible on the desk only.

    One at a field names the entry and the place in it: `title`, or `claims attack-46 statement`. It may suggest another
    text for the field, which an author takes or not; the comment that `answers` it says so.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="comments")
    dispute = models.ForeignKey("editorial.Dispute", models.PROTECT, null=True, related_name="comments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = ProseField(blank=True)
    entry_kind = models.CharField(max_length=20, choices=EntryKind, blank=True)
    key = models.CharField(max_length=LONGEST_KEY, blank=True)
    place = models.CharField(max_length=200, blank=True)
    suggestion = ProseField(blank=True)
    answers = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="answer")
    is_taken = models.BooleanField(default=False, help_text=_("The suggestion that it answers was taken."))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(submission__isnull=True) ^ Q(dispute__isnull=True),
                name="comment_is_on_a_submission_or_a_dispute",
            ),
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(suggestion="") | Q(answers__isnull=False), name="comment_says_something"
            ),
            models.CheckConstraint(
                condition=Q(suggestion="") | ~Q(place=""), name="comment_suggests_a_text_for_a_place"
            ),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return (self.text or self.suggestion)[:80]

    @property
    def is_open_suggestion(self) -> bool:
        return bool(self.suggestion) and not hasattr(self, "answer")


class Tick(models.Model):
    """One entry of a submission that a reviewer has read, in this text; a later text is unread."""

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="ticks")
    entry_kind = models.CharField(max_length=20, choices=EntryKind)
    key = models.CharField(max_length=LONGEST_KEY)
    sha256 = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "entry_kind", "key", "sha256", "by"], name="entry_is_ticked_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_kind} {self.key}, read by {self.by}"
