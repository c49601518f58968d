"""Events are shown with what their figures come to, and with what each figure covers: their bodies are made anew."""

from django.db import connections, migrations

from conflict.record.models import PublishedEvent
from conflict.record.projection import projector


def refresh(apps, schema_editor):
    """From what is public here, by the code of the day and in the owner's transaction."""
    usual = connections["default"]
    connections["default"] = schema_editor.connection
    try:
        projector.refresh({("event", key) for key in PublishedEvent.objects.values_list("pk", flat=True)})
    finally:
        connections["default"] = usual


class Migration(migrations.Migration):

    dependencies = [("record", "0015_search_by_the_rule_for_text")]

    operations = [migrations.RunPython(refresh, migrations.RunPython.noop, elidable=True)]
