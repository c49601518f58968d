"""Inbox of one person: what came for them since they last looked, and what waits for somebody."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.messages.storage.cookie import CookieStorage
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from conflict.models import ENTRIES
from conflict.record.models import Publication
from editorial.admin import history
from editorial.analysis import coverage
from editorial.models import AuditEntry, Comment, Report, Review, SavedFilter, Submission, User, Watch
from editorial.models.stages import Stage
from editorial.workflow import edit_history, permissions, restricted_sources, watches

MOST = 100  # of a kind


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that came, with the page to act on it."""

    at: datetime
    what: str
    title: str
    address: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A number of things that wait for anybody who may do them."""

    count: int
    what: str
    address: str


def items(site: Any, user: User, after: datetime) -> list[Item]:
    """Items since a moment, newest first."""
    kinds = (_to_review, _reviews, _published, _comments)
    found = [*(item for of_kind in kinds for item in of_kind(user, after)), *_watched(site, user, after)]
    return sorted(found, key=lambda item: item.at, reverse=True)


def waiting(user: User, at: datetime) -> Iterator[Waiting]:
    """Reports of readers, and translations that have grown older than their text."""
    if user.has_perm("editorial.view_report") and (count := coverage.about(Report.objects.waiting())):
        what = ngettext("report of a reader, not opened yet", "reports of readers, not opened yet", count)
        yield Waiting(count, what, f"{reverse('admin:editorial_report_changelist')}?state=waiting")
    if user.has_perm("conflict.view_event"):
        for gap, count in zip(coverage.GAPS, coverage.counted(at).gaps, strict=True):
            if count and "translation" in gap.narrowed:
                yield Waiting(count, str(gap.label), _listed(gap.listed, gap.narrowed))


def _listed(name: str, narrowed: Any) -> str:
    asked = QueryDict(mutable=True)
    asked.update(narrowed)
    return f"{reverse(f'admin:{name}_changelist')}?{asked.urlencode()}"


def _submission(pk: int) -> str:
    return reverse("admin:editorial_submission_change", args=[pk])


def _to_review(user: User, after: datetime) -> Iterator[Item]:
    if permissions.may_review(user):
        waiting_for = Submission.objects.filter(stage=Stage.OPEN, submitted_at__gt=after).exclude(submitted_by=user)
        for submission in waiting_for.order_by("-pk")[:MOST]:
            address = _submission(submission.pk)
            yield Item(submission.submitted_at, _("Waits for a review"), submission.title, address, submission.reason)


def _reviews(user: User, after: datetime) -> Iterator[Item]:
    mine = Review.objects.filter(submission__submitted_by=user, at__gt=after).exclude(by=user)
    labels = {
        Review.Verdict.RETURNED: _("Returned to you for revision"),
        Review.Verdict.APPROVED: _("Approved"),
    }
    for review in mine.select_related("submission").order_by("-pk")[:MOST]:
        title, address = review.submission.title, _submission(review.submission_id)
        yield Item(review.at, labels[Review.Verdict(review.verdict)], title, address, review.note)


def _published(user: User, after: datetime) -> Iterator[Item]:
    steps = AuditEntry.objects.filter(submission__submitted_by=user, at__gt=after, verb__startswith="publi")
    for step in steps.exclude(by=user).select_related("submission").order_by("-pk")[:MOST]:
        submission: Any = step.submission
        label = _("Could not be published") if step.verb == "publication_failed" else _("Published")
        yield Item(step.at, label, submission.title, _submission(submission.pk), step.why)


def _comments(user: User, after: datetime) -> Iterator[Item]:
    """Comments on the user's own submissions, on those they commented on or are named in, and on their suggestions."""
    theirs = Comment.objects.filter(at__gt=after, submission__isnull=False).exclude(by=user)
    named = Q(text__iregex=rf"(^|[^\w])@{re.escape(user.get_username())}($|[^\w])")  # @author, in any case
    joined = Comment.objects.filter(by=user, submission__isnull=False).values("submission")
    for comment in (
        theirs.filter(Q(submission__submitted_by=user) | Q(submission__in=joined) | named)
        .annotate(names_me=ExpressionWrapper(named, BooleanField()))
        .select_related("submission", "answers")
        .order_by("-pk")[:MOST]
    ):
        submission: Any = comment.submission
        label = _("You are asked") if comment.names_me else pgettext("inbox", "Comment")
        if comment.answers_id:
            label = _("Suggestion taken") if comment.is_taken else _("Suggestion left")
        elif comment.suggestion:
            label = _("Suggested text")
        where = f"#{comment.entry_kind}-{comment.key}" if comment.key else ""
        text = comment.text or comment.suggestion
        yield Item(comment.at, label, submission.title, f"{_submission(submission.pk)}{where}", text)


def _watched(site: Any, user: User, after: datetime) -> Iterator[Item]:
    for watch in Watch.objects.filter(user=user).select_related("saved_filter").order_by("pk")[:MOST]:
        since = max(after, watch.since)
        if watch.saved_filter is not None:
            yield from _of_filter(site, user, watch.saved_filter, since)
        else:
            yield from _of_entry(user, watch, since)


def _of_entry(user: User, watch: Watch, since: datetime) -> Iterator[Item]:
    entry: Any = restricted_sources.visible(ENTRIES[watch.entry_kind].objects.filter(key=watch.key), user).first()
    if entry is None:
        return
    address = reverse(f"admin:conflict_{watch.entry_kind}_change", args=[entry.pk])
    if entry.modified_at > since:
        others = [change for change in history.since(entry, since) if change.who != user.get_username()]
        if others:
            who = ", ".join(sorted({change.who for change in others}))
            yield Item(others[0].at, _("Changed at the desk"), str(entry), f"{address}history/", who)
    for step in Publication.objects.of(watch.entry_kind, watch.key).filter(published_at__gt=since).defer("document"):
        yield Item(step.published_at, str(step.get_change_kind_display()), str(entry), address, step.reason)


def _of_filter(site: Any, user: User, saved: SavedFilter, since: datetime) -> Iterator[Item]:
    rows = narrowed(site, user, saved)
    if rows is None:
        return
    moment = watches.WATCHABLE[rows.model]
    new = rows.filter(**{f"{moment}__gt": since})
    if "__" in moment:  # the moment of its entry, in which something else may have changed
        new = edit_history.changed_since(new, since)
    newest, count = new.order_by(f"-{moment}").values_list(moment, flat=True).first(), coverage.about(new)
    if newest is not None:
        label = _("%(count)d new or changed") % {"count": count}
        yield Item(newest, label, saved.name, address_of(saved))


def address_of(saved: SavedFilter) -> str:
    return f"{reverse(f'admin:{saved.listed}_changelist')}?{saved.query}"


def narrowed(site: Any, user: User, saved: SavedFilter) -> Any:
    """Rows of a saved filter, as its list shows them to this person; None if the list is not theirs or refuses it."""
    model = watches.LISTS.get(saved.listed)
    if model is None:
        return None
    request = HttpRequest()
    request.GET, request.user, request.method = QueryDict(saved.query), user, "GET"
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # a filter may say what it did not find
    admin = site.get_model_admin(model)
    if not admin.has_view_permission(request):
        return None
    with suppress(IncorrectLookupParameters):
        return admin.get_changelist_instance(request).get_queryset(request)
    return None
