"""Pages of long lists, counted as far as somebody leafs: what lies beyond is found by narrowing."""

from functools import cached_property
from typing import Any

from editorial.admin.generics import Paginator

COUNTED_UP_TO = 10_000
COUNTED_OF_FOUND = 1_000  # each of what a search finds may be met among many that it does not


class AtLeast(int):
    """A count that stopped here, and says so."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


class BoundedPaginator(Paginator):
    """Counts no further than somebody leafs, in one question whatever the list."""

    most = COUNTED_UP_TO

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        counted: int = rows.order_by()[: self.most + 1].count()
        return counted if counted <= self.most else AtLeast(self.most)


class FoundPaginator(BoundedPaginator):
    most = COUNTED_OF_FOUND
