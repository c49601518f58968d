from django.db import migrations, models


class Migration(migrations.Migration):
    """Titles that the software gives are kept with their values, and told in each editor's language."""

    dependencies = [
        ("editorial", "0024_objections_of_partners"),
    ]

    operations = [
        migrations.AlterField(
            model_name="submission",
            name="title",
            field=models.TextField(),
        ),
    ]
