"""The text search configuration: accents fold, then English stems, so that Esperanca finds Esperança."""

from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension, UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        BtreeGistExtension(),
        migrations.RunSQL(
            [
                "CREATE TEXT SEARCH CONFIGURATION chronology (COPY = pg_catalog.english)",
                "ALTER TEXT SEARCH CONFIGURATION chronology"
                " ALTER MAPPING FOR hword, hword_part, word WITH unaccent, english_stem",
            ],
            "DROP TEXT SEARCH CONFIGURATION chronology",
        ),
    ]
