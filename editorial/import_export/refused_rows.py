"""The rows of a file that were refused, to be corrected and handed in again: as they came, with a column of reasons."""

import csv
import io

from conflict.formulas import escaped
from editorial.import_export.importer import Outcome
from editorial.models import ImportRun

REASON = "why it was refused"


def as_csv(run: ImportRun) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([*run.header, REASON])
    for line in run.lines.filter(outcome=Outcome.REFUSED).order_by("line", "pk").iterator():
        reason = f"line {line.line}{f', {line.column}' if line.column else ''}: {line.reason}"
        writer.writerow([*(escaped(cell) for cell in line.cells or [""] * len(run.header)), reason])
    return written.getvalue()
