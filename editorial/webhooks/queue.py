"""Job queue of deliveries: jobs are added in the current transaction, so that job and deliveries commit together."""

from collections.abc import Iterable

from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

DELIVER = "editorial.tasks.deliver"  # by name, so that publishing does not depend on the sending task
AFTER_PUBLISHING = -10  # scheduled publications come first


def enqueue(webhook_ids: Iterable[int]) -> None:
    """Queue due deliveries of these webhooks for the next free worker."""
    jobs: list[JSONDict] = [{"webhook_id": number} for number in webhook_ids]
    if jobs:
        app.configure_task(DELIVER, priority=AFTER_PUBLISHING).batch_defer(*jobs)
