"""Job queue of the worker: jobs are added in the current transaction, so that job and deliveries commit together."""

from collections.abc import Iterable

from django.db import connection
from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

# Tasks by name: what queues one need not load it.
DELIVER = "editorial.tasks.deliver"
IMPORT = "import_waiting"
AFTER_PUBLISHING = -10  # scheduled publications come first


LOST = """
    DELETE FROM procrastinate_jobs job WHERE status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_workers worker
        WHERE worker.id = job.worker_id AND worker.last_heartbeat > now() - interval '10 minutes'
    )
"""


def forget_lost_jobs() -> int:
    """Delete the jobs of workers that have given no sign of life for ten minutes; returns their number."""
    with connection.cursor() as cursor:
        cursor.execute(LOST)
        return int(cursor.rowcount)


def enqueue(webhook_ids: Iterable[int]) -> None:
    """Queue due deliveries of these webhooks for the next free worker."""
    jobs: list[JSONDict] = [{"webhook_id": number} for number in webhook_ids]
    if jobs:
        app.configure_task(DELIVER, priority=AFTER_PUBLISHING).batch_defer(*jobs)
