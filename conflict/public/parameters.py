"""Parameter types of API and website: parsed strictly, rejected with a message, described for OpenAPI."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, NamedTuple, NoReturn

from django import forms
from django.db.models import Model
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conflict import dates, identifiers, typed_dates
from conflict import text as texts
from conflict.public import queries
from conflict.record.models.search_words import has_words
from conflict.vocabulary import LONGEST_KEY, EntryKind

KEY = re.compile(rf"[-a-zA-Z0-9_]{{1,{LONGEST_KEY}}}")
LARGEST_NUMBER = 2**53 - 1


class Parameter(forms.CharField):
    """Text of at most `max_length` characters. `schema` is its OpenAPI schema; `is_list` means comma-separated values."""

    is_list = False

    def __init__(self, help_text: str = "", max_length: int = 200) -> None:
        super().__init__(help_text=help_text, max_length=max_length, required=False)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "maxLength": self.max_length}

    def to_python(self, value: Any) -> str:
        return texts.line(str(super().to_python(value)))

    def clean_then(self, value: Any) -> Any:
        """Clean the value for a question about the past."""
        return self.clean(value)

    def refuse(self, message: str) -> NoReturn:
        raise forms.ValidationError(message, code="invalid")


class Words(Parameter):
    """Search words. Rejected if there are none but stop words."""

    def clean(self, value: Any) -> str:
        words = str(super().clean(value))
        if words and not has_words(words):
            self.refuse(
                _("“%(words)s” has no word to search by: such words stand in every text. Add one that does not.")
                % {"words": words[:60]}
            )
        return words


class IdentifierCode(Parameter):
    """Identifier in another system, as scheme and value."""

    def clean(self, value: Any) -> str:
        code = str(super().clean(value))
        scheme, _colon, number = code.partition(":")
        if code and (scheme.strip().lower() not in identifiers.SCHEMES or not number.strip()):
            known = {"code": code[:60], "schemes": ", ".join(identifiers.SCHEMES)}
            self.refuse(
                _("“%(code)s” is not a scheme and a value, such as wikidata:Q1065. Schemes: %(schemes)s.") % known
            )
        return code


class Key(Parameter):
    """Key of a public entry; without models, of any entry that ever existed."""

    def __init__(self, help_text: str = "", *models: type[Model]) -> None:
        super().__init__(help_text, max_length=LONGEST_KEY)
        self.models = models

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": f"^{KEY.pattern}$"}

    def clean_then(self, value: Any) -> str:
        """Clean a key that need not be public any more."""
        key = str(super().clean(value))
        if key and not KEY.fullmatch(key):
            self.refuse(_("“%(key)s” is not a key: letters, digits and hyphens.") % {"key": key[:60]})
        return key

    def clean(self, value: Any) -> str:
        key = self.clean_then(value)
        if key and self.models and not any(queries.rows(model).filter(pk=key).exists() for model in self.models):
            kinds = [model.entry_kind for model in self.models]  # type: ignore[attr-defined]
            labels = [str(EntryKind(kind).label) if kind in EntryKind.values else kind for kind in kinds]
            known = {"key": key[:60], "kinds": ", ".join(labels)}
            self.refuse(_("Nothing public has the key “%(key)s” (%(kinds)s).") % known)
        return key


class Terms(Parameter):
    """One or more terms of a vocabulary, separated by commas."""

    is_list = True

    def __init__(self, help_text: str, terms: Sequence[str] | type[Enum]) -> None:
        super().__init__(help_text, max_length=2000)
        self.by_name = {str(getattr(term, "value", term)): term for term in terms}
        self.terms = list(self.by_name)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "enum": self.terms}, "minItems": 1}

    def clean(self, value: Any) -> list[str]:
        given = [term.strip() for term in super().clean(value).split(",")] if value else []
        if strange := [term for term in given if term not in self.terms]:
            known = {"value": strange[0][:60], "known": ", ".join(self.terms)}
            self.refuse(_("“%(value)s” is not known here. It can be: %(known)s.") % known)
        return given


class Term(Terms):
    """Exactly one term, returned as a member of the enum or list of texts that it was declared with."""

    is_list = False

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "enum": self.terms}

    def clean(self, value: Any) -> Any:
        text = forms.CharField.clean(self, value)
        if text not in ("", *self.terms):
            known = {"value": text[:60], "known": ", ".join(self.terms)}
            self.refuse(_("“%(value)s” is not known here. It can be: %(known)s.") % known)
        return self.by_name.get(text)


class Flag(Parameter):
    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def clean(self, value: Any) -> bool | None:
        text = super().clean(value)
        if text not in ("", "true", "false"):
            self.refuse(_("“%(value)s” is neither true nor false.") % {"value": text[:60]})
        return {"true": True, "false": False}.get(text)


class Number(Parameter):
    """A whole number within bounds."""

    def __init__(self, help_text: str, at_least: int = 0, at_most: int = LARGEST_NUMBER) -> None:
        super().__init__(help_text)
        self.at_least, self.at_most = at_least, at_most

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.at_least, "maximum": self.at_most}

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        if not re.fullmatch(r"-?[0-9]{1,16}", text) or not self.at_least <= int(text) <= self.at_most:
            bounds = {"value": text[:60], "low": self.at_least, "high": self.at_most}
            self.refuse(_("“%(value)s” is not a whole number from %(low)d to %(high)d.") % bounds)
        return int(text)


class Day(Parameter):
    """A date in EDTF: a day, a month, a year or an interval; an interval includes its first and last day."""

    def __init__(self, help_text: str = "") -> None:
        super().__init__(help_text, max_length=dates.LONGEST_TEXT)

    def clean(self, value: Any) -> dates.When | None:
        text = super().clean(value)
        try:
            return dates.parse(text) if text else None
        except dates.ImpossibleDate as impossible:
            raise forms.ValidationError(str(impossible), code="invalid") from impossible


class TypedDay(Day):
    """A date as typed by readers: EDTF, “9 June 2019”, and 10/01/2013 in languages that put the day first."""

    def clean(self, value: Any) -> dates.When | None:
        text = Parameter.clean(self, value)
        try:
            return dates.parse(typed_dates.edtf(text, day_first=get_language() == "fr")) if text else None
        except dates.ImpossibleDate as impossible:
            raise forms.ValidationError(str(impossible), code="invalid") from impossible


class Moment(Parameter):
    """A point in time, ISO 8601; UTC if it has no zone, the start of the day if it has no time."""

    def __init__(self, help_text: str) -> None:
        super().__init__(help_text, max_length=40)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "string", "examples": ["2026-11-01T00:00:00Z", "2026-11-01"]}

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value).replace(" ", "+")  # an unescaped + in the time zone
        if not text:
            return None
        try:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
                day = date.fromisoformat(text)
                return datetime(day.year, day.month, day.day, tzinfo=UTC)
            moment = parse_datetime(text)
            if moment is None:
                raise ValueError
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.refuse(_("“%(value)s” is not a moment: write 2026-11-01 or 2026-11-01T12:00:00Z.") % {"value": text})


class Point(NamedTuple):
    latitude: float
    longitude: float


class Box(NamedTuple):
    """An area between two meridians and two parallels, in degrees."""

    west: float
    south: float
    east: float
    north: float


class Degrees(Parameter):
    """Numbers of degrees, separated by commas, each within its bounds."""

    names: tuple[str, ...]

    def __init__(self, help_text: str = "") -> None:
        super().__init__(help_text, max_length=100)

    def numbers(self, text: str) -> list[float]:
        parts = [part.strip() for part in text.split(",")]
        if len(parts) != len(self.names) or not all(re.fullmatch(r"[+-]?\d{1,3}(\.\d{1,12})?", part) for part in parts):
            wanted = {"value": text, "count": len(self.names), "names": ",".join(self.names)}
            self.refuse(_("“%(value)s” is not %(count)d numbers of degrees: write %(names)s.") % wanted)
        values = [float(part) for part in parts]
        for name, value in zip(self.names, values, strict=True):
            if abs(value) > (90 if name in ("south", "north", "latitude") else 180):
                self.refuse(_("%(name)s cannot be %(degrees)s degrees.") % {"name": name, "degrees": f"{value:g}"})
        return values


class BoxInDegrees(Degrees):
    names = Box._fields

    def clean(self, value: Any) -> Box | None:
        text = super().clean(value)
        if not text:
            return None
        box = Box(*self.numbers(text))
        if box.south > box.north:
            self.refuse(_("The box ends south of where it starts: write west,south,east,north."))
        if box.west > box.east:
            self.refuse(
                _("A box may not cross the antimeridian: ask for its two halves, one up to 180 and one from -180.")
            )
        return box


class PointInDegrees(Degrees):
    names = Point._fields

    def clean(self, value: Any) -> Point | None:
        text = super().clean(value)
        return Point(*self.numbers(text)) if text else None
