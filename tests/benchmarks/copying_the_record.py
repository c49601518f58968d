"""Limit of a rebuild: seconds to COPY the whole record into empty tables with its indexes.

`python -m tests.benchmarks.copying_the_record`. The rows come from a second connection as fast as they are taken.
"""

import sys
import time

import django

django.setup()

from django.db import connections, models, transaction  # noqa: E402

from conflict.record.bulk_copy import stored_columns  # noqa: E402
from conflict.record.consistency.rebuild import TABLES  # noqa: E402


def copy(table: type[models.Model]) -> None:
    name, columns = table._meta.db_table, ", ".join(f'"{column}"' for column in stored_columns(table))
    with connections["public"].cursor() as giving, connections["default"].cursor() as taking:
        giving.execute("SET statement_timeout = 0")  # readers may not take so long
        taking.execute(f"CREATE TEMPORARY TABLE like_{name} (LIKE {name} INCLUDING ALL) ON COMMIT DROP")
        with (
            giving.copy(f"COPY (SELECT {columns} FROM {name}) TO STDOUT") as given,
            taking.copy(f"COPY like_{name} ({columns}) FROM STDIN") as taken,
        ):
            for piece in given:
                taken.write(piece)


if __name__ == "__main__":
    begun = time.perf_counter()
    with transaction.atomic():
        for table in TABLES:
            copy(table)
    sys.stdout.write(f"{time.perf_counter() - begun:.3f}\n")
