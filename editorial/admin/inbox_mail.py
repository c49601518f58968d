"""The inbox by e-mail: one message an hour at most, to those who asked for it, in the language of their account."""

from datetime import datetime
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext, override

from editorial.admin import inbox
from editorial.models import Inbox


def send_inboxes(site: object, at: datetime) -> int:
    """Tell everybody who asked for it of what came since they last read or were told; the number of messages."""
    sent = 0
    asked = Inbox.objects.filter(by_email=True, user__is_active=True, user__is_staff=True).exclude(user__email="")
    for own in asked.select_related("user").order_by("pk"):
        with override(own.user.language or settings.LANGUAGE_CODE):
            found = inbox.items(site, own.user, max(own.read_until, own.mailed_until or own.read_until))
            if not (found and _sent(own, found)):
                continue
        sent += 1
        Inbox.objects.filter(pk=own.pk).update(mailed_until=at)
    return sent


def _sent(own: Inbox, found: list[inbox.Item]) -> bool:
    """Titles only: what is written at the desk stays there."""
    host = settings.DESK_HOST or settings.ALLOWED_HOSTS[0]
    address = f"{'https' if settings.HTTPS else 'http'}://{host}{reverse('admin:inbox')}"
    subject = ngettext("%(count)d new item at the desk", "%(count)d new items at the desk", len(found))
    body = render_to_string("admin/inbox_mail.txt", {"items": found, "address": address})
    try:
        return bool(send_mail(subject % {"count": len(found)}, body, None, [own.user.email]))
    except (SMTPException, OSError):
        return False  # tried again in an hour
