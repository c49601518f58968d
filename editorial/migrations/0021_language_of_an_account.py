from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('editorial', '0020_sentences_of_any_length'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='language',
            field=models.CharField(blank=True, choices=[('en', 'English'), ('fr', 'Français')], db_default='', default='', help_text='Of the desk and of its e-mails. Empty, it is taken from the browser at the first sign-in.', max_length=10),
        ),
    ]
