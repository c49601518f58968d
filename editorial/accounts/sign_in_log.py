"""Log of failed sign-ins: neither the password nor the name that was typed, which may be a password in the wrong field."""

import logging

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest

from conflict.ops.counters import count_failed_sign_in
from editorial.models import User

log = logging.getLogger(__name__)


def record(request: HttpRequest, step: str, user: User | None) -> None:
    """`step` is what was wrong: a password or a code."""
    count_failed_sign_in(step)
    account = f"account {user.pk}" if user else "no account of that name"
    address = f", from {get_adapter(request).get_client_ip(request)}" if settings.LOG_ADDRESSES else ""
    log.warning("A sign-in failed: wrong %s for %s%s.", step, account, address)
