"""What the desk does by itself at its time; a worker runs it (`manage.py work`)."""

from django.utils import timezone
from procrastinate.contrib.django import app

from editorial import workflow


# The queueing lock: after a pause of the worker, one run catches up with all that is due.
@app.periodic(cron="* * * * *")
@app.task(queueing_lock="publish_due")
def publish_due(timestamp: int) -> None:
    """Publish what is scheduled for this minute or earlier; `timestamp` is the minute it was asked for."""
    workflow.publish_due(at=timezone.now())
