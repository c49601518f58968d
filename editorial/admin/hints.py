"""Hints while a form is open: how a date is read, which entries may be the same, who else is at this one."""

from contextlib import suppress
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils import timezone

from conflict import dates, typed_dates
from conflict import text as texts
from conflict.dates import ImpossibleDate
from conflict.models import ENTRIES, Event, Period
from editorial.admin import presence
from editorial.admin.widgets import day_comes_first, understood
from editorial.analysis.similar_entries import alike
from editorial.import_export.drafts import Days
from editorial.import_export.periods import Filing
from editorial.model_names import choice_label
from editorial.workflow import restricted_sources


def hints_view(site: Any, request: HttpRequest) -> JsonResponse:
    """Hints that a form asks for while it is open.

    `?date=8–10 February 2013`: the date in words. `?kind=event&title=…&when=…`: entries that may be the same.
    `?kind=event&present=7`: who else is at the event no. 7.
    """
    given = {name: texts.line(value)[:300] for name, value in request.GET.dict().items()}
    answer: dict[str, Any] = {"understood": understood(given.get("date", "")), "alike": [], "presence": []}
    model = ENTRIES.get(given.get("kind", ""))
    if model is None or not site.get_model_admin(model).has_view_permission(request):
        return JsonResponse(answer)
    if "present" in given:
        rows = restricted_sources.visible(model._default_manager.all(), request.user)
        if (entry := rows.filter(pk=texts.primary_key(given["present"])).first()) is not None:
            answer["presence"] = presence.sentences(entry, request.user, timezone.now())
    else:
        when = ""
        with suppress(ImpossibleDate):
            when = typed_dates.edtf(given["when"], day_first=day_comes_first()) if given.get("when") else ""
        rows = alike(model, given | {"when": when}).exclude(pk=texts.primary_key(given.get("pk", "")))
        answer["period"] = _period_of(when) if model is Event else None
        answer["alike"] = [
            {"label": choice_label(row), "address": reverse(f"admin:conflict_{model.entry_kind}_change", args=[row.pk])}
            for row in restricted_sources.visible(rows, request.user)[:5]
        ]
    return JsonResponse(answer)


def _period_of(when: str) -> dict[str, Any] | None:
    """The period that holds these dates, as an import would file them."""
    if not when or (days := dates.parse(when)).starts_on is None or days.ends_before is None:
        return None
    pk, _key = Filing.with_desk(None).period_of(Days(when, days.starts_on, days.ends_before))
    period = Period.objects.select_related("parent").filter(pk=pk).first()
    return {"id": period.pk, "label": choice_label(period)} if period else None
