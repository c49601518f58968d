"""Pages by position: a page starts behind the last row of the one before, so page 1,000 costs what page 1 costs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from conflict.pages.parameters import Parameters, query_string
from conflict.record.models.entry import LinkedQuerySet

AFTER, BEFORE = "after", "before"
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Order:
    """A total order: one column, the key breaks ties. `read` turns a cursor's text into the column's value."""

    column: str
    read: Callable[[str], Any]

    def behind(self, found: LinkedQuerySet[Any], value: Any, key: str) -> LinkedQuerySet[Any]:
        column, last = found.order((self.column, "key"))
        beyond = Q(**{f"{column}__gt": value}) | Q(**{f"{last}__gt": key})
        return found.filter(Q(**{f"{column}__gte": value}) & beyond).order_by(column, last)

    def ahead(self, found: LinkedQuerySet[Any], value: Any, key: str) -> LinkedQuerySet[Any]:
        column, last = found.order((self.column, "key"))
        beyond = Q(**{f"{column}__lt": value}) | Q(**{f"{last}__lt": key})
        return found.filter(Q(**{f"{column}__lte": value}) & beyond).order_by(f"-{column}", f"-{last}")

    def first(self, found: LinkedQuerySet[Any]) -> LinkedQuerySet[Any]:
        return found.order_by(*found.order((self.column, "key")))

    def cursor(self, row: Any) -> str:
        return f"{getattr(row, self.column)}~{row.key}"


BY_DATE = Order("sorts_on", date.fromisoformat)
BY_NAME = Order("label", str)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    rows: list[Row]
    previous: str
    next: str


def page_of(found: LinkedQuerySet[Any], order: Order, asked: Parameters, size: int) -> Page[Any]:
    """The page that the parameters `after` or `before` name; `previous` and `next` are query strings or empty."""
    after, before = _cursor(asked, AFTER, order), _cursor(asked, BEFORE, order)
    if after and before:
        asked.fault(_("A page lies after a row or before one, not both."))
    asked.refuse_faults()
    if before:
        rows = list(order.ahead(found, *before)[: size + 1])
        has_previous, has_next = len(rows) > size, True
        rows = rows[:size][::-1]
    else:
        rows = list((order.behind(found, *after) if after else order.first(found))[: size + 1])
        has_previous, has_next = bool(after), len(rows) > size
        rows = rows[:size]
    filters = {name: value for name, value in asked.given.items() if name not in (AFTER, BEFORE)}
    return Page(
        rows,
        previous=_to(filters, BEFORE, order, rows[:1]) if has_previous else "",
        next=_to(filters, AFTER, order, rows[-1:]) if has_next else "",
    )


def _to(filters: Mapping[str, str], name: str, order: Order, row: list[Any]) -> str:
    return query_string(filters, **{name: order.cursor(row[0])}) if row else query_string(filters) or "?"


def _cursor(asked: Parameters, name: str, order: Order) -> tuple[Any, str] | None:
    text = asked.text(name, longest=700)
    if not text:
        return None
    value, found, key = text.rpartition("~")
    try:
        return order.read(value if found else ""), key
    except ValueError:
        asked.fault(
            _("“%(name)s” is not a place in this list. Take the addresses of pages from the page before.")
            % {"name": name}
        )
        return None


COUNTED_UP_TO = 10_000


def counted(found: QuerySet[Any]) -> tuple[int, bool]:
    """How many rows there are, and whether counting stopped: beyond ten thousand nobody reads a number to the last digit."""
    return counted_already(found.order_by()[: COUNTED_UP_TO + 1].count())


def counted_already(number: int) -> tuple[int, bool]:
    """The same of a number that is known."""
    return min(number, COUNTED_UP_TO), number > COUNTED_UP_TO
