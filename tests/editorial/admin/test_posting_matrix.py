"""POST requests to the desk by every role: every URL, every verb at every stage, and every bulk action.

Generated from the URLs, the verbs and the stages: one missing from a table fails.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from conflict.models import Event, Notice
from editorial.admin.submission_actions import ACTS
from editorial.models import NoticeAssignment, Submission, User
from editorial.models.stages import LIVE, Stage
from editorial.workflow import review
from tests.desk import MORNING, an_event
from tests.editorial.admin.test_permission_matrix import (
    ADMINISTRATOR,
    AUDITORS,
    CHIEF,
    EDITORS,
    EVERYBODY,
    LEADS_ELSEWHERE,
    NAMES,
    NOBODY,
    REVIEWERS,
    TESTED_WITH_THEIR_OBJECTS,
    address,
    row_of,
)

pytestmark = pytest.mark.django_db

# Who gets past the door by a POST, with an empty form: the page then says what is missing. The others get 403.
POSTED: list[tuple[str, frozenset[str]]] = [
    (r"conflict_\w+_(add|bench|change|delete|discard|dispute|journal|raise|tend)", EDITORS),
    (r"editorial_submission_unread", REVIEWERS),
    (r"editorial_report_(open|settle)", EDITORS),
    (r"conflict_\w+_together", EDITORS),
    (r"watch|inbox_read|filter_save", EVERYBODY),
    (r"conflict_\w+_retract", CHIEF),
    (r"conflict_\w+_erase", AUDITORS),
    (r"editorial_dispute_(reply)", EVERYBODY),
    (r"editorial_submission_propose", EDITORS),
    (r"editorial_(importrun|sheetmapping)_add", EDITORS),
    (r"editorial_partner_(add|change|issue|revoke|rotate)", AUDITORS),
    (
        r"editorial_webhook_(change|edit|rotate|pause|resume|test)|editorial_(partner_webhook|delivery_send_again)",
        AUDITORS,
    ),
    (r"editorial_user_(add|change|roles)|auth_user_password_change", ADMINISTRATOR),
    (r"(editorial|auth|account|mfa|procrastinate)_\w+_(add|change|delete)", NOBODY),
]
# A POST to these asks nothing else than a GET, or settles what the verbs' own tests settle.
ASKS_NO_MORE = r"index|find|language|hints|inbox|filter_forget|app_list|jsi18n|password_change_done|\w+_(changelist|history|compare|preview|accounts|export|tables)|editorial_(dispute_(settle|change)|auditentry_\w+|delivery_change|(importrun|proposal|report|sheetmapping)_change|submission_(act|change))"


class TestEveryAddressByAPost:
    def test_is_in_the_table(self):
        others = "|".join([LEADS_ELSEWHERE, ASKS_NO_MORE, "logout", *TESTED_WITH_THEIR_OBJECTS])

        assert [n for n in NAMES if row_of(n, POSTED) is None and not re.fullmatch(others, n)] == []

    def test_is_refused_to_exactly_the_roles_that_are_not_in_the_table(self, things, cast, at_desk):
        clients = {role: at_desk(user) for role, user in cast.items()}
        wrong, asked = {}, 0
        for name in NAMES:
            url, allowed = address(name, things), row_of(name, POSTED)
            if url is None or allowed is None or re.fullmatch(f"{LEADS_ELSEWHERE}|{ASKS_NO_MORE}", name):
                continue
            asked += 1
            answers = {}
            for role, client in clients.items():
                with undone():
                    answers[role] = client.post(url, {}).status_code
            passed = {role for role, status in answers.items() if status != 403}
            if passed != allowed or any(status >= 500 for status in answers.values()):
                wrong[name] = answers

        assert asked > 60
        assert wrong == {}


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is done within is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# By verb: who may call it at all (of a submission that the contributor proposed), and where it leads from which stage.
VERBS: dict[str, tuple[frozenset[str], dict[Stage, Stage]]] = {
    "claim_review": (REVIEWERS, {Stage.OPEN: Stage.OPEN}),
    "approve": (REVIEWERS, {Stage.OPEN: Stage.APPROVED}),
    "return_for_revision": (REVIEWERS, {Stage.OPEN: Stage.RETURNED, Stage.APPROVED: Stage.RETURNED}),
    "publish": (CHIEF, {Stage.APPROVED: Stage.PUBLISHED}),
    "schedule": (CHIEF, {Stage.APPROVED: Stage.APPROVED}),
    "resubmit": (frozenset({"contributor"}), dict.fromkeys((Stage.OPEN, Stage.RETURNED, Stage.APPROVED), Stage.OPEN)),
    "consent": (frozenset({"contributor"}), {stage: stage for stage in LIVE}),
    "withdraw_submission": (
        frozenset({"contributor", "managing editor"}),
        dict.fromkeys((Stage.OPEN, Stage.RETURNED, Stage.APPROVED), Stage.WITHDRAWN),
    ),
    "publish_in_emergency": (CHIEF, {Stage.OPEN: Stage.PUBLISHED}),
    "comment": (EVERYBODY, {stage: stage for stage in Stage}),
    "tick": (REVIEWERS, {Stage.OPEN: Stage.OPEN}),
    "return_entry": (REVIEWERS, {Stage.OPEN: Stage.OPEN}),
    "take_suggestion": (frozenset({"contributor"}), {stage: stage for stage in LIVE}),
    "decline_suggestion": (frozenset({"contributor"}), {stage: stage for stage in LIVE}),
}


class TestEveryVerbByRoleAndStage:
    def test_is_in_the_table(self):
        assert VERBS.keys() == ACTS.keys()

    @pytest.mark.parametrize("stage", sorted(Stage))
    def test_is_offered_and_done_as_the_table_has_it(self, submission, cast, at_desk, stage):
        at_stage(submission, stage, cast)
        page = reverse("admin:editorial_submission_change", args=[submission.pk])
        given = {"digest": submission.digest, "note": "Because.", "publish_at": "2099-01-01 09:00"}
        wrong = {}
        for role, user in cast.items():
            client = at_desk(user)
            offered = {act.verb for act in client.get(page).context["acts"]}
            for verb, (roles, leads) in VERBS.items():
                with undone():
                    url = reverse("admin:editorial_submission_act", args=[submission.pk, verb])
                    status = client.post(url, given).status_code
                    submission.refresh_from_db()
                found = (verb in offered, status, submission.stage)
                may_now = role in roles and stage in leads
                expected = (may_now, 302 if role in roles else 403, leads[stage] if may_now else stage)
                if found != expected:
                    wrong[role, verb] = (found, expected)

        assert wrong == {}


def at_stage(submission: Submission, stage: Stage, cast: dict[str, User]) -> None:
    reviewer, chief, at = cast["reviewer"], cast["managing editor"], MORNING + timedelta(hours=1)
    if stage in (Stage.APPROVED, Stage.PUBLISHED):
        review.approve(submission=submission, by=reviewer, at=at)
    if stage == Stage.PUBLISHED:
        review.publish(submission=submission, by=chief, at=at)
    if stage == Stage.RETURNED:
        review.return_for_revision(submission=submission, by=reviewer, at=at, note="Who says so?")
    if stage == Stage.WITHDRAWN:
        review.withdraw_submission(submission=submission, by=chief, at=at)
    submission.refresh_from_db()
    assert submission.stage == stage


class TestABulkAction:
    """A side door of its own: forged for an account that is not offered it, or over entries one may not touch."""

    @pytest.mark.parametrize("action", ["submit_for_review", "delete_selected", "take_into_care"])
    def test_is_refused_to_who_may_not(self, published, draft, administrator, at_desk, action):
        notice = Notice.objects.create(key="n", kind="disputed", reason="?", event=draft)
        kind, row = ("notice", notice) if action == "take_into_care" else ("event", draft)

        answer = at_desk(administrator).post(
            reverse(f"admin:conflict_{kind}_changelist"),
            {"action": action, "_selected_action": [row.pk], "post": "yes", "index": 0},
        )

        assert answer.status_code == 403
        assert (Event.objects.count(), Notice.objects.count(), Submission.objects.count()) == (1, 1, 1)
        assert not NoticeAssignment.objects.exists()

    def test_deletes_nothing_where_one_of_the_chosen_is_public(self, published, draft, desk):
        other = an_event("2014-01-01-more")
        url = reverse("admin:conflict_event_changelist")
        chosen = {"action": "delete_selected", "_selected_action": [draft.pk, other.pk]}
        confirming = desk.post(url, chosen)

        page = desk.post(url, {**chosen, "post": "yes", "edition": confirming.context["edition"]}, follow=True)

        assert "Cannot delete events" in page.content.decode()
        assert f"The event {draft.key} has been published: withdraw it" in page.content.decode()
        assert Event.objects.count() == 2

    def test_submits_nothing_where_one_of_the_chosen_is_in_another_submission(self, submission, draft, desk):
        other = an_event("2014-01-01-more")
        given = {
            "submit": "yes",
            "entry": [f"event:{other.key}", f"event:{draft.key}"],
            "reason": "More.",
            "change_kind": "new",
        }

        page = desk.post(reverse("admin:editorial_submission_propose"), given).content.decode()

        assert f"Already submitted and not settled: event {draft.key} in submission {submission.pk}." in page
        assert Submission.objects.count() == 1
