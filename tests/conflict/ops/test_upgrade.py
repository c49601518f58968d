"""Going back to an older version: what would be undone is known before anything is touched."""

import io

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from conflict.management.commands.rollback import NEWEST

pytestmark = pytest.mark.django_db
OURS = {apps.get_app_config(name.rsplit(".", 1)[-1]).label: name for name in settings.FIRST_PARTY_APPS}


@pytest.fixture
def older(tmp_path):
    """A folder of the software as it was; by default with today's migrations."""

    def version(**newest: str):
        for label, name in OURS.items():
            folder = tmp_path / name.replace(".", "/") / "migrations"
            folder.mkdir(parents=True, exist_ok=True)
            today = (settings.BASE_DIR / folder.relative_to(tmp_path) / NEWEST).read_text()
            (folder / NEWEST).write_text(newest.get(label, today))
        return tmp_path

    return version


def undone(folder) -> list[str]:
    said = io.StringIO()
    call_command("rollback", folder, dry_run=True, stdout=said)
    return said.getvalue().split("\n")[:-1]


class TestARollback:
    def test_has_nothing_to_undo_for_the_same_version(self, older):
        assert undone(older()) == []

    def test_undoes_what_the_older_version_does_not_have_last_first(self, older):
        names = sorted(name for app, name in MigrationLoader(connection).disk_migrations if app == "record")

        said = undone(older(record=names[-3]))

        assert [line for line in said if "record." in line] == [f"Would undo record.{name}" for name in names[:-3:-1]]

    def test_is_refused_for_a_folder_that_holds_something_else(self, tmp_path):
        with pytest.raises(CommandError, match="holds no version of this software"):
            undone(tmp_path)

    def test_is_refused_for_a_newer_version(self, older):
        with pytest.raises(CommandError, match="is newer"):
            undone(older(record="9999_of_next_year"))

    def test_is_possible_from_every_migration(self):
        """Rolling back a release of any age needs each of them to have a way back."""
        ours = {key: one for key, one in MigrationLoader(None).disk_migrations.items() if key[0] in OURS}

        assert ours
        assert [key for key, one in ours.items() if not all(operation.reversible for operation in one.operations)] == []
