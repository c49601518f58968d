"""What the desk's search boxes ask is answered by indexes; the function is made here since no index may hold `unaccent`."""


import django.contrib.postgres.indexes
from django.db import migrations, models

import conflict.models.lookups

PLAIN = """
CREATE FUNCTION chronology_plain(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN upper(public.unaccent('public.unaccent'::regdictionary, $1))
"""


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0001_search'),
        ('conflict', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(PLAIN, 'DROP FUNCTION chronology_plain(text)'),
        migrations.AddIndex(
            model_name='claim',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(conflict.models.lookups.Plain('statement'), name='gin_trgm_ops'), name='claim_holds_statement'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(conflict.models.lookups.Plain('as_worded'), name='gin_trgm_ops'), name='claim_holds_as_worded'),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(conflict.models.lookups.Plain('key'), name='gin_trgm_ops'), name='claim_holds_key'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['when', 'key'], name='event_by_when'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(conflict.models.lookups.Plain('title'), name='gin_trgm_ops'), name='event_holds_title'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(conflict.models.lookups.Plain('summary'), name='gin_trgm_ops'), name='event_holds_summary'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(conflict.models.lookups.Plain('key'), name='gin_trgm_ops'), name='event_holds_key'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(fields=['number', 'key'], name='source_by_number'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=models.Index(condition=models.Q(('resolved', False)), fields=['number', 'key'], name='source_unresolved'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(conflict.models.lookups.Plain('title'), name='gin_trgm_ops'), name='source_holds_title'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(conflict.models.lookups.Plain('authors'), name='gin_trgm_ops'), name='source_holds_authors'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(conflict.models.lookups.Plain('key'), name='gin_trgm_ops'), name='source_holds_key'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(conflict.models.lookups.Plain('url'), name='gin_trgm_ops'), name='source_holds_url'),
        ),
        migrations.AddIndex(
            model_name='source',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(conflict.models.lookups.Plain('doi'), name='gin_trgm_ops'), name='source_holds_doi'),
        ),
    ]
