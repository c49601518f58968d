"""Numbers of public events by what charts, maps and lists of actors and places count.

Triggers keep them, whatever writes the rows: a chart then reads some hundred rows, however many events there are.
"""

import pgtrigger
from django.db import models

from conflict.record.models.entry import Column

MONTH = "(extract(year FROM sorts_on) * 12 + extract(month FROM sorts_on) - 1)::int::text"
# Each table's rows as what they count for. An event that names two actors of a family counts once for it.
EVENTS = f"""
    SELECT found.* FROM {{rows}} CROSS JOIN LATERAL (VALUES
        ('month', {MONTH}, ''), ('period', coalesce(period_id, ''), ''), ('place', coalesce(location_id, ''), kind)
    ) found (dimension, key, detail)
"""
LOCATIONS = """
    SELECT 'within' AS dimension, location_id AS key, '' AS detail FROM {rows}
    UNION ALL SELECT 'touching', location_id, '' FROM {rows} WHERE is_named
"""
ACTORS = """
    SELECT 'actor' AS dimension, actor_id AS key, '' AS detail FROM {rows}
"""
CONTROL = """
    SELECT 'control' AS dimension, location_id AS key, '' AS detail
    FROM {rows} party JOIN record_publishedclaim claim ON claim.key = party.claim_id AND claim.kind = 'control'
    WHERE party.role = 'subject' AND party.location_id IS NOT NULL AND party.party <> ''
"""
FAMILIES = f"""
    SELECT 'family' AS dimension, family AS key, month AS detail FROM (
        SELECT DISTINCT event_id, family, {MONTH} AS month
        FROM {{rows}} link JOIN record_publishedactor actor ON actor.key = link.actor_id
    ) named
"""
COUNTED = {
    "record_publishedevent": EVENTS,
    "record_publishedeventlocation": LOCATIONS,
    "record_publishedclaimparty": CONTROL,
    "record_publishedeventactor": f"{ACTORS} UNION ALL {FAMILIES}",
}


class PublishedCount(models.Model):
    """Number of events by one dimension: by `month`, or by `place` and, in `detail`, kind of event; of claims by the place
    that they are about (`control`).
    """

    dimension = Column()
    key = Column(blank=True)
    detail = Column(blank=True)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dimension", "key", "detail"], name="publishedcount_once")]

    def __str__(self) -> str:
        return f"{self.dimension} {self.key} {self.detail}: {self.number}"


def summed(table: str, rows: str) -> str:
    """Query for what these rows of the table add to the counts."""
    counted = COUNTED[table].format(rows=rows)
    return f"SELECT dimension, key, detail, count(*) AS number FROM ({counted}) counted GROUP BY 1, 2, 3"


def triggers(table: str) -> list[pgtrigger.Trigger]:
    """Triggers that keep the counts of this table's rows. Those rows are inserted and deleted, never updated."""
    added = f"""
        INSERT INTO record_publishedcount (dimension, key, detail, number) {summed(table, "changed")}
        ON CONFLICT (dimension, key, detail) DO UPDATE SET number = record_publishedcount.number + excluded.number;
        RETURN NULL;
    """
    removed = f"""
        UPDATE record_publishedcount mine SET number = mine.number - gone.number FROM ({summed(table, "changed")}) gone
        WHERE (mine.dimension, mine.key, mine.detail) = (gone.dimension, gone.key, gone.detail);
        RETURN NULL;
    """
    return [
        pgtrigger.Trigger(
            name="counts_what_is_added",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="changed"),
            func=added,
        ),
        pgtrigger.Trigger(
            name="counts_what_is_removed",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Delete,
            referencing=pgtrigger.Referencing(old="changed"),
            func=removed,
        ),
    ]
