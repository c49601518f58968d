"""Filter of lists by period, with the periods that it contains."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict.models import Period

PeriodRow = tuple[int, int | None, str]  # primary key, parent, title


def period_rows() -> list[PeriodRow]:
    return list(Period.objects.order_by("position").values_list("pk", "parent", "title"))


def nested(periods: Sequence[PeriodRow], within: int | None = None, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Choices of periods, each below the one that contains it."""
    for pk, above, title in periods:
        if above == within:
            yield str(pk), f"{'– ' * depth}{title}"
            yield from nested(periods, pk, depth + 1)


class PeriodFilter(admin.SimpleListFilter):
    """Events of a period and of all within it; periods are shown below those that contain them."""

    title = gettext_lazy("period")
    parameter_name = "period"

    def __init__(self, *args: Any) -> None:
        self.periods = period_rows()
        super().__init__(*args)

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(nested(self.periods))

    def has_output(self) -> bool:
        return bool(self.periods)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        chosen = {pk for pk, _, _ in self.periods if str(pk) == self.value()}
        if not chosen:
            raise IncorrectLookupParameters(_("period is the number of a period"))
        while below := {pk for pk, parent, _ in self.periods if parent in chosen} - chosen:
            chosen |= below
        return queryset.filter(period__in=chosen)
