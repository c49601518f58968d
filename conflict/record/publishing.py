"""Publishing: the one transaction that takes documents into the log and the record."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from conflict.documents import SCHEMA
from conflict.record import closure, log, projection
from conflict.record.log import Step
from conflict.record.models import PUBLISHED, Action, Publication

LONGEST_WAIT = timedelta(minutes=1)


class PublishingRefused(ValueError):
    """What was asked cannot be done to the record as it stands; the message says why and what to do."""


@transaction.atomic
def publish(steps: Sequence[Step], at: datetime) -> list[Publication]:
    """Take the steps, all or none: log and record change together.

    `at` is when the publication counts as made; it may not lie before the log's head by more than
    a wait for the lock. Raises
    PublishingRefused, or ClosureRefused with what is missing or still cites the withdrawn.
    """
    if not steps:
        return []
    log.lock()
    at = _not_before_the_head(at)
    _refuse_impossible(steps)
    documents = {(step.kind, step.key): json.loads(step.text) for step in steps if step.action == Action.PUBLISH}
    if stale := [key for (_, key), document in documents.items() if document["schema"] != SCHEMA]:
        raise PublishingRefused(f"{stale[0]} is not written in schema {SCHEMA}: build its document again.")
    closure.refuse_dangling(steps, documents)
    publications = log.append(steps, at)
    projection.apply(publications)
    return publications


def _not_before_the_head(at: datetime) -> datetime:
    """The moment of publication: whoever waited for the log while another published is dated like the other."""
    last = log.head()
    if last is None or at >= last.published_at:
        return at
    if last.published_at - at > LONGEST_WAIT:
        raise PublishingRefused(
            f"The log's head was published at {last.published_at.isoformat()}: nothing can be published as of {at.isoformat()}."
        )
    return last.published_at


def _refuse_impossible(steps: Sequence[Step]) -> None:
    seen = set()
    for step in steps:
        if (step.kind, step.key) in seen:
            raise PublishingRefused(f"The {step.kind} {step.key} is named twice in one publication.")
        seen.add((step.kind, step.key))
        if not step.reason.strip():
            raise PublishingRefused(f"Give a reason for the {step.kind} {step.key}: every publication says why.")
        public = PUBLISHED[step.kind]._default_manager
        if step.action == Action.WITHDRAW and not public.filter(key=step.key).exists():
            raise PublishingRefused(f"The {step.kind} {step.key} is not public: there is nothing to withdraw.")
        coming = any(
            (other.kind, other.key) == (step.kind, step.successor) and other.action == Action.PUBLISH for other in steps
        )
        if step.successor and not coming and not public.filter(key=step.successor).exists():
            raise PublishingRefused(
                f"The {step.kind} {step.successor}, named as successor of {step.key}, is not public."
            )
