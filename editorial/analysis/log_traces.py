"""Traces that publications leave at the desk, compared with the log: history checkpoints and published submissions."""

from collections.abc import Iterator

from django.db.models import Max

from conflict.record.models import Action, Publication
from editorial.models import HistoryCheckpoint, Submission
from editorial.models.stages import Stage
from editorial.workflow import edit_history


def faults() -> Iterator[str]:
    """Sentences on traces that do not fit the log; `manage.py verify_record` prints them."""
    batches = set(Publication.objects.order_by().values_list("batch", flat=True).distinct())
    yield from _faults_in_checkpoints(batches)
    yield from _faults_in_submissions(batches)


def _faults_in_checkpoints(batches: set[int]) -> Iterator[str]:
    """By a forged checkpoint, an author could approve their own text: rows before it count as reviewed."""
    ends = edit_history.last_rows()
    erased = set(Publication.objects.filter(action=Action.REDACT).values_list("batch", flat=True))
    before: dict[str, int] = {}
    seen: set[int] = set()
    for checkpoint in HistoryCheckpoint.objects.order_by("batch"):
        where = f"The history checkpoint of batch {checkpoint.batch}"
        seen.add(checkpoint.batch)
        if checkpoint.batch not in batches:
            yield f"{where} belongs to nothing in the log."
        for table, row in checkpoint.last_rows.items():
            if row < before.get(table, 0):
                yield f"{where} stands before an earlier one in the history of {table}: at row {row}, after {before[table]}."
            if row > ends.get(table, row) and not any(batch >= checkpoint.batch for batch in erased):
                yield f"{where} stands at row {row} of the history of {table}, which ends at {ends[table]}."
        # An erasure by law takes rows out of the history, so that what follows may end earlier.
        before = {} if checkpoint.batch in erased else checkpoint.last_rows
    for batch in sorted(batches - seen):
        if seen and batch > min(seen):
            yield f"Batch {batch} of the log has no history checkpoint: who wrote what it published cannot be told."


def _faults_in_submissions(batches: set[int]) -> Iterator[str]:
    published = Submission.objects.filter(stage=Stage.PUBLISHED).prefetch_related("entries")
    for submission in published.order_by("pk").iterator(chunk_size=200):
        where = f"Submission {submission.pk}"
        if submission.batch not in batches:
            yield f"{where} says that it was published as batch {submission.batch}, which the log does not have."
            continue
        steps = set(Publication.objects.filter(batch=submission.batch).values_list("entry_kind", "key"))
        for entry in submission.entries.all():
            if (entry.entry_kind, entry.key) not in steps:
                yield f"{where} was published as batch {submission.batch}, which holds no {entry.entry_kind} {entry.key}."
    doubled = (
        Submission.objects.filter(stage=Stage.PUBLISHED).values("batch").annotate(last=Max("pk")).order_by("batch")
    )
    if doubled.count() != Submission.objects.filter(stage=Stage.PUBLISHED).count():
        yield "Two submissions say that they were published as the same batch of the log."
