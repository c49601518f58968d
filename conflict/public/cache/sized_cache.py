"""Least recently used cache, limited in the bytes that its items take: base of what a process keeps of its answers."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar


class Sized(Protocol):
    @property
    def size(self) -> int:
        """Bytes of memory, approximately."""


Name = TypeVar("Name", bound=Hashable)
Item = TypeVar("Item", bound=Sized)


class SizedCache(Generic[Name, Item]):
    def __init__(self, most: int) -> None:
        self.most = most
        self.held = 0
        self.items: OrderedDict[Name, Item] = OrderedDict()
        self.lock = threading.Lock()

    def used(self, name: Name) -> Item | None:
        """The item under this name, from now on the last one used."""
        with self.lock:
            if name in self.items:
                self.items.move_to_end(name)
            return self.items.get(name)

    def put(self, name: Name, item: Item) -> None:
        with self.lock:
            self._remove(name)
            self.items[name] = item
            self.held += item.size
            while self.held > self.most:
                self._remove(next(iter(self.items)))

    def drop(self, name: Name, item: Item) -> None:
        """Drop this item, but not one that has taken its place meanwhile."""
        with self.lock:
            if self.items.get(name) is item:
                self._remove(name)

    def clear(self) -> None:
        with self.lock:
            self.items.clear()
            self.held = 0

    def _remove(self, name: Name) -> None:
        if old := self.items.pop(name, None):
            self.held -= old.size
