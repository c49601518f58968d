"""A change of a part locks its entry before taking a history number; otherwise its author could be missed."""

import psycopg
import pytest
from django.db import transaction

from conflict.models import Event
from editorial.workflow import publisher
from tests.desk import an_event

CHANGES = {
    "a claim": "UPDATE conflict_claim SET statement = 'Late.'",
    "its party": "UPDATE conflict_claimparty SET described_as = 'somebody'",
    "a citation of a claim": "UPDATE conflict_citation SET note = 'Late.' WHERE claim_id IS NOT NULL",
    "a participation that is removed": "DELETE FROM conflict_participation",
}


@pytest.mark.django_db(transaction=True)
class TestAChangeOfAPart:
    @pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
    def test_takes_no_number_while_its_entry_is_being_published(self, log_in_as, change):
        event = an_event()
        publishing, editor = log_in_as("owner"), log_in_as("owner")
        numbers = "SELECT sum(coalesce(last_value, 0)) FROM pg_sequences WHERE sequencename LIKE '%history_pgh_id_seq'"

        with publishing.transaction():
            publishing.execute("SELECT 1 FROM conflict_event WHERE id = %s FOR UPDATE", [event.pk])
            before = publishing.execute(numbers).fetchone()
            editor.execute("SET lock_timeout = '300ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                editor.execute(change)

            assert publishing.execute(numbers).fetchone() == before

    def test_that_would_hide_or_show_a_quotation_waits_for_whatever_is_published_with_it(self, log_in_as):
        event = an_event()
        editor = log_in_as("owner")
        editor.execute("SET lock_timeout = '300ms'")

        with transaction.atomic():
            list(publisher.documents_of(Event.objects.filter(pk=event.pk)))
            with pytest.raises(psycopg.errors.LockNotAvailable):
                editor.execute("UPDATE conflict_source SET access = 'restricted'")

        editor.execute("UPDATE conflict_source SET access = 'restricted'")

    def test_of_another_entry_does_not_wait(self, log_in_as):
        event, other = an_event(), an_event("2013-01-11-konna")
        publishing, editor = log_in_as("owner"), log_in_as("owner")

        with publishing.transaction():
            publishing.execute("SELECT 1 FROM conflict_event WHERE id = %s FOR UPDATE", [event.pk])
            editor.execute("SET lock_timeout = '300ms'")
            editor.execute("UPDATE conflict_claim SET statement = 'In time.' WHERE event_id = %s", [other.pk])

            assert editor.execute("SELECT count(*) FROM conflict_claim WHERE statement = 'In time.'").fetchone() == (1,)
