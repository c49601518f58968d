"""Pagination of the website's lists: page positions in URLs, and row counts."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from conflict.public import keyset
from conflict.public.keyset import Cursor
from conflict.public.ordering import Ordering
from conflict.public.parameters import Parameter
from conflict.public.query_strings import Parameters, query_string
from conflict.record.models.entry import LinkedQuerySet

AFTER, BEFORE = "after", "before"
POSITION = {name: Parameter(max_length=700) for name in (AFTER, BEFORE)}  # parameters of any paginated list
Row = TypeVar("Row", bound=Model)


class Order(NamedTuple):
    """Ordering by one column, with the key to break ties. `read` parses the column's value from a cursor."""

    column: str
    read: Callable[[str], Any]

    @property
    def ordering(self) -> Ordering:
        return Ordering((self.column, "key"))


BY_DATE = Order("sorts_on", date.fromisoformat)
BY_NAME = Order("label", str)


class Page(NamedTuple, Generic[Row]):
    """Rows of a page, and the query strings of adjacent pages, if any."""

    rows: list[Row]
    previous: str
    next: str


def page_of(found: LinkedQuerySet[Any], order: Order, asked: Parameters, size: int) -> Page[Any]:
    """Page selected by the parameters `after` or `before`."""
    cursors = [cursor for name in (AFTER, BEFORE) if (cursor := _cursor(asked, name, order))]
    if len(cursors) > 1:
        asked.refuse(_("A page lies after a row or before one, not both."))
    page = keyset.page(found, order.ordering, cursors[0] if cursors else None, size, keyset.as_objects)
    filters = {name: value for name, value in asked.given.items() if name not in POSITION}
    return Page(page.rows, previous=_to(filters, page.previous), next=_to(filters, page.next))


def _to(filters: Mapping[str, str], cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    value, key = cursor.position
    return query_string(filters, **{BEFORE if cursor.backwards else AFTER: f"{value}~{key}"})


def _cursor(asked: Parameters, name: str, order: Order) -> Cursor | None:
    text = asked.given.get(name)
    if not text:
        return None
    value, found, key = text.rpartition("~")
    try:
        return Cursor((order.read(value if found else ""), key), backwards=name == BEFORE)
    except ValueError:
        said = _("“%(name)s” is not a place in this list. Take the addresses of pages from the page before.")
        return asked.refuse(said % {"name": name})


COUNTED_UP_TO = 10_000


def counted(found: QuerySet[Any]) -> tuple[int, bool]:
    """Count rows up to ten thousand, and tell whether there are more: nobody needs a larger number exactly."""
    return counted_already(found.order_by()[: COUNTED_UP_TO + 1].count())


def counted_already(number: int) -> tuple[int, bool]:
    """Like `counted`, for a number already known."""
    return min(number, COUNTED_UP_TO), number > COUNTED_UP_TO
