"""From an import to the public: proposed, read by somebody else, published."""

import html
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from conflict.models import Claim, Event, Period
from conflict.record.models import Publication, PublishedEvent, PublishedLocation
from editorial.import_export import proposals
from editorial.import_export.exceptions import ImportRefused
from editorial.workflow import exceptions, review
from tests.desk import MORNING, at_the_desk_of
from tests.editorial.import_export.rows import ged

pytestmark = pytest.mark.django_db


@pytest.fixture
def war(author):
    with at_the_desk_of(author):
        return Period.objects.create(key="war", title="War", position=1)


def proposed(run, by):
    return proposals.propose(run=run, by=by, at=MORNING, reason="New release of the data set.")


def published(submissions, reviewer, chief):
    for submission in submissions:
        review.approve(submission=submission, by=reviewer, at=MORNING + timedelta(minutes=1))
        review.publish(submission=submission, by=chief, at=MORNING + timedelta(minutes=2))


def test_brings_everything_that_an_event_names(war, imported, chief, reviewer):
    run = imported("ucdp-ged", ged(), ged(id="2"), period=war)

    done = proposed(run, chief)
    published(done.submissions, reviewer, chief)

    assert (done.events, done.not_ready) == (2, {})
    assert PublishedEvent.objects.count() == 2


def test_shares_actors_and_places_among_many_submissions(war, imported, chief, reviewer, monkeypatch):
    monkeypatch.setattr(proposals, "EVENTS_AT_ONCE", 2)
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
    assert Claim.objects.get(key="ucdp-ged-1-killed").best == 9
    assert PublishedEvent.objects.get(key="ucdp-ged-1").publication.version == 1


def test_brings_the_point_that_a_later_release_gives_a_division(war, imported, chief, reviewer):
    published(proposed(imported("ucdp-ged", ged(), period=war), chief).submissions, reviewer, chief)
    of_district = ged(id="2", where_prec="3", where_coordinates="Alpha district")

    done = proposed(imported("ucdp-ged", ged(), of_district, period=war), chief)
    published(done.submissions, reviewer, chief)

    assert done.submissions[0].title == "1 place: UCDP Georeferenced Event Dataset"
    assert PublishedLocation.objects.get(label="Alpha district").latitude == Decimal("14.5")


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

    with pytest.raises(exceptions.FourEyes):
        review.approve(submission=done.submissions[0], by=chief, at=MORNING)


def test_waits_for_the_import(previewed, chief):
    run, _ = previewed("ucdp-ged", ged())

    with pytest.raises(ImportRefused):
        proposed(run, chief)

    assert not Event.objects.exists()


def claims_in_public(client):
    return {
        claim["key"].removeprefix("ucdp-ged-1-"): claim
        for claim in client.get("/api/v1/events/ucdp-ged-1/").json()["claims"]
    }


def test_reaches_readers_as_claims_of_its_compiler_with_its_sources(war, imported, client, chief, reviewer):
    run = imported("ucdp-ged", ged(low="0", best="0", high="7961"), period=war, release="1.1")
    assert client.get("/api/v1/events/ucdp-ged-1/").status_code == 404

    published(proposed(run, chief).submissions, reviewer, chief)

    claims = claims_in_public(client)
    assert [claims["killed"][bound] for bound in ("low", "best", "high")] == [0, 0, 7961]
    for name in ("killed", "deaths-a"):
        assert [party["key"] for party in claims[name]["claimant"]] == ["ucdp"]
        assert "ucdp-ged-11" in [citation["source"]["key"] for citation in claims[name]["citations"]]
    assert {citation["source"]["name"] for citation in claims["killed"]["citations"]} >= {"Clash in Alpha"}
    page = html.unescape(client.get("/events/ucdp-ged-1/").content.decode())
    assert all(claims[name]["statement"] in page for name in ("killed", "deaths-a"))


def test_of_a_later_release_is_read_old_beside_new_and_kept_as_versions(war, imported, client, chief, reviewer):
    published(proposed(imported("ucdp-ged", ged(), period=war, release="1.1"), chief).submissions, reviewer, chief)

    (submission,) = proposed(imported("ucdp-ged", ged(best="9"), release="2.1"), chief).submissions
    client.force_login(reviewer)
    page = client.get(reverse("admin:editorial_submission_change", args=[submission.pk])).content.decode()
    assert "<del>8</del>" in page
    assert "<ins>9</ins>" in page
    assert claims_in_public(client)["killed"]["best"] == 8
    published([submission], reviewer, chief)

    assert claims_in_public(client)["killed"]["best"] == 9
    versions = [
        {claim["key"]: claim["best"] for claim in json.loads(publication.document)["claims"]}["ucdp-ged-1-killed"]
        for publication in Publication.objects.of("event", "ucdp-ged-1").order_by("number")
    ]
    assert versions == [8, 9]


def test_proposes_what_changed_apart_from_what_is_new(war, imported, chief, reviewer):
    published(proposed(imported("ucdp-ged", ged(), period=war), chief).submissions, reviewer, chief)
    run = imported("ucdp-ged", ged(best="9"), ged(id="2"), period=war)

    done = proposals.propose(run=run, by=chief, at=MORNING, reason="Later release.", what="changed")

    (submission,) = done.submissions
    assert [entry.key for entry in submission.entries.filter(entry_kind="event")] == ["ucdp-ged-1"]


def test_proposes_so_many_at_once_and_the_rest_afterwards(war, imported, chief, monkeypatch):
    monkeypatch.setattr(proposals, "EVENTS_AT_ONCE", 2)
    run = imported("ucdp-ged", *(ged(id=str(number)) for number in range(1, 6)), period=war)

    first = proposals.propose(run=run, by=chief, at=MORNING, reason="New.", most=2)
    second = proposals.propose(run=run, by=chief, at=MORNING, reason="New.")

    assert (first.events, first.waiting, second.events, second.waiting) == (2, 3, 3, 0)
