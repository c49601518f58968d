"""The spans of events in a tree of space: rows that come one by one leave it as good as one built at once.

An R-tree that grew with the record has its leaves overlap; to ask it what is under way took five times as long.
"""

from django.contrib.postgres.indexes import SpGistIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("record", "0010_links_in_order")]

    operations = [
        migrations.RemoveIndex("publishedevent", "publishedevent_span_in_order"),
        migrations.AddIndex(
            "publishedevent",
            SpGistIndex(fields=["span"], include=["sorts_on", "key", "location"], name="publishedevent_span"),
        ),
    ]
