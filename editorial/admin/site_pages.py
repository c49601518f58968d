"""Addresses of the desk's pages that belong to no single model."""

from typing import Any

from django.urls import path
from django.views.decorators.http import require_POST

from editorial.accounts import language
from editorial.admin import watch
from editorial.admin.find import find_view
from editorial.admin.hints import hints_view


def urls(site: Any) -> list[Any]:
    view = site.admin_view
    return [
        path("find/", view(lambda request: find_view(site, request)), name="find"),
        path("hints/", view(lambda request: hints_view(site, request)), name="hints"),
        path("language/", language.choose, name="language"),
        path("inbox/", view(lambda request: watch.inbox_view(site, request)), name="inbox"),
        path("inbox/read/", view(require_POST(watch.read_view)), name="inbox_read"),
        path("watch/", view(require_POST(watch.watch_view)), name="watch"),
        path("filter/save/", view(require_POST(watch.save_view)), name="filter_save"),
        path("filter/forget/", view(require_POST(watch.forget_view)), name="filter_forget"),
    ]
