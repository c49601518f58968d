"""Documents are read in schema 2, events shown with what their figures come to and cover: all bodies are made anew."""

from django.db import connections, migrations

from conflict.record.models import PUBLISHED
from conflict.record.projection import projector


def refresh(apps, schema_editor):
    """From what is public here, by the code of the day and in the owner's transaction."""
    usual = connections["default"]
    connections["default"] = schema_editor.connection
    try:
        projector.refresh(
            {(kind, key) for kind, table in PUBLISHED.items() for key in table._default_manager.values_list("pk", flat=True)}
        )
    finally:
        connections["default"] = usual


class Migration(migrations.Migration):

    dependencies = [("record", "0017_salts_anchors_and_cosignatures")]

    operations = [
        # Where it was applied under its earlier number, nothing may look newer than the code.
        migrations.RunSQL(
            "DELETE FROM django_migrations WHERE app = 'record' AND name = '0017_bodies_made_anew'",
            migrations.RunSQL.noop,
            elidable=True,
        ),
        migrations.RunPython(refresh, migrations.RunPython.noop, elidable=True),
    ]
