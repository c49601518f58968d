"""Ending the sessions of an account: at once, on every device."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from editorial.models import User


def end_all_of(user: User) -> int:
    """Delete an account's sessions, so that they do not revive with the account. Returns their number.

    Session data is signed, not indexed, so all live sessions are searched; a desk has few.
    """
    living = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    theirs = [session.pk for session in living if session.get_decoded().get(SESSION_KEY) == str(user.pk)]
    ended, _ = Session.objects.filter(pk__in=theirs).delete()
    return ended
