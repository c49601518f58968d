"""Possible duplicates: new events of a file that the desk may already have, its own or from another data set."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection

from conflict import earth
from conflict.vocabulary import POINTED
from editorial.import_export.drafts import EventDraft
from editorial.import_export.matcher import NEAR

LONGEST = timedelta(days=4)  # longer events overlap too many others to be meaningful
MOST = 5
FIND = """
    SELECT row.number, event.key, event.title
      FROM unnest(%s::int[], %s::date[], %s::date[], %s::text[], %s::float8[], %s::float8[])
           AS row(number, starts_on, ends_before, place, latitude, longitude)
      JOIN conflict_event event ON event.span && daterange(row.starts_on, row.ends_before)
      JOIN conflict_location place ON place.id = event.location_id
     WHERE upper(event.span) - lower(event.span) <= %s
       AND (place.key = row.place
            OR abs(place.latitude - row.latitude) <= %s AND abs(place.longitude - row.longitude) <= %s)
       AND place.kind NOT IN ('country', 'region', 'cercle')
       AND NOT EXISTS (SELECT FROM record_tombstone stone WHERE stone.entry_kind = 'event' AND stone.key = event.key)
       AND NOT EXISTS (SELECT FROM editorial_externalid known WHERE known.event_id = event.id AND known.dataset = %s)
     ORDER BY row.number, event.key
"""


@dataclass(frozen=True, slots=True)
class Alike:
    key: str
    title: str


def possible_duplicates(drafts: Iterable[tuple[EventDraft, str]], source: str) -> dict[str, list[Alike]]:
    """Events at about the same time and place, from any other origin, by external id.

    `drafts` come with the keys of their places; events of `source` itself are already distinct.
    """
    rows = [
        (draft.external_id, draft.days.starts_on, draft.days.ends_before, place, *(draft.place.point or (None, None)))
        for draft, place in drafts
        if draft.place_precision in POINTED and draft.days.ends_before - draft.days.starts_on <= LONGEST
    ]
    if not rows:
        return {}
    near = NEAR / earth.DEGREE
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)][1:]
    with connection.cursor() as cursor:
        cursor.execute(FIND, [[*range(len(rows))], *columns, LONGEST.days, near, near, source])
        found: dict[str, list[Alike]] = defaultdict(list)
        for number, key, title in cursor.fetchall():
            alike = found[rows[number][0]]
            if len(alike) < MOST:
                alike.append(Alike(key, title))
    return found
