"""The state of review of what was public before it was kept: as `review_state` tells it of headers of schema 1."""

from django.db import migrations

KINDS = ("actor", "location", "source", "period", "event", "notice")
SAY_SO = """
    UPDATE record_published{kind} entry SET
        review_state = step.state,
        reviewed_on = step.day,
        body = left(entry.body, -1) || ',"review":{{"state":"' || step.state || '","on":'
            || coalesce('"' || step.day || '"', 'null') || '}}}}'
    FROM (
        SELECT number, state, CASE state WHEN 'reviewed' THEN (published_at AT TIME ZONE 'UTC')::date END AS day
        FROM (
            SELECT number, published_at, CASE
                WHEN change_kind = 'baseline' THEN 'not_yet_reviewed'
                WHEN reason LIKE '%%(Published in an emergency, before review by a second person.)' THEN 'emergency'
                WHEN entry_kind = 'notice' AND reason IN ('A dispute was opened.', 'A dispute was settled.')
                    THEN 'not_yet_reviewed'
                ELSE 'reviewed' END AS state
            FROM record_publication
        ) told
    ) step
    WHERE step.number = entry.publication_id AND entry.body <> ''
"""


def say_so(apps, schema_editor):
    for kind in KINDS:
        schema_editor.execute(SAY_SO.format(kind=kind), params=[])


class Migration(migrations.Migration):
    dependencies = [("record", "0012_review_state")]
    operations = [migrations.RunPython(say_so, migrations.RunPython.noop)]
