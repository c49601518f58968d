"""Forms for a code of the second factor; each code is accepted once across all processes."""

from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac

from editorial.accounts import sign_in_log

# A code is accepted for this many periods before and after its own.
ACCEPTED_FOR = app_settings.TOTP_PERIOD * (2 * app_settings.TOTP_TOLERANCE + 2)


class OnceOnly(BaseAuthenticateForm):  # type: ignore[misc]  # allauth carries no types
    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except ValidationError:
            sign_in_log.record(context.request, "code", self.user)
            raise
        if self.authenticator.type == Authenticator.Type.TOTP:
            digest = salted_hmac("editorial.accounts.forms", f"{self.user.pk} {code.strip()}").hexdigest()
            if not caches["desk"].add(f"second_factor_code:{digest}", True, timeout=ACCEPTED_FOR):
                raise get_adapter().validation_error("incorrect_code")
        return code


class SecondFactorForm(OnceOnly, AuthenticateForm):  # type: ignore[misc]
    """Second factor at sign-in."""


class SecondFactorAgainForm(OnceOnly, ReauthenticateForm):  # type: ignore[misc]
    """Second factor before an irreversible action."""
