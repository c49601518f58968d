"""Review state of a log step: read from its header, or inferred for steps that predate the field."""

from typing import Any, Protocol

from django.db.models import Q

from conflict.vocabulary import ChangeKind, EntryKind, ReviewState

EMERGENCY_MARK = "(Published in an emergency, before review by a second person.)"
OF_DISPUTES = frozenset({"A dispute was opened.", "A dispute was settled."})  # from before headers recorded people


class Step(Protocol):
    """Fields of a publication needed here."""

    @property
    def entry_kind(self) -> Any: ...
    @property
    def change_kind(self) -> Any: ...
    @property
    def reason(self) -> Any: ...
    @property
    def readers(self) -> Any: ...


def marked_emergency(reason: str) -> str:
    """Reason of a step that is published in an emergency: the log says so, whatever its header does."""
    return f"{reason} {EMERGENCY_MARK}"


def is_marked_emergency(step: Step) -> bool:
    return bool(step.reason.endswith(EMERGENCY_MARK))


def review_state(step: Step) -> ReviewState:
    """Review state of the version published by this step.

    Older headers do not give the number of readers. At that time, only three things became public without a second
    person: the initial load, emergency publications, and notices of disputes.
    """
    if step.change_kind in (ChangeKind.BASELINE, ChangeKind.DISPUTE):
        return ReviewState.NOT_YET
    if step.readers is not None:
        return ReviewState.REVIEWED if step.readers else ReviewState.EMERGENCY
    if is_marked_emergency(step):
        return ReviewState.EMERGENCY
    if step.entry_kind == EntryKind.NOTICE and step.reason in OF_DISPUTES:
        return ReviewState.NOT_YET
    return ReviewState.REVIEWED


# Steps of the log behind which a second person stands: `review_state` as a condition.
READ = ~Q(change_kind__in=[ChangeKind.BASELINE, ChangeKind.DISPUTE]) & (
    Q(readers__gt=0)
    | Q(readers=None)
    & ~Q(reason__endswith=EMERGENCY_MARK)
    & ~Q(entry_kind=EntryKind.NOTICE, reason__in=sorted(OF_DISPUTES))
)
