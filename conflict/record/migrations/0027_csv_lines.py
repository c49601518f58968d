from django.db import migrations

import conflict.record.models.entry

TABLES = (
    "publishedactor",
    "publishedclaim",
    "publishedevent",
    "publishedlocation",
    "publishednotice",
    "publishedperiod",
    "publishedsource",
)


class Migration(migrations.Migration):
    dependencies = [("record", "0026_claims_that_count")]

    operations = [
        migrations.AddField(
            table,
            "csv_line",
            conflict.record.models.entry.CsvLineField(blank=True, db_default="", default=""),
        )
        for table in TABLES
    ]
