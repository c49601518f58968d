"""Submissions at the desk: proposed texts next to the public ones, and the verbs that move a submission on."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from csp.decorators import csp_update
from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST

from conflict.models import ENTRIES
from editorial.accounts import reauthentication
from editorial.admin.list_filters import NamedFilter
from editorial.admin.readonly_admin import VerbAdmin
from editorial.admin.search import holding
from editorial.admin.submission_actions import ACTS, CANNOT_BE_TAKEN_BACK, FOREMOST, SubmissionAction, offered_actions
from editorial.admin.submission_comparison import contents, side_by_side, since
from editorial.admin.submission_proposal import propose_view
from editorial.admin.unread_entries import unread_view
from editorial.admin.verb_calls import perform, user_of
from editorial.import_export.permissions import may_settle_import
from editorial.models import Submission, SubmittedEntry, User
from editorial.models.stages import LIVE, Stage
from editorial.workflow import permissions
from editorial.workflow.exceptions import ReadOtherTexts

ENTRIES_ON_A_PAGE = 25


class Waiting(NamedFilter):
    title = gettext_lazy("waiting for")
    parameter_name = "waiting"
    choices_offered = {
        "me": (
            gettext_lazy("you, to revise it"),
            lambda rows, request: rows.filter(submitted_by=request.user, stage=Stage.RETURNED),
        ),
        "review": (
            gettext_lazy("your review"),
            lambda rows, request: rows.filter(stage=Stage.OPEN).exclude(submitted_by=request.user),
        ),
        "reviewer": (
            gettext_lazy("a reviewer of yours"),
            lambda rows, request: rows.filter(submitted_by=request.user, stage=Stage.OPEN),
        ),
        "publication": (pgettext_lazy("filter", "publication"), lambda rows, _: rows.filter(stage=Stage.APPROVED)),
        "failed": (
            gettext_lazy("publication, which failed"),
            lambda rows, _: rows.filter(stage__in=LIVE).exclude(failure=""),
        ),
    }


@admin.register(Submission)
class SubmissionAdmin(VerbAdmin):
    """Read-only list of submissions; only verbs change them."""

    list_display = (
        "title",
        "number_of_entries",
        "stage",
        "change_kind",
        "submitted_by",
        "submitted_at",
        "reviewer",
        "publish_at",
    )
    list_filter = (Waiting, "stage", "change_kind", "is_emergency")
    list_select_related = ("submitted_by", "reviewer")
    search_fields = (
        "title__unaccent__icontains",
        "entries__key__icontains",
        "reason__unaccent__icontains",
        "comments__text__unaccent__icontains",
        "reviews__note__unaccent__icontains",
    )
    ordering = ("-submitted_at", "-pk")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count entries only for the rows on the page, not for the whole list."""
        entries = SubmittedEntry.objects.filter(submission=OuterRef("pk")).order_by().values("submission")
        number = Subquery(entries.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
        found: QuerySet[Any] = super().get_queryset(request).annotate(entry_count=number)
        return found

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return holding(queryset, self.get_search_fields(request), search_term), False

    @admin.display(description=gettext_lazy("entries"))
    def number_of_entries(self, submission: Any) -> int:
        return int(submission.entry_count or 0)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("unread/", view(partial(unread_view, self)), name="editorial_submission_unread"),
            path("propose/", view(partial(propose_view, self)), name="editorial_submission_propose"),
            path("<int:pk>/do/<slug:verb>/", view(require_POST(self.act_view)), name="editorial_submission_act"),
            *super().get_urls(),
        ]

    # The page of one submission

    @method_decorator(csp_update({"frame-src": ["'self'"]}))
    def change_view(self, *given: Any, **named: Any) -> Any:
        return super().change_view(*given, **named)

    def page_context(self, request: HttpRequest, submission: Any) -> dict[str, Any]:
        user = user_of(request)
        kind = request.GET.get("kind", "")
        rows = submission.entries.filter(entry_kind=kind) if kind in ENTRIES else submission.entries.all()
        page = Paginator(rows.order_by("pk"), ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
        acts = offered_actions(user, submission)
        return {
            "title": _("Submission %(submission)s") % {"submission": submission.pk},
            "subtitle": submission.title,
            "submission": submission,
            "contents": contents(submission),
            "kind": kind if kind in ENTRIES else "",
            "page": page,
            "narrowed": urlencode({"kind": kind}) if kind in ENTRIES else "",
            "entries": side_by_side(submission, list(page), user),
            "ticked": submission.ticks.filter(by=user).count(),
            "split_off": submission.split_off.order_by("pk"),
            "imports": [run for run in submission.imports.all() if may_settle_import(user, run)],
            "since": since(submission, request.GET.get("since", "")),
            "acts": acts,
            "verbs": {act.verb for act in acts},
            "is_live": submission.stage in LIVE,
            "before_label": _("Published") if submission.stage != Stage.PUBLISHED else _("Before"),
            "after_label": _("Proposed") if submission.stage != Stage.PUBLISHED else _("Published"),
            "foremost": FOREMOST | ({"resubmit"} if submission.stage == Stage.RETURNED else set()),
            "why_not_approve": why_not_approve(user, submission, acts),
            "digest": submission.digest,
            "colleagues": permissions.people_who_submit().exclude(username=user.get_username())
            if any(act.asks_colleague for act in acts)
            else (),
            "reviews": submission.reviews.select_related("by").order_by("pk"),
            "comments": submission.comments.filter(key="").select_related("by").order_by("pk"),
            "audit_entries": submission.audit_entries.select_related("by").defer("entries").order_by("pk"),
        }

    def act_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        act = ACTS.get(verb)
        if act is None:
            raise Http404(_("There is no verb %(verb)s.") % {"verb": verb})
        submission = self.seen(request, pk)
        if verb in CANNOT_BE_TAKEN_BACK and act.may(request.user, submission):  # type: ignore[arg-type]
            reauthentication.require(request)
        read: list[str] = []
        perform(request, lambda at: self._act(act, submission, request, at, read), str(act.done))
        if read:
            return HttpResponseRedirect(f"{self.address(pk)}?{urlencode({'since': read[0]})}")
        return HttpResponseRedirect(f"{self.address(pk)}{_where(request)}")

    @staticmethod
    def _act(
        act: SubmissionAction, submission: Submission, request: HttpRequest, at: datetime, read: list[str]
    ) -> None:
        """`read` receives the digest of the texts that the page showed, if others have been proposed since."""
        if act.is_of_a_part:
            user: Any = request.user
            permissions.require(act.may(user, submission), user, _("do this: %(verb)s") % {"verb": act.label})
        try:
            act.call(submission, request.user, at, request.POST)  # type: ignore[arg-type]
        except ReadOtherTexts as refused:
            if refused.read:
                read.append(refused.read)
            raise


def _where(request: HttpRequest) -> str:
    """Page of the entries and place on it that a verb was called from."""
    page, kind = request.POST.get("page", ""), request.POST.get("kind", "")
    asked = {"page": page} if page.isdecimal() else {}
    asked |= {"kind": kind} if kind in ENTRIES else {}
    entry = request.POST.getlist("entry")
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{query}#{quote(entry[0].replace(':', '-', 1))}" if len(entry) == 1 else query


def why_not_approve(user: User, submission: Submission, acts: Iterable[SubmissionAction]) -> str:
    """Reason shown to a reviewer who has no approve button."""
    if submission.stage != Stage.OPEN or not permissions.may_review(user) or ACTS["approve"] in acts:
        return ""
    return _("You proposed this or wrote part of it since it was last published: somebody else has to approve it.")
