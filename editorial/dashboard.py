"""Dashboard of the desk: open tasks of a person, and gaps in the chronology. Every number links to its list."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conflict.models import ENTRIES, Notice
from conflict.models.notice import POINTS_AT, past_review
from conflict.ops.worker_state import worker_state
from conflict.record import anchors, clock
from conflict.vocabulary import EntryKind, ReviewState
from editorial.analysis import coverage
from editorial.first_steps import FirstStep, first_steps
from editorial.import_export.permissions import may_import_dataset
from editorial.models import Dispute, Erasure, ImportRun, Proposal, Report, Submission, User, Webhook
from editorial.models.stages import DisputeStage, Stage
from editorial.workflow import emergencies, permissions, readings

LISTED = 10


@dataclass(frozen=True, slots=True)
class Line:
    """A count with its label."""

    count: int
    label: str
    address: str
    tone: str = ""

    @property
    def shown(self) -> str:
        return (
            intcomma(self.count)
            if self.count < coverage.COUNTED_UP_TO
            else (_("%(most)s or more") % {"most": intcomma(coverage.COUNTED_UP_TO)})
        )


@dataclass(frozen=True, slots=True)
class Emergency:
    """A publication in an emergency that no second person has read yet."""

    submission: Submission
    published_at: datetime
    is_overdue: bool


@dataclass(slots=True)
class FrontPage:
    """Contents of one person's dashboard."""

    first_steps: list[FirstStep] = field(default_factory=list)
    emergencies: list[Emergency] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)  # about the software itself
    waiting: list[Line] = field(default_factory=list)
    to_review: list[Submission] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)  # past their review date
    gaps: list[Line] = field(default_factory=list)
    thin_years: list[Line] = field(default_factory=list)
    thin_periods: list[Line] = field(default_factory=list)
    counted_at: datetime | None = None  # time of the count of gaps, if cached

    @property
    def something_waits(self) -> bool:
        return any(line.count for line in self.waiting)

    @property
    def nothing_in(self) -> list[Line]:
        """Empty lists, linked all the same."""
        return [line for line in self.waiting if not line.count]


def front_page(user: User, at: datetime) -> FrontPage:
    """Reads the clock from `at`; a fixed number of queries."""
    page = FrontPage(first_steps=first_steps(user))
    if user.has_perm("editorial.view_submission"):
        page.emergencies = [
            Emergency(one, one.published_at, emergencies.is_overdue(one.published_at, at))
            for one in emergencies.waiting().select_related("submitted_by")[:LISTED]
        ]
        page.alarms = list(_alarms(at))
        page.waiting = list(_waiting(user, at))
        if permissions.may_publish(user):
            page.alarms += filter(None, [clock.fault()])
            if settings.TIMESTAMP_AUTHORITIES or not settings.LOOPBACK:  # nobody anchors a trial
                page.alarms += anchors.shortcomings(at)
        if permissions.may_review(user):
            open_to_me = Submission.objects.awaiting_review().exclude(submitted_by=user)
            page.to_review = list(open_to_me.select_related("submitted_by", "reviewer").oldest_first()[:LISTED])
        page.notices = _overdue(user, at) if user.has_perm("conflict.view_notice") else []
        page.disputes = list(Dispute.objects.open().select_related("opened_by").oldest_first()[:LISTED])
    if user.has_perm("conflict.view_event"):
        counts = coverage.counted(at)
        page.counted_at = counts.at if counts.at != at else None
        page.gaps = [
            Line(number, str(gap.label), listed(gap.listed, **gap.narrowed))
            for gap, number in zip(coverage.GAPS, counts.gaps, strict=True)
        ]
        page.thin_years = [
            Line(number, str(year), listed("conflict_event", year=year)) for year, number in counts.years.items()
        ]
        page.thin_periods = [
            Line(number, title, listed("conflict_event", period=pk)) for pk, title, number in counts.periods
        ]
    return page


def _alarms(at: datetime) -> Iterator[str]:
    state = worker_state()
    if state.is_silent:
        yield (
            _(
                "No worker has ever run here. Nothing scheduled is published, no webhook sent and no large file imported "
                "until whoever runs the server starts one."
            )
            if state.last_sign is None
            else _(
                "The worker has not reported for %(minutes)d minutes. Nothing scheduled is published, no webhook sent and "
                "no large file imported until whoever runs the server starts it again."
            )
            % {"minutes": state.last_sign / 60}
        )
    if overdue := Submission.objects.overdue(at).count():
        yield ngettext(
            "%(count)d scheduled submission should have been published by now. Publish it by hand, or have the worker "
            "looked at.",
            "%(count)d scheduled submissions should have been published by now. Publish them by hand, or have the "
            "worker looked at.",
            overdue,
        ) % {"count": overdue}


def _erasures(user: User, at: datetime) -> Iterator[Line]:
    """Erasures that somebody else asked for, leading to the oldest; no line if there is none, as there is no list."""
    waiting = Erasure.objects.waiting(at).exclude(asked_by=user)
    first = waiting.first()
    if first is None:
        return
    model = ENTRIES[EntryKind(first.entry_kind)]
    pk = model.objects.filter(key=first.key).values_list("pk", flat=True).first()
    name = f"admin:conflict_{model._meta.model_name}"
    address = reverse(f"{name}_erase", args=[pk]) if pk is not None else reverse(f"{name}_changelist")
    yield Line(coverage.about(waiting), _("erasures by law, to be confirmed by a second person"), address, "dispute")


def _waiting(user: User, at: datetime) -> Iterator[Line]:
    mine = Submission.objects.proposed_by(user)
    yield Line(
        coverage.about(mine.filter(stage=Stage.RETURNED)),
        _("returned to you for revision"),
        listed("editorial_submission", waiting="me"),
        "notice",
    )
    if permissions.may_review(user):
        others = Submission.objects.awaiting_review().exclude(submitted_by=user)
        yield Line(coverage.about(others), _("open for your review"), listed("editorial_submission", waiting="review"))
        unread = reverse("admin:editorial_submission_unread")
        yield Line(
            readings.count_unread(ReviewState.EMERGENCY),
            _("published in an emergency, to be read by a second person"),
            f"{unread}?state={ReviewState.EMERGENCY.value}",
            "dispute",
        )
        yield Line(
            readings.count_unread(ReviewState.NOT_YET), _("public entries that no second person has read"), unread
        )
    if permissions.may_publish(user):
        yield Line(
            coverage.about(Submission.objects.filter(stage=Stage.APPROVED)),
            _("approved, to be published"),
            listed("editorial_submission", waiting="publication"),
        )
        failed = Submission.objects.live().filter(~Q(failure=""))
        yield Line(
            coverage.about(failed),
            _("could not be published as planned"),
            listed("editorial_submission", waiting="failed"),
            "notice",
        )
    yield Line(
        coverage.about(mine.filter(stage=Stage.OPEN)),
        _("of yours, waiting for a reviewer"),
        listed("editorial_submission", waiting="reviewer"),
    )
    yield Line(
        coverage.about(Dispute.objects.open()),
        _("disputes open"),
        listed("editorial_dispute", stage__exact=DisputeStage.OPEN.value),
        "dispute",
    )
    overdue = Notice.objects.filter(past_review(at.date()))
    yield Line(
        coverage.about(overdue),
        _("notices past their review date"),
        listed("conflict_notice", state="overdue"),
        "notice",
    )
    if permissions.may_erase(user):
        yield from _erasures(user, at)
    if permissions.may_manage_keys(user):
        yield Line(
            coverage.about(Webhook.objects.paused_by_failing()),
            _("webhooks paused by themselves: too much could not be delivered"),
            listed("editorial_webhook", state="failing"),
            "notice",
        )
    if permissions.may_tend_notices(user):
        cared_for = Notice.objects.filter(assignment__to=user, resolved_on__isnull=True)
        yield Line(
            coverage.about(cared_for),
            _("open notices in your care"),
            listed("conflict_notice", care="mine", state="open"),
        )
    if user.has_perm("editorial.view_proposal"):
        yield Line(
            coverage.about(Proposal.objects.waiting()),
            _("proposals of partners, to be taken up or declined"),
            listed("editorial_proposal", state="waiting"),
        )
    if user.has_perm("editorial.view_report"):
        yield Line(
            coverage.about(Report.objects.waiting()),
            _("reports of readers, not opened yet"),
            listed("editorial_report", state="waiting"),
        )
    if may_import_dataset(user):
        yield Line(
            coverage.about(ImportRun.objects.in_progress()),
            _("imports in progress"),
            listed("editorial_importrun", progress="open"),
        )


def _overdue(user: User, at: datetime) -> list[Notice]:
    """Notices past their review date, those in the user's care first, then the longest past."""
    due = Notice.objects.filter(past_review(at.date()))
    mine_first = due.annotate(mine=Case(When(assignment__to=user, then=0), default=1))
    return list(mine_first.select_related(*POINTS_AT, "assignment__to").order_by("mine", "review_by", "pk")[:LISTED])


def listed(name: str, **narrowed: Any) -> str:
    """The address of a list, narrowed."""
    return f"{reverse(f'admin:{name}_changelist')}?{urlencode(narrowed)}"
