"""Closure of the record: nothing public is part of itself, in whatever order the drafts become public."""

import pytest

from conflict.record.closure import ClosureRefused
from tests.documents import event, published, ref

pytestmark = pytest.mark.django_db


def part(key: str, *wholes: str):
    return event(key, relations=[{"kind": "part_of", "event": ref("event", whole)} for whole in wholes])


class TestAnEvent:
    def test_is_not_published_as_part_of_what_is_part_of_it(self):
        published([part("war"), part("battle", "war"), part("day", "battle")])

        with pytest.raises(ClosureRefused, match="event war would be part of itself, by way of battle, day"):
            published([part("war", "day")])

        published([part("battle"), part("war", "day")])  # the other relation goes with it
