"""Background tasks of the desk, run by a worker (`manage.py worker`).

Every process loads this module. A task loads what it needs when it has something to do: forms, files and certificates take as
much memory as the rest of the worker.
"""

from django.conf import settings
from django.contrib import admin
from django.utils import timezone
from procrastinate.contrib.django import app

from conflict.record import clock
from editorial.models import ImportRun
from editorial.webhooks import queue


# The queueing lock: after a pause of the worker, one run catches up with all that is due.
@app.periodic(cron="* * * * *")
@app.task(queueing_lock="publish_due")
def publish_due(timestamp: int) -> None:
    """Publish submissions due this minute or earlier; `timestamp` is the minute the task was scheduled for."""
    from editorial.workflow import scheduled_publication

    scheduled_publication.publish_due(at=clock.now())


@app.task(name=queue.DELIVER, priority=queue.AFTER_PUBLISHING)
def deliver(webhook_id: int) -> None:
    """Send due deliveries to one webhook; queued after every publication."""
    from editorial.webhooks import sender

    sender.deliver(webhook_id=webhook_id, clock=timezone.now)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="deliver_due", priority=queue.AFTER_PUBLISHING)
def deliver_due(timestamp: int) -> None:
    """Queue retries of failed deliveries and those left over by a killed worker."""
    from editorial.webhooks import sender

    queue.enqueue(sender.waiting(timezone.now()))


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="trim_deliveries", priority=queue.AFTER_PUBLISHING)
def trim_deliveries(timestamp: int) -> None:
    """Delete deliveries created more than a month ago."""
    from editorial.webhooks import sender

    sender.trim(at=timezone.now())


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="forget_lost_jobs", priority=queue.AFTER_PUBLISHING)
def forget_lost_jobs(timestamp: int) -> None:
    """Delete jobs that a killed worker left as being done: the next run of each task catches up with all that is due."""
    queue.forget_lost_jobs()


# Every hour, so that an authority that was away is asked again; each timestamps once a day.
@app.periodic(cron="41 * * * *")
@app.task(queueing_lock="anchor_head", priority=queue.AFTER_PUBLISHING)
def anchor_head(timestamp: int) -> None:
    """Have the log's head timestamped."""
    if not settings.TIMESTAMP_AUTHORITIES:
        return
    from conflict.record import anchors

    if anchors.is_due(timezone.now()):
        anchors.anchor_head()


@app.periodic(cron="7 * * * *")
@app.task(queueing_lock="send_inboxes", priority=queue.AFTER_PUBLISHING)
def send_inboxes(timestamp: int) -> None:
    """Tell editors who asked for it by e-mail what is new in their inbox."""
    if not settings.EMAIL_HOST:
        return
    from editorial.admin import inbox_mail

    inbox_mail.send_inboxes(admin.site, clock.now())


# Some an hour, so that no outlet is asked for all its pages at once.
@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="check_addresses", priority=queue.AFTER_PUBLISHING)
def check_addresses(timestamp: int) -> None:
    """Ask whether addresses of sources still answer, if the settings say so."""
    if not settings.CHECK_ADDRESSES_PER_DAY:
        return
    from editorial.sources import address_checks

    address_checks.check_due(timezone.now())


# Queued on upload and confirmation, and every minute for imports left over by a killed worker.
@app.periodic(cron="* * * * *")
@app.task(name=queue.IMPORT, queueing_lock=queue.IMPORT, priority=queue.AFTER_PUBLISHING)
def import_waiting(timestamp: int) -> None:
    """Read waiting uploads and write confirmed imports."""
    if not ImportRun.objects.waiting().exists():
        return
    from editorial.import_export import jobs

    jobs.work_off(clock=timezone.now)
