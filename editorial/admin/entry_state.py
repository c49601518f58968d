"""State of an entry, as its form tells it: where it stands in review, what it still lacks, who else edits it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.urls import reverse

from conflict.public.entry_urls import page_of_entry
from editorial.admin import presence, versions
from editorial.models import Comment, Submission
from editorial.models.stages import LIVE, Stage
from editorial.workflow.readiness import shortcomings


@dataclass(frozen=True, slots=True)
class EntryState:
    submission: Submission | None = None
    returned_because: str = ""
    missing: list[str] = field(default_factory=list)
    presence: list[str] = field(default_factory=list)  # who else is at it
    remarks: list[Comment] = field(default_factory=list)  # at its fields, open
    public_page: str = ""

    @property
    def address(self) -> str:
        """Address of the submission that the entry is part of."""
        return reverse("admin:editorial_submission_change", args=[self.submission.pk]) if self.submission else ""


def entry_state(entry: Any, user: Any, at: datetime) -> EntryState:
    """State of an entry that is not withdrawn. Five queries and the entry's own document."""
    key = (entry.entry_kind, entry.key)
    submission = (
        Submission.objects.filter(entries__entry_kind=key[0], entries__key=key[1], stage__in=LIVE)
        .select_related("submitted_by")
        .order_by("-pk")
        .first()
    )
    note = ""
    if submission is not None and submission.stage == Stage.RETURNED:
        note = submission.reviews.order_by("-pk").values_list("note", flat=True).first() or ""
    drafted = versions.drafted([key])
    return EntryState(
        submission=submission,
        returned_because=note,
        missing=shortcomings(drafted).get(key, []),
        presence=presence.sentences(entry, user, at),
        remarks=_remarks(submission, key),
        public_page=page_of_entry(*key) if entry.public_version is not None else "",
    )


def _remarks(submission: Submission | None, key: versions.Key) -> list[Comment]:
    """Comments at fields of the entry in its live submission, without suggestions that were answered."""
    if submission is None:
        return []
    placed = submission.comments.filter(entry_kind=key[0], key=key[1]).select_related("by", "answer").order_by("pk")
    return [comment for comment in placed if not comment.suggestion or comment.is_open_suggestion]
