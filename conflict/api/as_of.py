"""Claims and findings as of a past moment, read from the events that were public then, one event at a time."""

import json
from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any

from conflict.api import exports
from conflict.api.resources import Resource
from conflict.api.selection import Selection
from conflict.documents.schema_upgrades import lifted
from conflict.public import history
from conflict.public.keyset import Cursor, Page

Body = dict[str, Any]
Fits = Callable[[Body], bool]
Position = tuple[str, str]  # keys of the event and of the part

EVENTS_AT_ONCE, MOST_EVENTS = 200, 2_000
BEYOND = "~"  # sorts after every key


def fitting(asked: dict[str, Any]) -> Fits:
    """Return a predicate that tells whether a claim or finding, by its own fields, matches the parameters."""
    terms = {name: asked[name] for name in ("kind", "measure", "rank", "aspect", "grade") if asked.get(name)}
    parties = {name: asked[name] for name in ("claimant", "subject") if asked.get(name)}

    def fits(part: Body) -> bool:
        return all(part[name] in values for name, values in terms.items()) and all(
            any(party.get("key") == key for party in part[name]) for name, key in parties.items()
        )

    return fits


def page(resource: Resource, number: int, asked: dict[str, Any], cursor: Cursor | None, size: int) -> Page:
    """One page of parts of the events that were public at this point of the log.

    Ordered by the key of the event, then that of the part. Reads at most MOST_EVENTS events, so a page may be short and
    still have a successor.
    """
    position: Position = cursor.position if cursor else ("", "")
    found: list[tuple[Position, bytes]] = []
    for _ in range(MOST_EVENTS // EVENTS_AT_ONCE):
        rows = events(number, asked, position)
        for (event, part), text in parts(resource, rows, number, fitting(asked)):
            if event != position[0] or part > position[1]:
                found.append(((event, part), text))
        if len(found) > size:
            return Page([text for _, text in found[:size]], Cursor(found[size - 1][0]), None)
        if len(rows) < EVENTS_AT_ONCE:
            return Page([text for _, text in found], None, None)
        position = (rows[-1].key, BEYOND)
    return Page([text for _, text in found], Cursor(position), None)


def texts(resource: Resource, number: int, asked: dict[str, Any], shown: Selection) -> Iterator[bytes]:
    """All parts as text, page after page."""
    with exports.one_moment():
        cursor: Cursor | None = Cursor(("", ""))
        while cursor:
            found = page(resource, number, asked, cursor, exports.AT_ONCE)
            yield from shown.of(found.rows)
            cursor = found.next


def events(number: int, asked: dict[str, Any], position: Position) -> Sequence[Any]:
    """Events after the position that may contain such parts."""
    rows = history.narrowed(history.standing("event", number), {name: asked.get(name) for name in ("after", "before")})
    if asked.get("event"):
        rows = rows.filter(key=asked["event"])
    from_ = "key__gt" if position[1] == BEYOND else "key__gte"
    return list(rows.filter(**{from_: position[0]}).order_by("key")[:EVENTS_AT_ONCE])


def parts(resource: Resource, rows: Sequence[Any], number: int, fits: Fits) -> Iterator[tuple[Position, bytes]]:
    """Matching parts of these events, as they were served. Only events with such parts are assembled."""
    name, alone = resource.name, resource.alone
    assert alone, f"{name} are no parts of events"  # noqa: S101
    wanted = [row for row in rows if any(map(fits, lifted(row.entry_kind, row.document)[name]))]
    for key, text in history.Reader(number)(wanted, ("key",)):
        event = json.loads(text)
        for part in sorted(filter(fits, event[name]), key=itemgetter("key")):
            shown = json.dumps(alone(part, event), ensure_ascii=False, separators=(",", ":"))
            yield (key, part["key"]), shown.encode()
