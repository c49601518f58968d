"""Assignment of a notice to the person who looks after it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _

from conflict.models import Notice


class NoticeAssignment(models.Model):
    """Assignment of a notice to one person. Internal to the desk; never in a document."""

    notice = models.OneToOneField(Notice, models.CASCADE, related_name="assignment")
    to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return _("%(notice)s with %(to)s") % {"notice": self.notice, "to": self.to}
