"""Dependencies: all that an entry references, directly or not, must be public with it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from conflict.documents import references
from conflict.models import ENTRIES
from conflict.record.models import PUBLISHED, Tombstone
from editorial.models import SubmittedEntry

Key = tuple[str, str]
Document = dict[str, Any]
Read = Callable[[Collection[Key]], Mapping[Key, Document]]


def with_what_they_name(chosen: Mapping[Key, Document], documents: Read) -> dict[Key, Document | None]:
    """The chosen entries, and all that they reference, directly or not, that is not public, submitted or withdrawn.

    With their documents; None for what has none. `documents` reads the desk; it is called once per level of references,
    not once per entry.
    """
    found: dict[Key, Document | None] = dict(chosen)
    read: Mapping[Key, Document] = chosen
    while read:
        more = named_by(read.values()) - found.keys()
        more -= public(more) | submitted(more).keys() | withdrawn(more).keys()
        read = documents(more)
        found |= {key: read.get(key) for key in more}
    return found


def named_by(documents: Iterable[Document]) -> set[Key]:
    return {
        (reference.kind, reference.key)
        for document in documents
        for reference in references({**document, "key": None})
        if reference.kind in ENTRIES
    }


def public(keys: Collection[Key]) -> set[Key]:
    return {
        (kind, key)
        for kind, of_kind in by_kind(keys)
        for key in PUBLISHED[kind]._default_manager.filter(key__in=of_kind).values_list("key", flat=True)
    }


def submitted(keys: Collection[Key]) -> dict[Key, int]:
    """Entries in an unsettled submission, with its number."""
    live = SubmittedEntry.objects.filter(is_live=True, key__in=[key for _, key in keys])
    rows = live.values_list("entry_kind", "key", "submission_id")
    return {(kind, key): number for kind, key, number in rows if (kind, key) in keys}


def withdrawn(keys: Collection[Key]) -> dict[Key, Tombstone]:
    """Tombstones of those that were public and are no longer."""
    stones = Tombstone.objects.filter(key__in=[key for _, key in keys])
    return {(stone.entry_kind, stone.key): stone for stone in stones if (stone.entry_kind, stone.key) in keys}


def by_kind(keys: Iterable[Key]) -> Iterator[tuple[str, list[str]]]:
    found: dict[str, list[str]] = defaultdict(list)
    for kind, key in keys:
        found[kind].append(key)
    for kind in ENTRIES:
        if found[kind]:
            yield kind, found[kind]
