from django.db import migrations, models


class Migration(migrations.Migration):
    """Sentences of the software are kept with their values, which may be long."""

    dependencies = [("editorial", "0019_words_to_erase")]

    operations = [
        migrations.AlterField(
            model_name="importmention",
            name="detail",
            field=models.TextField(blank=True, help_text="Its kind, the place it lies in, the day."),
        ),
        migrations.AlterField(
            model_name="addresscheck",
            name="fault",
            field=models.TextField(blank=True),
        ),
        migrations.AlterField(
            model_name="webhook",
            name="pause_reason",
            field=models.TextField(blank=True),
        ),
    ]
