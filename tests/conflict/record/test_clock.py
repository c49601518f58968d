"""Nothing is published unless the application and its database agree on the time."""

from datetime import timedelta

import pytest
from django.utils import timezone

from conflict.record import clock
from conflict.record.publisher import PublishingRefused

pytestmark = pytest.mark.django_db


class TestTheClock:
    def test_is_that_of_both(self):
        assert abs(clock.now() - timezone.now()) < timedelta(minutes=1)

    @pytest.mark.parametrize(
        "wrong", [timedelta(days=365), timedelta(minutes=-3)], ids=["a year ahead", "minutes behind"]
    )
    def test_that_is_wrong_by_minutes_is_refused(self, monkeypatch, wrong):
        at = timezone.now() + wrong
        monkeypatch.setattr(timezone, "now", lambda: at)

        with pytest.raises(PublishingRefused, match="until both are right"):
            clock.now()
