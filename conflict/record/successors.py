"""Successors of entries that were withdrawn from the record: the one that took its place in the end, for readers, API
clients and files that name the old one; what is withdrawn stays so.
"""

from conflict.record.models import Tombstone


def successors(kind: str, *keys: str, using: str = "default") -> dict[str, str]:
    """The withdrawn entries of a kind, or some of them, each with the one that took its place; empty if none did."""
    stones = Tombstone.objects.using(using).filter(entry_kind=kind)
    if not keys:
        merged = dict(stones.values_list("key", "successor"))
        return {key: _last(key, merged) for key in merged}
    merged, waiting = dict[str, str](), set(keys)
    while waiting:
        merged |= (found := dict(stones.filter(key__in=waiting).values_list("key", "successor")))
        waiting = set(found.values()) - merged.keys() - {""}
    return {key: _last(key, merged) for key in keys if key in merged}


def _last(key: str, merged: dict[str, str]) -> str:
    seen: set[str] = set()
    while key in merged and key not in seen:
        seen.add(key)
        key = merged[key]
    return "" if key in seen else key
