import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("editorial", "0023_language_of_a_report"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="proposal",
            name="proposal_taken_up_says_by_whom_and_when",
        ),
        migrations.AddField(
            model_name="proposal",
            name="dispute",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="from_partner",
                to="editorial.dispute",
            ),
        ),
        migrations.AlterField(
            model_name="proposal",
            name="kind",
            field=models.CharField(
                choices=[
                    ("claim", "a further claim about an event"),
                    ("correction", "a correction of an entry or of one claim"),
                    ("source", "a source for an event or for one claim"),
                    ("participation", "somebody's part in an event"),
                    ("place", "a place of an event"),
                    ("affiliation", "a tie of an actor to another"),
                    ("objection", "an objection to an entry or to one claim"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="proposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("dispute__isnull", True),
                        ("submission__isnull", True),
                        ("taken_up_at__isnull", True),
                        ("taken_up_by__isnull", True),
                    ),
                    models.Q(
                        ("taken_up_at__isnull", False),
                        ("taken_up_by__isnull", False),
                        models.Q(("submission__isnull", False), ("dispute__isnull", False), _connector="OR"),
                    ),
                    _connector="OR",
                ),
                name="proposal_taken_up_says_by_whom_and_when",
            ),
        ),
    ]
