"""Notices: verbs that raise a public warning, date its review, narrow it and resolve it.

A notice is an entry like any other: each verb writes the draft and proposes it, so that a second
person reads a warning before readers do, and before it is taken from them. A resolved notice
stays public, with its reason; its versions stay in the log. Notices for editors only are never
public, so for them nothing is proposed.

That a notice is past its review date is no state of its own: it follows from the date, so it is
seen on the front page and in the list without anything having to run.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import pghistory
from django.db import transaction
from django.utils.translation import gettext_lazy

from conflict.message import gettext as _
from conflict.message import gettext_noop, of_lazy
from conflict.models import ENTRIES, Claim, Entry, Notice, Period
from conflict.models.keys import free_key
from conflict.record.models import PUBLISHED, PublishedClaim
from conflict.text import prose
from conflict.vocabulary import Audience, ChangeKind, EntryKind, NoticeKind, NoticeOrigin, kind_label
from editorial.models import AuditEntry, Dispute, NoticeAnswer, NoticeAssignment, Submission, User
from editorial.workflow import permissions
from editorial.workflow.exceptions import WorkflowRefused, refuse_empty
from editorial.workflow.submissions import EntryChange, submit


class RaisedNotice(NamedTuple):
    notice: Notice
    submission: Submission | None  # none for a notice that is for editors only


@transaction.atomic
def raise_notice(
    *,
    kind: NoticeKind,
    on: Entry | Claim | None,
    reason: str,
    by: User,
    at: datetime,
    audience: Audience = Audience.PUBLIC,
    review_by: date | None = None,
) -> RaisedNotice:
    """Warn of something on an entry or claim or, with None, on the whole chronology; proposed for review."""
    permissions.require(permissions.may_raise_notices(by), by, _("raise notices"))
    refuse_empty(reason, _("Say what the notice warns of."))
    if audience == Audience.PUBLIC:
        _refuse_target_readers_do_not_see(on)
    _refuse_past(review_by, at)
    named = on.key if on is not None else "chronology"
    with pghistory.context(user=by.pk):
        notice: Notice = Notice.objects.create(
            key=free_key(Notice, f"{kind.replace('_', '-')}-{named}"),
            kind=kind,
            audience=audience,
            origin=NoticeOrigin.DESK,
            reason=prose(reason),
            raised_on=at.date().isoformat(),
            review_by=review_by,
            whole_chronology=on is None,
            **({on.entry_kind: on} if on is not None else {}),
        )
    why = _("A warning was raised: %(kind)s.") % {"kind": of_lazy(kind.label)}
    return RaisedNotice(notice, _settle("raise_notice", [notice], by, at, why, ChangeKind.NEW, reason))


@transaction.atomic
def plan_notice_review(*, notice: Notice, review_by: date, why: str, by: User, at: datetime) -> Submission | None:
    """Set the review date. It applies on the desk at once, and for readers once it has been reviewed."""
    notice = _open_notice(notice, by)
    refuse_empty(why, _("Say why it is to be looked at by then."))
    _refuse_past(review_by, at)
    with pghistory.context(user=by.pk):
        notice.review_by = review_by
        notice.save()
    return _settle("plan_notice_review", [notice], by, at, why, ChangeKind.CORRECTION, why)


@transaction.atomic
def narrow_notice(
    *, notice: Notice, periods: Sequence[Period], why: str, by: User, at: datetime, reason: str = ""
) -> Submission | None:
    """Replace a warning on the whole chronology by one on each of these periods.

    The new ones keep its date, its review date and, without `reason`, its words; the old one is
    resolved and refers to them. All in one submission, so readers are never without the warning.
    """
    notice = _open_notice(notice, by)
    if not notice.whole_chronology:
        raise WorkflowRefused(
            _("The notice %(key)s is on %(target)s: only one on the whole can be narrowed.")
            % {"key": notice.key, "target": notice.target}
        )
    if not periods:
        raise WorkflowRefused(_("Choose the periods on which the warning still stands; or resolve it, where on none."))
    refuse_empty(why, _("Say why it no longer concerns the rest: readers are told."))
    if notice.audience == Audience.PUBLIC:
        for period in periods:
            _refuse_target_readers_do_not_see(period)
    with pghistory.context(user=by.pk):
        narrower = [_on_period(notice, period, reason) for period in periods]
        _keep_in_care(notice, narrower)
        titles = ", ".join(f"“{period.title}”" for period in periods)
        _resolve(notice, at, f"Narrowed to {titles}: {prose(why)}")
    return _settle("narrow_notice", [notice, *narrower], by, at, why, ChangeKind.NEW_EVIDENCE, notice.resolution)


@transaction.atomic
def resolve_notice(*, notice: Notice, resolution: str, by: User, at: datetime) -> Submission | None:
    """Propose that the warning no longer applies, with the reason; it stays public as settled."""
    notice = _open_notice(notice, by)
    refuse_empty(resolution, _("Say how it was resolved: readers were warned, and are told why no longer."))
    with pghistory.context(user=by.pk):
        _resolve(notice, at, prose(resolution))
    return _settle("resolve_notice", [notice], by, at, resolution, ChangeKind.NEW_EVIDENCE, resolution)


@transaction.atomic
def assign_notice(*, notice: Notice, to: User | None, by: User, at: datetime) -> NoticeAssignment | None:
    """Assign the notice to somebody, or with None to nobody. Internal to the desk: nothing is proposed."""
    permissions.require(permissions.may_tend_notices(by), by, _("assign notices"))
    if to is not None and not permissions.may_tend_notices(to):
        raise WorkflowRefused(
            _("The account %(to)s may not work on notices: choose somebody else.") % {"to": to.get_username()}
        )
    notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    NoticeAssignment.objects.filter(notice=notice).delete()
    _note("assign_notice", [notice], by, at, f"to {to.get_username()}" if to else "to nobody", None)
    return NoticeAssignment.objects.create(notice=notice, to=to, by=by, at=at) if to else None


@transaction.atomic
def answer_notice(*, notice: Notice, entries: Iterable[tuple[str, str]], by: User, at: datetime) -> list[NoticeAnswer]:
    """Note entries that answer the warning: written or corrected because of it. Internal to the desk."""
    permissions.require(permissions.may_tend_notices(by), by, _("work on notices"))
    known = {
        (kind, key)
        for kind, keys in _by_kind(entries).items()
        for key in ENTRIES[kind].objects.filter(key__in=keys).values_list("key", flat=True)
    }
    new = known - set(notice.answers.values_list("entry_kind", "key"))
    if not new:
        raise WorkflowRefused(_("Name an entry of the desk that is not among those that answer it yet."))
    return NoticeAnswer.objects.bulk_create(
        NoticeAnswer(notice=notice, entry_kind=kind, key=key, by=by, at=at) for kind, key in sorted(new)
    )


def withdraw_answer(*, answer: NoticeAnswer, by: User) -> None:
    """Take an entry off the list of those that answer the warning."""
    permissions.require(permissions.may_tend_notices(by), by, _("work on notices"))
    answer.delete()


def _by_kind(entries: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    keys: dict[str, set[str]] = defaultdict(set)
    for kind, key in entries:
        if kind in ENTRIES and kind != EntryKind.NOTICE:
            keys[kind].add(key)
    return keys


def _keep_in_care(notice: Notice, narrower: Iterable[Notice]) -> None:
    """Give the narrower warnings to the person who looked after the wide one."""
    assignment = NoticeAssignment.objects.filter(notice=notice).first()
    if assignment is not None:
        NoticeAssignment.objects.bulk_create(
            NoticeAssignment(notice=each, to=assignment.to, by=assignment.by, at=assignment.at) for each in narrower
        )


def _open_notice(notice: Notice, by: User) -> Notice:
    """Lock and return the current notice. Refuses one never published: it is a draft, to be edited as such."""
    permissions.require(permissions.may_tend_notices(by), by, _("work on notices"))
    found: Notice = Notice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if found.resolved_on:
        raise WorkflowRefused(
            _("The notice %(key)s was resolved on %(resolved_on)s: raise a new one.")
            % {"key": found.key, "resolved_on": found.resolved_on}
        )
    if open_one := Dispute.objects.open().filter(notice=found).first():
        raise WorkflowRefused(
            _("The notice %(key)s is of dispute %(open_one)s, which is open: settle the dispute.")
            % {"key": found.key, "open_one": open_one.pk}
        )
    if found.audience == Audience.PUBLIC and not _is_public(EntryKind.NOTICE, found.key):
        raise WorkflowRefused(_("The notice %(key)s is not public yet: edit the draft itself.") % {"key": found.key})
    return found


def _on_period(notice: Notice, period: Period, reason: str) -> Notice:
    made: Notice = Notice.objects.create(
        key=free_key(Notice, f"{notice.key}-{period.key}"),
        kind=notice.kind,
        audience=notice.audience,
        origin=notice.origin,
        reason=prose(reason) or notice.reason,
        raised_on=notice.raised_on,
        review_by=notice.review_by,
        period=period,
    )
    return made


def _resolve(notice: Notice, at: datetime, resolution: str) -> None:
    notice.resolved_on, notice.resolution = at.date(), resolution
    notice.save()


def _settle(
    verb: str, notices: list[Notice], by: User, at: datetime, why: str, change_kind: ChangeKind, reason: str
) -> Submission | None:
    """Propose what readers see of it, and record who did what."""
    proposed = [EntryChange(EntryKind.NOTICE, notice.key) for notice in notices if notice.audience == Audience.PUBLIC]
    submission = None
    if proposed:
        title = _title(verb, notices[0])
        submission = submit(entries=proposed, by=by, at=at, title=title, reason=reason, change_kind=change_kind)
    _note(verb, notices, by, at, why, submission)
    return submission


TITLES = {
    "raise_notice": gettext_noop("Raise"),
    "plan_notice_review": gettext_noop("Review date"),
    "narrow_notice": gettext_noop("Narrow"),
    "resolve_notice": gettext_noop("Resolve"),
}


def _title(verb: str, notice: Notice) -> str:
    target = notice.target or gettext_lazy("the whole chronology")
    named = _("%(what)s: %(which)s") % {"what": NoticeKind(notice.kind).label, "which": target}
    return _("%(what)s: %(which)s") % {"what": _(TITLES[verb]), "which": named}


def _note(
    verb: str, notices: Iterable[Notice], by: User, at: datetime, why: str, submission: Submission | None
) -> None:
    entries = [f"{EntryKind.NOTICE} {notice.key}" for notice in notices]
    AuditEntry.objects.create(verb=verb, by=by, at=at, why=why, entries=entries, submission=submission)


def _refuse_past(review_by: date | None, at: datetime) -> None:
    if review_by is not None and review_by <= at.date():
        raise WorkflowRefused(
            _("%(review_by)s has passed: choose a later day to look at it again.") % {"review_by": review_by}
        )


def _refuse_target_readers_do_not_see(on: Any) -> None:
    if on is not None and not _is_public(on.entry_kind, on.key):
        raise WorkflowRefused(
            _(
                "The %(entry_kind)s %(key)s is not public: readers cannot be warned of it. Publish it first, or make the notice one for editors only."
            )
            % {"entry_kind": kind_label(on.entry_kind), "key": on.key}
        )


def _is_public(kind: str, key: str) -> bool:
    table: Any = PublishedClaim if kind == "claim" else PUBLISHED[kind]
    return bool(table._default_manager.filter(key=key).exists())
