"""`check_desk` reports errors let in by direct writes, and nothing on a sound desk."""

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from conflict.models import Event
from editorial.models import JournalNote
from tests.desk import MORNING, an_event

pytestmark = pytest.mark.django_db


class TestCheckingTheDesk:
    def test_says_that_all_is_sound(self, capsys):
        an_event()

        call_command("check_desk")

        assert "sound" in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("field", "value"),
        [("kind", "nonsense"), ("when", "2015-02-29"), ("title", "")],
        ids=["a kind that is none", "a day that is none", "a title that is missing"],
    )
    def test_names_the_row_that_a_direct_write_spoilt(self, field, value):
        event = an_event()
        Event.objects.update(**{field: value})

        with pytest.raises(CommandError, match=event.key):
            call_command("check_desk")

    def test_names_the_key_of_an_entry_that_is_gone(self, author):
        JournalNote.objects.create(entry_kind="event", key="gone", by=author, at=MORNING, text="Look again.")

        with pytest.raises(CommandError, match="event gone, which is not on the desk"):
            call_command("check_desk")
