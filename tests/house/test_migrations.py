"""No model has changed without its migration."""

import io

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing():
    said = io.StringIO()

    try:
        call_command("makemigrations", check_changes=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(f"Run makemigrations and commit what it writes:\n{said.getvalue()}")
