"""Fields for normalized text, for EDTF dates, and for the span of days derived from them on every save path."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.postgres.fields import DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext_lazy as _

from conflict import dates, identifiers, message
from conflict import text as texts


class TextInputField(forms.CharField):
    """Form field for text, unchanged if only line ends, white space or invisible characters differ."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial, data) and not texts.is_the_same(str(initial or ""), str(data or ""))


class EvenedOut:
    """Normalizes text by the rules of conflict/text.py, whichever form, import or function it comes from.

    A new row is normalized when it is saved, a changed one when it is validated. Text stored before the rules existed
    stays unchanged until somebody edits it.
    """

    even_out: Callable[[str], str]

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)  # type: ignore[misc]
        return self.even_out(value) if isinstance(value, str) else value

    def get_prep_value(self, value: Any) -> Any:
        """Leave the value as it is: normalizing the values of lookups, as Django would, would miss stored rows."""
        value = models.Field.get_prep_value(self, value)  # type: ignore[arg-type]
        return value if value is None or isinstance(value, str) else str(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)  # type: ignore[misc]
        if add and isinstance(value, str):
            value = self.even_out(value)
            setattr(model_instance, self.attname, value)  # type: ignore[attr-defined]
        return value

    def formfield(self, **options: Any) -> Any:
        return super().formfield(**{"form_class": TextInputField, **options})  # type: ignore[misc]

    def deconstruct(self) -> Any:
        """Deconstruct to Django's own field, because the rules do not affect the database."""
        name, _path, args, options = super().deconstruct()  # type: ignore[misc]
        return name, f"django.db.models.{type(self).django_name}", args, options  # type: ignore[attr-defined]


class LineField(EvenedOut, models.CharField):
    """Single line of text."""

    django_name = "CharField"
    even_out = staticmethod(texts.line)


class ProseField(EvenedOut, models.TextField):
    """Text with any number of lines."""

    django_name = "TextField"
    even_out = staticmethod(texts.prose)


class MessageField(ProseField):
    """Words of a person, or a sentence of the software (conflict/message.py), which is stored as msgid and values.

    Read in the language of the moment.
    """

    even_out = staticmethod(lambda text: text if isinstance(text, message.Message) else texts.prose(text))

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value and message.read(value)

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return message.stored(value) if isinstance(value, str) else value


class IdentifiersField(models.CharField):
    """Identifiers of an entry in other systems, in the form and order of conflict/identifiers.py, with blanks between.

    No two entries of a kind have the same one.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        fixed = {"max_length": 300, "blank": True, "default": "", "db_default": ""}
        super().__init__(*args, **{**fixed, **options})

    def deconstruct(self) -> Any:
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.CharField", args, options

    def to_python(self, value: Any) -> Any:
        """Also from a list, as documents have it."""
        typed = " ".join(value) if isinstance(value, list) else value or ""
        try:
            return identifiers.read(self._kind, typed)
        except identifiers.IdentifierRefused as refused:
            raise ValidationError(str(refused), code="identifier") from refused

    @property
    def _kind(self) -> str:
        model: Any = self.model
        return str(model.entry_kind)

    def get_prep_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        super().validate(value, model_instance)
        for code in value.split() if model_instance is not None else ():
            others: Any = self.model._default_manager.filter(**{f"{self.name}__holds": code})
            for other in others.exclude(pk=model_instance.pk):  # type: ignore[union-attr]
                if code in getattr(other, self.attname).split():
                    raise ValidationError(
                        _("%(code)s is said to be %(other)s (%(key)s): two entries cannot be the same thing."),
                        code="identifier_taken",
                        params={"code": code, "other": other, "key": other.key},
                    )


def refuse_impossible_date(text: str) -> None:
    try:
        dates.parse(text)
    except dates.ImpossibleDate as error:
        raise ValidationError(str(error), code="impossible_date") from error


class EDTFField(models.CharField):
    """A date with exactly the known precision, as EDTF text; empty if nothing is known."""

    default_validators = [refuse_impossible_date]

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("max_length", dates.LONGEST_TEXT)
        options.setdefault("blank", True)
        options.setdefault("default", "")
        super().__init__(*args, **options)

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return texts.line(value) if isinstance(value, str) else value


def span_of(text: str) -> DateRange | None:
    """Days that an EDTF text may mean; None without a text. Raises ImpossibleDate."""
    if not text:
        return None
    when = dates.parse(text)
    return DateRange(when.starts_on, when.ends_before)


class SpanField(DateRangeField):
    """Half-open range of days that another field's EDTF text may mean.

    Derived in `pre_save`, which `save()`, `bulk_create()` and fixture loading all call; a direct `update()` of the text
    has to set it as well.
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
        span = span_of(getattr(model_instance, self.derived_from))
        setattr(model_instance, self.attname, span)
        return span
