"""Relations between claims: of two, only one can be a part or a revision of the other."""

import pytest
from django.db import IntegrityError, connection, transaction

from conflict.models import Claim, ClaimRelation
from editorial.import_export import bulk_copy
from editorial.workflow import publisher
from tests.desk import MORNING, an_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def claims():
    return [an_event(key).claims.get() for key in ("2013-01-10-konna", "2013-01-11-konna", "2013-01-12-konna")]


def relate(one: Claim, kind: str, other: Claim) -> ClaimRelation:
    return ClaimRelation.objects.create(claim=one, kind=kind, other=other)


class TestARelationThatLeadsOneWay:
    @pytest.mark.parametrize("kind", ["revises", "supersedes", "part_of"])
    def test_does_not_lead_back_at_any_remove(self, claims, kind):
        first, second, third = claims
        relate(first, kind, second)
        relate(second, kind, third)

        for back in (first, second):
            with pytest.raises(IntegrityError, match="only one can be the part"), transaction.atomic():
                relate(third, kind, back)

    def test_is_another_thing_than_to_contradict_each_other(self, claims):
        first, second, _ = claims
        relate(first, "contradicts", second)

        assert relate(second, "contradicts", first)

    def test_is_checked_without_reading_all_others_for_each(self, claims):
        first, many = claims[0], range(400)
        made = Claim.objects.bulk_create(
            Claim(event=first.event, key=f"claim-{number}", kind=first.kind, measure="killed", statement="46 dead.")
            for number in many
        )

        with bulk_copy.many_chunks():
            rows = [(part.pk, "part_of", whole.pk) for part, whole in zip(made[::2], made[1::2], strict=True)]
            bulk_copy.insert(ClaimRelation, ["claim_id", "kind", "other_id"], rows)

        assert rows_read("conflict_claimrelation") < 10 * len(rows)


def rows_read(table: str) -> int:
    """Rows of this table that the transaction has read so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = %s", [table])
        return int(cursor.fetchone()[0])


class TestTheKeyOfAClaim:
    def test_that_was_ever_published_stays_with_its_claim(self, claims):
        first, second, _ = claims
        publisher.publish_baseline(at=MORNING)

        for key in ("another-key", second.key):
            with pytest.raises(IntegrityError, match="stays with its claim"), transaction.atomic():
                Claim.objects.filter(pk=first.pk).update(key=key)

    def test_of_a_draft_may_change(self, claims):
        assert Claim.objects.filter(pk=claims[0].pk).update(key="another-key")
