"""Kept for databases that have it. Bodies made anew are no migration's work: see conflict/record/consistency/upgrade.py."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [("record", "0016_labels_in_other_languages")]

    operations = []
