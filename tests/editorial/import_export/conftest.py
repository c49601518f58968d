"""Imports in one call, as a managing editor does them."""

import pytest

from editorial.import_export import dataset_import
from editorial.import_export.datasets import DATASETS
from tests.desk import MORNING
from tests.editorial.import_export.rows import written


@pytest.fixture
def previewed(tmp_path, chief):
    """`previewed("ucdp-ged", row, row)` gives the run that waits for confirmation, and its file."""

    def preview(name, *rows, tags=False, file="file.csv", **options):
        path = written(tmp_path / file, *rows, tags=tags) if rows else tmp_path / file
        work = dataset_import.Work(DATASETS[name], path, **options)
        return dataset_import.preview(work=work, by=chief, at=MORNING), path

    return preview


@pytest.fixture
def imported(previewed, chief):
    def bring(name, *rows, **options):
        run, path = previewed(name, *rows, **options)
        dataset_import.confirm(run=run, path=path, by=chief, at=MORNING)
        return run

    return bring
