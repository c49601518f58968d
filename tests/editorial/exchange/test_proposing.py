"""From an import to the public: proposed, read by somebody else, published."""

from datetime import timedelta

import pytest

from conflict.models import Claim, Event, Period
from conflict.record.models import PublishedEvent
from editorial import workflow
from editorial.exchange import proposing
from editorial.exchange.refusals import ImportRefused
from tests.desk import MORNING, at_the_desk_of
from tests.editorial.exchange.rows import ged

pytestmark = pytest.mark.django_db


@pytest.fixture
def war(author):
    with at_the_desk_of(author):
        return Period.objects.create(key="war", title="War", position=1)


def proposed(run, by):
    return proposing.propose(run=run, by=by, at=MORNING, reason="New release of the data set.")


def published(submissions, reviewer, chief):
    for submission in submissions:
        workflow.approve(submission=submission, by=reviewer, at=MORNING + timedelta(minutes=1))
        workflow.publish(submission=submission, by=chief, at=MORNING + timedelta(minutes=2))


def test_brings_everything_that_an_event_names(war, imported, chief, reviewer):
    run = imported("ucdp-ged", ged(), ged(id="2"), period=war)

    done = proposed(run, chief)
    published(done.submissions, reviewer, chief)

    assert (done.events, done.not_ready) == (2, {})
    assert PublishedEvent.objects.count() == 2


def test_shares_actors_and_places_among_many_submissions(war, imported, chief, reviewer, monkeypatch):
    monkeypatch.setattr(proposing, "EVENTS_AT_ONCE", 2)
    run = imported("ucdp-ged", *(ged(id=str(number)) for number in range(1, 6)), period=war)

    done = proposed(run, chief)
    published(done.submissions, reviewer, chief)

    assert len(done.submissions) == 3
    assert PublishedEvent.objects.count() == 5


def test_of_a_later_release_proposes_what_changed_alone(war, imported, chief, reviewer):
    published(proposed(imported("ucdp-ged", ged(), ged(id="2"), period=war), chief).submissions, reviewer, chief)

    done = proposed(imported("ucdp-ged", ged(best="9"), ged(id="2")), chief)

    (submission,) = done.submissions
    assert submission.change_kind == "new_evidence"
    assert "ucdp-ged-1" in {entry.key for entry in submission.entries.all()}
    assert "ucdp-ged-2" not in {entry.key for entry in submission.entries.all()}
    assert Claim.objects.get(key="ucdp-ged-1-best").low == 9
    assert PublishedEvent.objects.get(key="ucdp-ged-1").publication.version == 1


def test_leaves_events_without_a_period_as_drafts_and_says_so(imported, chief):
    done = proposed(imported("ucdp-ged", ged()), chief)

    assert done.submissions == []
    assert done.not_ready == {"ucdp-ged-1": ["The event is filed under no period."]}


def test_proposes_nothing_twice(war, imported, chief):
    run = imported("ucdp-ged", ged(), period=war)
    proposed(run, chief)

    assert proposed(run, chief).submissions == []


def test_is_not_approved_by_who_imported_it(war, imported, chief, author):
    done = proposed(imported("ucdp-ged", ged(), period=war), author)

    with pytest.raises(workflow.FourEyes):
        workflow.approve(submission=done.submissions[0], by=chief, at=MORNING)


def test_waits_for_the_import(previewed, chief):
    run, _ = previewed("ucdp-ged", ged())

    with pytest.raises(ImportRefused):
        proposed(run, chief)

    assert not Event.objects.exists()
