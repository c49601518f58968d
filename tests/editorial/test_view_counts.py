"""Counts of how often readers open an entry's page: nothing but a kind, a key and a number, added once a minute."""

from collections import Counter
from unittest.mock import MagicMock

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory

from conflict.vocabulary import EntryKind, ReviewState
from editorial import view_counts
from editorial.models import ViewCount
from editorial.view_counts import CountViews
from editorial.workflow import publisher, readings
from tests.desk import MORNING, an_event


@pytest.fixture
def counting(settings):
    settings.COUNT_VIEWS = True
    return CountViews(lambda request: HttpResponse(status=int(request.GET.get("status", 200))))


def opened(counting: CountViews, path: str, **headers: str) -> None:
    counting(RequestFactory().get(path, headers=headers))


class TestAViewOfAPage:
    def test_counts_for_its_entry_in_every_language_and_whether_it_was_kept_or_not(self, counting):
        for path in ("/events/a/", "/fr/events/a/", "/events/a/?q=x", "/events/a/?status=304", "/places/gao/"):
            opened(counting, path)

        assert counting.counted == {("event", "a"): 4, ("location", "gao"): 1}

    def test_is_none_where_there_was_no_page_or_an_editor_looked(self, counting, settings):
        for path in (
            "/events/b/?status=404",
            "/events/b/versions/",
            "/api/v1/events/b/",
            "/actors/",
            "/embed/events/b/",
        ):
            opened(counting, path)
        opened(counting, "/events/b/", cookie=f"{settings.SESSION_COOKIE_NAME}=x")
        counting(RequestFactory().post("/events/b/"))

        assert not counting.counted

    def test_is_written_once_a_minute_and_kept_while_the_desks_database_is_away(self, counting, monkeypatch):
        written = []
        monkeypatch.setattr(view_counts, "connections", {"default": MagicMock()})
        monkeypatch.setattr(view_counts, "add", written.append)
        opened(counting, "/events/a/")
        assert not written

        counting._write(Counter({("event", "a"): 3}))
        monkeypatch.setattr(view_counts, "add", MagicMock(side_effect=OperationalError))
        counting._write(Counter({("event", "a"): 5}))

        assert written == [{("event", "a"): 3}]
        assert counting.counted == {("event", "a"): 6}


@pytest.mark.django_db
class TestTheQueueOfTheUnread:
    def test_begins_with_what_readers_open_most_after_what_was_published_in_an_emergency(self):
        an_event()
        publisher.publish_baseline(at=MORNING)
        for times in (1, 4):  # of two processes
            view_counts.add(Counter({("period", "war"): times, ("location", "konna"): 2, ("event", "gone"): 9}))

        found = readings.unread(most_read_first=True)

        assert [(entry.kind, entry.views) for entry in found[:3]] == [("period", 5), ("location", 4), ("actor", 0)]
        assert ViewCount.objects.get(key="war").times == 5
        assert {entry.key for entry in found} == {entry.key for entry in readings.unread()}
        source = publisher.PUBLISHED[EntryKind.SOURCE].objects
        source.update(review_state=ReviewState.EMERGENCY)
        assert readings.unread(most_read_first=True)[0].kind == EntryKind.SOURCE
