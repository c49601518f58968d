"""Links repeat where their rows stand, so that a list of what an actor, a place or a party is named in is read in order;
bodies lie in the rows of their events unpacked: to unpack a page of them took half as long as all the rest.
"""

from datetime import date

from django.db import migrations, models

from conflict.record.models.entry import Column

BODIES = "record_publishedevent"
# Eight kilobytes are a page of PostgreSQL: a row that fits is not cut up. What does not fit is stored beside, unpacked too.
IN_THE_ROW = f"""
ALTER TABLE {BODIES} SET (toast_tuple_target = 8160);
ALTER TABLE {BODIES} ALTER COLUMN body SET STORAGE EXTERNAL, ALTER COLUMN body TYPE text USING body || '';
"""
PACKED = f"""
ALTER TABLE {BODIES} RESET (toast_tuple_target);
ALTER TABLE {BODIES} ALTER COLUMN body SET STORAGE EXTENDED;
"""
FILL = """
UPDATE record_publishedeventactor link SET sorts_on = event.sorts_on, kind = event.kind
FROM record_publishedevent event WHERE event.key = link.event_id;
UPDATE record_publishedeventplace link SET sorts_on = event.sorts_on, kind = event.kind
FROM record_publishedevent event WHERE event.key = link.event_id;
INSERT INTO record_publishedeventplace (event_id, location_id, is_named, sorts_on, kind)
SELECT DISTINCT link.event_id, above, false, link.sorts_on, link.kind
FROM record_publishedeventplace link JOIN record_publishedlocation place ON place.key = link.location_id
CROSS JOIN unnest(place.path) above
WHERE NOT EXISTS (
    SELECT FROM record_publishedeventplace there WHERE there.event_id = link.event_id AND there.location_id = above
);
UPDATE record_publishedclaimparty link SET sorts_on = claim.sorts_on,
party = CASE WHEN EXISTS (
    SELECT FROM record_publishedclaimparty other
    WHERE other.claim_id = link.claim_id AND other.role = link.role AND other.id < link.id
    AND coalesce(other.actor_id, other.location_id) = coalesce(link.actor_id, link.location_id)
) THEN '' ELSE coalesce(link.actor_id, link.location_id, '') END
FROM record_publishedclaim claim WHERE claim.key = link.claim_id;
SET CONSTRAINTS ALL IMMEDIATE;
"""
EMPTY = """
DELETE FROM record_publishedeventplace WHERE NOT is_named;
SET CONSTRAINTS ALL IMMEDIATE;
"""
LINKS = ("publishedeventactor", "publishedeventplace")


def added(model, name, field):
    return migrations.AddField(model_name=model, name=name, field=field, preserve_default=False)


class Migration(migrations.Migration):

    dependencies = [("record", "0009_index_of_order")]

    operations = [
        migrations.RunSQL(IN_THE_ROW, PACKED),
        migrations.RemoveIndex("publishedeventactor", "publishedeventactor_actor"),
        migrations.RemoveIndex("publishedeventplace", "publishedeventplace_location"),
        migrations.RemoveIndex("publishedclaimparty", "publishedclaimparty_actor"),
        migrations.RemoveIndex("publishedclaimparty", "publishedclaimparty_location"),
        migrations.RemoveIndex("publishedclaim", "publishedclaim_when"),
        *(added(link, "sorts_on", models.DateField(default=date.max)) for link in (*LINKS, "publishedclaimparty")),
        *(added(link, "kind", Column(default="", max_length=120)) for link in LINKS),
        added("publishedeventplace", "is_named", models.BooleanField(default=True)),
        added("publishedclaimparty", "party", Column(blank=True, default="", max_length=120)),
        migrations.RunSQL(FILL, EMPTY),
        migrations.AlterField(
            "publishedeventplace",
            "is_named",
            models.BooleanField(help_text="The event names it. Else it lies around one that the event names."),
        ),
        migrations.AlterField(
            "publishedclaimparty",
            "party",
            Column(
                blank=True,
                help_text="Key of the actor or place; empty where the claim has this key in this role already.",
                max_length=120,
            ),
        ),
        migrations.AlterField(
            "publishedclaimparty",
            "sorts_on",
            models.DateField(help_text="As the claim has it, so that a party's claims lie in order."),
        ),
        migrations.AddIndex(
            "publishedeventactor",
            models.Index(fields=["actor", "sorts_on", "event"], include=("kind",), name="publishedeventactor_order"),
        ),
        migrations.AddIndex(
            "publishedeventplace",
            models.Index(
                fields=["location", "sorts_on", "event"], include=("kind", "is_named"), name="publishedeventplace_order"
            ),
        ),
        migrations.AddConstraint(
            "publishedclaimparty",
            models.UniqueConstraint(
                condition=models.Q(("party", ""), _negated=True),
                fields=("party", "role", "sorts_on", "claim"),
                name="publishedclaimparty_once",
            ),
        ),
    ]
