"""Indexes for what is near and what is most. The function that this once made is in conflict/record/event_context_function.py."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0024_counts_of_events")]

    operations = [
        migrations.AddIndex(
            "publishedlocation",
            models.Index(fields=["latitude", "longitude"], name="publishedlocation_point"),
        ),
        migrations.AddIndex(
            "publishedcount",
            models.Index(fields=["dimension", "number"], name="publishedcount_most"),
        ),
    ]
