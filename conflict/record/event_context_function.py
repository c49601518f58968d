"""The database function that returns the context of an event's page, so that a connection plans it once, not at each page.

Installed after every `migrate`, like the function that erases.
"""

from typing import Any

from django.db import connections

EACH_SIDE = 3
DISTANCE = """
    12742.0176 * asin(sqrt(least(
        power(sin((radians(latitude::float8) - radians(asked_latitude)) / 2), 2)
            + cos(radians(latitude::float8)) * cos(radians(asked_latitude))
            * power(sin(radians(longitude::float8 - asked_longitude) / 2), 2),
        1
    )))
"""
EARLIER = "(event.sorts_on, event.key) < (asked_day, asked_key) ORDER BY event.sorts_on DESC, event.key DESC LIMIT"
LATER = "(event.sorts_on, event.key) > (asked_day, asked_key) ORDER BY event.sorts_on, event.key LIMIT"


def beside(side: str) -> str:
    return f"""
        (SELECT row_to_json(hit) FROM (
            SELECT event.key, event.label, event.labels, event."when" FROM record_publishedevent event WHERE {side} 1
        ) hit)
    """


def around(side: str) -> str:
    """A few rows per place, from an index that has them in order."""
    order = side.partition(" ORDER BY ")[2].replace("event.", "hit.")
    return f"""
        SELECT hit.* FROM near CROSS JOIN LATERAL (
            SELECT event.key, event.label, event.labels, event."when", event.sorts_on, event.location_id
            FROM record_publishedevent event WHERE event.location_id = near.key AND {side} {EACH_SIDE}
        ) hit ORDER BY {order} {EACH_SIDE}
    """


FUNCTION = f"""
CREATE OR REPLACE FUNCTION event_context(
    asked_key text, asked_day date, asked_latitude float8, asked_longitude float8, kilometres float8,
    south float8, north float8, west float8, east float8,
    sources text[], actors text[], wholes text[], filed text
) RETURNS text LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
RETURN (
WITH near AS MATERIALIZED (
    SELECT place.key, place.label, place.labels, place.latitude, place.longitude, place.coordinate_precision
    FROM record_publishedlocation place
    WHERE place.latitude BETWEEN south::numeric AND north::numeric
        AND place.longitude BETWEEN west::numeric AND east::numeric
        AND {DISTANCE} <= kilometres
)
SELECT json_build_object(
    'sources', (
        SELECT json_agg(source.body::json ORDER BY source.number NULLS LAST, source.key)
        FROM record_publishedsource source WHERE source.key = ANY(sources)
    ),
    'parents', (  -- pairs of an actor and its whole, from the publishers up, of which `independence.houses` makes houses
        WITH RECURSIVE above(actor, parent) AS (
            SELECT tie.actor_id, tie.other_id FROM record_publishedaffiliation tie
            WHERE tie.kind = 'part_of' AND tie.actor_id IN (
                SELECT source.publisher_id FROM record_publishedsource source WHERE source.key = ANY(sources)
            )
            UNION SELECT tie.actor_id, tie.other_id
            FROM record_publishedaffiliation tie JOIN above ON tie.actor_id = above.parent
            WHERE tie.kind = 'part_of'
        )
        SELECT json_agg(json_build_array(actor, parent) ORDER BY actor, parent) FROM above
    ),
    'families', (
        SELECT json_object_agg(actor.key, actor.family ORDER BY actor.key)
        FROM record_publishedactor actor WHERE actor.key = ANY(actors)
    ),
    'periods', (
        SELECT json_agg(
            json_build_object('key', period.key, 'label', period.label, 'labels', period.labels)
            ORDER BY cardinality(period.path)
        )
        FROM record_publishedperiod period WHERE period.key = ANY((
            SELECT lowest.path FROM record_publishedperiod lowest WHERE lowest.key = filed
        )::text[])
    ),
    'earlier', {beside(EARLIER)},
    'later', {beside(LATER)},
    'nearby', (
        SELECT json_agg(
            json_build_object(
                'key', event.key, 'label', event.label, 'labels', event.labels, 'when', event."when",
                'location', row_to_json(near)
            )
            ORDER BY event.sorts_on, event.key
        )
        FROM (({around(EARLIER)}) UNION ALL ({around(LATER)})) event JOIN near ON near.key = event.location_id
    ),
    'wholes', (
        SELECT json_agg(event.body::json ORDER BY event.sorts_on, event.key)
        FROM record_publishedevent event WHERE event.key = ANY(wholes)
    ),
    'naming', (
        SELECT json_agg(event.body::json ORDER BY event.sorts_on, event.key)
        FROM record_publishedreference link JOIN record_publishedevent event ON event.key = link.from_key
        WHERE link.from_kind = 'event' AND link.event_id = asked_key
    )
)::text
);
END
$$
"""


def install(*, using: str, **more: Any) -> None:
    """Install the function once its tables are there: a receiver of `post_migrate`."""
    with connections[using].cursor() as cursor:
        cursor.execute(FUNCTION)
