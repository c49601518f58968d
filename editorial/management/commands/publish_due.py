"""`manage.py publish_due`: publish due submissions once; for a timer on servers without a worker."""

from typing import Any

from django.core.management.base import BaseCommand

from conflict.record import clock
from editorial.models.stages import Stage
from editorial.workflow import scheduled_publication


class Command(BaseCommand):
    help = (
        "Publishes every approved submission whose time has come. Running it beside a worker does no harm. "
        "Exit code 1 if one was refused; the submission says why, at the desk too."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        failed = False
        for submission in scheduled_publication.publish_due(at=clock.now()):
            submission.refresh_from_db()
            if submission.stage == Stage.PUBLISHED:
                self.stdout.write(f"Published submission {submission}.")
            else:
                failed = True
                self.stderr.write(f"Submission {submission} was not published: {submission.failure}")
        if failed:
            raise SystemExit(1)
