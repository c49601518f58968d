import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RENAMED = {
    "eventplace": "event location",
    "eventplacehistory": "event location history",
    "deed": "audit entry",
    "historymark": "history checkpoint",
    "earlierproposal": "superseded entry",
    "kept": "cache row",
    "publishedeventplace": "published event location",
}
TABLES = (
    *("actor", "actorname", "affiliation", "citation", "claim", "claimparty", "claimrelation", "event"),
    *("eventlocation", "eventrelation", "finding", "findingbasis", "findingparty", "location", "locationname"),
    *("notice", "noticemention", "participation", "period", "source"),
)


def rename_permissions(apps, schema_editor):
    """Django renames the content types of renamed models, not their permissions."""
    permissions = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    for old, new in RENAMED.items():
        for permission in permissions.filter(codename__endswith=f"_{old}"):
            action, model = permission.codename.removesuffix(f"_{old}"), new.replace(" ", "")
            permission.codename = f"{action}_{model}"
            permission.name = f"Can {action} rows of {model}" if action in ("import", "export") else f"Can {action} {new}"
            permission.save()


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("conflict", "0008_event_locations"),
        ("editorial", "0010_import_choices"),
    ]

    operations = [
        migrations.RenameModel("Deed", "AuditEntry"),
        migrations.RenameModel("HistoryMark", "HistoryCheckpoint"),
        migrations.RenameModel("EarlierProposal", "SupersededEntry"),
        migrations.RenameModel("Kept", "CacheRow"),
        migrations.AlterModelOptions("CacheRow", {"verbose_name": "cache row"}),
        migrations.RenameIndex("AuditEntry", "audit_entry_by_entry", old_name="deed_by_entry"),
        migrations.RenameIndex("AuditEntry", "audit_entry_by_time", old_name="deed_by_time"),
        migrations.RenameField("HistoryCheckpoint", "marks", "last_rows"),
        *(
            migrations.AlterField(
                "AuditEntry",
                name,
                models.ForeignKey(
                    blank=True,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="audit_entries",
                    to=other,
                ),
            )
            for name, other in (
                ("by", settings.AUTH_USER_MODEL),
                ("submission", "editorial.submission"),
                ("dispute", "editorial.dispute"),
            )
        ),
        migrations.AlterField(
            "SupersededEntry",
            "submission",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="superseded", to="editorial.submission"
            ),
        ),
        migrations.RunSQL(
            "ALTER TABLE editorial_supersededentry"
            " RENAME CONSTRAINT earlier_proposal_is_kept_once TO superseded_entry_is_kept_once",
            "ALTER TABLE editorial_supersededentry"
            " RENAME CONSTRAINT superseded_entry_is_kept_once TO earlier_proposal_is_kept_once",
            state_operations=[
                migrations.RemoveConstraint("SupersededEntry", "earlier_proposal_is_kept_once"),
                migrations.AddConstraint(
                    "SupersededEntry",
                    models.UniqueConstraint(
                        fields=("submission", "digest", "entry_kind", "key"), name="superseded_entry_is_kept_once"
                    ),
                ),
            ],
        ),
        migrations.AlterModelOptions(
            "ImportRun",
            {
                "permissions": [
                    ("import_dataset", "Can import data sets onto the desk"),
                    ("export_restricted_source", "Can export restricted sources"),
                    *((f"import_{table}", f"Can import rows of {table}") for table in TABLES),
                    *((f"export_{table}", f"Can export rows of {table}") for table in TABLES),
                ],
                "verbose_name": "import",
            },
        ),
        # By name of a table: how far the history was read, and which table a file holds
        migrations.RunSQL(
            "UPDATE editorial_historycheckpoint SET last_rows = (last_rows - 'conflict.eventplace')"
            " || jsonb_build_object('conflict.eventlocation', last_rows -> 'conflict.eventplace')"
            " WHERE last_rows ? 'conflict.eventplace'",
            "UPDATE editorial_historycheckpoint SET last_rows = (last_rows - 'conflict.eventlocation')"
            " || jsonb_build_object('conflict.eventplace', last_rows -> 'conflict.eventlocation')"
            " WHERE last_rows ? 'conflict.eventlocation'",
        ),
        migrations.RunSQL(
            'UPDATE editorial_importrun SET "table" = \'eventlocation\' WHERE "table" = \'eventplace\'',
            'UPDATE editorial_importrun SET "table" = \'eventplace\' WHERE "table" = \'eventlocation\'',
        ),
        migrations.RunPython(rename_permissions, migrations.RunPython.noop),
    ]
