"""The data sets that can be imported, by name."""

from editorial.exchange.acled import ACLED
from editorial.exchange.dataset import Dataset
from editorial.exchange.ged import UCDP_GED

DATASETS: dict[str, Dataset] = {dataset.name: dataset for dataset in (UCDP_GED, ACLED)}
