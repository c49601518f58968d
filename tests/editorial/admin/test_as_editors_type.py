"""Texts and dates as editors type and paste them into desk forms, and the resulting notes."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from conflict.models import Event
from tests.editorial.admin.conftest import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def saved(draft, desk):
    """`saved(title="…")` saves the event's form with these fields changed; the answer."""

    def save(**typed):
        address = reverse("admin:conflict_event_change", args=[draft.pk])
        return desk.post(address, filled_in(desk.get(address).content.decode(), **typed))

    return save


def said(answer):
    return " ".join(str(message) for message in get_messages(answer.wsgi_request))


class TestADate:
    @pytest.mark.parametrize(
        ("typed", "when"), [("9 June 2019", "2019-06-09"), ("Jan 2013", "2013-01"), ("2013-01-1X", "2013-01-1X"), ("8–10 February 2013", "2013-02-08/2013-02-10")]
    )  # fmt: skip
    def test_is_stored_as_edtf(self, typed, when, draft, saved):
        assert saved(when=typed).status_code == 302

        draft.refresh_from_db()
        assert draft.when == when

    def test_is_echoed_as_it_was_understood(self, saved):
        assert "When: “9 June 2019” was read as 2019-06-09, 9 June 2019." in said(saved(when="9 June 2019"))

    @pytest.mark.parametrize(
        ("typed", "sentence"),
        [("10/01/2013", "can be 2013-01-10 or 2013-10-01"), ("2013-02-30", "the calendar does not have"), ("2013-01-X1", "leaves out a digit"), ("soon", "is not a date")],
    )  # fmt: skip
    def test_is_refused_in_a_sentence(self, typed, sentence, draft, saved):
        answer = saved(when=typed)

        assert answer.status_code == 200
        assert sentence in answer.content.decode()


class TestAText:
    def test_has_what_nobody_sees_taken_out_and_it_is_said(self, draft, saved):
        answer = saved(title="Konna\u00a0falls\u200b again", summary="First.\x0bSecond.\x07")

        draft.refresh_from_db()
        assert (draft.title, draft.summary) == ("Konna falls again", "First.\nSecond.")
        assert "Title: 1 special space, 1 invisible character" in said(answer)
        assert "Summary: 2 control characters" in said(answer)

    def test_keeps_its_line_ends_where_only_the_title_changes(self, draft, saved):
        Event.objects.filter(pk=draft.pk).update(summary="First.\r\nSecond.\u00a0Third")

        saved(title="Konna taken")

        draft.refresh_from_db()
        assert (draft.title, draft.summary) == ("Konna taken", "First.\r\nSecond.\u00a0Third")
        newest = draft.history.order_by("-pgh_id").first()
        assert newest.summary == "First.\r\nSecond.\u00a0Third"

    def test_posted_with_the_line_ends_of_browsers_changes_nothing(self, draft, saved):
        Event.objects.filter(pk=draft.pk).update(summary="First.\nSecond.")
        before = draft.history.count()

        saved(summary="First.\r\nSecond.")

        assert draft.history.count() == before


class TestALargeForm:
    def test_has_room_for_every_claim_of_an_event(self, draft, desk):
        for number in range(50):
            draft.claims.create(key=f"more-{number}", kind="figure", measure="killed", statement="Some died.")
        address = f"{reverse('admin:conflict_event_change', args=[draft.pk])}?open=all"
        form = filled_in(desk.get(address).content.decode(), title="Konna taken")

        assert len(form) > 1000
        assert desk.post(address, form).status_code == 302
        draft.refresh_from_db()
        assert draft.title == "Konna taken"
