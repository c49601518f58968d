"""Accounts of the people who work on the desk. Nothing about them is ever public."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """An account on the desk. Its name appears in no document, page or API answer."""

    class Meta(AbstractUser.Meta):
        pass
