"""What is searched is evened out by the rule for text: words beside a non-breaking space were found by nobody."""

from typing import Any

from django.db import migrations

from conflict.text import searched


def even_out(apps: Any, schema_editor: Any) -> None:
    for model in apps.get_app_config("record").get_models():
        if "search_text" not in {field.name for field in model._meta.get_fields()}:
            continue
        rows = model._default_manager.using(schema_editor.connection.alias)
        stored = rows.order_by().values_list("pk", "search_text").iterator(chunk_size=2000)
        changed = [
            model(pk=pk, search_text=text) for pk, before in stored if (text := searched(before)) != before
        ]
        rows.bulk_update(changed, ["search_text"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("record", "0014_index_of_the_unread")]

    operations = [migrations.RunPython(even_out, migrations.RunPython.noop, elidable=True)]
