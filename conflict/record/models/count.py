"""Numbers of public events by what charts, maps and lists of actors and places count.

Triggers keep them, whatever writes the rows: a chart then reads some hundred rows, however many events there are.
"""

from collections.abc import Sequence

import pgtrigger
from django.db import models

from conflict.record.models.entry import Column

# A day that is none, which only somebody can have written who changed the record by hand, stands for itself.
MONTH = """
    CASE WHEN isfinite(sorts_on) THEN (extract(year FROM sorts_on) * 12 + extract(month FROM sorts_on) - 1)::int::text
    ELSE sorts_on::text END
"""
YEAR = "CASE WHEN isfinite(sorts_on) THEN extract(year FROM sorts_on)::int::text ELSE sorts_on::text END"
# Each table's rows as what they count for. An event that names two actors of a family counts once for it.
EVENTS = f"""
    SELECT found.dimension, found.key, found.detail FROM {{rows}} CROSS JOIN LATERAL (VALUES
        ('month', {MONTH}, '', true), ('period', coalesce(period_id, ''), '', true),
        ('place', coalesce(location_id, ''), kind, true), ('entry', 'event', review_state, true),
        ('unsourced', {YEAR}, '', sources = 0), ('unresolved', {YEAR}, '', unresolved_sources > 0),
        ('disputed', {YEAR}, '', is_disputed)
    ) found (dimension, key, detail, counts) WHERE found.counts
"""
ENTRIES = """
    SELECT 'entry' AS dimension, '{kind}' AS key, review_state AS detail FROM {{rows}}
"""
SOURCES = f"""
    {ENTRIES.format(kind="source")}
    UNION ALL SELECT 'resolved', resolved::text, '' FROM {{rows}}
    UNION ALL SELECT 'publisher', publisher_id, '' FROM {{rows}} WHERE publisher_id IS NOT NULL
"""
CLAIMS = """
    SELECT 'claim' AS dimension, kind AS key, '' AS detail FROM {rows}
"""
CITATIONS = """
    SELECT 'cited' AS dimension, source_id AS key, '' AS detail FROM {rows} WHERE source_id IS NOT NULL
"""
LOCATIONS = """
    SELECT 'within' AS dimension, location_id AS key, '' AS detail FROM {rows}
    UNION ALL SELECT 'touching', location_id, '' FROM {rows} WHERE is_named
"""
ACTORS = """
    SELECT 'actor' AS dimension, actor_id AS key, '' AS detail FROM {rows}
"""
# By place, as many as `PublishedClaimQuerySet.on_control_of` finds.
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
    **{f"record_published{kind}": ENTRIES.format(kind=kind) for kind in ("actor", "location", "notice", "period")},
    "record_publishedsource": SOURCES,
    "record_publishedclaim": CLAIMS,
    "record_publishedreference": CITATIONS,
}


class PublishedCount(models.Model):
    """Number of events by one dimension: by `month`, or by `place` and, in `detail`, kind of event; of claims by the place
    that they are about (`control`) or by kind (`claim`); of entries by kind and state of review (`entry`); of references
    to a source (`cited`).
    """

    dimension = Column()
    key = Column(blank=True)
    detail = Column(blank=True)
    number = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dimension", "key", "detail"], name="publishedcount_once")]
        indexes = [models.Index(fields=["dimension", "number"], name="publishedcount_most")]

    def __str__(self) -> str:
        return f"{self.dimension} {self.key} {self.detail}: {self.number}"


def summed(table: str, rows: str) -> str:
    """Query for what these rows of the table add to the counts."""
    counted = COUNTED[table].format(rows=rows)
    return f"SELECT dimension, key, detail, count(*) AS number FROM ({counted}) counted GROUP BY 1, 2, 3"


def triggers(table: str, rewritten: Sequence[str] = ()) -> list[pgtrigger.Trigger]:
    """Triggers that keep the counts of this table's rows.

    Those rows are inserted and deleted; of what is counted, an update changes at most the columns `rewritten`.
    """
    added = f"""
        INSERT INTO record_publishedcount (dimension, key, detail, number) {summed(table, "changed")}
        ON CONFLICT (dimension, key, detail) DO UPDATE SET number = record_publishedcount.number + excluded.number;
    """
    removed = f"""
        UPDATE record_publishedcount mine SET number = mine.number - gone.number FROM ({summed(table, "before")}) gone
        WHERE (mine.dimension, mine.key, mine.detail) = (gone.dimension, gone.key, gone.detail);
    """
    columns = ", ".join(("key", *rewritten))
    is_same = f"IF NOT EXISTS (SELECT {columns} FROM changed EXCEPT SELECT {columns} FROM before)"
    made = [
        _trigger("counts_what_is_added", pgtrigger.Insert, {"new": "changed"}, added),
        _trigger("counts_what_is_removed", pgtrigger.Delete, {"old": "before"}, removed),
    ]
    if rewritten:
        again = f"{is_same} THEN RETURN NULL; END IF; {removed} {added}"
        made.append(_trigger("counts_what_is_rewritten", pgtrigger.Update, {"old": "before", "new": "changed"}, again))
    return made


def _trigger(name: str, operation: pgtrigger.Operation, named: dict[str, str], body: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(**named),
        func=f"{body} RETURN NULL;",
    )
