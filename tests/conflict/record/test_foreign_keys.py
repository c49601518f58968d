"""Foreign keys of events that are published in large numbers."""

import pytest
from django.db import IntegrityError, transaction

from conflict.record.bulk_copy import Rows, copy
from conflict.record.models import PublishedReference
from conflict.record.projection.foreign_keys import checked_with_each_copy


def refer(column: str) -> None:
    copy([Rows(PublishedReference, ("from_kind", "from_key", column), [("event", "konna", "nowhere")])])


@pytest.mark.django_db
class TestForeignKeysOfEvents:
    @pytest.mark.parametrize("column", ["actor_id", "location_id", "source_id", "period_id"])
    def test_are_checked_with_each_copy_within_the_block_alone(self, column):
        with transaction.atomic():
            with checked_with_each_copy(), pytest.raises(IntegrityError, match=column), transaction.atomic():
                refer(column)
            refer(column)
            transaction.set_rollback(True)

    @pytest.mark.parametrize("column", ["event_id", "claim_id"])
    def test_wait_for_the_end_where_what_they_name_may_be_written_later(self, column):
        with transaction.atomic():
            with checked_with_each_copy():
                refer(column)
            transaction.set_rollback(True)
