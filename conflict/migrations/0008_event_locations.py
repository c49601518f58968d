from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("conflict", "0007_texts_in_other_languages")]

    operations = [
        migrations.RenameModel("EventPlace", "EventLocation"),
        migrations.RenameModel("EventPlaceHistory", "EventLocationHistory"),
    ]
