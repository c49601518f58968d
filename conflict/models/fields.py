"""EDTF text fields and the span of days derived from them on every save path."""

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange

from conflict import dates


def refuse_impossible_date(text: str) -> None:
    try:
        dates.parse(text)
    except dates.ImpossibleDate as error:
        raise ValidationError(str(error), code="impossible_date") from error


class EDTFField(models.CharField):
    """A date as precise as known, as EDTF text; empty when nothing is known."""

    default_validators = [refuse_impossible_date]

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", dates.LONGEST_TEXT)
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(*args, **options)


class SpanField(DateRangeField):
    """The half-open run of days that another field's EDTF text may mean.

    Derived in `pre_save`, which `save()`, `bulk_create()` and fixture loading all call; a
    direct `update()` of the text has to set it too.
    """

    def __init__(self, *args: Any, derived_from: str = "when", **options: Any) -> None:
        self.derived_from = derived_from
        options |= {"null": True, "blank": True, "editable": False}
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        for option in ("null", "blank", "editable"):
            options.pop(option, None)
        return name, path, args, options | {"derived_from": self.derived_from}

    def pre_save(self, model_instance: models.Model, add: bool) -> DateRange | None:
        text = getattr(model_instance, self.derived_from)
        span = None
        if text:
            when = dates.parse(text)
            span = DateRange(when.starts_on, when.ends_before)
        setattr(model_instance, self.attname, span)
        return span
