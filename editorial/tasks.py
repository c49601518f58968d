"""Background tasks of the desk, run by a worker (`manage.py worker`)."""

from django.utils import timezone
from procrastinate.contrib.django import app

from conflict.record import clock
from editorial.import_export import jobs
from editorial.webhooks import queue, sender
from editorial.workflow import review


# The queueing lock: after a pause of the worker, one run catches up with all that is due.
@app.periodic(cron="* * * * *")
@app.task(queueing_lock="publish_due")
def publish_due(timestamp: int) -> None:
    """Publish what is scheduled for this minute or earlier; `timestamp` is the minute it was asked for."""
    review.publish_due(at=clock.now())


@app.task(name=queue.DELIVER, priority=queue.AFTER_PUBLISHING)
def deliver(webhook_id: int) -> None:
    """Send what is due to one address of a partner; asked for whenever something was published."""
    sender.deliver(webhook_id=webhook_id, clock=timezone.now)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="deliver_due", priority=queue.AFTER_PUBLISHING)
def deliver_due(timestamp: int) -> None:
    """Have tried again what failed, and what a worker left when it was killed."""
    queue.enqueue(sender.waiting(timezone.now()))


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="trim_deliveries", priority=queue.AFTER_PUBLISHING)
def trim_deliveries(timestamp: int) -> None:
    """Forget what was delivered a month ago."""
    sender.trim(at=timezone.now())


# Asked for by whoever uploads or confirms, and every minute for what a worker left when it was killed.
@app.periodic(cron="* * * * *")
@app.task(name=jobs.IMPORT, queueing_lock=jobs.IMPORT, priority=jobs.AFTER_PUBLISHING)
def import_waiting(timestamp: int) -> None:
    """Read uploaded files that wait, and write what was confirmed of them."""
    jobs.work_off(clock=timezone.now)
