"""The record after an upgrade of the software: made anew by `migrate`, if other code made it."""

import dataclasses

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from conflict.record.consistency import rebuild
from conflict.record.models import ProjectionState, PublishedActor
from conflict.record.projection import version
from tests.documents import actor, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def outdated():
    """An actor whose body has something that no document says, as other code may have written it."""
    published([actor("army")])
    PublishedActor.objects.update(body="{}")


class TestMigrating:
    def test_makes_the_record_of_other_code_anew(self, outdated):
        ProjectionState.objects.update(version="of other code")

        call_command("migrate", verbosity=0)

        assert list(rebuild.differences()) == []
        assert version.is_current()

    def test_leaves_a_record_of_this_code_alone(self, outdated):
        call_command("migrate", verbosity=0)

        assert list(rebuild.differences()) != []

    def test_waits_while_tables_of_the_record_are_behind_the_code(self, outdated):
        ProjectionState.objects.update(version="of other code")
        newest = (settings.BASE_DIR / "conflict/record/migrations/max_migration.txt").read_text().strip()
        MigrationRecorder(connection).record_unapplied("record", newest)

        call_command("migrate", "conflict", verbosity=0)

        assert list(rebuild.differences()) != []
        assert not version.is_current()


def test_the_fingerprint_does_not_depend_on_the_order_of_sets(settings):
    """Each process has another one: Python hashes texts by a seed that it draws when it starts."""
    found = set()
    for turn in (sorted, lambda names: sorted(names, reverse=True)):
        articles = {article: turn(names) for article, names in settings.CHRONOLOGY.french_articles.items()}
        settings.CHRONOLOGY = dataclasses.replace(settings.CHRONOLOGY, french_articles=articles)
        found.add(version.current.__wrapped__())

    assert len(found) == 1


def test_rebuilding_notes_the_code(outdated):
    ProjectionState.objects.all().delete()

    call_command("rebuild_record")

    assert version.is_current()
