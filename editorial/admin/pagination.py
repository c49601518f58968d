"""Pagination of long lists: rows are counted only up to a limit; editors find the rest by filtering."""

from functools import cached_property
from typing import Any

from conflict.public.pagination import COUNTED_UP_TO
from editorial.admin.generics import Paginator

COUNTED_OF_FOUND = 1_000  # each row found by a search may lie among many that do not match


class AtLeast(int):
    """A lower bound for a count, shown with a plus sign."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


class BoundedPaginator(Paginator):
    """Paginator that counts up to `most` rows, in one query for any list."""

    most = COUNTED_UP_TO

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        counted: int = rows.order_by()[: self.most + 1].count()
        return counted if counted <= self.most else AtLeast(self.most)


class FoundPaginator(BoundedPaginator):
    most = COUNTED_OF_FOUND
