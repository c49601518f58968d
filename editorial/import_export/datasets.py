"""The data sets that can be imported, by name."""

from editorial.import_export.acled import ACLED
from editorial.import_export.dataset import Dataset
from editorial.import_export.ged import UCDP_GED

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in (UCDP_GED, ACLED)}
