"""Review of an import in readable batches: titles first, a sample of each, all approved at once."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import Count, F, Max
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from conflict.message import gettext as _
from conflict.models import ENTRIES
from conflict.record.models import Publication
from editorial.import_export.exceptions import ImportRefused
from editorial.models import ImportRun, Submission, SubmittedEntry, User
from editorial.models.stages import Stage
from editorial.workflow import review, scheduled_publication
from editorial.workflow.edit_history import BY_AN_IMPORT, DIRECT, INDIRECT, history_of
from editorial.workflow.exceptions import WorkflowRefused

SAMPLE = 3  # of each batch, chosen by its fingerprint: everybody is shown the same ones
PUBLISHED_AT_ONCE = 2  # batches handled in a request; more are left to the worker
SOON = timedelta(seconds=1)
PUBLISH_DUE = "editorial.tasks.publish_due"  # runs every minute, and when it is woken


@dataclass(frozen=True, slots=True)
class Proposed:
    """One event of a batch, as its reviewer first sees it; or a place or an actor, of a batch that has no events."""

    key: str
    title: str
    when: str
    place: str
    figures: str
    sha256: str
    kind: str = "event"


@dataclass(slots=True)
class Batch:
    """One submission of an import."""

    submission: Submission
    digest: str
    events: list[Proposed]
    sample: list[Proposed]
    others: int  # actors, places and sources that go with the events
    by_hand: list[str] = field(default_factory=list)  # keys of events edited by somebody besides the import

    @property
    def is_open(self) -> bool:
        return self.submission.stage == Stage.OPEN


def batches(run: ImportRun) -> list[Batch]:
    """Submissions of the import as batches, each with its events in order."""
    submitted = list(run.submissions.order_by("pk"))
    entries = SubmittedEntry.objects.filter(submission__in=submitted)
    counted = dict(entries.order_by().values_list("submission").annotate(number=Count("pk")))
    events: dict[int, list[Proposed]] = defaultdict(list)
    rows = entries.filter(entry_kind="event").exclude(text=None).order_by("pk")
    for number, key, text, sha256 in rows.values_list("submission", "key", "text", "sha256").iterator():
        events[number].append(_event(key, text, sha256))
    shared = entries.exclude(submission__in=[*events]).exclude(text=None).order_by("key")
    for number, kind, key, text, sha256 in shared.values_list("submission", "entry_kind", "key", "text", "sha256"):
        events[number].append(Proposed(key, msgspec.json.decode(text)["name"], "", "", "", sha256, kind))
    found = []
    for submission in submitted:
        ordered = sorted(events[submission.pk], key=lambda event: (event.when, event.key))
        sample = sorted(ordered, key=lambda event: event.sha256)[:SAMPLE]
        found.append(Batch(submission, submission.digest, ordered, sample, counted[submission.pk] - len(ordered)))
    open_ones = [event for batch in found if batch.is_open for event in batch.events]
    kinds = {event.kind for event in open_ones}
    touched = {kind: written_by_hand(kind, [one.key for one in open_ones if one.kind == kind]) for kind in kinds}
    sampled = [event.place for batch in found for event in batch.sample]
    names = dict(ENTRIES["location"].objects.filter(key__in=sampled).values_list("key", "name"))
    for batch in found:
        batch.sample = [replace(event, place=names.get(event.place, event.place)) for event in batch.sample]
        batch.by_hand = [event.key for event in batch.events if event.key in touched.get(event.kind, ())]
    return found


def _event(key: str, text: str, sha256: str) -> Proposed:
    document = msgspec.json.decode(text)
    figures = [claim["as_worded"] for claim in document["claims"] if claim["measure"] and not claim["relations"]]
    place = (document["location"] or {}).get("key", "")
    return Proposed(key, document["title"], document["when"], place, "; ".join(figures[:2]), sha256)


def written_by_hand(kind: str, keys: Sequence[str]) -> set[str]:
    """Keys of the entries edited other than by an import since they were last published.

    Those that nobody touched since the import made them need no look into their history.
    """
    touched = ENTRIES[kind].objects.filter(key__in=keys).exclude(modified_at=F("created_at"))
    entries = dict(touched.values_list("pk", "key"))
    if not entries:
        return set()
    published = dict(
        Publication.objects.filter(entry_kind=kind, key__in=entries.values())
        .order_by()
        .values_list("key")
        .annotate(last=Max("published_at"))
    )
    edits = [(entries[pk], at) for pk, at in _edits(kind, list(entries))]
    return {key for key, at in edits if key not in published or at > published[key]}


def _edits(kind: str, entries: list[int]) -> Iterator[tuple[int, datetime]]:
    """(entry, moment) of edits to these entries that were not made by an import."""
    sources = [(ENTRIES[kind], "id"), *DIRECT[kind].items()]
    for model, column in sources:
        rows = history_of(model).filter(**{f"{column}__in": entries}).exclude(BY_AN_IMPORT).order_by()
        yield from rows.values_list(column).annotate(last=Max("pgh_created_at"))
    indirect = INDIRECT.get(kind, [])
    for parent in dict.fromkeys(path[2] for path in indirect):
        owners: dict[int, int] = dict(
            history_of(parent)
            .filter(**{f"{DIRECT[kind][parent]}__in": entries})
            .order_by()
            .values_list("id", DIRECT[kind][parent])
        )
        for model, column, of_parent in indirect:
            if of_parent is parent:
                rows = history_of(model).filter(**{f"{column}__in": list(owners)}).exclude(BY_AN_IMPORT).order_by()
                for part, at in rows.values_list(column).annotate(last=Max("pgh_created_at")):
                    yield owners[part], at


def approve_all(*, run: ImportRun, by: User, at: datetime, read: Mapping[int, str]) -> tuple[int, list[str]]:
    """Approve the open batches that only the import wrote, for the texts that were shown.

    `read` has the digest of each batch's texts by the number of its submission. Returns the number approved, and the
    reasons for the others. Raises ImportRefused if nothing was shown.
    """
    if not read:
        raise ImportRefused(_("No batch was shown: open the page of the import's batches and approve from there."))
    approved = 0
    refused: list[str] = []
    note = _("Approved with the other batches of this import, by a sample of each.")
    for batch in batches(run):
        number = batch.submission.pk
        if not batch.is_open or number not in read:
            continue
        if batch.by_hand:
            refused.append(
                _("Submission %(number)s has events that somebody wrote in: %(by_hand)s.")
                % {"number": number, "by_hand": ", ".join(batch.by_hand[:5])}
            )
            continue
        try:
            review.approve(submission=batch.submission, by=by, at=at, note=note, digest=read[number])
            approved += 1
        except WorkflowRefused as refusal:
            refused.append(str(refusal))
    return approved, refused


def publish_all(*, run: ImportRun, by: User, at: datetime) -> tuple[int, int]:
    """Publish the approved batches: a few at once, the rest by the worker, which is woken. Returns both numbers."""
    approved = list(run.submissions.filter(stage=Stage.APPROVED, publish_at=None).order_by("pk"))
    now = approved if len(approved) <= PUBLISHED_AT_ONCE else []
    later = [] if now else approved
    for submission in now:
        review.publish(submission=submission, by=by, at=at)
    for submission in later:
        scheduled_publication.schedule(submission=submission, by=by, at=at, publish_at=at + SOON)
    if later:
        with suppress(AlreadyEnqueued), transaction.atomic():
            task = app.configure_task(PUBLISH_DUE, queueing_lock="publish_due", schedule_in={"seconds": 2})
            task.defer(timestamp=0)
    return len(now), len(later)


def by_stage(found: Sequence[Batch]) -> dict[str, int]:
    counted: dict[str, int] = defaultdict(int)
    for batch in found:
        counted[str(batch.submission.get_stage_display())] += 1
    return dict(counted)
