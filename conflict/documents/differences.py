"""Differences between two versions of a document, by field; children are matched by key, not by position."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from conflict.documents.canonical_json import canonical_text

Document = Mapping[str, Any]


class Difference(NamedTuple):
    """A value that differs. `path` leads down from the document: field names, and keys of children.

    An added value has no `old` and a removed one no `new`: they are None, and `is_added` and `is_removed` distinguish
    this from a value that was null.
    """

    path: tuple[str, ...]
    old: Any
    new: Any
    is_added: bool = False
    is_removed: bool = False

    def as_dict(self) -> dict[str, Any]:
        change = "added" if self.is_added else "removed" if self.is_removed else "changed"
        return {"field": "/".join(self.path), "change": change, "old": self.old, "new": self.new}


def differences(old: Document | None, new: Document | None) -> list[Difference]:
    """Differences in the order of the field names.

    A missing document counts as empty, so everything is added or removed.
    """
    return list(_between((), old or {}, new or {}))


def _between(path: tuple[str, ...], old: Any, new: Any) -> Iterator[Difference]:
    match old, new:
        case dict(), dict():
            yield from _between_fields(path, old, new)
        case list(), list() if _by_key(old) is not None and _by_key(new) is not None:
            yield from _between_fields(path, _by_key(old) or {}, _by_key(new) or {})
        case list(), list():
            yield from _between_members(path, old, new)
        case _ if old != new:
            yield Difference(path, old, new)


def _between_fields(path: tuple[str, ...], old: Document, new: Document) -> Iterator[Difference]:
    for name in sorted(old.keys() | new.keys()):
        below = (*path, name)
        if name not in old:
            yield Difference(below, None, new[name], is_added=True)
        elif name not in new:
            yield Difference(below, old[name], None, is_removed=True)
        else:
            yield from _between(below, old[name], new[name])


def _between_members(path: tuple[str, ...], old: list[Any], new: list[Any]) -> Iterator[Difference]:
    """Children without keys that exist on one side only. Each is identified by its content."""
    before, after = ({canonical_text({"": item}): item for item in items} for items in (old, new))
    for text in sorted(before.keys() - after.keys()):
        yield Difference(path, before[text], None, is_removed=True)
    for text in sorted(after.keys() - before.keys()):
        yield Difference(path, None, after[text], is_added=True)


def _by_key(items: list[Any]) -> dict[str, Any] | None:
    """The children by key; None if one has no key, or if they are references, which consist of nothing else."""
    if all(isinstance(item, dict) and "key" in item and item.keys() - {"kind", "key", "name"} for item in items):
        keyed = {item["key"]: item for item in items}
        return keyed if len(keyed) == len(items) else None
    return None
