from django.db import migrations, models


class Migration(migrations.Migration):
    """What tells a name in an import is a sentence that is kept with its values."""

    dependencies = [("editorial", "0019_words_to_erase")]

    operations = [
        migrations.AlterField(
            model_name="importmention",
            name="detail",
            field=models.TextField(blank=True, help_text="Its kind, the place it lies in, the day."),
        ),
    ]
