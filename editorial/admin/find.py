"""Search across all kinds of the desk at once: entries, claims, submissions, disputes, imports."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from conflict import text as texts
from conflict.models import Actor, Claim, Event, Finding, Location, Notice, Period, Source
from editorial.model_names import choice_label
from editorial.models import Dispute, Submission

KINDS = (Event, Claim, Actor, Location, Source, Notice, Period, Finding, Submission, Dispute)
OF_EACH = 8


@dataclass(frozen=True, slots=True)
class Group:
    """First matches of one kind, and the address of the list that has them all."""

    title: str
    rows: list[tuple[str, str]]  # label and address
    all_of_them: str

    @property
    def has_more(self) -> bool:
        return len(self.rows) > OF_EACH

    @property
    def first(self) -> list[tuple[str, str]]:
        return self.rows[:OF_EACH]


def find_view(site: Any, request: HttpRequest) -> HttpResponse:
    """`?q=…`: rows of every kind that this account may see and that have all the words."""
    if not site.has_permission(request):
        raise PermissionDenied
    words = texts.line(request.GET.get("q", ""))
    groups = [group for model in KINDS if (group := _group(site, request, model, words))] if words else []
    context = {**site.each_context(request), "title": _("Find"), "words": words, "groups": groups}
    return TemplateResponse(request, "admin/find.html", context)


def _group(site: Any, request: HttpRequest, model: Any, words: str) -> Group | None:
    admin = site.get_model_admin(model)
    if not admin.has_view_permission(request):
        return None
    everything = admin.get_queryset(request)
    rows, may_have_duplicates = admin.get_search_results(request, everything, words)
    if may_have_duplicates:  # a submission for each of its entries that has the words
        rows = everything.filter(pk__in=rows.order_by().values("pk"))
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    found = [
        (choice_label(row), reverse(f"{name}_change", args=[row.pk])) for row in rows.order_by("-pk")[: OF_EACH + 1]
    ]
    if not found:
        return None
    address = f"{reverse(f'{name}_changelist')}?{urlencode({'q': words})}"
    return Group(capfirst(str(model._meta.verbose_name_plural)), found, address)
