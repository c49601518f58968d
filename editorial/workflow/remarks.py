"""Remarks of readers at the desk: comments, texts suggested for a field, and entries ticked as read.

A suggestion changes nothing and makes nobody an author: whoever proposed the submission takes it, as their own edit, or
says why not.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from conflict.documents.schema_upgrades import lifted
from conflict.documents.translations import PARTS
from conflict.message import pgettext
from conflict.models import ENTRIES
from conflict.text import is_blank, line, prose
from conflict.translations import TRANSLATED
from editorial.models import Comment, Submission, SubmittedEntry, Tick, User
from editorial.models.stages import Stage
from editorial.workflow import permissions
from editorial.workflow.exceptions import WorkflowRefused
from editorial.workflow.submissions import entry_of, locked, refuse_settled, require_stage


@transaction.atomic
def comment(
    *,
    submission: Submission,
    by: User,
    at: datetime,
    text: str,
    entry: tuple[str, str] | None = None,
    place: str = "",
    suggestion: str = "",
) -> Comment:
    """Comment on a submission, or at a place in one of its entries; `suggestion` is another text for that field."""
    permissions.require(permissions.may_comment(by), by, _("comment on submissions"))
    if is_blank(text) and is_blank(suggestion):
        raise WorkflowRefused(_("The comment is empty."))
    kind, key = entry or ("", "")
    if entry is not None:
        proposed = entry_of(submission, kind, key)
        if suggestion and prose(suggestion) == prose(str(_proposed_text(proposed, place))):
            raise WorkflowRefused(_("The suggestion is what the text says already."))
    return Comment.objects.create(
        submission=submission,
        by=by,
        at=at,
        text=prose(text),
        entry_kind=kind,
        key=key,
        place=place,
        suggestion=prose(suggestion),
    )


@transaction.atomic
def take_suggestion(*, comment: Comment, by: User, at: datetime, note: str = "") -> Comment:
    """Write the suggested text into the draft, as an edit of whoever takes it; it is submitted again after that.

    Refused if the draft says something else than what the suggestion was made for.
    """
    submission = _of_open_suggestion(comment, by)
    proposed = entry_of(submission, comment.entry_kind, comment.key)
    list_name, key, field = _parsed(proposed.entry_kind, comment.place)
    entry = ENTRIES[proposed.entry_kind].objects.select_for_update(of=("self",)).get(key=comment.key)
    row: Any = getattr(entry, list_name).get(key=key) if list_name else entry
    if str(getattr(row, field)) != str(_proposed_text(proposed, comment.place)):
        raise WorkflowRefused(_("The draft says something else by now: change it by hand, or decline the suggestion."))
    with pghistory.context(user=by.pk):
        column = row._meta.get_field(field)
        setattr(row, field, line(comment.suggestion) if column.max_length else comment.suggestion)
        row.full_clean()
        row.save(update_fields=[field])
    return Comment.objects.create(submission=submission, by=by, at=at, text=prose(note), answers=comment, is_taken=True)


@transaction.atomic
def decline_suggestion(*, comment: Comment, by: User, at: datetime, note: str = "") -> Comment:
    """Leave the text as it is; whoever suggested another reads why."""
    submission = _of_open_suggestion(comment, by)
    return Comment.objects.create(submission=submission, by=by, at=at, text=prose(note), answers=comment)


@transaction.atomic
def tick(*, submission: Submission, by: User, at: datetime, entries: Iterable[tuple[str, str]]) -> int:
    """Note these entries as read by this person, in the text proposed now. The decision on the whole is another step."""
    submission = locked(submission)
    permissions.require(permissions.may_review(by), by, _("review submissions"))
    require_stage(submission, Stage.OPEN, pgettext("submission", "ticked"))
    wanted = set(entries)
    rows = [row for row in submission.entries.all() if (row.entry_kind, row.key) in wanted]
    if not rows:
        raise WorkflowRefused(_("Tick the entries that you have read."))
    Tick.objects.bulk_create(
        [
            Tick(submission=submission, entry_kind=row.entry_kind, key=row.key, sha256=row.sha256, by=by, at=at)
            for row in rows
        ],
        ignore_conflicts=True,
    )
    return len(rows)


def may_be_suggested(kind: str, place: str) -> bool:
    """True for a text of the entry, or of a claim or finding in it."""
    try:
        _parsed(kind, place)
    except WorkflowRefused:
        return False
    return True


def _of_open_suggestion(comment: Comment, by: User) -> Submission:
    if comment.submission is None or not comment.suggestion:
        raise WorkflowRefused(_("This comment suggests no text."))
    submission = locked(comment.submission)
    permissions.require(
        permissions.may_resubmit(by, submission), by, "answer suggestions to somebody else's submission"
    )
    refuse_settled(submission)
    if Comment.objects.filter(answers=comment).exists():
        raise WorkflowRefused(_("The suggestion has been answered already."))
    return submission


def _parsed(kind: str, place: str) -> tuple[str, str, str]:
    """List, key and field of a place: `title`, `claims attack-46 statement`."""
    words = place.split(" ")
    list_name, key, field = words if len(words) == 3 else ("", "", place)
    if field not in TRANSLATED.get(PARTS.get(list_name, "") if list_name else kind, ()):
        raise WorkflowRefused(_("Only a text of an entry, a claim or a finding can be suggested."))
    return list_name, key, field


def _proposed_text(proposed: SubmittedEntry, place: str) -> Any:
    """Text of the proposed document at a place."""
    list_name, key, field = _parsed(proposed.entry_kind, place)
    document = lifted(proposed.entry_kind, proposed.text) if proposed.text else {}
    row = next((row for row in document.get(list_name, ()) if row["key"] == key), {}) if list_name else document
    return row.get(field) or ""
