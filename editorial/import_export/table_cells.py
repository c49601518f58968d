"""Cells of an exported table: how a column's values are written and read back."""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.db import models
from import_export import widgets

from conflict import text, typed_dates
from conflict.message import Refusal
from conflict.message import gettext as _
from conflict.models.fields import EDTFField, EvenedOut
from editorial.import_export import references
from editorial.import_export.sheets import FALSE, TRUE
from editorial.models import User
from editorial.workflow import restricted_sources

DIGITS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
READ_AS_NUMBER = re.compile(r"[0-9]+(?:[.,](?P<places>[0-9]+))?(?P<exponent>E\+[0-9]+)?")
WHOLE = re.compile(
    r"(-?[0-9]{1,18})(?:\.0)?"
)  # 12.0, as programs write it whose numbers all have a point; 12.000 may be thousands
DECIMAL = re.compile(r"-?[0-9]{1,9}(?:[.,][0-9]{1,15})?")  # a comma in French


class TextCell(widgets.Widget):  # type: ignore[misc]  # import_export ships no types
    """Text as its column stores it."""

    def __init__(self, even_out: Callable[[str], str] = text.line) -> None:
        super().__init__()
        self.even_out = even_out

    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        return "" if value is None else self.even_out(str(value))

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return "" if value is None else str(value)


class TruthCell(TextCell):
    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        word = text.folded(value or "")
        if word not in TRUE | FALSE:
            raise Refusal(_("“%(cell)s” is neither True nor False.") % {"cell": value})
        return word in TRUE


class NumberCell(TextCell):
    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        value = text.line(value or "")
        if not value:
            return None
        if (match := WHOLE.fullmatch(value)) is None:
            raise Refusal(
                _("“%(cell)s” is not a whole number: write it without spaces, commas or points.") % {"cell": value}
            )
        return int(match[1])


class DecimalCell(TextCell):
    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        value = text.line(value or "")
        if not value:
            return None
        if DECIMAL.fullmatch(value) is None:
            raise Refusal(_("“%(cell)s” is not a number: write 14.5.") % {"cell": value})
        return round(Decimal(value.replace(",", ".")), 5) + Decimal("0.00000")


class DayCell(TextCell):
    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        return typed_dates.day(value) if value else None


class EDTFCell(TextCell):
    """A date as precise as known, as people and spreadsheets write it."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str:
        value = text.line(value or "")
        return typed_dates.edtf(value) if value else ""


class JSONCell(TextCell):
    """Translations, by language and field; empty for none."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        try:
            return json.loads(value) if value else {}
        except ValueError as error:
            raise Refusal(
                _("“%(cell)s” is no JSON: leave the cell as it was exported, or empty.") % {"cell": value[:60]}
            ) from error

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""


class ReferenceCell(TextCell):
    """Another row of the desk, by its natural key."""

    def __init__(self, model: type[models.Model], user: User | None = None) -> None:
        super().__init__()
        self.model, self.user = model, user

    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        return (
            references.row_by_key(restricted_sources.visible(self.model._default_manager.all(), self.user), value)
            if value
            else None
        )

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return references.natural_key(value) if value is not None else ""


def cell_of(column: Any) -> widgets.Widget:
    if column.is_relation:
        return ReferenceCell(column.related_model)
    kinds: tuple[tuple[type[models.Field[Any, Any]], type[TextCell]], ...] = (
        (models.BooleanField, TruthCell),
        (models.IntegerField, NumberCell),
        (models.DecimalField, DecimalCell),
        (models.DateField, DayCell),
        (EDTFField, EDTFCell),
        (models.JSONField, JSONCell),
    )
    even_out = column.even_out if isinstance(column, EvenedOut) else text.line
    return next((cell() for kind, cell in kinds if isinstance(column, kind)), TextCell(even_out))


def is_the_same_text(before: str, now: str) -> bool:
    """True if two texts differ only by normalization, or by what a spreadsheet does to digits.

    A spreadsheet reads the P-code 05001 in a CSV as the number 5001, page 1.10 as 1.1, a long ISBN as 9.78E+12.
    """
    if text.is_the_same(before, now):
        return True
    if not DIGITS.fullmatch(before) or not (number := READ_AS_NUMBER.fullmatch(now)):
        return False
    read = Decimal(now.replace(",", "."))
    if number["exponent"]:
        places = len(number["places"] or "")
        return f"{Decimal(before):.{places}E}" == f"{read:.{places}E}"
    return read == Decimal(before) and len(now) < len(before)
