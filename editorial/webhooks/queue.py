"""Waking the worker: a job in the transaction at hand, so that it is there exactly if what it is about is."""

from collections.abc import Iterable

from procrastinate.contrib.django import app
from procrastinate.types import JSONDict

DELIVER = "editorial.tasks.deliver"  # by name: the task sends, and whoever publishes need not know how
AFTER_PUBLISHING = -10  # what is to be published at its minute comes first


def enqueue(webhook_ids: Iterable[int]) -> None:
    """Have what is due to these addresses sent as soon as a worker is free."""
    jobs: list[JSONDict] = [{"webhook_id": number} for number in webhook_ids]
    if jobs:
        app.configure_task(DELIVER, priority=AFTER_PUBLISHING).batch_defer(*jobs)
