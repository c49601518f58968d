"""Work on a notice: the person who looks after it, and the entries that answer it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict.models import Notice
from conflict.vocabulary import LONGEST_KEY, EntryKind


class NoticeAssignment(models.Model):
    """Assignment of a notice to one person. Internal to the desk; never in a document."""

    notice = models.OneToOneField(Notice, models.CASCADE, related_name="assignment")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return _("%(notice)s with %(to)s") % {"notice": self.notice, "to": self.to}


class NoticeAnswer(models.Model):
    """An entry that answers a warning: written or corrected because of it. Internal to the desk."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="answers")
    entry_kind = models.CharField(max_length=20, choices=EntryKind)
    key = models.CharField(max_length=LONGEST_KEY)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "entry_kind", "key"],
                name="entry_answers_a_notice_once",
                violation_error_message=gettext_lazy("The entry is among those that answer the notice already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_kind} {self.key} answers {self.notice}"
