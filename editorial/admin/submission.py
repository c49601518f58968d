"""Submissions at the desk: proposed texts next to the public ones, and the verbs that move a submission on."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from csp.decorators import csp_update
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, When
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from conflict.documents import canonical_text, sha256
from conflict.documents.comparison import compare
from conflict.models import ENTRIES, Notice
from conflict.vocabulary import ChangeKind
from editorial.accounts import reauthentication
from editorial.admin import versions
from editorial.admin.list_filters import NamedFilter
from editorial.admin.readonly_admin import ReadOnlyAdmin
from editorial.admin.submission_actions import ACTS, CANNOT_BE_TAKEN_BACK, FOREMOST, SubmissionAction, offered_actions
from editorial.admin.submission_comparison import called, contents, named_and_not_public, side_by_side, since
from editorial.admin.unread_entries import unread_view
from editorial.admin.verb_calls import perform
from editorial.models import Submission, SubmittedEntry, User
from editorial.models.stages import LIVE, Stage
from editorial.workflow import dependencies, notices, permissions, restricted_sources, submissions
from editorial.workflow.exceptions import ReadOtherTexts, WorkflowRefused
from editorial.workflow.readiness import shortcomings
from editorial.workflow.submissions import EntryChange

PROPOSED_AT_ONCE = 300
LONGEST_TITLE = 200
LISTED_WARNINGS = 100
ENTRIES_ON_A_PAGE = 25
PROPOSABLE = (
    ChangeKind.NEW,
    ChangeKind.CORRECTION,
    ChangeKind.NEW_EVIDENCE,
    ChangeKind.VOCABULARY,
    ChangeKind.GEOCODING,
)


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
        "publication": ("publication", lambda rows, _: rows.filter(stage=Stage.APPROVED)),
        "failed": (
            gettext_lazy("publication, which failed"),
            lambda rows, _: rows.filter(stage__in=LIVE).exclude(failure=""),
        ),
    }


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
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
    search_fields = ("title__unaccent__icontains", "entries__key__icontains", "reason__unaccent__icontains")
    ordering = ("-submitted_at", "-pk")
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Count entries only for the rows on the page, not for the whole list."""
        entries = SubmittedEntry.objects.filter(submission=OuterRef("pk")).order_by().values("submission")
        number = Subquery(entries.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
        found: QuerySet[Any] = super().get_queryset(request).annotate(entry_count=number)
        return found

    @admin.display(description=gettext_lazy("entries"))
    def number_of_entries(self, submission: Any) -> int:
        return int(submission.entry_count or 0)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("unread/", view(partial(unread_view, self)), name="editorial_submission_unread"),
            path("propose/", view(self.propose_view), name="editorial_submission_propose"),
            path("<int:pk>/do/<slug:verb>/", view(require_POST(self.act_view)), name="editorial_submission_act"),
            *super().get_urls(),
        ]

    # The page of one submission

    @method_decorator(csp_update({"frame-src": ["'self'"]}))
    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        submission = self.get_object(request, object_id)
        if submission is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_permission(request, submission):
            raise PermissionDenied
        user, digest = request.user, submission.digest
        kind = request.GET.get("kind", "")
        rows = submission.entries.filter(entry_kind=kind) if kind in ENTRIES else submission.entries.all()
        page = Paginator(rows.order_by("pk"), ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
        acts = offered_actions(user, submission)  # type: ignore[arg-type]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Submission %(submission)s") % {"submission": submission.pk},
            "subtitle": submission.title,
            "opts": self.opts,
            "submission": submission,
            "contents": contents(submission),
            "kind": kind if kind in ENTRIES else "",
            "page": page,
            "narrowed": urlencode({"kind": kind}) if kind in ENTRIES else "",
            "entries": side_by_side(submission, list(page), user),
            "ticked": submission.ticks.filter(by=user).count(),
            "split_off": submission.split_off.order_by("pk"),
            "since": since(submission, request.GET.get("since", "")),
            "acts": acts,
            "verbs": {act.verb for act in acts},
            "is_live": submission.stage in LIVE,
            "before_label": _("Published") if submission.stage != Stage.PUBLISHED else _("Before"),
            "after_label": _("Proposed") if submission.stage != Stage.PUBLISHED else _("Published"),
            "foremost": FOREMOST | ({"resubmit"} if submission.stage == Stage.RETURNED else set()),
            "why_not_approve": why_not_approve(user, submission, acts),  # type: ignore[arg-type]
            "digest": digest,
            "colleagues": permissions.people_who_submit().exclude(username=user.get_username())
            if _asks_whom(acts)
            else (),
            "reviews": submission.reviews.select_related("by").order_by("pk"),
            "comments": submission.comments.filter(key="").select_related("by").order_by("pk"),
            "audit_entries": submission.audit_entries.select_related("by").defer("entries").order_by("pk"),
        }
        return TemplateResponse(request, "admin/editorial/submission/page.html", context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(f"{self._address(object_id)}#history")

    def act_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        act = ACTS.get(verb)
        if act is None:
            raise Http404(_("There is no verb %(verb)s.") % {"verb": verb})
        submission = get_object_or_404(Submission, pk=pk)
        if not self.has_view_permission(request, submission):
            raise PermissionDenied
        if verb in CANNOT_BE_TAKEN_BACK and act.may(request.user, submission):  # type: ignore[arg-type]
            reauthentication.require(request)
        read: list[str] = []
        perform(request, lambda at: self._act(act, submission, request, at, read), str(act.done))
        if read:
            return HttpResponseRedirect(f"{self._address(pk)}?{urlencode({'since': read[0]})}")
        return HttpResponseRedirect(f"{self._address(pk)}{_where(request)}")

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

    def _address(self, pk: Any) -> str:
        return reverse("admin:editorial_submission_change", args=[pk])

    # Proposing entries

    def propose_view(self, request: HttpRequest) -> HttpResponse:
        """Show the chosen entries; a POST with a reason submits them. A GET only shows."""
        if not permissions.may_submit(request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        entered = request.POST if request.method == "POST" else request.GET
        chosen = [
            (kind, key)
            for kind, _, key in (text.partition(":") for text in entered.getlist("entry"))
            if kind in ENTRIES and key and "\0" not in key
        ]
        if "submit" in request.POST and (submission := self._submitted(request, chosen)):
            return HttpResponseRedirect(self._address(submission.pk))
        return self.proposing_page(request, chosen)

    def _submitted(self, request: HttpRequest, chosen: list[versions.Key]) -> Submission | None:
        made: list[Submission] = []
        change_kind = request.POST.get("change_kind", "")
        if change_kind not in PROPOSABLE:
            messages.error(request, _("Say what kind of change this is."))
            return None
        perform(
            request,
            lambda at: made.append(self._submit(request, chosen, ChangeKind(change_kind), at)),
            _("Submitted for review."),
        )
        return made[0] if made else None

    @staticmethod
    def _submit(request: HttpRequest, chosen: list[versions.Key], change_kind: ChangeKind, at: datetime) -> Submission:
        """Submit exactly what the page showed, without later edits by others."""
        with transaction.atomic():
            made = submissions.submit(
                entries=[EntryChange(kind, key) for kind, key in chosen],
                by=request.user,  # type: ignore[arg-type]
                at=at,
                title=request.POST.get("title", ""),
                reason=request.POST.get("reason", ""),
                change_kind=change_kind,
                bring_back="bring_back" in request.POST,
            )
            digests = {text.rpartition(" ")[0]: text.rpartition(" ")[2] for text in request.POST.getlist("shown")}
            proposed = made.entries.order_by("pk").values_list("entry_kind", "key", "sha256")
            changed = [key for kind, key, digest in proposed if digests.get(f"{kind}:{key}", digest) != digest]
            if changed:
                raise WorkflowRefused(
                    _(
                        "Edited after this page was made: %(changed)s. Nothing was submitted; read below how it stands now, then submit."
                    )
                    % {"changed": ", ".join(changed[:20])}
                )
            _answer_warning(made, request)
        return made

    def proposing_page(self, request: HttpRequest, chosen: list[versions.Key]) -> HttpResponse:
        drafts, public = versions.drafted(chosen), versions.published(chosen)
        named, withdrawn = named_and_not_public(drafts), dependencies.withdrawn(chosen)
        names = versions.names([*drafts.values(), *public.values()])
        entries = [
            {
                "kind": kind,
                "key": key,
                "name": called(drafts.get((kind, key)), key),
                "is_public": (kind, key) in public,
                "withdrawn": withdrawn.get((kind, key)),
                "shown": sha256(canonical_text(drafts[kind, key])) if (kind, key) in drafts else "",
                "missing": list(shortcomings(kind, drafts[kind, key]))
                if (kind, key) in drafts
                else [_("It is kept from the public.")],
                "parts": compare(kind, public.get((kind, key)), drafts.get((kind, key)), names),
            }
            for kind, key in chosen
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Submit for review"),
            "opts": self.opts,
            "entries": entries,
            "companions": named.to_add,
            "on_their_way": named.submitted,
            "named_and_withdrawn": named.withdrawn,
            "any_withdrawn": bool(withdrawn),
            "warnings": _open_warnings(request.user),
            "change_kinds": [(kind.value, kind.label) for kind in PROPOSABLE],
            "change_kind": request.POST.get("change_kind") or (ChangeKind.CORRECTION if public else ChangeKind.NEW),
            "given": {"title": title_of([str(entry["name"]) for entry in entries])}
            | {name: request.POST[name] for name in ("title", "reason", "warning") if request.POST.get(name)},
        }
        return TemplateResponse(request, "admin/editorial/submission/propose.html", context)


def _open_warnings(user: Any) -> list[Notice]:
    """Warnings that a submission may answer, those in the person's care first; none for who may not work on them."""
    if not permissions.may_tend_notices(user):
        return []
    mine_first = restricted_sources.visible(Notice.objects.filter(resolved_on__isnull=True), user).annotate(
        mine=Case(When(assignment__to=user, then=0), default=1)
    )
    return list(mine_first.order_by("mine", "raised_on", "pk")[:LISTED_WARNINGS])


def _answer_warning(submission: Submission, request: HttpRequest) -> None:
    """Note the submitted entries among those that answer the chosen warning."""
    if key := request.POST.get("warning", "").replace("\0", ""):
        open_ones = Notice.objects.filter(key=key, resolved_on__isnull=True)
        notice = restricted_sources.visible(open_ones, request.user).first()
        if notice is None:
            raise WorkflowRefused(_("The warning %(key)s is not open.") % {"key": key})
        notices.answer_notice(
            notice=notice,
            entries=list(submission.entries.values_list("entry_kind", "key")),
            by=request.user,  # type: ignore[arg-type]
            at=submission.submitted_at,
        )


def _where(request: HttpRequest) -> str:
    """Page of the entries and place on it that a verb was called from."""
    page, kind = request.POST.get("page", ""), request.POST.get("kind", "")
    asked = {"page": page} if page.isdecimal() else {}
    asked |= {"kind": kind} if kind in ENTRIES else {}
    entry = request.POST.getlist("entry")
    query = f"?{urlencode(asked)}" if asked else ""
    return f"{query}#{quote(entry[0].replace(':', '-', 1))}" if len(entry) == 1 else query


def _asks_whom(acts: Iterable[SubmissionAction]) -> bool:
    return any(act.asks_colleague for act in acts)


def why_not_approve(user: User, submission: Submission, acts: Iterable[SubmissionAction]) -> str:
    """Reason shown to a reviewer who has no approve button."""
    if submission.stage != Stage.OPEN or not permissions.may_review(user) or ACTS["approve"] in acts:
        return ""
    return _("You proposed this or wrote part of it since it was last published: somebody else has to approve it.")


def title_of(names: list[str]) -> str:
    """Title proposed for a submission: its main entry, and how many come with it."""
    if len(names) < 2:
        return Truncator(names[0]).chars(LONGEST_TITLE) if names else ""
    more = _(" and %(names)s more") % {"names": len(names) - 1}
    return Truncator(names[0]).chars(LONGEST_TITLE - len(more)) + more


def page_to_submit(entry: Any) -> str:
    """Address of the page that proposes one entry."""
    address = reverse("admin:editorial_submission_propose")
    return f"{address}?{urlencode({'entry': f'{entry.entry_kind}:{entry.key}'})}"


def page_for(request: HttpRequest, site: Any, entries: Iterable[Any]) -> HttpResponse:
    """The page that proposes these entries, from another page's action."""
    shown: SubmissionAdmin = site._registry[Submission]
    return shown.proposing_page(request, [(entry.entry_kind, entry.key) for entry in entries])
