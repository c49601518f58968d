"""Imports in one call, as a managing editor does them."""

import pytest

from editorial.import_export import imports
from tests.desk import MORNING
from tests.editorial.import_export.rows import written


@pytest.fixture
def previewed(tmp_path, chief):
    """`previewed("ucdp-ged", row, row)` gives the run that waits for confirmation, and its file."""

    def preview(name, *rows, tags=False, file="file.csv", **options):
        path = written(tmp_path / file, *rows, tags=tags) if rows else tmp_path / file
        run = imports.new_run(holds=name, path=path, by=chief, at=MORNING, **options)
        return imports.preview(run, path), path

    return preview


@pytest.fixture
def imported(previewed, chief):
    def bring(name, *rows, accepted=(), **options):
        run, path = previewed(name, *rows, **options)
        imports.confirm(run=run, path=path, by=chief, at=MORNING, accepted=accepted)
        return run

    return bring
