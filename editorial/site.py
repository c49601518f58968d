"""Admin site of the desk, with keys in choices, refusals as messages, and its own dashboard."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from editorial.accounts import expired_forms, language, second_factor
from editorial.accounts.login import towards_the_desk
from editorial.dashboard import front_page
from editorial.model_names import choice_label


class NamedAutocomplete(AutocompleteJsonView):
    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        return {"id": str(getattr(obj, to_field_name)), "text": choice_label(obj)}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "\0" in request.GET.get("term", ""):
            return JsonResponse({"results": [], "pagination": {"more": False}})
        return super().get(request, *args, **kwargs)


class DeskSite(admin.AdminSite):
    site_header = format_lazy("Conflict Chronology · {desk}", desk=_("desk"))
    site_title = _("Desk")
    index_title = _("What waits at the desk")
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and not second_factor.is_missing(request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "keep_unsaved_input": settings.KEEP_UNSAVED_INPUT}

    def get_urls(self) -> list[Any]:
        """Without Django's way from a row to its page on the site: entries have no such address."""
        urls = [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
        from editorial.admin import site_pages  # registers the admin, which needs this site

        return [*site_pages.urls(self), *urls]

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Wrap a desk view. Input sent after the session has expired is kept through login."""
        guarded: Callable[..., Any] = super().admin_view(view, cacheable)

        @wraps(guarded)
        def answer(request: HttpRequest, *args: Any, **options: Any) -> Any:
            language.speak(request)
            if not request.user.is_authenticated and expired_forms.is_worth_keeping(request):
                return expired_forms.page(request)
            response = guarded(request, *args, **options)
            if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and not response.content:
                return self.only_posted(request, response)
            return response

        return answer

    def only_posted(self, request: HttpRequest, refused: HttpResponse) -> HttpResponse:
        """Page for somebody who opened an address that only takes forms, by a reload or a bookmark."""
        context = {**self.each_context(request), "title": _("This address only takes what a form sends")}
        page = render(request, "admin/only_posted.html", context, status=refused.status_code)
        page["Allow"] = refused["Allow"]
        return page

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        language.speak(request)
        return towards_the_desk(request)

    def password_change(  # type: ignore[override]  # elsewhere, where trying is throttled
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        front = front_page(request.user, timezone.now())  # type: ignore[arg-type]
        return super().index(request, {**(extra_context or {}), "front": front})

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = NamedAutocomplete.as_view(admin_site=self)(request)  # type: ignore[assignment]  # of a view that is not asynchronous
        return answer
