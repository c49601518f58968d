"""Language of the desk: chosen in the head of its pages and kept in a cookie, or else what the browser asks for.

Readers' pages and the pages of accounts have it in their address; the desk has one address for all languages.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation


def speak(request: HttpRequest) -> None:
    """Answer in this person's language."""
    language = translation.get_language_from_request(request)
    translation.activate(language)
    request.LANGUAGE_CODE = language


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the language of the page where somebody signed in, if its address has one."""
    if language := translation.get_language_from_path(request.path_info):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
