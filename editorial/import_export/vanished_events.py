"""Events missing from their data set: kept on purpose, or withdrawn one by one."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from conflict.models import Event
from editorial.models import ChoiceKind, ExternalId, ImportChoice, User, Verdict


@transaction.atomic
def keep(events: "QuerySet[Event]", *, by: User, at: datetime) -> int:
    """Decide to keep the events; later releases without them do not ask again. Returns how many were undecided."""
    waiting = ExternalId.objects.filter(event__in=events, vanished_in__isnull=False)
    decided = [
        ImportChoice(
            source=known.dataset,
            kind=ChoiceKind.VANISHED,
            name_key=known.external_id,
            name=known.external_id,
            verdict=Verdict.ACCEPT,
            decided_by=by,
            decided_at=at,
        )
        for known in waiting
    ]
    ImportChoice.objects.bulk_create(decided, ignore_conflicts=True)
    waiting.update(vanished_in=None)
    return len(decided)
