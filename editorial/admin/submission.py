"""Submissions at the desk: what is proposed beside what is public, and the verbs that move it on."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from conflict.documents import references
from conflict.documents.lifting import lifted
from conflict.documents.references import Reference
from conflict.models import ENTRIES
from conflict.record.models import Action
from conflict.vocabulary import ChangeKind
from editorial import permissions, reauthentication, workflow
from editorial.admin import versions
from editorial.admin.narrowing import Narrowing
from editorial.admin.readonly import ReadOnlyAdmin
from editorial.admin.verbs import perform
from editorial.comparing import Part, compare
from editorial.models import Review, Submission, SubmittedEntry, User
from editorial.readiness import shortcomings
from editorial.refusals import WorkflowRefused
from editorial.stages import LIVE, Stage
from editorial.workflow import Proposal

PROPOSED_AT_ONCE = 300
ENTRIES_ON_A_PAGE = 25
CANNOT_BE_TAKEN_BACK = frozenset({"publish", "schedule", "publish_in_emergency"})
PROPOSABLE = (
    ChangeKind.NEW,
    ChangeKind.CORRECTION,
    ChangeKind.NEW_EVIDENCE,
    ChangeKind.VOCABULARY,
    ChangeKind.GEOCODING,
)


@dataclass(frozen=True)
class Act:
    """A verb as the page offers it: at which stages, to whom, and what it asks for."""

    verb: str
    label: str
    done: str
    stages: frozenset[Stage]
    may: Callable[[User, Submission], bool]
    call: Callable[[Submission, User, datetime, QueryDict], object]
    asks: str = ""
    asks_moment: bool = False
    is_weighty: bool = False
    what_was_read: bool = False  # holds only for the texts that the page showed


def _moment(given: QueryDict) -> datetime:
    at = parse_datetime(given.get("publish_at", ""))
    if at is None:
        raise WorkflowRefused("Say when: a date and a time, for example 2026-12-01 09:00.")
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def _note(given: QueryDict) -> str:
    return given.get("note", "").strip()


OPEN = frozenset({Stage.OPEN})
APPROVED = frozenset({Stage.APPROVED})
ACTS = {
    act.verb: act
    for act in (
        Act("claim_review", "I am reviewing this", "You are reviewing this.", OPEN, lambda user, _: permissions.may_review(user), lambda s, by, at, _: workflow.claim_review(submission=s, by=by, at=at)),
        Act(
            "approve", "Approve", "Approved, for exactly the texts below.", OPEN, permissions.may_approve,
            lambda s, by, at, given: workflow.approve(submission=s, by=by, at=at, note=_note(given)),
            asks="What you checked (optional)", is_weighty=True, what_was_read=True,
        ),
        Act(
            "return_for_revision", "Return for revision", "Returned to its author.", OPEN | APPROVED, lambda user, _: permissions.may_review(user),
            lambda s, by, at, given: workflow.return_for_revision(submission=s, by=by, at=at, note=_note(given)),
            asks="What has to change",
        ),
        Act(
            "publish", "Publish now", "Published.", APPROVED, lambda user, _: permissions.may_publish(user),
            lambda s, by, at, _: workflow.publish(submission=s, by=by, at=at), is_weighty=True,
        ),
        Act(
            "schedule", "Publish later", "Scheduled; it is checked again at that moment.", APPROVED, lambda user, _: permissions.may_publish(user),
            lambda s, by, at, given: workflow.schedule(submission=s, by=by, at=at, publish_at=_moment(given)), asks_moment=True,
        ),
        Act(
            "resubmit", "Submit again, as the desk stands now", "Submitted again; any approval before is void.", LIVE, lambda user, _: permissions.may_submit(user),
            lambda s, by, at, given: workflow.resubmit(submission=s, by=by, at=at, note=_note(given)), asks="What was changed (optional)",
        ),
        Act(
            "withdraw_submission", "Take the proposal back", "Taken back. The drafts stay as they are.", LIVE, permissions.may_withdraw,
            lambda s, by, at, given: workflow.withdraw_submission(submission=s, by=by, at=at, note=_note(given)), asks="Why (optional)",
        ),
        Act(
            "publish_in_emergency", "Publish without review", "Published without review, and recorded as such.", OPEN, lambda user, _: permissions.may_publish_in_emergency(user),
            lambda s, by, at, given: workflow.publish_in_emergency(submission=s, by=by, at=at, why=_note(given)),
            asks="Why this cannot wait for a second person", is_weighty=True, what_was_read=True,
        ),
        Act(
            "comment", "Comment", "Comment added.", frozenset(Stage), lambda user, _: permissions.may_comment(user),
            lambda s, by, at, given: workflow.comment(submission=s, by=by, at=at, text=_note(given)), asks="Comment, for the desk only",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """One proposed entry as the page shows it: what differs from what is public."""

    entry: SubmittedEntry
    address: str | None
    is_public: bool
    parts: list[Part]
    drifted: bool  # the desk says something else by now


class Waiting(Narrowing):
    title = "waiting for"
    parameter_name = "waiting"
    choices_offered = {
        "me": ("you, to revise it", lambda rows, request: rows.filter(submitted_by=request.user, stage=Stage.RETURNED)),
        "review": (
            "your review",
            lambda rows, request: rows.filter(stage=Stage.OPEN).exclude(submitted_by=request.user),
        ),
        "reviewer": (
            "a reviewer of yours",
            lambda rows, request: rows.filter(submitted_by=request.user, stage=Stage.OPEN),
        ),
        "publication": ("publication", lambda rows, _: rows.filter(stage=Stage.APPROVED)),
        "failed": ("publication, which failed", lambda rows, _: rows.filter(stage__in=LIVE).exclude(failure="")),
    }


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """Read here, moved by verbs alone: nothing of a submission is a field to fill in."""

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
        found: QuerySet[Any] = super().get_queryset(request).annotate(entry_count=Count("entries"))
        return found

    @admin.display(description="entries")
    def number_of_entries(self, submission: Any) -> int:
        return int(submission.entry_count)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("propose/", view(require_POST(self.propose_view)), name="editorial_submission_propose"),
            path("<int:pk>/do/<slug:verb>/", view(require_POST(self.act_view)), name="editorial_submission_act"),
            *super().get_urls(),
        ]

    # The page of one submission

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        submission = self.get_object(request, object_id)
        if submission is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_permission(request, submission):
            raise PermissionDenied
        page = Paginator(submission.entries.order_by("pk"), ENTRIES_ON_A_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": f"Submission {submission.pk}",
            "subtitle": submission.title,
            "opts": self.opts,
            "submission": submission,
            "page": page,
            "entries": side_by_side(list(page), submission.stage in LIVE),
            "acts": offered(request.user, submission),  # type: ignore[arg-type]
            "why_not_approve": why_not_approve(request.user, submission),  # type: ignore[arg-type]
            "digest": submission.digest,
            "reviews": submission.reviews.select_related("by").order_by("pk"),
            "comments": submission.comments.select_related("by").order_by("pk"),
            "deeds": submission.deeds.select_related("by").order_by("pk"),
            "verdicts": Review.Verdict,
        }
        return TemplateResponse(request, "admin/editorial/submission/page.html", context)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(f"{self._address(object_id)}#history")

    def act_view(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        act = ACTS.get(verb)
        if act is None:
            raise Http404(f"There is no verb {verb}.")
        submission = get_object_or_404(Submission, pk=pk)
        if not self.has_view_permission(request, submission):
            raise PermissionDenied
        if verb in CANNOT_BE_TAKEN_BACK and act.may(request.user, submission):  # type: ignore[arg-type]
            reauthentication.require(request)
        perform(request, lambda at: self._act(act, pk, request, at), act.done)
        return HttpResponseRedirect(self._address(pk))

    @staticmethod
    def _act(act: Act, pk: int, request: HttpRequest, at: datetime) -> None:
        if not act.what_was_read:
            act.call(Submission.objects.get(pk=pk), request.user, at, request.POST)  # type: ignore[arg-type]
            return
        with transaction.atomic():
            submission = Submission.objects.select_for_update().get(pk=pk)
            if request.POST.get("digest") != submission.digest:
                raise WorkflowRefused("It was submitted again after you opened this page: read what is proposed now.")
            act.call(submission, request.user, at, request.POST)  # type: ignore[arg-type]

    def _address(self, pk: Any) -> str:
        return reverse("admin:editorial_submission_change", args=[pk])

    # Proposing entries

    def propose_view(self, request: HttpRequest) -> HttpResponse:
        """First shown with the chosen entries; then, with a reason, submitted."""
        if not permissions.may_submit(request.user):  # type: ignore[arg-type]
            raise PermissionDenied
        chosen = [
            (kind, key)
            for kind, _, key in (text.partition(":") for text in request.POST.getlist("entry"))
            if kind in ENTRIES and key
        ]
        if "submit" in request.POST and (submission := self._submitted(request, chosen)):
            return HttpResponseRedirect(self._address(submission.pk))
        return self.proposing_page(request, chosen)

    def _submitted(self, request: HttpRequest, chosen: list[versions.Key]) -> Submission | None:
        made: list[Submission] = []
        change_kind = request.POST.get("change_kind", "")
        if change_kind not in PROPOSABLE:
            messages.error(request, "Say what kind of change this is.")
            return None
        perform(
            request,
            lambda at: made.append(
                workflow.submit(
                    entries=[Proposal(kind, key) for kind, key in chosen],
                    by=request.user,  # type: ignore[arg-type]
                    at=at,
                    title=request.POST.get("title", ""),
                    reason=request.POST.get("reason", ""),
                    change_kind=ChangeKind(change_kind),
                )
            ),
            "Submitted for review.",
        )
        return made[0] if made else None

    def proposing_page(self, request: HttpRequest, chosen: list[versions.Key]) -> HttpResponse:
        drafts, public = versions.drafted(chosen), versions.published(chosen)
        names = versions.names([*drafts.values(), *public.values()])
        entries = [
            {
                "kind": kind,
                "key": key,
                "name": drafts.get((kind, key), {}).get("title") or drafts.get((kind, key), {}).get("name") or key,
                "is_public": (kind, key) in public,
                "missing": list(shortcomings(kind, drafts[kind, key]))
                if (kind, key) in drafts
                else ["It is kept from the public."],
                "parts": compare(kind, public.get((kind, key)), drafts.get((kind, key)), names),
            }
            for kind, key in chosen
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": "Submit for review",
            "opts": self.opts,
            "entries": entries,
            "companions": companions(drafts),
            "change_kinds": [(kind.value, kind.label) for kind in PROPOSABLE],
            "change_kind": request.POST.get("change_kind") or (ChangeKind.CORRECTION if public else ChangeKind.NEW),
            "given": {name: request.POST.get(name, "") for name in ("title", "reason")},
        }
        return TemplateResponse(request, "admin/editorial/submission/propose.html", context)


def side_by_side(entries: list[SubmittedEntry], is_live: bool) -> list[Shown]:
    """The proposed entries with what differs from what is public; a fixed number of queries."""
    keys = [(entry.entry_kind, entry.key) for entry in entries]
    public = versions.published(keys)
    proposed = {(entry.entry_kind, entry.key): lifted(entry.entry_kind, entry.text) for entry in entries if entry.text}
    now = versions.drafted(keys) if is_live else {}
    names = versions.names([*public.values(), *proposed.values()])
    pks = {
        (kind, row.key): row.pk
        for kind, model in ENTRIES.items()
        for row in model.objects.filter(key__in=[key for of, key in keys if of == kind]).only("pk", "key")
    }
    return [
        Shown(
            entry=entry,
            address=reverse(f"admin:conflict_{key[0]}_change", args=[pks[key]]) if key in pks else None,
            is_public=key in public,
            parts=compare(key[0], public.get(key), proposed.get(key), names),
            drifted=is_live and entry.action == Action.PUBLISH and now.get(key) != proposed.get(key),
        )
        for entry, key in zip(entries, keys, strict=True)
    ]


def offered(user: User, submission: Submission) -> list[Act]:
    """The verbs that the user may call now."""
    return [act for act in ACTS.values() if submission.stage in act.stages and act.may(user, submission)]


def why_not_approve(user: User, submission: Submission) -> str:
    """The sentence for a reviewer who sees no button to approve."""
    if submission.stage != Stage.OPEN or not permissions.may_review(user) or permissions.may_approve(user, submission):
        return ""
    return "You proposed this or wrote part of it since it was last published: somebody else has to approve it."


def companions(drafts: Mapping[versions.Key, dict[str, Any]]) -> list[dict[str, str]]:
    """Entries that the chosen ones name and that are not public: they have to come along."""
    named = {
        (reference.kind, reference.key) for shown in drafts.values() for reference in references({**shown, "key": None})
    }
    missing = {key for key in named if key[0] in ENTRIES} - drafts.keys()
    missing -= versions.published(missing).keys()
    names = versions.names(drafts.values())
    return [{"kind": kind, "key": key, "name": names.get(Reference(kind, key), key)} for kind, key in sorted(missing)]


def page_for(request: HttpRequest, site: Any, entries: Iterable[Any]) -> HttpResponse:
    """The page that proposes these entries, from another page's action."""
    shown: SubmissionAdmin = site._registry[Submission]
    return shown.proposing_page(request, [(entry.entry_kind, entry.key) for entry in entries])
