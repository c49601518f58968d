"""Base admin of entries: public state, the pages linked from the form, and the way to review."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from conflict.record.models import PUBLISHED, Action, Publication, Tombstone
from conflict.vocabulary import ChangeKind
from editorial.admin import submission_proposal
from editorial.admin.base import DeskAdmin
from editorial.admin.desk_form import clock
from editorial.admin.dispute import dispute_view
from editorial.admin.draft_discard import discard_view
from editorial.admin.entry_state import entry_state
from editorial.admin.erasure import erase_view
from editorial.admin.journal import journal_view
from editorial.admin.list_filters import ChangedBy, FoundFilter, ReviewFilter
from editorial.admin.notice_actions import raise_view
from editorial.admin.preview import preview_view
from editorial.admin.retraction import retract_view
from editorial.admin.version_comparison import compare_view
from editorial.models import Watch
from editorial.workflow import permissions
from editorial.workflow.submissions import MOST_AT_ONCE


@dataclass(frozen=True)
class Page:
    """A page linked from an entry's form; `may` decides who sees the link, the page itself who may open it."""

    name: str
    label: str | Promise
    view: Callable[..., HttpResponse]
    may: Callable[[Any], bool]


PREVIEW = Page("preview", gettext_lazy("Preview"), preview_view, lambda user: True)
COMPARE = Page("compare", gettext_lazy("Compare"), compare_view, lambda user: True)
JOURNAL = Page("journal", gettext_lazy("Notes"), journal_view, lambda user: user.has_perm("editorial.view_journalnote"))
RAISE = Page("raise", gettext_lazy("Raise a notice"), raise_view, permissions.may_raise_notices)
DISPUTE = Page("dispute", gettext_lazy("Dispute"), dispute_view, permissions.may_dispute)
DISCARD = Page("discard", gettext_lazy("Discard the draft"), discard_view, permissions.may_submit)
RETRACT = Page("retract", gettext_lazy("Withdraw or merge"), retract_view, permissions.may_retract)
ERASE = Page("erase", gettext_lazy("Erase by law"), erase_view, permissions.may_erase)

OF_PUBLIC = (DISPUTE, DISCARD, RETRACT)  # offered only where something is public


class PublicStanding(FoundFilter):
    """List filter: published, edited since, or not published."""

    title = gettext_lazy("public")
    parameter_name = "public"
    choices_offered = {
        "yes": (pgettext_lazy("filter", "published"), lambda rows, _: rows.filter(public_version__isnull=False)),
        "changed": (
            gettext_lazy("edited since published"),
            lambda rows, _: rows.filter(modified_at__gt=F("published_at")),
        ),
        "no": (
            gettext_lazy("not published"),
            lambda rows, _: rows.filter(public_version__isnull=True, withdrawn_at__isnull=True),
        ),
        "withdrawn": (
            gettext_lazy("withdrawn or merged"),
            lambda rows, _: rows.filter(
                key__in=Tombstone.objects.filter(entry_kind=rows.model.entry_kind).values("key")
            ),
        ),
    }


class EntryAdmin(DeskAdmin):
    """A page of one kind of entry."""

    ordering: ClassVar[Any] = ("key",)
    actions: Any = ("submit_for_review", "delete_selected")
    list_filter: ClassVar[Any] = (PublicStanding,)
    readonly_fields: ClassVar[Any] = ("public_standing",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        public = PUBLISHED[self.model.entry_kind]._default_manager.filter(key=OuterRef("key"))
        entries: QuerySet[Any] = super().get_queryset(request)
        steps = Publication.objects.filter(entry_kind=self.model.entry_kind, key=OuterRef("key"))
        written = steps.filter(action=Action.PUBLISH).exclude(change_kind=ChangeKind.REVIEWED).order_by("-version")
        stones = Tombstone.objects.filter(entry_kind=self.model.entry_kind, key=OuterRef("key"))
        annotated: QuerySet[Any] = entries.annotate(
            public_version=Subquery(public.values("version")),
            published_at=Subquery(written.values("published_at")[:1]),
            withdrawn_at=Subquery(stones.values("withdrawn_at")[:1]),
            merged_into=Subquery(stones.values("successor")[:1]),
        )
        return annotated

    def get_list_filter(self, request: HttpRequest) -> Any:
        own = super().get_list_filter(request)
        return [*own, *(each for each in (ReviewFilter, ChangedBy) if each not in own)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The arranged fields, then those that nobody has given a place."""
        arranged = super().get_fieldsets(request, obj)
        placed = {"id", *flatten_fieldsets(arranged)}
        rest = [field.name for field in self.opts.fields if field.editable and field.name not in placed]
        return [*arranged, (_("Further"), {"fields": rest})] if rest else arranged

    # Pages linked from the form

    pages: ClassVar[tuple[Page, ...]] = (PREVIEW, COMPARE, JOURNAL, RAISE, DISPUTE, DISCARD, RETRACT, ERASE)

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        own = [
            path(
                f"<path:object_id>/{page.name}/",
                self.admin_site.admin_view(partial(page.view, self)),
                name=f"{name}_{page.name}",
            )
            for page in self.pages
        ]
        return [*own, *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **options: Any) -> Any:
        obj = context["original"]
        context |= {"may_submit": self.has_submit_permission(request) and getattr(obj, "withdrawn_at", None) is None}
        if obj is not None:
            context |= {
                "watched": (obj.entry_kind, obj.key),
                "is_watched": Watch.objects.filter(
                    user=request.user,
                    entry_kind=obj.entry_kind,
                    key=obj.key,  # type: ignore[misc]
                ).exists(),
                "state": None if obj.withdrawn_at else entry_state(obj, request.user, timezone.now()),
                "tools": [
                    {"label": page.label, "address": self.address(page.name, obj.pk)}
                    for page in self.pages
                    if page.may(request.user) and not (page in OF_PUBLIC and obj.public_version is None)
                ],
            }
            if obj.withdrawn_at is not None and self.has_submit_permission(request):
                context["tools"].append(
                    {"label": _("Bring back …"), "address": submission_proposal.page_to_submit(obj)}
                )
        return super().render_change_form(request, context, *args, **options)

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        return self._to_submit(request, obj) or super().response_add(request, obj, post_url_continue)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        return self._to_submit(request, obj) or super().response_change(request, obj)

    def _to_submit(self, request: HttpRequest, entry: Any) -> HttpResponse | None:
        """Go on to submit what was just saved, if that button was used."""
        if "_submit" not in request.POST or not self.has_submit_permission(request):
            return None
        self.message_user(request, _("%(entry)s was saved.") % {"entry": entry}, messages.SUCCESS)
        return HttpResponseRedirect(submission_proposal.page_to_submit(entry))

    @admin.action(
        permissions=["submit"], description=gettext_lazy("Submit selected %(verbose_name_plural)s for review")
    )
    def submit_for_review(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        entries = list(queryset[: MOST_AT_ONCE + 1])
        if withdrawn := [entry.key for entry in entries if entry.withdrawn_at is not None]:
            self.message_user(
                request,
                _("Withdrawn, so not to be submitted: %(withdrawn)s.") % {"withdrawn": ", ".join(withdrawn[:20])},
                messages.ERROR,
            )
            return None
        if len(entries) > MOST_AT_ONCE:
            self.message_user(
                request,
                _("Submit at most %(most)s entries together: a person has to read them.") % {"most": MOST_AT_ONCE},
                messages.ERROR,
            )
            return None
        return submission_proposal.page_for(request, self.admin_site, entries)

    def has_submit_permission(self, request: HttpRequest) -> bool:
        return permissions.may_submit(request.user)  # type: ignore[arg-type]

    @admin.display(description=gettext_lazy("public"), ordering="public_version")
    def standing_in_public(self, entry: Any) -> str:
        if entry.public_version is None:
            return _("draft") if entry.withdrawn_at is None else _("merged") if entry.merged_into else _("withdrawn")
        edited = entry.published_at is not None and entry.modified_at > entry.published_at
        return (
            (_("v%(public_version)s, edited since") % {"public_version": entry.public_version})
            if edited
            else f"v{entry.public_version}"
        )

    @admin.display(description=gettext_lazy("In public"))
    def public_standing(self, entry: Any) -> str:
        if entry.pk is not None and entry.withdrawn_at is not None:
            stone = Tombstone.objects.get(entry_kind=entry.entry_kind, key=entry.key)
            into = (_(" as merged into %(successor)s") % {"successor": stone.successor}) if stone.successor else ""
            return _("Withdrawn%(into)s on %(withdrawn_at)s: %(reason)s") % {
                "into": into,
                "withdrawn_at": clock(stone.withdrawn_at),
                "reason": stone.reason,
            }
        if entry.pk is None or entry.public_version is None:
            return _("Not published. Readers see nothing of it until it was submitted, reviewed and published.")
        edited = (
            _("; edited on the desk since, which readers do not see")
            if entry.published_at is not None and entry.modified_at > entry.published_at
            else ""
        )
        return _("Version %(public_version)s, published %(published_at)s%(edited)s.") % {
            "public_version": entry.public_version,
            "published_at": clock(entry.published_at),
            "edited": edited,
        }
