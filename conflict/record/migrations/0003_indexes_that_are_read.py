"""Fewer indexes on the record, so that publishing writes less: none of empty columns, none for LIKE on keys."""

import django.db.models.deletion
from django.db import migrations, models


# Django gives every text key a second index for LIKE. Keys are asked by equality and order, never by LIKE.
DROP_INDEXES_FOR_LIKE = r"""
DO $$
DECLARE named text;
BEGIN
    FOR named IN
        SELECT indexname FROM pg_indexes
        WHERE schemaname = current_schema() AND tablename LIKE 'record\_%' AND indexname LIKE '%\_like'
    LOOP
        EXECUTE format('DROP INDEX %I', named);
    END LOOP;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0002_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='publishedclaimparty',
            name='actor',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='claim_parties', to='record.publishedactor'),
        ),
        migrations.AlterField(
            model_name='publishedclaimparty',
            name='location',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='claim_parties', to='record.publishedlocation'),
        ),
        migrations.AlterField(
            model_name='publishedevent',
            name='location',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.publishedlocation'),
        ),
        migrations.AlterField(
            model_name='publishedevent',
            name='period',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.publishedperiod'),
        ),
        migrations.AlterField(
            model_name='publishedreference',
            name='actor',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publishedactor'),
        ),
        migrations.AlterField(
            model_name='publishedreference',
            name='claim',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publishedclaim'),
        ),
        migrations.AlterField(
            model_name='publishedreference',
            name='event',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publishedevent'),
        ),
        migrations.AlterField(
            model_name='publishedreference',
            name='location',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publishedlocation'),
        ),
        migrations.AlterField(
            model_name='publishedreference',
            name='period',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publishedperiod'),
        ),
        migrations.AlterField(
            model_name='publishedreference',
            name='source',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publishedsource'),
        ),
        migrations.AddIndex(
            model_name='publishedclaimparty',
            index=models.Index(condition=models.Q(('actor__isnull', False)), fields=['actor', 'role'], name='publishedclaimparty_actor'),
        ),
        migrations.AddIndex(
            model_name='publishedclaimparty',
            index=models.Index(condition=models.Q(('location__isnull', False)), fields=['location', 'role'], name='publishedclaimparty_location'),
        ),
        migrations.AddIndex(
            model_name='publishedreference',
            index=models.Index(condition=models.Q(('actor__isnull', False)), fields=['actor'], name='publishedreference_actor'),
        ),
        migrations.AddIndex(
            model_name='publishedreference',
            index=models.Index(condition=models.Q(('location__isnull', False)), fields=['location'], name='publishedreference_location'),
        ),
        migrations.AddIndex(
            model_name='publishedreference',
            index=models.Index(condition=models.Q(('source__isnull', False)), fields=['source'], name='publishedreference_source'),
        ),
        migrations.AddIndex(
            model_name='publishedreference',
            index=models.Index(condition=models.Q(('period__isnull', False)), fields=['period'], name='publishedreference_period'),
        ),
        migrations.AddIndex(
            model_name='publishedreference',
            index=models.Index(condition=models.Q(('event__isnull', False)), fields=['event'], name='publishedreference_event'),
        ),
        migrations.AddIndex(
            model_name='publishedreference',
            index=models.Index(condition=models.Q(('claim__isnull', False)), fields=['claim'], name='publishedreference_claim'),
        ),
        migrations.RunSQL(DROP_INDEXES_FOR_LIKE, migrations.RunSQL.noop),
    ]
