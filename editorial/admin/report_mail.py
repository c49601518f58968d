"""The desk's answer to a report by e-mail, in the language in which the reader wrote."""

from smtplib import SMTPException

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.core.validators import validate_email
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from conflict.public.entry_urls import page_of_entry
from editorial.models import Report
from editorial.webhooks.outbox import site


def is_address(contact: str) -> bool:
    """Return True if the contact is one e-mail address and nothing else."""
    try:
        validate_email(contact)
    except ValidationError:
        return False
    return True


def send_answer(report: Report, contact: str, answer: str) -> bool:
    """Send the answer to this address, if the site sends mail; True if the server took it."""
    if not settings.EMAIL_HOST or not is_address(contact):
        return False
    with override(report.language or settings.LANGUAGE_CODE):
        address = f"{site()}{page_of_entry(report.entry_kind, report.key)}"
        context = {"address": f"{address}#{report.claim_key}" if report.claim_key else address, "answer": answer}
        subject = _("What became of your report")
        body = render_to_string("admin/report_mail.txt", context)
    try:
        return bool(send_mail(subject, body, None, [contact]))
    except (SMTPException, OSError):
        return False
