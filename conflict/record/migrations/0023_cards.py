from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('record', '0022_search_texts_by_stemmer'),
    ]

    operations = [
        migrations.AddField(
            model_name='publishedevent',
            name='card',
            field=models.TextField(blank=True, db_default='', default='', help_text='What lists show of it, in every language, as JSON.'),
        ),
    ]
