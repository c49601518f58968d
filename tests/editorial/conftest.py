"""Cast of the desk's tests: four roles, and an event by the contributor that references public entries."""

from datetime import timedelta

import pytest

from conflict.models import ENTRIES
from conflict.vocabulary import ChangeKind
from editorial.accounts.roles import Role
from editorial.workflow import review, submissions
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING, an_event, at_the_desk_of, person


@pytest.fixture
def author(db):
    return person("author", Role.CONTRIBUTOR)


@pytest.fixture
def reviewer(db):
    return person("reviewer", Role.REVIEWER)


@pytest.fixture
def chief(db):
    return person("chief", Role.MANAGING_EDITOR)


@pytest.fixture
def administrator(db):
    return person("administrator", Role.ADMINISTRATOR)


@pytest.fixture
def draft(author):
    """An event that the author wrote, with what it names; nothing of it is public."""
    with at_the_desk_of(author):
        return an_event()


@pytest.fixture
def submission(author, draft):
    entries = [
        EntryChange(kind, entry.key) for kind, model in ENTRIES.items() for entry in model.objects.in_key_order()
    ]
    return submissions.submit(
        entries=entries, by=author, at=MORNING, title="Konna", reason="First account.", change_kind=ChangeKind.NEW
    )


@pytest.fixture
def approved(submission, reviewer):
    review.approve(submission=submission, by=reviewer, at=MORNING + timedelta(minutes=10))
    submission.refresh_from_db()
    return submission


@pytest.fixture
def published(approved, chief):
    review.publish(submission=approved, by=chief, at=MORNING + timedelta(minutes=20))
    approved.refresh_from_db()
    return approved
