"""The gaps counted on the desk are those shown to readers."""

import pytest

from conflict.models import ENTRIES, Citation, Event, Finding, Participation, Source
from conflict.record.models import PublishedEvent
from editorial.analysis import coverage
from editorial.workflow.publisher import documents_of
from tests.desk import an_event
from tests.documents import published


@pytest.fixture
def events(db):
    """Events that cite nothing, one source or two: themselves, by a claim, a part taken, or a finding."""
    one, two = (
        Source.objects.create(key=f"source-{number}", kind="unresolved", resolved=False, number=number)
        for number in (8, 9)
    )
    for key in ("none", "own", "claim", "part", "finding", "same", "two"):
        an_event(key)
    Citation.objects.all().delete()
    made = {event.key: event for event in Event.objects.all()}
    finding = Finding.objects.create(
        event=made["finding"], key="f", aspect="occurrence", grade="fair", rule="single_claim", reason="Said."
    )
    for target in (
        {"event": made["own"]},
        {"claim": made["claim"].claims.get()},
        {"participation": Participation.objects.get(event=made["part"])},
        {"finding": finding},
        {"event": made["same"]},
        {"claim": made["same"].claims.get()},
        {"event": made["two"]},
    ):
        Citation.objects.create(source=one, **target)
    Citation.objects.create(source=two, participation=Participation.objects.get(event=made["two"]))


def keys(rows):
    return set(rows.values_list("key", flat=True))


class TestAGap:
    def test_of_sources_counts_whatever_the_event_says(self, events):
        assert keys(coverage.events_citing_nothing(Event.objects.all())) == {"none"}
        assert keys(coverage.events_citing_one_source(Event.objects.all())) == {
            "own",
            "claim",
            "part",
            "finding",
            "same",
        }

    def test_of_sources_is_the_one_that_readers_are_told_of(self, events):
        published(
            (kind, document) for kind, model in ENTRIES.items() for _key, document in documents_of(model.objects.all())
        )

        assert keys(PublishedEvent.objects.with_single_source()) == keys(
            coverage.events_citing_one_source(Event.objects.all())
        )
        assert keys(PublishedEvent.objects.without_source()) == keys(
            coverage.events_citing_nothing(Event.objects.all())
        )
