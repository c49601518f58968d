from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0025_event_context"),
    ]

    operations = [
        migrations.AddField(
            model_name="publishedclaim",
            name="counts",
            field=models.BooleanField(db_default=False, default=False, help_text="Whether it is a figure that counts."),
        ),
    ]
