"""The rows of a file that were refused, to be corrected and handed in again: as they came, with a column of reasons."""

import csv
import io

from django.conf import settings
from django.utils.translation import override

from conflict.formulas import escaped
from conflict.message import gettext as _
from conflict.message import gettext_noop
from editorial.import_export.exceptions import Problem
from editorial.import_export.importer import Outcome
from editorial.models import ImportRun

REASON = gettext_noop("why it was refused")


def is_reason(column: str) -> bool:
    """True for the column of reasons, in any language: corrected rows come back with it."""
    return any(column.casefold() == translation(code).casefold() for code, _name in settings.LANGUAGES)


def translation(code: str) -> str:
    with override(code):
        return _(REASON)


def as_csv(run: ImportRun) -> str:
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([*run.header, _(REASON)])
    for line in run.lines.filter(outcome=Outcome.REFUSED).order_by("line", "pk").iterator():
        reason = Problem(line.line, line.column, line.reason)
        writer.writerow([*(escaped(cell) for cell in line.cells or [""] * len(run.header)), reason])
    return written.getvalue()
