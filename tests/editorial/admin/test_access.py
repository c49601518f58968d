"""Typical pages of the desk in both languages, open to everybody and on every screen. All of them: access_checks.py."""

import re

import pytest
from django.urls import reverse

from tests.editorial.admin.access_checks import (  # noqa: F401  # fixtures
    LOOKS,
    clients,
    pages_of,
    proposed,
    states,
    told,
    uploaded,
    window,
)

pytestmark = [pytest.mark.django_db, pytest.mark.browser]


class TestTypicalPagesOfTheDesk:
    @pytest.mark.parametrize("language", LOOKS)
    def test_are_open_to_everybody_and_fit_every_screen(self, language, things, states, pages_of, window):  # noqa: F811
        """A list, a form refused, a review, a preview, a bench, a board, an import, the entrance."""
        asked = {
            reverse("admin:index"): "managing editor",
            reverse("admin:conflict_event_changelist"): "managing editor",
            reverse("admin:conflict_notice_tend", args=[things["notice"].pk]): "managing editor",
            **{
                url: role
                for url, role in states.items()
                if not re.search(r"[?]q=|open=all|account/(?!sign-in)|batches", url)
            },
        }

        told(window, pages_of(asked, language), LOOKS[language])
