"""Hints while a form is being typed: how a date is read, and which entries may be the same."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from conflict import text as texts
from conflict import typed_dates
from conflict.dates import ImpossibleDate
from conflict.models import ENTRIES
from editorial.admin.widgets import understood
from editorial.analysis.duplicates import alike
from editorial.model_names import choice_label
from editorial.workflow import restricted_sources


def hints_view(site: Any, request: HttpRequest) -> JsonResponse:
    """`?date=8–10 February 2013`: the date in words. `?kind=event&title=…&when=…`: entries that may be the same."""
    given = {name: texts.line(value)[:300] for name, value in request.GET.dict().items()}
    answer: dict[str, Any] = {"understood": understood(given.get("date", "")), "alike": []}
    model = ENTRIES.get(given.get("kind", ""))
    if model is not None and site.get_model_admin(model).has_view_permission(request):
        when = ""
        with suppress(ImpossibleDate):
            when = typed_dates.edtf(given["when"]) if given.get("when") else ""
        rows = alike(model, given | {"when": when}).exclude(pk=texts.primary_key(given.get("pk", "")))
        answer["alike"] = [
            {"label": choice_label(row), "address": reverse(f"admin:conflict_{model.entry_kind}_change", args=[row.pk])}
            for row in restricted_sources.visible(rows, request.user)[:5]
        ]
    return JsonResponse(answer)
