"""Filters of the desk's lists: each choice is a named queryset; unknown choices are refused."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from editorial.analysis import coverage
from editorial.import_export import imports
from editorial.models import Dataset, ExternalId, ImportRun

Narrow = Callable[[Any, HttpRequest], QuerySet[Any]]  # Any: rows of a kind with adjectives of its own


class NamedFilter(admin.SimpleListFilter):
    """List filter whose choices map a value to its label and its queryset."""

    choices_offered: ClassVar[Mapping[str, tuple[str, Narrow]]] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(value, label) for value, (label, _) in self.choices_offered.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value is None:
            return queryset
        if value not in self.choices_offered:
            raise IncorrectLookupParameters(f"{self.parameter_name} cannot be {value}")
        return self.choices_offered[value][1](queryset, request)


class EventGap(NamedFilter):
    title = "gap"
    parameter_name = "gap"
    choices_offered = {
        "one-source": ("rests on a single source", lambda rows, _: coverage.events_citing_one_source(rows)),
        "no-source": ("cites nothing", lambda rows, _: coverage.events_citing_nothing(rows)),
        "no-place": ("without place", lambda rows, _: coverage.events_without_place(rows)),
        "no-coordinates": ("without coordinates", lambda rows, _: coverage.events_without_coordinates(rows)),
        "no-date": ("without date", lambda rows, _: coverage.events_without_date(rows)),
        "old-sources": (
            "newest dated source is old",
            lambda rows, _: coverage.events_with_old_sources(rows, timezone.localdate()),
        ),
    }


class ClaimGap(NamedFilter):
    title = "gap"
    parameter_name = "gap"
    choices_offered = {
        "no-citation": ("cites nothing", lambda rows, _: coverage.claims_without_citation(rows)),
        "no-claimant": ("without claimant", lambda rows, _: coverage.claims_without_claimant(rows)),
    }


class LocationGap(NamedFilter):
    title = "gap"
    parameter_name = "gap"
    choices_offered = {"no-coordinates": ("without coordinates", lambda rows, _: rows.filter(latitude__isnull=True))}


class NoticeState(NamedFilter):
    title = "state"
    parameter_name = "state"
    choices_offered = {
        "open": ("open", lambda rows, _: rows.filter(resolved_on__isnull=True)),
        "overdue": ("past its review date", lambda rows, _: coverage.notices_past_review(rows, timezone.localdate())),
        "resolved": ("resolved", lambda rows, _: rows.filter(resolved_on__isnull=False)),
    }


class NoticeCare(NamedFilter):
    """List filter by assignee: a review assigned to nobody is done by nobody."""

    title = "care"
    parameter_name = "care"
    choices_offered = {
        "mine": ("in my care", lambda rows, request: rows.filter(assignment__to=request.user)),
        "somebody": ("in somebody's care", lambda rows, _: rows.filter(assignment__isnull=False)),
        "nobody": ("in nobody's care", lambda rows, _: rows.filter(assignment__isnull=True)),
    }


class Import(admin.SimpleListFilter):
    """Events of one import, or those that their data set no longer has."""

    title = "import"
    parameter_name = "import"
    recent = 10

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        runs = ImportRun.objects.filter(stage=ImportRun.Stage.IMPORTED).exclude(dataset=Dataset.TABLE)
        chosen = [(str(run.pk), str(run)) for run in runs.select_related("mapping").newest_first()[: self.recent]]
        return [("vanished", "no longer in their data set"), ("any", "from any data set"), *chosen]

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
        run = ImportRun.objects.filter(pk=value).first() if value.isascii() and value.isdecimal() else None
        if run is None:
            raise IncorrectLookupParameters("import is the number of an import")
        return queryset.filter(pk__in=imports.events_of(run).values("pk"))


class Year(admin.SimpleListFilter):
    """Events that begin in a year."""

    title = "year"
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
            raise IncorrectLookupParameters("year is a number such as 2013")
        return coverage.events_beginning_in(queryset, int(value))
