"""Pages for notices: one raises a notice, the other dates, narrows, resolves or assigns one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict import text as texts
from conflict.models import ENTRIES, Claim, Notice, NoticeMention, Period
from conflict.record.models import PUBLISHED, Publication
from conflict.vocabulary import Audience, EntryKind, NoticeKind, kind_label
from editorial.admin.template_pages import entry_of, render_page
from editorial.admin.verb_calls import made_by, perform, user_of
from editorial.models import AuditEntry, NoticeAnswer, Submission, SubmittedEntry, User
from editorial.workflow import notices, permissions, restricted_sources
from editorial.workflow.notices import RaisedNotice

DAY = forms.DateInput(attrs={"type": "date"})
WORDS = forms.Textarea(attrs={"rows": 3, "cols": 70})


class RaisingForm(forms.Form):
    claim = forms.ChoiceField(label=gettext_lazy("On"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=NoticeKind.choices)
    reason = forms.CharField(
        widget=WORDS,
        label=gettext_lazy("What it warns of"),
        help_text=gettext_lazy("In one or two sentences, for readers."),
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("For whom"),
        choices=Audience.choices,
        help_text=gettext_lazy("A notice for readers is reviewed first."),
    )
    review_by = forms.DateField(
        widget=DAY,
        required=False,
        label=gettext_lazy("Look at it again by"),
        help_text=gettext_lazy("Once that day has passed, it stands on the front page."),
    )

    def __init__(self, entry: Any, *args: Any) -> None:
        super().__init__(*args)
        if getattr(entry, "entry_kind", "") == EntryKind.EVENT:
            claims = [
                (claim.key, _("claim %(key)s: %(claim)s") % {"key": claim.key, "claim": claim})
                for claim in entry.claims.order_by("key")
            ]
            self.fields["claim"] = forms.ChoiceField(
                label=_("On"), required=False, choices=[("", _("the whole event")), *claims]
            )
        else:
            del self.fields["claim"]


class PlanningForm(forms.Form):
    review_by = forms.DateField(widget=DAY, label=gettext_lazy("Look at it again by"))
    why = forms.CharField(
        widget=WORDS, label=gettext_lazy("Why then"), help_text=gettext_lazy("Published with the change.")
    )


class NarrowingForm(forms.Form):
    periods = forms.ModelMultipleChoiceField(
        Period.objects.order_by("position", "key"),
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("On which periods it still stands"),
    )
    reason = forms.CharField(
        widget=WORDS,
        required=False,
        label=gettext_lazy("What it warns of there"),
        help_text=gettext_lazy("As before, if left empty."),
    )
    why = forms.CharField(
        widget=WORDS,
        label=gettext_lazy("Why no longer on the rest"),
        help_text=gettext_lazy("Published with the change."),
    )


class ResolvingForm(forms.Form):
    resolution = forms.CharField(
        widget=WORDS,
        label=gettext_lazy("How it was resolved"),
        help_text=gettext_lazy("Published; the notice stays readable as settled."),
    )


class AssigningForm(forms.Form):
    to = forms.ModelChoiceField(
        User.objects.none(), required=False, label=gettext_lazy("In the care of"), empty_label=gettext_lazy("nobody")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"] = forms.ModelChoiceField(
            permissions.people_who_tend_notices(), required=False, label=_("In the care of"), empty_label=_("nobody")
        )


class AnsweringForm(forms.Form):
    """Entries that answer a warning, found by typing; several events at once."""

    def __init__(self, *args: Any, site: Any, user: object, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("event", "period", "actor", "location", "source"):
            column: Any = NoticeMention._meta.get_field(name)
            self.fields[name] = forms.ModelMultipleChoiceField(
                restricted_sources.visible(column.related_model._default_manager.all(), user),
                required=False,
                label=capfirst(str(column.related_model._meta.verbose_name_plural)),
                widget=AutocompleteSelectMultiple(column, site),
            )

    def entries(self) -> list[tuple[str, str]]:
        return [(entry.entry_kind, entry.key) for rows in self.cleaned_data.values() for entry in rows]


def raise_view(desk: Any, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
    """Raise a notice on one entry or a claim of it; without an entry, on the whole chronology."""
    if not (permissions.may_raise_notices(user_of(request)) and desk.has_view_or_change_permission(request)):
        raise PermissionDenied
    entry = entry_of(desk, request, object_id) if object_id else None
    form = RaisingForm(entry, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and (made := _raised(request, entry, form.cleaned_data)):
        return HttpResponseRedirect(_shown_next(made.notice, made.submission))
    on = (
        (_("the %(entry_kind)s %(entry)s") % {"entry_kind": kind_label(entry.entry_kind), "entry": entry})
        if entry
        else _("the whole chronology")
    )
    context = {
        "title": _("Raise a notice"),
        "subtitle": None,
        "object": entry,
        "on": on,
        "form": form,
    }
    return render_page(desk, request, "admin/conflict/notice/raise.html", context)


def _raised(request: HttpRequest, entry: Any, given: dict[str, Any]) -> RaisedNotice | None:
    on = Claim.objects.get(event=entry, key=given["claim"]) if given.get("claim") else entry
    return made_by(
        request,
        lambda at: notices.raise_notice(
            kind=NoticeKind(given["kind"]),
            on=on,
            reason=given["reason"],
            by=user_of(request),
            at=at,
            audience=Audience(given["audience"]),
            review_by=given["review_by"],
        ),
        _("Raised for editors.")
        if given["audience"] == Audience.DESK
        else _("Raised, and proposed for review: readers see it once somebody else has read it."),
    )


def _shown_next(notice: Notice, submission: Submission | None) -> str:
    if submission:
        return reverse("admin:editorial_submission_change", args=[submission.pk])
    return reverse("admin:conflict_notice_tend", args=[notice.pk])


Verb = tuple[type[forms.Form], Callable[[Notice, dict[str, Any], User, datetime], Any], str | Promise]
VERBS: dict[str, Verb] = {
    "assign": (
        AssigningForm,
        lambda notice, said, by, at: notices.assign_notice(notice=notice, to=said["to"], by=by, at=at),
        gettext_lazy("Assigned."),
    ),
    "plan": (
        PlanningForm,
        lambda notice, said, by, at: notices.plan_notice_review(notice=notice, **said, by=by, at=at),
        gettext_lazy("The day is set. Readers see it once somebody else has read it."),
    ),
    "narrow": (
        NarrowingForm,
        lambda notice, said, by, at: notices.narrow_notice(
            notice=notice, **{**said, "periods": list(said["periods"])}, by=by, at=at
        ),
        gettext_lazy("Narrowed, and proposed for review: until it is published readers see the wide one."),
    ),
    "resolve": (
        ResolvingForm,
        lambda notice, said, by, at: notices.resolve_notice(notice=notice, **said, by=by, at=at),
        gettext_lazy("Resolved, and proposed for review: until it is published readers are still warned."),
    ),
}


def tend_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """Show one notice and its possible actions; a POST calls the verb of its button."""
    notice = entry_of(desk, request, object_id, may=permissions.may_tend_notices(user_of(request)))
    name = request.POST.get("verb", "")
    filled: dict[str, forms.Form] = {}
    answering = AnsweringForm(
        request.POST if name == "answer" else None, prefix="answer", site=desk.admin_site, user=request.user
    )
    if name in ("answer", "withdraw_answer") and _answered(request, notice, name, answering):
        return HttpResponseRedirect(f"{request.path}#answers")
    if request.method == "POST" and name in VERBS:
        form_class, call, done = VERBS[name]
        filled[name] = form = form_class(request.POST, prefix=name)
        if form.is_valid() and perform(request, lambda at: call(notice, form.cleaned_data, user_of(request), at), done):
            return HttpResponseRedirect(request.path)
    context = _tending(request, notice, filled) | {"answering": answering, "media": desk.media + answering.media}
    return render_page(desk, request, "admin/conflict/notice/tend.html", context)


def _answered(request: HttpRequest, notice: Notice, name: str, form: AnsweringForm) -> bool:
    user = user_of(request)
    if name == "answer":
        return form.is_valid() and perform(
            request,
            lambda at: notices.answer_notice(notice=notice, entries=form.entries(), by=user, at=at),
            _("Noted among the entries that answer it."),
        )
    answer = notice.answers.filter(pk=texts.primary_key(request.POST.get("answer", ""))).first()
    return answer is not None and perform(
        request, lambda at: notices.withdraw_answer(answer=answer, by=user), _("Taken off the list.")
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """An entry that answers a warning, and how far it has come."""

    answer: NoticeAnswer
    name: str
    address: str
    state: str
    is_public: bool


def answers_of(notice: Notice, user: object) -> list[Answer]:
    """In the order of their kinds and keys; three queries for each kind."""
    found = []
    rows = list(notice.answers.order_by("entry_kind", "key"))
    for kind in dict.fromkeys(row.entry_kind for row in rows):
        keys = [row.key for row in rows if row.entry_kind == kind]
        entries = {
            entry.key: entry for entry in restricted_sources.visible(ENTRIES[kind].objects.filter(key__in=keys), user)
        }
        public = set(PUBLISHED[kind]._default_manager.filter(key__in=keys).values_list("key", flat=True))
        waiting = set(
            SubmittedEntry.objects.filter(entry_kind=kind, key__in=keys, is_live=True).values_list("key", flat=True)
        )
        for row in (row for row in rows if row.entry_kind == kind and row.key in entries):
            state = _("in review") if row.key in waiting else _("public") if row.key in public else _("draft")
            address = reverse(f"admin:conflict_{kind}_change", args=[entries[row.key].pk])
            found.append(Answer(row, str(entries[row.key]), address, state, state == _("public")))
    return found


def _tending(request: HttpRequest, notice: Notice, filled: dict[str, forms.Form]) -> dict[str, Any]:
    notice.refresh_from_db()
    key = (EntryKind.NOTICE.value, notice.key)
    waiting = SubmittedEntry.objects.filter(entry_kind=key[0], key=key[1], is_live=True).select_related("submission")
    assignment = getattr(notice, "assignment", None)
    verbs = [
        name
        for name in VERBS
        if name == "assign" or (not notice.resolved_on and (name != "narrow" or notice.whole_chronology))
    ]
    initial = {"assign": {"to": assignment.to_id if assignment else None}, "plan": {"review_by": notice.review_by}}
    return {
        "title": str(notice),
        "subtitle": None,
        "notice": notice,
        "target": _address(notice.target),
        "assignment": assignment,
        "is_public": PUBLISHED[key[0]]._default_manager.filter(key=notice.key).exists(),
        "is_overdue": notice.is_past_review(timezone.localdate()),
        "waiting": waiting.first(),
        "answers": answers_of(notice, request.user),
        "forms": {name: filled.get(name) or VERBS[name][0](prefix=name, initial=initial.get(name)) for name in verbs},
        "log": Publication.objects.of(*key).newest_first(),
        "audit_entries": AuditEntry.objects.concerning(*key).newest_first().select_related("by", "submission")[:100],
    }


def _address(target: Any) -> str:
    return reverse(f"admin:conflict_{target.entry_kind}_change", args=[target.pk]) if target else ""
