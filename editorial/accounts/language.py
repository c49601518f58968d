"""Language of an account: of the desk and of its e-mails. Chosen in the head of the desk's pages, first by the browser.

Readers' pages and the pages of accounts have it in their address; the desk has one address for all languages.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.i18n import set_language

from editorial.models import User


def speak(request: HttpRequest) -> None:
    """Answer in this person's language."""
    language = of(request.user) or translation.get_language_from_request(request)
    translation.activate(language)
    request.LANGUAGE_CODE = language


def of(user: object) -> str:
    """Language that an account has chosen; empty for none, and for nobody."""
    return user.language if isinstance(user, User) else ""


def keep(user: object, language: str) -> None:
    """Make it the language of the account."""
    if isinstance(user, User) and language in dict(settings.LANGUAGES) and user.language != language:
        user.language = language
        user.save(update_fields=["language"])


def choose(request: HttpRequest) -> HttpResponse:
    """Answer to the button in the head of a page: the account keeps the language, and the browser for its next sign-in."""
    if request.method == "POST":
        keep(request.user, request.POST.get("language", ""))
    return set_language(request)


def remember(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """After a sign-in: a new account keeps the language of its first one, the browser that of the page."""
    of_page = translation.get_language_from_path(request.path_info)
    if not user.language:
        keep(user, of_page or translation.get_language_from_request(request))
    if of_page:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            of_page,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
