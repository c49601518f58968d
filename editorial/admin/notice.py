"""Notices at the desk: dated warnings, for readers or for editors only."""

import re
from functools import partial
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from conflict import dates, typed_dates
from conflict.models import Notice, NoticeMention
from conflict.models.notice import POINTS_AT
from conflict.vocabulary import NoticeKind
from conflict.wording import days
from editorial.admin.base import Children
from editorial.admin.bulk_edit import BulkEditAdmin
from editorial.admin.entry import COMPARE, ERASE, JOURNAL, PREVIEW, RETRACT, EntryAdmin, Page, PublicStanding
from editorial.admin.list_filters import NoticeCare, NoticeState
from editorial.admin.notice_actions import raise_view, tend_view
from editorial.admin.translations import TranslatedAdmin
from editorial.admin.verb_calls import perform
from editorial.admin.widgets import day_comes_first
from editorial.models import NoticeAnswer
from editorial.workflow import notices, permissions

TEND = Page("tend", gettext_lazy("Work on it"), tend_view, permissions.may_tend_notices)


class Mentions(Children):
    model = NoticeMention
    verbose_name_plural = gettext_lazy("further entries and claims it speaks of")
    parents = POINTS_AT
    fields = POINTS_AT


@admin.register(Notice)
class NoticeAdmin(BulkEditAdmin, TranslatedAdmin, EntryAdmin):
    change_list_template = "admin/conflict/notice/change_list.html"
    list_display = ("warns_of", "on", "raised", "due", "in_care_of", "progress")
    sortable_by = ("raised", "due")
    list_filter = (NoticeState, NoticeCare, "kind", "audience", "origin", "whole_chronology", PublicStanding)
    search_fields = (
        "reason__holds",
        "key__holds",
        "raised_on__startswith",
        "event__title__holds",
        "actor__name__holds",
        "period__title__unaccent__icontains",
    )
    search_help_text = gettext_lazy(
        "Words of the warning, its month (September 2024), its key, or the event, actor or period it is on."
    )
    actions = ("take_into_care", *EntryAdmin.actions, "edit_together")
    together = ("kind", "audience", "origin", "review_by")
    inlines = (Mentions,)
    pages = (
        TEND,
        PREVIEW,
        COMPARE,
        JOURNAL,
        RETRACT,
        ERASE,
    )  # a notice is answered by resolving it, not by a dispute
    readonly_fields = (*EntryAdmin.readonly_fields, "resolved_on", "resolution")
    fieldsets = (
        (None, {"fields": ("kind", "key", "public_standing")}),
        (gettext_lazy("What it warns of"), {"fields": ("reason", "audience", "origin")}),
        (
            gettext_lazy("What it is on"),
            {
                "fields": ("whole_chronology", *POINTS_AT),
                "description": gettext_lazy("The whole chronology, or exactly one entry or claim."),
            },
        ),
        (gettext_lazy("When"), {"fields": ("raised_on", "review_by")}),
        (
            gettext_lazy("How it was settled"),
            {
                "fields": ("resolved_on", "resolution"),
                "description": gettext_lazy(
                    "“Work on it” gives it a day to look at it again, narrows it to periods, resolves it, and puts it in somebody's care."
                ),
            },
        ),
    )

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(partial(raise_view, self))
        return [path("raise/", view, name="conflict_notice_raise"), *super().get_urls()]

    @admin.display(description=gettext_lazy("warns of"))
    def warns_of(self, notice: Notice) -> str:
        return _("%(what)s: %(which)s") % {
            "what": capfirst(str(notice.get_kind_display())),
            "which": f"{notice.reason[:110]}{'…' if len(notice.reason) > 110 else ''}",
        }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        answers = NoticeAnswer.objects.filter(notice=OuterRef("pk")).order_by().values("notice")
        number = Subquery(answers.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
        found: QuerySet[Any] = super().get_queryset(request).annotate(answer_count=number)
        return found.select_related(*POINTS_AT, "assignment__to")  # its name shows what it is on

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search the kind and the month as the list shows them, beside other words: “needs update September 2024”."""
        found, _has_duplicates = super().get_search_results(request, queryset, search_term)
        month, words = typed_dates.among_words(search_term, day_first=day_comes_first())
        kind = next((kind for kind in NoticeKind if str(kind.label).casefold() in words.casefold()), None)
        if month is None and kind is None:
            return found, False
        rows = queryset.filter(raised_on__startswith=month.text) if month else queryset
        if kind:
            rows = rows.filter(kind=kind)
            words = re.sub(re.escape(str(kind.label)), " ", words, flags=re.IGNORECASE)
        rows, _has_duplicates = super().get_search_results(request, rows, words)
        return queryset.filter(Q(pk__in=found.values("pk")) | Q(pk__in=rows.values("pk"))), False

    @admin.display(description=gettext_lazy("raised"), ordering="raised_on")
    def raised(self, notice: Notice) -> str:
        """Month or day, and how long it has been open."""
        if not notice.raised_on:
            return _("undated")
        months = 0 if notice.resolved_on else dates.months_until(notice.raised_on, timezone.localdate())
        age = ngettext("%(months)d month open", "%(months)d months open", months) % {"months": months}
        return f"{days.words(notice.raised_on)}, {age}" if months > 0 else days.words(notice.raised_on)

    @admin.display(description=gettext_lazy("progress"))
    def progress(self, notice: Any) -> str:
        """Number of entries that answer it, or that it is settled."""
        if notice.resolved_on:
            return _("settled")
        count = notice.answer_count or 0
        return (
            ngettext("%(count)d answer", "%(count)d answers", count) % {"count": count} if count else _("nothing yet")
        )

    @admin.display(description=gettext_lazy("on"))
    def on(self, notice: Notice) -> str:
        return str(notice.target or _("the whole chronology"))

    @admin.display(description=gettext_lazy("look at it by"), ordering="review_by")
    def due(self, notice: Notice) -> Any:
        if notice.resolved_on:
            return _("settled %(resolved_on)s") % {"resolved_on": notice.resolved_on}
        if not notice.is_past_review(timezone.localdate()):
            return notice.review_by
        return format_html('<strong class="overdue">{}</strong>', notice.review_by)

    @admin.display(description=gettext_lazy("in the care of"))
    def in_care_of(self, notice: Notice) -> str:
        assignment = getattr(notice, "assignment", None)
        return str(assignment.to) if assignment else "–"

    @admin.action(permissions=["tend"], description=gettext_lazy("Take selected notices into my care"))
    def take_into_care(self, request: HttpRequest, queryset: QuerySet[Notice]) -> None:
        selected = list(queryset)

        def take(at: Any) -> None:
            with transaction.atomic():
                for notice in selected:
                    notices.assign_notice(notice=notice, to=request.user, by=request.user, at=at)  # type: ignore[arg-type]

        perform(request, take, _("%(selected)s in your care.") % {"selected": len(selected)})

    def has_tend_permission(self, request: HttpRequest) -> bool:
        return permissions.may_tend_notices(request.user)  # type: ignore[arg-type]
