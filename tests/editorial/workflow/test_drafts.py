"""Discarding a draft restores the published entry and leaves nobody as an author."""

from datetime import timedelta

import pytest

from conflict.models import Citation, Claim, Event, Source
from conflict.record.models import Publication
from editorial.models import AuditEntry
from editorial.workflow import drafts, publisher, review, submissions
from editorial.workflow.edit_history import authors_of
from editorial.workflow.exceptions import NotPermitted, WorkflowRefused
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING, an_event, at_the_desk_of

NOON = MORNING + timedelta(hours=3)


def text_of(event: Event) -> str:
    return submissions.publisher.steps_for(Event.objects.filter(pk=event.pk), "correction", "To look.")[0].text


class TestDiscardingADraft:
    def test_puts_back_every_part_as_it_was_published(self, published, draft, author, reviewer):
        public = Publication.objects.of("event", draft.key).get().document
        with at_the_desk_of(reviewer):
            Event.objects.filter(pk=draft.pk).update(title="A draft", summary="Half done.")
            draft.participations.all().delete()
            draft.claims.get().parties.update(described_as="somebody else")
            claim = Claim.objects.create(event=draft, key="drafted", kind="statement", statement="Drafted.")
            Citation.objects.create(claim=claim, source=Source.objects.get())
            draft.claims.get(key="2013-01-10-konna-46").citations.all().delete()

        drafts.discard_draft(kind="event", key=draft.key, by=author, at=NOON)

        assert text_of(draft) == public
        assert authors_of([("event", draft.key)]) == set()

    def test_is_refused_while_it_is_proposed(self, published, draft, author):
        with at_the_desk_of(author):
            Event.objects.filter(pk=draft.pk).update(title="A draft")
        submissions.submit(
            entries=[EntryChange("event", draft.key)],
            by=author,
            at=NOON,
            title="",
            reason="Better.",
            change_kind="correction",
        )

        with pytest.raises(WorkflowRefused, match="is proposed in submission"):
            drafts.discard_draft(kind="event", key=draft.key, by=author, at=NOON)

    def test_is_refused_where_nothing_is_public(self, draft, author):
        with pytest.raises(WorkflowRefused, match="nothing to go back to"):
            drafts.discard_draft(kind="event", key=draft.key, by=author, at=NOON)

    def test_fetches_back_what_was_moved_to_another_draft_unless_that_is_proposed(self, published, draft, author):
        public = Publication.objects.of("event", draft.key).get().document
        with at_the_desk_of(author):
            other = an_event("2013-01-11-konna")
            draft.claims.update(event=other)
        proposed = submissions.submit(
            entries=[EntryChange("event", draft.key), EntryChange("event", other.key)],
            by=author,
            at=NOON,
            title="",
            reason="New.",
            change_kind="new",
        )
        with pytest.raises(WorkflowRefused, match="is proposed in submission"):
            drafts.discard_draft(kind="event", key=draft.key, by=author, at=NOON)
        review.withdraw_submission(submission=proposed, by=author, at=NOON)

        drafts.discard_draft(kind="event", key=draft.key, by=author, at=NOON)

        assert text_of(draft) == public
        assert [claim.key for claim in other.claims.all()] == ["2013-01-11-konna-46"]
        assert AuditEntry.objects.concerning("event", other.key).filter(verb="discard_draft").exists()

    def test_is_refused_to_an_administrator(self, published, draft, administrator):
        with pytest.raises(NotPermitted):
            drafts.discard_draft(kind="event", key=draft.key, by=administrator, at=NOON)

    def test_goes_back_to_the_baseline_too(self, author):
        event = an_event()
        publisher.publish_baseline(at=MORNING)
        with at_the_desk_of(author):
            Event.objects.update(title="A draft")

        drafts.discard_draft(kind="event", key=event.key, by=author, at=NOON)

        assert Event.objects.get().title == "Konna falls"
