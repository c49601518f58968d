"""Requests for roles: made by one administrator, and in force once another has confirmed them."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class RoleChangeQuerySet(models.QuerySet["RoleChange"]):
    def waiting(self) -> Self:
        return self.filter(settled_at=None)


class RoleChange(models.Model):
    """One request: the roles the account is to have, the requester, and the outcome."""

    account = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="role_changes")
    roles = ArrayField(models.CharField(max_length=40), help_text=_("All that the account shall have."))
    had = ArrayField(models.CharField(max_length=40), default=list, help_text=_("What it had when this was asked for."))
    why = models.TextField(blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty if it was asked for by a command, at the server."),
    )
    asked_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    is_granted = models.BooleanField(null=True)

    objects = RoleChangeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(settled_at=None),
                name="role_change_of_an_account_waits_once",
                violation_error_message=_(
                    "A change of this account's roles is waiting already: have it confirmed or declined."
                ),
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled_by=None, is_granted=None)
                | Q(settled_at__isnull=False, settled_by__isnull=False, is_granted__isnull=False),
                name="role_change_is_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(asked_by=None) | ~Q(account=F("asked_by")),
                name="role_change_is_asked_for_somebody_else",
                violation_error_message=_("Nobody asks for roles of their own."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {', '.join(self.roles) or gettext('no role')}"
