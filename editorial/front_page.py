"""The desk's front page: what waits for whom, and where the chronology is thin. Every number leads to its list."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse

from conflict.models import Claim, Event, Notice, Period, Source
from editorial import coverage, permissions
from editorial.models import Dispute, ImportRun, Submission, User, Webhook
from editorial.stages import DisputeStage, Stage

LISTED = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One number and what it counts."""

    count: int
    label: str
    address: str
    tone: str = ""

    @property
    def shown(self) -> str:
        return f"{self.count:,}" if self.count < coverage.COUNTED_UP_TO else f"{coverage.COUNTED_UP_TO:,} or more"


@dataclass(slots=True)
class FrontPage:
    """What one person sees when they come to the desk."""

    waiting: list[Line] = field(default_factory=list)
    to_review: list[Submission] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    gaps: list[Line] = field(default_factory=list)
    thin_years: list[Line] = field(default_factory=list)
    thin_periods: list[Line] = field(default_factory=list)


def front_page(user: User, at: datetime) -> FrontPage:
    """Reads the clock from `at`; a fixed number of queries."""
    page = FrontPage()
    if user.has_perm("editorial.view_submission"):
        page.waiting = list(_waiting(user, at))
        if permissions.may_review(user):
            open_to_me = Submission.objects.awaiting_review().exclude(submitted_by=user)
            page.to_review = list(open_to_me.select_related("submitted_by", "reviewer").oldest_first()[:LISTED])
        page.disputes = list(Dispute.objects.open().select_related("opened_by").oldest_first()[:LISTED])
    if user.has_perm("conflict.view_event"):
        page.gaps = list(_gaps(at))
        page.thin_years = [
            Line(count, str(year), listed("conflict_event", year=year))
            for year, count in coverage.thin_years(at.date()).items()
        ]
        page.thin_periods = [
            Line(period.event_count, period.title, listed("conflict_event", period__id__exact=period.pk))
            for period in coverage.thin_periods(Period.objects.order_by("position"))
        ]
    return page


def _waiting(user: User, at: datetime) -> Iterator[Line]:
    mine = Submission.objects.proposed_by(user)
    yield Line(
        coverage.about(mine.filter(stage=Stage.RETURNED)),
        "returned to you for revision",
        listed("editorial_submission", waiting="me"),
        "notice",
    )
    if permissions.may_review(user):
        others = Submission.objects.awaiting_review().exclude(submitted_by=user)
        yield Line(coverage.about(others), "open for your review", listed("editorial_submission", waiting="review"))
    if permissions.may_publish(user):
        yield Line(
            coverage.about(Submission.objects.filter(stage=Stage.APPROVED)),
            "approved, to be published",
            listed("editorial_submission", waiting="publication"),
        )
        failed = Submission.objects.live().filter(~Q(failure=""))
        yield Line(
            coverage.about(failed),
            "could not be published as planned",
            listed("editorial_submission", waiting="failed"),
            "notice",
        )
    yield Line(
        coverage.about(mine.filter(stage=Stage.OPEN)),
        "of yours, waiting for a reviewer",
        listed("editorial_submission", waiting="reviewer"),
    )
    yield Line(
        coverage.about(Dispute.objects.open()),
        "disputes open",
        listed("editorial_dispute", stage__exact=DisputeStage.OPEN.value),
        "dispute",
    )
    overdue = coverage.notices_past_review(Notice.objects.all(), at.date())
    yield Line(
        coverage.about(overdue), "notices past their review date", listed("conflict_notice", state="overdue"), "notice"
    )
    if permissions.may_manage_keys(user):
        yield Line(
            coverage.about(Webhook.objects.paused_by_failing()),
            "webhooks paused by themselves: too much could not be delivered",
            listed("editorial_webhook", state="failing"),
            "notice",
        )
    if user.has_perm("editorial.import_dataset"):
        yield Line(
            coverage.about(ImportRun.objects.in_progress()),
            "imports in progress",
            listed("editorial_importrun", progress="open"),
        )


def _gaps(at: datetime) -> Iterator[Line]:
    events = Event.objects.all()
    unresolved = coverage.unresolved_citations(Source.objects.all())
    yield Line(coverage.about(unresolved), "citations not yet resolved", listed("conflict_source", resolved__exact=0))
    for gap, rows, label in (
        ("one-source", coverage.events_citing_one_source(events), "events resting on a single source"),
        ("no-source", coverage.events_citing_nothing(events), "events citing nothing"),
        ("no-coordinates", coverage.events_without_coordinates(events), "events without coordinates"),
        ("no-date", coverage.events_without_date(events), "events without a date"),
        (
            "old-sources",
            coverage.events_with_old_sources(events, at.date()),
            f"events whose newest dated source is over {coverage.OLD_AFTER} years old",
        ),
    ):
        yield Line(coverage.about(rows), label, listed("conflict_event", gap=gap))
    claims = Claim.objects.all()
    yield Line(
        coverage.about(coverage.claims_without_citation(claims)),
        "claims without citation",
        listed("conflict_claim", gap="no-citation"),
    )
    yield Line(
        coverage.about(coverage.claims_without_claimant(claims)),
        "claims without claimant",
        listed("conflict_claim", gap="no-claimant"),
    )


def listed(name: str, **narrowed: Any) -> str:
    """The address of a list, narrowed."""
    return f"{reverse(f'admin:{name}_changelist')}?{urlencode(narrowed)}"
