from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("editorial", "0022_view_counts"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="language",
            field=models.CharField(blank=True, help_text="Language of the form in which it was written.", max_length=10),
        ),
    ]
