"""Login to the desk. Accounts are created by administrators; there is no registration.

How many failures lock it, and for how long: `ACCOUNT_RATE_LIMITS` in `conflict.settings`.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.adapter import get_adapter as accounts
from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from conflict.public.throttles import network_of
from editorial.accounts import known_browser, language, second_factor, sign_in_log
from editorial.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth carries no types
    def get_client_ip(self, request: HttpRequest) -> str:
        """Address by which failures are counted: for IPv6 the network of one subscriber, who has 2^64 addresses."""
        return network_of(super().get_client_ip(request))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = User.objects.filter(username=credentials.get("username", "")).first()
        sign_in_log.record(request, "password", user)

    def post_login(self, request: HttpRequest, user: User, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        known_browser.remember(response, user)
        language.remember(request, response, user)
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Key that failures are counted under: the account's, or another one for a browser that signed in before.

        So nobody can lock people out by guessing their passwords from elsewhere.
        """
        shared: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{shared}{known_browser.mark(request, credentials.get('username', ''))}"


class SignIn(LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "second_factor": settings.SECOND_FACTOR, "trial": settings.TRIAL}


def towards_the_desk(request: HttpRequest) -> HttpResponse:
    """Next step on the way to the desk: signing in, setting up a second factor, or entering it."""
    wanted = request.GET.get("next") or reverse("admin:index")
    user = request.user
    if not isinstance(user, User):
        return redirect_to_login(wanted, reverse("account_login"))
    if not user.is_staff:
        raise PermissionDenied(_("This account is not one of the desk's."))
    if not second_factor.is_missing(request):
        return redirect("admin:index")
    if not second_factor.is_set_up(user):
        messages.warning(
            request, _("Set up a second factor first: an authenticator app or a passkey. The desk opens with it only.")
        )
        return redirect("mfa_index")
    ways = [way["url"] for way in accounts().get_reauthentication_methods(user) if way["id"].startswith("mfa_")]
    return HttpResponseRedirect(f"{ways[0]}?{urlencode({'next': wanted})}")
