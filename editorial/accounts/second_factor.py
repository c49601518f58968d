"""Second factor of the desk: who needs one, whether this session has passed it, and how it is stored."""

import base64

from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from editorial.models import User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes only stand in for one

ENCRYPTED = ("secret", "seed")  # of an authenticator app, of the recovery codes


def is_missing(request: HttpRequest) -> bool:
    """True while the session must pass a second factor before it may use the desk."""
    return bool(settings.SECOND_FACTOR) and not was_shown(request)


def was_shown(request: HttpRequest) -> bool:
    """True if this session passed the factor itself; one begun before the factor was set up does not count."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, request.user))


def is_set_up(user: User) -> bool:
    return bool(is_mfa_enabled(user, FACTORS))


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    derived = [
        salted_hmac("editorial.accounts.second_factor", "", secret=key, algorithm="sha256").digest() for key in keys
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in derived])


class StaleSecret(ValidationError, PermissionDenied):
    """A stored factor that no key of the settings opens: a form shows the sentence, anything else answers 403."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Your second factor was stored under another secret key of this site. Whoever runs the server has to name "
                "that key in SECRET_KEY_FALLBACKS, or to remove the factor with reset_second_factor."
            )
        )


@transaction.atomic
def encrypt_anew() -> tuple[int, list[User]]:
    """Encrypt every stored factor under today's SECRET_KEY; how many, and whose do not fit any key."""
    done, stale = 0, []
    for factor in Authenticator.objects.select_for_update(of=("self",)).select_related("user").order_by("pk"):
        try:
            changed = {
                name: _box().rotate(factor.data[name].encode()).decode() for name in ENCRYPTED if factor.data.get(name)
            }
        except InvalidToken:
            stale.append(factor.user)
            continue
        if changed:
            factor.data |= changed
            factor.save(update_fields=["data"])
            done += 1
    return done, stale


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth carries no types
    """Stores the secrets encrypted under SECRET_KEY, so that a database dump alone opens no account."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises StaleSecret if it was stored under a key that the settings do not name."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            raise StaleSecret() from None

    def get_totp_label(self, user: User) -> str:
        return user.username
