"""Importable data sets by name, and custom tables by mapping."""

from editorial.import_export.acled import ACLED
from editorial.import_export.dataset import Dataset
from editorial.import_export.ged import UCDP_GED
from editorial.import_export.sheet import dataset_for
from editorial.models import ImportRun

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in (UCDP_GED, ACLED)}


def dataset_of(run: ImportRun) -> Dataset:
    return dataset_for(run.mapping) if run.mapping else DATASETS[run.dataset]
