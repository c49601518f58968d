from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("editorial", "0019_words_to_erase"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="language",
            field=models.CharField(blank=True, help_text="Language of the form in which it was written.", max_length=10),
        ),
    ]
