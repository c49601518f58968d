"""Accounts of the people who work on the desk. Nothing about them is ever public."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """An account on the desk. Its name appears in no document, page or API answer."""

    language = models.CharField(
        max_length=10,
        choices=settings.LANGUAGES,
        blank=True,
        default="",
        db_default="",
        help_text=_("Of the desk and of its e-mails. Empty, it is taken from the browser at the first sign-in."),
    )

    class Meta(AbstractUser.Meta):
        pass
