from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("record", "0017_bodies_made_anew")]

    operations = [
        migrations.RenameModel("PublishedEventPlace", "PublishedEventLocation"),
        migrations.RenameIndex(
            "PublishedEventLocation", "publishedeventlocation_order", old_name="publishedeventplace_order"
        ),
        migrations.RunSQL(
            "ALTER TABLE record_publishedeventlocation"
            " RENAME CONSTRAINT publishedeventplace_once TO publishedeventlocation_once",
            "ALTER TABLE record_publishedeventlocation"
            " RENAME CONSTRAINT publishedeventlocation_once TO publishedeventplace_once",
            state_operations=[
                migrations.RemoveConstraint("PublishedEventLocation", "publishedeventplace_once"),
                migrations.AddConstraint(
                    "PublishedEventLocation",
                    models.UniqueConstraint(fields=("event", "location"), name="publishedeventlocation_once"),
                ),
            ],
        ),
        migrations.CreateModel(
            "ProjectionState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=64)),
            ],
        ),
    ]
