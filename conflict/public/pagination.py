"""Pagination of lists: page positions in the website's URLs, sizes of the API's pages, and row counts of both."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Generic, NamedTuple, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from conflict.public import keyset
from conflict.public.keyset import Cursor
from conflict.public.parameters import Number, Parameter
from conflict.public.query_strings import Parameters, query_string
from conflict.public.total_order import Ordering
from conflict.record.models.entry import NAME_ORDER, LinkedQuerySet

AFTER, BEFORE, NUMBER = "after", "before", "page"
POSITION = {name: Parameter(max_length=700) for name in (AFTER, BEFORE)}  # parameters of any paginated list
PAGE_NUMBER = {NUMBER: Number("", 1, 100_000)}
Row = TypeVar("Row", bound=Model)


class Order(NamedTuple):
    """Ordering by one column, with the key to break ties. `read` parses the column's value from a cursor."""

    column: str
    read: Callable[[str], Any]
    is_descending: bool = False

    @property
    def ordering(self) -> Ordering:
        return Ordering((self.column, "key"), self.is_descending)


BY_DATE = Order("sorts_on", date.fromisoformat)
NEWEST_FIRST = BY_DATE._replace(is_descending=True)
BY_NAME = Order(NAME_ORDER[0], str)


class PageLink(NamedTuple):
    """Link to a numbered page; without an address for the current page, and for a gap, which has no number either."""

    number: int
    query: str
    is_gap: bool = False


class Page(NamedTuple, Generic[Row]):
    """Rows of a page, the query strings of adjacent pages, if any, and links to numbered ones.

    `of_first_rank`: number of the rows with the first rank, in a list of several.
    """

    rows: list[Row]
    previous: str
    next: str
    links: Sequence[PageLink] = ()
    of_first_rank: int | None = None


def page_of(found: LinkedQuerySet[Any], order: Order, asked: Parameters, size: int) -> Page[Any]:
    """Page selected by the parameters `after` or `before`."""
    return page_of_ranks((found,), order, asked, size)


def page_of_ranks(ranks: Sequence[LinkedQuerySet[Any]], order: Order, asked: Parameters, size: int) -> Page[Any]:
    """Page of a list with all rows of one rank before those of the next, selected by `after` or `before`."""
    cursors = [cursor for name in (AFTER, BEFORE) if (cursor := _cursor(asked, name, order, len(ranks)))]
    if len(cursors) > 1:
        asked.refuse(_("A page lies after a row or before one, not both."))
    page = keyset.page_of_ranks(ranks, order.ordering, cursors[0] if cursors else None, size, keyset.as_objects)
    filters = {name: value for name, value in asked.given.items() if name not in POSITION}
    return Page(
        page.rows,
        previous=_to(filters, page.previous),
        next=_to(filters, page.next),
        of_first_rank=page.of_first_rank,
    )


def numbered_page(
    ranks: Sequence[LinkedQuerySet[Any]], order: Order, asked: Parameters, size: int, number: int
) -> Page[Any]:
    """Page selected by its number, among `number` rows; older addresses with `after` or `before` are still read.

    Rows are skipped one by one, so only the first COUNTED_UP_TO have numbers. From there the list goes on by `after`.
    """
    if asked.given.keys() & POSITION.keys():
        return page_of_ranks(ranks, order, asked, size)
    last = max(-(-min(number, COUNTED_UP_TO) // size), 1)
    current = asked[NUMBER] or 1
    if current > last:
        asked.refuse(
            _("This list has %(count)d pages: there is no page %(number)d.") % {"count": last, "number": current}
        )
    ranked = _skipping((current - 1) * size, ranks, order, size + 1)
    filters = {name: value for name, value in asked.given.items() if name != NUMBER}
    there_are_more = len(ranked) > size
    rows = [row for _rank, row in ranked[:size]]
    beyond = None
    if rows:
        rank = (ranked[len(rows) - 1][0],) if len(ranks) > 1 else ()
        beyond = Cursor((*rank, getattr(rows[-1], order.column), rows[-1].key))
    following = _numbered(filters, current + 1) if current < last else _to(filters, beyond)
    return Page(
        rows,
        previous=_numbered(filters, current - 1) if current > 1 else "",
        next=following if there_are_more else "",
        links=_links(filters, current, last),
        of_first_rank=sum(rank == 0 for rank, _row in ranked[:size]) if len(ranks) > 1 else None,
    )


def _skipping(start: int, ranks: Sequence[LinkedQuerySet[Any]], order: Order, number: int) -> list[tuple[int, Any]]:
    """Rows with their ranks, from this place on."""
    found: list[tuple[int, Any]] = []
    for rank, rows in enumerate(ranks):
        found += ((rank, row) for row in order.ordering.after(rows, ())[start : start + number - len(found)])
        if len(found) == number or rank == len(ranks) - 1:
            break
        start = 0 if found else start - rows.order_by().count()
    return found


def _numbered(filters: Mapping[str, str], number: int) -> str:
    return query_string(filters, **{NUMBER: str(number) if number > 1 else ""}) or "?"


def _links(filters: Mapping[str, str], current: int, last: int) -> list[PageLink]:
    """The first and last page and those around the current one; all of them if there are few."""
    numbers = sorted({1, last, *range(max(current - 2, 1), min(current + 2, last) + 1)})
    if last <= 9:
        numbers = list(range(1, last + 1))
    links: list[PageLink] = []
    for number in numbers:
        if links and number > links[-1].number + 1:
            links.append(PageLink(number - 1, "", is_gap=True))
        links.append(PageLink(number, "" if number == current else _numbered(filters, number)))
    return links if last > 1 else []


def _to(filters: Mapping[str, str], cursor: Cursor | None) -> str:
    if cursor is None:
        return ""
    position = "~".join(map(str, cursor.position))
    return query_string(filters, **{BEFORE if cursor.backwards else AFTER: position})


def _cursor(asked: Parameters, name: str, order: Order, ranks: int) -> Cursor | None:
    """Position `value~key`, after its rank where the list has several: `rank~value~key`."""
    text = asked.given.get(name)
    if not text:
        return None
    value, found, key = text.rpartition("~")
    rank: tuple[int, ...] = ()
    try:
        if ranks > 1:
            number, _tilde, value = value.rpartition("~")
            rank = (range(ranks)[int(number or 0)],)  # older addresses have none
        return Cursor((*rank, order.read(value if found else ""), key), backwards=name == BEFORE)
    except (ValueError, IndexError):
        message = _("“%(name)s” is not a place in this list. Take the addresses of pages from the page before.")
        return asked.refuse(message % {"name": name})


COUNTED_UP_TO = 10_000
DEFAULT_PAGE, LARGEST_PAGE = 50, 200  # rows of a page of the API


def counted(found: QuerySet[Any]) -> tuple[int, bool]:
    """Count up to ten thousand rows, and tell whether there are more; nobody needs a larger number exactly."""
    return counted_already(found.order_by()[: COUNTED_UP_TO + 1].count())


def counted_already(number: int) -> tuple[int, bool]:
    """Like `counted`, for a number already known."""
    return min(number, COUNTED_UP_TO), number > COUNTED_UP_TO
