"""Successors of entries that were withdrawn from the record: what a file names stands for them, and brings nothing back."""

from conflict.record.models import Tombstone


def successors(kind: str) -> dict[str, str]:
    """The entries of a kind that were withdrawn, each with the one that took its place in the end; empty if none did."""
    merged = dict(Tombstone.objects.filter(entry_kind=kind).values_list("key", "successor"))
    return {key: _last(key, merged) for key in merged}


def _last(key: str, merged: dict[str, str]) -> str:
    seen: set[str] = set()
    while key in merged and key not in seen:
        seen.add(key)
        key = merged[key]
    return "" if key in seen else key
