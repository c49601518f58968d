"""Pagination of long lists: rows are counted only up to a limit; editors find the rest by filtering."""

from functools import cached_property
from typing import Any

from django.core.paginator import EmptyPage, Page

from conflict.public.pagination import COUNTED_UP_TO
from editorial.admin.generics import Paginator

COUNTED_OF_FOUND = 1_000  # each row found by a search may lie among many that do not match


class AtLeast(int):
    """A lower bound for a count, shown with a plus sign."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


def counted(rows: Any, most: int = COUNTED_UP_TO) -> int:
    """Number of rows, counted no further than `most`."""
    number: int = rows.order_by()[: most + 1].count()
    return number if number <= most else AtLeast(most)


class BoundedPaginator(Paginator):
    """Paginator that counts up to `most` rows, in one query for any list."""

    most = COUNTED_UP_TO

    @cached_property
    def count(self) -> int:
        return counted(self.object_list, self.most)


class FoundPaginator(BoundedPaginator):
    most = COUNTED_OF_FOUND


class ChoicePaginator(FoundPaginator):
    """Paginator of a field that completes itself: reads one row more than it shows, and counts none."""

    def page(self, number: Any) -> Any:
        before = (number - 1) * self.per_page
        if not 0 <= before < COUNTED_UP_TO:
            raise EmptyPage(self.error_messages["no_results"])
        rows = list(self.object_list[before : before + self.per_page + 1])
        self.count = before + len(rows)
        return Page(rows[: self.per_page], self.validate_number(number), self)
