"""The invented world of the benchmarks, in small: it keeps up with models and documents."""

import pytest

from conflict.record.models import PublishedEvent
from tests.benchmarks import generate
from tests.benchmarks.desk_rows import Desk
from tests.benchmarks.world import World


@pytest.mark.django_db
class TestTheInventedWorld:
    def test_is_published_as_the_desk_has_it(self):
        world, desk = World(101), Desk()
        events = [("event", document) for document in world.events_from(0, 101)]
        notices = [("notice", document) for document in world.notices(0, 101)]

        generate.publish(desk, [*world.shared(), *events, *notices], generate.BEGUN_AT)
        generate.compare()

        assert PublishedEvent.objects.count() == 101
