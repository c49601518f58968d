"""Paths: keys from the top down to a location or a period, and links from events to the enclosing places."""

from collections.abc import Mapping, Sequence

from django.db import connection
from django.db.models import Model

from conflict.record.models import PublishedEventLocation, PublishedLocation, PublishedPeriod

# Kinds nested within their own kind: their paths are known only when all of them have rows.
NESTED: dict[str, type[Model]] = {"location": PublishedLocation, "period": PublishedPeriod}


def path(key: str, above: Mapping[str, str | None]) -> list[str]:
    """Keys from the top down to this one; this one alone if the top cannot be reached.

    `above` maps each key to its parent.
    """
    chain = upwards(key, above)
    return chain[::-1] if chain[-1] in above and len(set(chain)) == len(chain) else [key]


def upwards(key: str, above: Mapping[str, str | None]) -> list[str]:
    """The key, its parent's, and so on, stopping at a repeated key."""
    chain = [key]
    while (parent := above.get(chain[-1])) is not None:
        chain.append(parent)
        if parent in chain[:-1]:
            break
    return chain


def refresh_paths() -> list[str]:
    """Update the paths of all locations and periods from their parents; the tables are small.

    Returns the locations that moved.
    """
    moved = {}
    for table in NESTED.values():
        name = table._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"""
                WITH RECURSIVE tree(key, path) AS (
                    SELECT key, ARRAY[key]::varchar[] FROM {name} WHERE parent_id IS NULL
                    UNION ALL SELECT t.key, (tree.path || t.key)::varchar[] FROM {name} t JOIN tree ON t.parent_id = tree.key
                )
                UPDATE {name} t SET path = tree.path FROM tree WHERE tree.key = t.key AND t.path::varchar[] <> tree.path
                RETURNING t.key
                """
            )
            moved[table] = [key for (key,) in cursor.fetchall()]
    return moved[PublishedLocation]


def refresh_places_around(locations: Sequence[str]) -> None:
    """Update the enclosing places of events at these locations; rows that are already correct are left alone."""
    if not locations:
        return
    links, places = PublishedEventLocation._meta.db_table, PublishedLocation._meta.db_table
    named = f"{links} named JOIN {places} place ON place.key = named.location_id AND named.is_named"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            DELETE FROM {links} around WHERE NOT around.is_named
            AND around.event_id IN (SELECT event_id FROM {links} WHERE is_named AND location_id = ANY(%(moved)s))
            AND NOT EXISTS (
                SELECT FROM {named} WHERE named.event_id = around.event_id AND around.location_id = ANY(place.path)
            )
            """,
            {"moved": list(locations)},
        )
        cursor.execute(
            f"""
            INSERT INTO {links} (event_id, location_id, is_named, sorts_on, kind)
            SELECT DISTINCT named.event_id, above, false, named.sorts_on, named.kind
            FROM {named} CROSS JOIN unnest(place.path) above WHERE place.key = ANY(%(moved)s)
            AND NOT EXISTS (SELECT FROM {links} there WHERE there.event_id = named.event_id AND there.location_id = above)
            """,
            {"moved": list(locations)},
        )
