"""What differs between two documents of an entry, line by line: children matched by what identifies them, not by place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst

Path = tuple[str, ...]
HIDDEN = frozenset({"schema"})


@dataclass(frozen=True, slots=True)
class Line:
    """One field before and after; None where it was not there."""

    field: str
    before: str | None
    after: str | None


def differences(old: dict[str, Any], new: dict[str, Any]) -> list[Line]:
    before, after = dict(flat(old)), dict(flat(new))
    fields = list(dict.fromkeys([*before, *after]))
    return [
        Line(field, before.get(field), after.get(field))
        for field in sorted(fields)
        if before.get(field) != after.get(field)
    ]


def flat(document: Any, path: Path = ()) -> Iterator[tuple[str, str]]:
    """(field, value) of everything the document says; what it leaves empty is left out."""
    match document:
        case {"kind": str(kind), "key": str(key)} if len(document) == 2:
            yield _field(path), f"{kind} {key}"
        case {"kind": "described", "name": str(name)}:
            yield _field(path), name
        case dict():
            for name, value in document.items():
                if name not in HIDDEN:
                    yield from flat(value, (*path, name))
        case list():
            for place, value in enumerate(document, 1):
                yield from flat(value, (*path, _identity(value, place)))
        case None | "" | False:
            return
        case True:
            yield _field(path), "yes"
        case _:
            yield _field(path), str(document)


def _identity(value: Any, place: int) -> str:
    """What makes a child the same child in another version."""
    if not isinstance(value, dict):
        return str(place)
    for name in ("key", "name"):
        if value.get(name):
            return str(value[name])
    for name in ("source", "actor", "claim", "event"):
        if isinstance(value.get(name), dict):
            return " ".join(filter(None, (str(value.get("kind") or value.get("role") or ""), value[name]["key"])))
    return str(place)


def _field(path: Path) -> str:
    return capfirst(" › ".join(part.replace("_", " ") for part in path))
