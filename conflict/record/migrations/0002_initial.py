import conflict.record.models.entry
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('record', '0001_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='Publication',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('entry_kind', models.CharField(choices=[('actor', 'actor'), ('location', 'location'), ('source', 'source'), ('period', 'period'), ('event', 'event'), ('notice', 'notice')], max_length=20)),
                ('key', models.CharField(max_length=120)),
                ('version', models.PositiveIntegerField()),
                ('action', models.CharField(choices=[('publish', 'publish'), ('withdraw', 'withdraw'), ('redact', 'redact')], max_length=20)),
                ('change_kind', models.CharField(choices=[('baseline', 'initial load'), ('new', 'new entry'), ('correction', 'correction'), ('new_evidence', 'new evidence'), ('vocabulary', 'vocabulary'), ('geocoding', 'geocoding'), ('withdrawal', 'withdrawal'), ('merge', 'merge'), ('redaction', 'legal redaction')], max_length=20)),
                ('reason', models.TextField()),
                ('successor', models.CharField(blank=True, max_length=120)),
                ('batch', models.BigIntegerField()),
                ('published_at', models.DateTimeField()),
                ('document', models.TextField(null=True)),
                ('document_sha256', models.CharField(blank=True, max_length=64)),
                ('prev_sha256', models.CharField(max_length=64, unique=True)),
                ('sha256', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'indexes': [models.Index(fields=['published_at', 'number'], name='publication_by_time')],
                'constraints': [models.UniqueConstraint(fields=('entry_kind', 'key', 'version'), name='publication_versions_differ'), models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='publication_numbers_start_at_one'), models.CheckConstraint(condition=models.Q(('batch__lte', models.F('number'))), name='publication_batch_is_its_first_number'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='publication_has_a_reason'), models.CheckConstraint(condition=models.Q(('action', 'publish'), models.Q(('document__isnull', True), ('document_sha256', '')), _connector='OR'), name='publication_of_a_withdrawal_has_no_document'), models.CheckConstraint(condition=models.Q(models.Q(('action', 'publish'), _negated=True), models.Q(('document_sha256', ''), _negated=True), _connector='OR'), name='publication_document_is_hashed')],
            },
        ),
        migrations.CreateModel(
            name='PublishedActor',
            fields=[
                ('key', conflict.record.models.entry.Column(max_length=120, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('first_published_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(help_text='Last change of substance; vocabulary and geocoding do not move it.')),
                ('label', models.CharField(max_length=500)),
                ('names', models.TextField(blank=True, help_text='All names and aliases, for the search text of what refers to it.')),
                ('body', models.TextField(blank=True, help_text='What the API answers, as JSON text.')),
                ('search_text', models.TextField(blank=True)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('search_text', config='chronology'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('kind', conflict.record.models.entry.Column(max_length=120)),
                ('family', conflict.record.models.entry.Column(max_length=120)),
                ('country', conflict.record.models.entry.Column(blank=True, max_length=120)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publication')),
            ],
            options={
                'abstract': False,
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='publishedactor_search'), models.Index(fields=['changed_at', 'key'], name='publishedactor_changed'), models.Index(fields=['first_published_at', 'key'], name='publishedactor_published'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('label'), name='gin_trgm_ops'), name='publishedactor_trgm'), models.Index(fields=['label', 'key'], name='publishedactor_by_name')],
            },
        ),
        migrations.CreateModel(
            name='PublishedLocation',
            fields=[
                ('key', conflict.record.models.entry.Column(max_length=120, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('first_published_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(help_text='Last change of substance; vocabulary and geocoding do not move it.')),
                ('label', models.CharField(max_length=500)),
                ('names', models.TextField(blank=True, help_text='All names and aliases, for the search text of what refers to it.')),
                ('body', models.TextField(blank=True, help_text='What the API answers, as JSON text.')),
                ('search_text', models.TextField(blank=True)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('search_text', config='chronology'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('kind', conflict.record.models.entry.Column(max_length=120)),
                ('path', django.contrib.postgres.fields.ArrayField(base_field=conflict.record.models.entry.Column(max_length=120), help_text="Keys from the top down to this location's own.", size=None)),
                ('latitude', models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ('longitude', models.DecimalField(decimal_places=5, max_digits=8, null=True)),
                ('coordinate_precision', conflict.record.models.entry.Column(blank=True, max_length=120)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='children', to='record.publishedlocation')),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publication')),
            ],
            options={
                'abstract': False,
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='publishedlocation_search'), models.Index(fields=['changed_at', 'key'], name='publishedlocation_changed'), models.Index(fields=['first_published_at', 'key'], name='publishedlocation_published'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('label'), name='gin_trgm_ops'), name='publishedlocation_trgm'), django.contrib.postgres.indexes.GinIndex(fields=['path'], name='publishedlocation_path'), models.Index(fields=['label', 'key'], name='publishedlocation_by_name')],
            },
        ),
        migrations.CreateModel(
            name='PublishedNotice',
            fields=[
                ('key', conflict.record.models.entry.Column(max_length=120, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('first_published_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(help_text='Last change of substance; vocabulary and geocoding do not move it.')),
                ('label', models.CharField(max_length=500)),
                ('names', models.TextField(blank=True, help_text='All names and aliases, for the search text of what refers to it.')),
                ('body', models.TextField(blank=True, help_text='What the API answers, as JSON text.')),
                ('search_text', models.TextField(blank=True)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('search_text', config='chronology'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('kind', conflict.record.models.entry.Column(max_length=120)),
                ('origin', conflict.record.models.entry.Column(max_length=120)),
                ('target_kind', conflict.record.models.entry.Column(blank=True, help_text='Empty for the whole chronology.', max_length=120)),
                ('target_key', conflict.record.models.entry.Column(blank=True, max_length=120)),
                ('raised_sorts_on', models.DateField(null=True)),
                ('review_by', models.DateField(null=True)),
                ('resolved_on', models.DateField(null=True)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publication')),
            ],
            options={
                'abstract': False,
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='publishednotice_search'), models.Index(fields=['changed_at', 'key'], name='publishednotice_changed'), models.Index(fields=['first_published_at', 'key'], name='publishednotice_published'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('label'), name='gin_trgm_ops'), name='publishednotice_trgm'), models.Index(fields=['target_kind', 'target_key'], name='publishednotice_target')],
            },
        ),
        migrations.CreateModel(
            name='PublishedPeriod',
            fields=[
                ('key', conflict.record.models.entry.Column(max_length=120, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('first_published_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(help_text='Last change of substance; vocabulary and geocoding do not move it.')),
                ('label', models.CharField(max_length=500)),
                ('names', models.TextField(blank=True, help_text='All names and aliases, for the search text of what refers to it.')),
                ('body', models.TextField(blank=True, help_text='What the API answers, as JSON text.')),
                ('search_text', models.TextField(blank=True)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('search_text', config='chronology'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('path', django.contrib.postgres.fields.ArrayField(base_field=conflict.record.models.entry.Column(max_length=120), help_text="Keys from the top down to this period's own.", size=None)),
                ('position', models.PositiveIntegerField()),
                ('span', django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='children', to='record.publishedperiod')),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publication')),
            ],
            options={
                'abstract': False,
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='publishedperiod_search'), models.Index(fields=['changed_at', 'key'], name='publishedperiod_changed'), models.Index(fields=['first_published_at', 'key'], name='publishedperiod_published'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('label'), name='gin_trgm_ops'), name='publishedperiod_trgm')],
            },
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_kind', conflict.record.models.entry.Column(max_length=120)),
                ('key', conflict.record.models.entry.Column(max_length=120)),
                ('withdrawn_at', models.DateTimeField()),
                ('reason', models.TextField()),
                ('successor', conflict.record.models.entry.Column(blank=True, max_length=120)),
                ('label', models.CharField(blank=True, max_length=500)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publication')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('entry_kind', 'key'), name='tombstone_once')],
            },
        ),
        migrations.CreateModel(
            name='PublishedAffiliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', conflict.record.models.entry.Column(max_length=120)),
                ('span', django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ('standing', conflict.record.models.entry.Column(max_length=120)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='affiliations', to='record.publishedactor')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='affiliated', to='record.publishedactor')),
            ],
        ),
        migrations.CreateModel(
            name='PublishedEvent',
            fields=[
                ('key', conflict.record.models.entry.Column(max_length=120, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('first_published_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(help_text='Last change of substance; vocabulary and geocoding do not move it.')),
                ('label', models.CharField(max_length=500)),
                ('names', models.TextField(blank=True, help_text='All names and aliases, for the search text of what refers to it.')),
                ('body', models.TextField(blank=True, help_text='What the API answers, as JSON text.')),
                ('search_text', models.TextField(blank=True)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('search_text', config='chronology'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('kind', conflict.record.models.entry.Column(max_length=120)),
                ('standing', conflict.record.models.entry.Column(max_length=120)),
                ('when', conflict.record.models.entry.Column(blank=True, max_length=120)),
                ('span', django.contrib.postgres.fields.ranges.DateRangeField(null=True)),
                ('sorts_on', models.DateField(help_text='Where it stands in the chronology; undated events stand at the end.')),
                ('sources', models.PositiveIntegerField(default=0, help_text='Number of different sources behind the event and its claims.')),
                ('unresolved_sources', models.PositiveIntegerField(default=0)),
                ('is_disputed', models.BooleanField(default=False, help_text='Contested, or with claims that contradict or deny each other.')),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publication')),
                ('location', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.publishedlocation')),
                ('period', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='record.publishedperiod')),
            ],
            options={
                'abstract': False,
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='publishedevent_search'), models.Index(fields=['changed_at', 'key'], name='publishedevent_changed'), models.Index(fields=['first_published_at', 'key'], name='publishedevent_published'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('label'), name='gin_trgm_ops'), name='publishedevent_trgm'), models.Index(fields=['sorts_on', 'key'], name='publishedevent_chronology'), models.Index(fields=['kind', 'sorts_on', 'key'], name='publishedevent_kind'), models.Index(fields=['period', 'sorts_on', 'key'], name='publishedevent_period'), models.Index(fields=['location', 'sorts_on', 'key'], name='publishedevent_location'), django.contrib.postgres.indexes.GistIndex(fields=['span'], name='publishedevent_span')],
            },
        ),
        migrations.CreateModel(
            name='PublishedSource',
            fields=[
                ('key', conflict.record.models.entry.Column(max_length=120, primary_key=True, serialize=False)),
                ('version', models.PositiveIntegerField()),
                ('first_published_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(help_text='Last change of substance; vocabulary and geocoding do not move it.')),
                ('label', models.CharField(max_length=500)),
                ('names', models.TextField(blank=True, help_text='All names and aliases, for the search text of what refers to it.')),
                ('body', models.TextField(blank=True, help_text='What the API answers, as JSON text.')),
                ('search_text', models.TextField(blank=True)),
                ('search', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector('search_text', config='chronology'), output_field=django.contrib.postgres.search.SearchVectorField())),
                ('kind', conflict.record.models.entry.Column(max_length=120)),
                ('resolved', models.BooleanField()),
                ('number', models.PositiveIntegerField(null=True)),
                ('publication', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publication')),
                ('publisher', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='publications', to='record.publishedactor')),
            ],
            options={
                'abstract': False,
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['search'], name='publishedsource_search'), models.Index(fields=['changed_at', 'key'], name='publishedsource_changed'), models.Index(fields=['first_published_at', 'key'], name='publishedsource_published'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('label'), name='gin_trgm_ops'), name='publishedsource_trgm')],
            },
        ),
        migrations.CreateModel(
            name='PublishedClaim',
            fields=[
                ('key', conflict.record.models.entry.Column(max_length=120, primary_key=True, serialize=False)),
                ('kind', conflict.record.models.entry.Column(max_length=120)),
                ('measure', conflict.record.models.entry.Column(blank=True, max_length=120)),
                ('low', models.BigIntegerField(null=True)),
                ('high', models.BigIntegerField(null=True)),
                ('qualifier', conflict.record.models.entry.Column(blank=True, max_length=120)),
                ('rank', conflict.record.models.entry.Column(max_length=120)),
                ('made_on', conflict.record.models.entry.Column(blank=True, max_length=120)),
                ('label', models.TextField()),
                ('sorts_on', models.DateField()),
                ('body', models.TextField(blank=True)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='claims', to='record.publishedevent')),
            ],
            options={
                'indexes': [models.Index(fields=['sorts_on', 'key'], name='publishedclaim_chronology'), models.Index(fields=['kind', 'sorts_on', 'key'], name='publishedclaim_kind'), models.Index(fields=['measure', 'sorts_on', 'key'], name='publishedclaim_measure')],
            },
        ),
        migrations.CreateModel(
            name='PublishedEventActor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='named_in', to='record.publishedactor')),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='named_actors', to='record.publishedevent')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'actor'), name='publishedeventactor_once')],
            },
        ),
        migrations.CreateModel(
            name='PublishedFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', conflict.record.models.entry.Column(max_length=120)),
                ('aspect', conflict.record.models.entry.Column(max_length=120)),
                ('measure', conflict.record.models.entry.Column(blank=True, max_length=120)),
                ('low', models.BigIntegerField(null=True)),
                ('best', models.BigIntegerField(null=True)),
                ('high', models.BigIntegerField(null=True)),
                ('grade', conflict.record.models.entry.Column(blank=True, max_length=120)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='findings', to='record.publishedevent')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'key'), name='publishedfinding_once')],
            },
        ),
        migrations.CreateModel(
            name='PublishedEventPlace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='places', to='record.publishedevent')),
                ('location', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='touched_by', to='record.publishedlocation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'location'), name='publishedeventplace_once')],
            },
        ),
        migrations.CreateModel(
            name='PublishedParticipation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', conflict.record.models.entry.Column(max_length=120)),
                ('side', conflict.record.models.entry.Column(blank=True, max_length=120)),
                ('standing', conflict.record.models.entry.Column(max_length=120)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='participations', to='record.publishedactor')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='participations', to='record.publishedevent')),
            ],
        ),
        migrations.CreateModel(
            name='PublishedClaimRelation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', conflict.record.models.entry.Column(max_length=120)),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='relations', to='record.publishedclaim')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='related_from', to='record.publishedclaim')),
            ],
        ),
        migrations.CreateModel(
            name='PublishedClaimParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', conflict.record.models.entry.Column(max_length=120)),
                ('described_as', models.CharField(blank=True, max_length=200)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='claim_parties', to='record.publishedactor')),
                ('claim', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='parties', to='record.publishedclaim')),
                ('location', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='claim_parties', to='record.publishedlocation')),
            ],
        ),
        migrations.CreateModel(
            name='PublishedReference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_kind', conflict.record.models.entry.Column(max_length=120)),
                ('from_key', conflict.record.models.entry.Column(max_length=120)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publishedactor')),
                ('claim', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publishedclaim')),
                ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publishedevent')),
                ('location', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publishedlocation')),
                ('period', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publishedperiod')),
                ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='record.publishedsource')),
            ],
            options={
                'indexes': [models.Index(fields=['from_kind', 'from_key'], name='publishedreference_from')],
                'constraints': [models.CheckConstraint(condition=models.Q(('actor__isnull', False), ('location__isnull', False), ('source__isnull', False), ('period__isnull', False), ('event__isnull', False), ('claim__isnull', False), _connector='OR'), name='publishedreference_names_something')],
            },
        ),
    ]
