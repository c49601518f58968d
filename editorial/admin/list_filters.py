"""Filters of the desk's lists: each choice is a named queryset; unknown choices are refused."""

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from conflict import text as texts
from conflict.models import Actor, Citation, Claim, ClaimParty, Participation, Source
from conflict.models.citation import IN_EVENTS
from conflict.models.lookups import indexed
from conflict.models.notice import past_review
from conflict.record.models import PUBLISHED
from conflict.vocabulary import PartyRole, ReviewState
from editorial.analysis import coverage
from editorial.import_export import imports
from editorial.models import Dataset, ExternalId, ImportRun
from editorial.workflow import edit_history, restricted_sources

Narrow = Callable[[Any, HttpRequest], QuerySet[Any]]  # Any: rows of a kind with adjectives of its own


class NamedFilter(admin.SimpleListFilter):
    """List filter whose choices map a value to its label and its queryset."""

    choices_offered: ClassVar[Mapping[str, tuple[str | Promise, Narrow]]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, str(label)) for value, (label, _) in self.choices_offered.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value is None:
            return queryset
        if value not in self.choices_offered:
            raise IncorrectLookupParameters(
                _("%(parameter_name)s cannot be %(value)s") % {"parameter_name": self.parameter_name, "value": value}
            )
        return self.choices_offered[value][1](queryset, request)


class FoundFilter(NamedFilter):
    """List filter by what no index tells, such as what cites nothing: found once, and kept if that is slow.

    What most of the newest rows have, such as no translation, is not looked for: the list has enough of them anywhere.
    """

    may_be_common: ClassVar[bool] = True

    def __init__(self, request: HttpRequest, params: Any, model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.all_rows: QuerySet[Any] = model_admin.get_queryset(request)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        narrowed = super().queryset(request, self.all_rows)
        name = f"{queryset.model._meta.model_name}:{self.parameter_name}:{self.value()}:{request.user.pk}"
        found = None if self.may_be_common and coverage.is_common(narrowed) else coverage.found(name, narrowed)
        if found is None:
            return super().queryset(request, queryset)
        of_these = RawSQL("SELECT unnest(%s::bigint[])", [found])  # one value, not one for each of ten thousand rows
        return queryset.filter(pk__in=of_these)


class EventGap(FoundFilter):
    may_be_common = False  # to ask that of some events takes as long as to find them all
    title = gettext_lazy("gap")
    parameter_name = "gap"
    choices_offered = {
        "one-source": (
            gettext_lazy("rests on a single source"),
            lambda rows, _: coverage.events_citing_one_source(rows),
        ),
        "no-source": (gettext_lazy("cites nothing"), lambda rows, _: coverage.events_citing_nothing(rows)),
        "no-place": (gettext_lazy("without place"), lambda rows, _: coverage.events_without_place(rows)),
        "no-coordinates": (
            gettext_lazy("without coordinates"),
            lambda rows, _: coverage.events_without_coordinates(rows),
        ),
        "no-date": (gettext_lazy("without date"), lambda rows, _: coverage.events_without_date(rows)),
        "old-sources": (
            gettext_lazy("newest dated source is old"),
            lambda rows, _: coverage.events_with_old_sources(rows, timezone.localdate()),
        ),
    }


class ClaimGap(FoundFilter):
    title = gettext_lazy("gap")
    parameter_name = "gap"
    choices_offered = {
        "no-citation": (gettext_lazy("cites nothing"), lambda rows, _: coverage.claims_without_citation(rows)),
        "no-claimant": (gettext_lazy("without claimant"), lambda rows, _: coverage.claims_without_claimant(rows)),
    }


class LocationGap(NamedFilter):
    title = gettext_lazy("gap")
    parameter_name = "gap"
    choices_offered = {
        "no-coordinates": (gettext_lazy("without coordinates"), lambda rows, _: rows.filter(latitude__isnull=True))
    }


class NoticeState(NamedFilter):
    title = pgettext_lazy("filter", "state")
    parameter_name = "state"
    choices_offered = {
        "open": (pgettext_lazy("filter", "open"), lambda rows, _: rows.filter(resolved_on__isnull=True)),
        "overdue": (
            gettext_lazy("past its review date"),
            lambda rows, _: rows.filter(past_review(timezone.localdate())),
        ),
        "resolved": (pgettext_lazy("filter", "resolved"), lambda rows, _: rows.filter(resolved_on__isnull=False)),
    }


class NoticeCare(NamedFilter):
    """List filter by assignee: a review assigned to nobody is done by nobody."""

    title = gettext_lazy("care")
    parameter_name = "care"
    choices_offered = {
        "mine": (gettext_lazy("in my care"), lambda rows, request: rows.filter(assignment__to=request.user)),
        "somebody": (gettext_lazy("in somebody's care"), lambda rows, _: rows.filter(assignment__isnull=False)),
        "nobody": (gettext_lazy("in nobody's care"), lambda rows, _: rows.filter(assignment__isnull=True)),
    }


class Import(admin.SimpleListFilter):
    """Events of one import, or those that their data set no longer has."""

    title = gettext_lazy("import")
    parameter_name = "import"
    recent = 10

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        runs = ImportRun.objects.filter(stage=ImportRun.Stage.IMPORTED).exclude(dataset=Dataset.TABLE)
        chosen = [(str(run.pk), str(run)) for run in runs.select_related("mapping").newest_first()[: self.recent]]
        return [("vanished", _("no longer in their data set")), ("any", _("from any data set")), *chosen]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value is None:
            return queryset
        if value == "vanished":
            return queryset.filter(pk__in=ExternalId.objects.filter(vanished_in__isnull=False).values("event"))
        if value == "any":
            return queryset.filter(pk__in=ExternalId.objects.filter(event__isnull=False).values("event"))
        run = ImportRun.objects.filter(pk=texts.primary_key(value)).first()
        if run is None:
            raise IncorrectLookupParameters(_("import is the number of an import"))
        return queryset.filter(pk__in=imports.events_of(run).values("pk"))


class Year(admin.SimpleListFilter):
    """Events that begin in a year."""

    title = gettext_lazy("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(year), str(year)) for year in coverage.years_to_choose(timezone.localdate())]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value is None:
            return queryset
        if not (value.isascii() and value.isdigit() and 1 <= int(value[:5]) <= 9998):
            raise IncorrectLookupParameters(_("year is a number such as 2013"))
        return coverage.events_beginning_in(queryset, int(value))


class TypedFilter(admin.SimpleListFilter):
    """List filter by an entry that is typed: its key, its name, or another name of it."""

    template = "admin/typed_filter.html"
    model: ClassVar[type[Any]]
    names: ClassVar[tuple[str, ...]]  # lookups in columns that are searched, each of which may match

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        asked = [(name, value) for name, values in changelist.filter_params.items() for value in values]
        yield {
            "kept": [(name, value) for name, value in asked if name != self.parameter_name],
            "value": self.value() or "",
            "name": self.parameter_name,
            "selected": bool(self.value()),
            "without": changelist.get_query_string(remove=[self.parameter_name]),
        }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        words = texts.line(self.value() or "")
        if not words:
            return queryset
        chosen = restricted_sources.visible(self.model._default_manager.all(), request.user).order_by()
        named = [Q(key=words), *(indexed(name, words) for name in self.names)]
        found = sorted({pk for name in named for pk in chosen.filter(name).values_list("pk", flat=True)[:100]})
        if not found:
            messages.error(
                request,
                _("No %(verbose_name)s has the name or key “%(words)s”.")
                % {"verbose_name": self.model._meta.verbose_name, "words": words},
            )
        return self.narrowed(queryset, found)

    def narrowed(self, rows: Any, chosen: list[int]) -> QuerySet[Any]:
        raise NotImplementedError


class ActorFilter(TypedFilter):
    model = Actor
    names = ("name__iexact", "names__name__iexact")


class Participant(ActorFilter):
    """Events in which an actor took part."""

    title = gettext_lazy("participant")
    parameter_name = "participant"

    def narrowed(self, rows: Any, chosen: list[int]) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.filter(pk__in=Participation.objects.filter(actor__in=chosen).values("event"))
        return found


class ByParty(ActorFilter):
    """Claims, or events with claims, that an actor makes or carries."""

    role: ClassVar[PartyRole]

    def narrowed(self, rows: Any, chosen: list[int]) -> QuerySet[Any]:
        parties = ClaimParty.objects.filter(role=self.role, actor__in=chosen)
        found: QuerySet[Any] = rows.filter(pk__in=parties.values("claim" if rows.model is Claim else "claim__event"))
        return found


class Claimant(ByParty):
    title = gettext_lazy("who says it")
    parameter_name = "claimant"
    role = PartyRole.CLAIMANT


class Relay(ByParty):
    title = gettext_lazy("who carried it")
    parameter_name = "relay"
    role = PartyRole.RELAY


class CitedSource(TypedFilter):
    """Claims and events that cite a source, an event also by its claims, findings and participants."""

    title = gettext_lazy("source")
    parameter_name = "source"
    model = Source
    names = ("title__iexact", "url__exact")

    def narrowed(self, rows: Any, chosen: list[int]) -> QuerySet[Any]:
        paths = ("claim",) if rows.model is Claim else IN_EVENTS
        cited = Citation.objects.filter(source__in=chosen)
        return rows.filter(  # type: ignore[no-any-return]
            reduce(or_, (Q(pk__in=cited.filter(**{f"{path}__isnull": False}).values(path)) for path in paths))
        )


class ReviewFilter(NamedFilter):
    """Published entries by whether a second person has read them."""

    title = gettext_lazy("second reading")
    parameter_name = "reading"
    choices_offered = {
        "never": (gettext_lazy("never read by a second person"), lambda rows, _: _with_review(rows, read=False)),
        "read": (gettext_lazy("read by a second person"), lambda rows, _: _with_review(rows, read=True)),
    }


def _with_review(rows: Any, *, read: bool) -> QuerySet[Any]:
    public = PUBLISHED[rows.model.entry_kind]._default_manager
    states = [state for state in ReviewState if (state == ReviewState.REVIEWED) == read]  # each found by its index
    found: QuerySet[Any] = rows.filter(key__in=public.filter(review_state__in=states).values("key"))
    return found


class ChangedBy(NamedFilter):
    """Entries that the person has changed at the desk, or something in them."""

    title = gettext_lazy("changed by")
    parameter_name = "changed"
    choices_offered = {
        "me": (
            gettext_lazy("me"),
            lambda rows, request: rows.filter(
                pk__in=edit_history.changed_by(rows.model.entry_kind, request.user.pk or 0)
            ),
        )
    }
