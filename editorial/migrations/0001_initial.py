import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import editorial.models.partner
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('conflict', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoryMark',
            fields=[
                ('batch', models.BigIntegerField(primary_key=True, serialize=False)),
                ('marks', models.JSONField(help_text='Last row number by history table.')),
            ],
        ),
        migrations.CreateModel(
            name='Partner',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.CharField(max_length=200, unique=True)),
                ('contact', models.TextField(blank=True, help_text='Whom to write to about its keys. For the desk only.')),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='ExternalId',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dataset', models.CharField(choices=[('ucdp-ged', 'UCDP Georeferenced Event Dataset'), ('acled', 'ACLED'), ('table', 'table of the desk')], max_length=20)),
                ('external_id', models.CharField(max_length=60)),
                ('country', models.CharField(blank=True, max_length=120)),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('row', models.JSONField(help_text='The columns of the file that are not empty, as written.')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='external_ids', to='conflict.event')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('dataset', 'external_id'), name='external_id_is_one_event', violation_error_message='Another event stands for this id of the data set.')],
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('dataset', models.CharField(choices=[('ucdp-ged', 'UCDP Georeferenced Event Dataset'), ('acled', 'ACLED'), ('table', 'table of the desk')], max_length=20)),
                ('table', models.CharField(blank=True, help_text='For a table of the desk: its model.', max_length=40)),
                ('release', models.CharField(blank=True, max_length=60)),
                ('options', models.JSONField(blank=True, default=dict)),
                ('file_name', models.CharField(max_length=200)),
                ('file_sha256', models.CharField(max_length=64)),
                ('stored_as', models.CharField(blank=True, help_text='The uploaded copy, while it is waited for.', max_length=100)),
                ('preview_sha256', models.CharField(max_length=64)),
                ('stage', models.CharField(choices=[('previewed', 'waiting for confirmation'), ('imported', 'imported'), ('abandoned', 'given up')], default='previewed', max_length=20)),
                ('previewed_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('rows', models.PositiveIntegerField(default=0)),
                ('new', models.PositiveIntegerField(default=0)),
                ('changed', models.PositiveIntegerField(default=0)),
                ('unchanged', models.PositiveIntegerField(default=0)),
                ('refused', models.PositiveIntegerField(default=0)),
                ('vanished', models.PositiveIntegerField(default=0)),
                ('columns_changed', models.JSONField(blank=True, default=dict)),
                ('period', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='conflict.period')),
                ('previewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_runs', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('import_dataset', 'Can import data sets onto the desk'), ('export_restricted_source', 'Can export restricted sources'), ('import_actor', 'Can import rows of actor'), ('import_actorname', 'Can import rows of actorname'), ('import_affiliation', 'Can import rows of affiliation'), ('import_citation', 'Can import rows of citation'), ('import_claim', 'Can import rows of claim'), ('import_claimparty', 'Can import rows of claimparty'), ('import_claimrelation', 'Can import rows of claimrelation'), ('import_event', 'Can import rows of event'), ('import_eventplace', 'Can import rows of eventplace'), ('import_eventrelation', 'Can import rows of eventrelation'), ('import_finding', 'Can import rows of finding'), ('import_findingbasis', 'Can import rows of findingbasis'), ('import_findingparty', 'Can import rows of findingparty'), ('import_location', 'Can import rows of location'), ('import_locationname', 'Can import rows of locationname'), ('import_notice', 'Can import rows of notice'), ('import_noticemention', 'Can import rows of noticemention'), ('import_participation', 'Can import rows of participation'), ('import_period', 'Can import rows of period'), ('import_source', 'Can import rows of source'), ('export_actor', 'Can export rows of actor'), ('export_actorname', 'Can export rows of actorname'), ('export_affiliation', 'Can export rows of affiliation'), ('export_citation', 'Can export rows of citation'), ('export_claim', 'Can export rows of claim'), ('export_claimparty', 'Can export rows of claimparty'), ('export_claimrelation', 'Can export rows of claimrelation'), ('export_event', 'Can export rows of event'), ('export_eventplace', 'Can export rows of eventplace'), ('export_eventrelation', 'Can export rows of eventrelation'), ('export_finding', 'Can export rows of finding'), ('export_findingbasis', 'Can export rows of findingbasis'), ('export_findingparty', 'Can export rows of findingparty'), ('export_location', 'Can export rows of location'), ('export_locationname', 'Can export rows of locationname'), ('export_notice', 'Can export rows of notice'), ('export_noticemention', 'Can export rows of noticemention'), ('export_participation', 'Can export rows of participation'), ('export_period', 'Can export rows of period'), ('export_source', 'Can export rows of source')],
                'indexes': [models.Index(fields=['stage', '-previewed_at'], name='import_run_by_stage')],
                'constraints': [models.CheckConstraint(condition=models.Q(('stage', 'previewed'), ('settled_at__isnull', False), _connector='XOR'), name='import_run_is_settled_at_a_moment'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'imported'), _negated=True), ('refused', 0), _connector='OR'), name='import_run_imported_refused_nothing', violation_error_message='A file of which a line was refused is not imported: correct the file.')],
            },
        ),
        migrations.CreateModel(
            name='JournalNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_kind', models.CharField(choices=[('actor', 'actor'), ('location', 'location'), ('source', 'source'), ('period', 'period'), ('event', 'event'), ('notice', 'notice')], max_length=20)),
                ('key', models.CharField(max_length=120)),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['entry_kind', 'key'], name='journal_note_by_entry')],
            },
        ),
        migrations.CreateModel(
            name='PartnerKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(help_text='The part before the point; not secret.', max_length=12, unique=True)),
                ('secret_hmac', models.CharField(max_length=64)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('read', 'read, more often than without a key'), ('propose', 'propose claims, corrections and sources')], max_length=20), default=list, size=None)),
                ('networks', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=50, validators=[editorial.models.partner.refuse_bad_network]), blank=True, default=list, help_text='Where it may be used from; from anywhere when empty.', size=None)),
                ('created_at', models.DateTimeField()),
                ('expires_on', models.DateField(blank=True, help_text='The last day on which it opens anything.', null=True)),
                ('last_used_at', models.DateTimeField(blank=True, help_text='To the hour.', null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='keys', to='editorial.partner')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('manage_keys', 'Can issue, rotate and revoke keys of partners')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='partner_key_revoked_says_by_whom_and_when'), models.CheckConstraint(condition=models.Q(('scopes', []), _negated=True), name='partner_key_opens_something', violation_error_message='A key without any scope opens nothing: choose at least one.')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200)),
                ('reason', models.TextField(help_text='Why; published with the change.')),
                ('change_kind', models.CharField(choices=[('baseline', 'initial load'), ('new', 'new entry'), ('correction', 'correction'), ('new_evidence', 'new evidence'), ('vocabulary', 'vocabulary'), ('geocoding', 'geocoding'), ('withdrawal', 'withdrawal'), ('merge', 'merge'), ('redaction', 'legal redaction')], max_length=20)),
                ('stage', models.CharField(choices=[('open', 'open for review'), ('returned', 'returned for revision'), ('approved', 'approved'), ('published', 'published'), ('withdrawn', 'withdrawn')], default='open', max_length=20)),
                ('submitted_at', models.DateTimeField()),
                ('publish_at', models.DateTimeField(blank=True, null=True)),
                ('failure', models.TextField(blank=True, help_text='Why the scheduled publication did not take place.')),
                ('is_emergency', models.BooleanField(default=False)),
                ('batch', models.BigIntegerField(blank=True, help_text='First number in the log.', null=True)),
                ('reviewer', models.ForeignKey(blank=True, help_text='Who said “I am reviewing this”.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviewing', to=settings.AUTH_USER_MODEL)),
                ('submitted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('review_submission', 'Can review a submission'), ('publish_submission', 'Can publish an approved submission'), ('publish_submission_in_emergency', 'Can publish without review in an emergency'), ('retract_entry', 'Can propose the withdrawal of an entry')],
                'indexes': [models.Index(fields=['stage', 'submitted_at'], name='submission_by_stage')],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='submission_has_a_reason', violation_error_message='Say why: the reason is published with the change.'), models.CheckConstraint(condition=models.Q(('publish_at__isnull', True), models.Q(('stage', 'open'), _negated=True), _connector='OR'), name='submission_is_scheduled_once_approved', violation_error_message='Only an approved submission can be scheduled.'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'published'), _negated=True), ('batch__isnull', False), _connector='OR'), name='submission_published_is_in_the_log', violation_error_message='A published submission has its number in the log.')],
            },
        ),
        migrations.CreateModel(
            name='ImportLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField(help_text='Line of the file; 0 for what the file no longer has.')),
                ('outcome', models.CharField(choices=[('new', 'new'), ('changed', 'changed'), ('unchanged', 'unchanged'), ('refused', 'refused'), ('vanished', 'no longer in the file')], max_length=20)),
                ('external_id', models.CharField(blank=True, max_length=300)),
                ('title', models.CharField(blank=True, max_length=300)),
                ('column', models.CharField(blank=True, max_length=200)),
                ('reason', models.TextField(blank=True)),
                ('changes', models.JSONField(blank=True, default=list)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='editorial.importrun')),
            ],
            options={
                'indexes': [models.Index(fields=['run', 'outcome', 'line', 'id'], name='import_line_by_outcome')],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('verdict', models.CharField(choices=[('approved', 'approved'), ('returned', 'returned')], max_length=20)),
                ('note', models.TextField(blank=True)),
                ('digest', models.CharField(max_length=64)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='editorial.submission')),
            ],
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('idempotency_key', models.CharField(max_length=200)),
                ('body_sha256', models.CharField(max_length=64)),
                ('kind', models.CharField(choices=[('claim', 'a further claim about an event'), ('correction', 'a correction of an entry or of one claim'), ('source', 'a source for an event or for one claim')], max_length=20)),
                ('entry_kind', models.CharField(choices=[('actor', 'actor'), ('location', 'location'), ('source', 'source'), ('period', 'period'), ('event', 'event'), ('notice', 'notice')], max_length=20)),
                ('entry_key', models.CharField(max_length=120)),
                ('entry_version', models.PositiveIntegerField(help_text='Version of the entry that was public when it arrived.')),
                ('payload', models.JSONField()),
                ('received_at', models.DateTimeField()),
                ('taken_up_at', models.DateTimeField(blank=True, null=True)),
                ('declined_at', models.DateTimeField(blank=True, null=True)),
                ('decline_reason', models.TextField(blank=True, help_text='The proposer reads it.')),
                ('declined_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('key', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='editorial.partnerkey')),
                ('taken_up_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submission', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='from_partners', to='editorial.submission')),
            ],
            options={
                'permissions': [('settle_proposal', 'Can take up or decline proposals of partners')],
                'constraints': [models.UniqueConstraint(fields=('key', 'idempotency_key'), name='proposal_is_sent_once', violation_error_message='This Idempotency-Key was used before.'), models.CheckConstraint(condition=models.Q(models.Q(('decline_reason', ''), ('declined_at__isnull', True), ('declined_by__isnull', True)), models.Q(('declined_at__isnull', False), ('declined_by__isnull', False), models.Q(('decline_reason', ''), _negated=True)), _connector='OR'), name='proposal_declined_says_by_whom_when_and_why'), models.CheckConstraint(condition=models.Q(models.Q(('submission__isnull', True), ('taken_up_at__isnull', True), ('taken_up_by__isnull', True)), models.Q(('submission__isnull', False), ('taken_up_at__isnull', False), ('taken_up_by__isnull', False)), _connector='OR'), name='proposal_taken_up_says_by_whom_and_when')],
            },
        ),
        migrations.CreateModel(
            name='Dispute',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_kind', models.CharField(choices=[('actor', 'actor'), ('location', 'location'), ('source', 'source'), ('period', 'period'), ('event', 'event'), ('notice', 'notice')], max_length=20)),
                ('key', models.CharField(max_length=120)),
                ('claim_key', models.CharField(blank=True, help_text='For a dispute of one claim of the event.', max_length=120)),
                ('ground', models.CharField(choices=[('contradicting_source', 'a source contradicts it'), ('misattribution', 'it is ascribed to the wrong party'), ('wrong_figure', 'a figure is wrong'), ('outdated', 'it is out of date'), ('other', 'another reason')], max_length=30)),
                ('statement', models.TextField(help_text='What is wrong, and why. For the desk only.')),
                ('opened_at', models.DateTimeField()),
                ('stage', models.CharField(choices=[('open', 'open'), ('upheld', 'upheld'), ('rejected', 'rejected'), ('withdrawn', 'withdrawn')], default='open', max_length=20)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('public_reason', models.TextField(blank=True, help_text='Why it was settled so; published.')),
                ('counter_source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes', to='conflict.source')),
                ('notice', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='dispute', to='conflict.notice')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='disputes_opened', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='disputes_settled', to=settings.AUTH_USER_MODEL)),
                ('correction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='settles', to='editorial.submission')),
            ],
            options={
                'permissions': [('open_dispute', 'Can open a dispute'), ('settle_dispute', 'Can settle a dispute')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('settled_by__isnull', True), ('stage', 'open')), models.Q(models.Q(('stage', 'open'), _negated=True), ('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('public_reason', ''), _negated=True)), _connector='OR'), name='dispute_settled_says_by_whom_when_and_why'), models.CheckConstraint(condition=models.Q(models.Q(('stage', 'upheld'), _negated=True), ('correction__isnull', False), _connector='OR'), name='dispute_upheld_names_its_correction'), models.UniqueConstraint(condition=models.Q(('stage', 'open')), fields=('entry_kind', 'key', 'claim_key', 'ground'), name='dispute_on_the_same_ground_is_open_once', violation_error_message='A dispute on the same ground is open already: add to its thread.')],
            },
        ),
        migrations.CreateModel(
            name='SubmittedEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_kind', models.CharField(choices=[('actor', 'actor'), ('location', 'location'), ('source', 'source'), ('period', 'period'), ('event', 'event'), ('notice', 'notice')], max_length=20)),
                ('key', models.CharField(max_length=120)),
                ('action', models.CharField(choices=[('publish', 'publish'), ('withdraw', 'withdraw'), ('redact', 'redact')], default='publish', max_length=20)),
                ('text', models.TextField(blank=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('successor', models.CharField(blank=True, help_text='For a merge: the key of the entry that takes over.', max_length=120)),
                ('is_live', models.BooleanField(default=True, help_text='While its submission is neither published nor withdrawn.')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='editorial.submission')),
            ],
            options={
                'verbose_name_plural': 'submitted entries',
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_live', True)), fields=('entry_kind', 'key'), name='entry_is_in_one_live_submission', violation_error_message='This entry is in another submission that is not settled yet.'), models.CheckConstraint(condition=models.Q(('action', 'publish'), ('text', ''), _connector='XOR'), name='submitted_entry_has_a_text_unless_withdrawn')],
            },
        ),
        migrations.CreateModel(
            name='Deed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('why', models.TextField(blank=True)),
                ('entries', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=150), default=list, help_text='Kind and key of each entry concerned.', size=None)),
                ('batch', models.BigIntegerField(blank=True, help_text='First number in the log, where something became public.', null=True)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to=settings.AUTH_USER_MODEL)),
                ('dispute', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to='editorial.dispute')),
                ('submission', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deeds', to='editorial.submission')),
            ],
            options={
                'permissions': [('read_audit', 'Can read the audit trail')],
                'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['entries'], name='deed_by_entry'), models.Index(fields=['-at'], name='deed_by_time')],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.TextField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dispute', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='editorial.dispute')),
                ('submission', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='editorial.submission')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('submission__isnull', True), ('dispute__isnull', True), _connector='XOR'), name='comment_is_on_a_submission_or_a_dispute')],
            },
        ),
    ]
