"""What an address may ask: its parameters, read one by one, and refused by name when they make no sense."""

from collections.abc import Collection, Mapping
from datetime import date
from enum import Enum
from typing import NamedTuple, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conflict import dates, typed_dates
from conflict import text as texts

LONGEST = 200
Term = TypeVar("Term", bound=Enum)


class RefusedParameters(ValueError):
    """An address asks for something that no page answers. Says each fault in a sentence, and what may be asked."""

    def __init__(self, faults: list[str], allowed: Collection[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults
        self.allowed = sorted(allowed)


class Box(NamedTuple):
    """A stretch of the earth between two meridians and two parallels, in degrees."""

    west: float
    south: float
    east: float
    north: float


class Parameters:
    """The query string of one request, of which nothing is silently ignored.

    Readers (`text`, `day`, `choice` …) note a fault and answer with nothing; `refuse_faults`
    raises once for all of them. An empty parameter, as an untouched form field sends it, asks nothing.
    """

    def __init__(self, query: QueryDict, allowed: Collection[str]) -> None:
        self.allowed = allowed
        self.faults: list[str] = []
        self.given: dict[str, str] = {}
        for name in query:
            values = [value for given in query.getlist(name) if (value := texts.line(given))]
            if name not in allowed:
                self.faults.append(_("This page does not know the parameter “%(name)s”.") % {"name": name[:60]})
            elif "\0" in "".join(query.getlist(name)):
                self.fault(_("“%(name)s” contains characters that cannot be written.") % {"name": name})
            elif len(values) > 1:
                self.faults.append(_("“%(name)s” is given more than once.") % {"name": name})
            elif values:
                self.given[name] = values[0]

    @classmethod
    def of(cls, request: HttpRequest, *allowed: str) -> "Parameters":
        return cls(request.GET, allowed)

    def fault(self, sentence: str) -> None:
        self.faults.append(sentence)

    def text(self, name: str, longest: int = LONGEST) -> str:
        value = self.given.get(name, "")
        if len(value) > longest:
            self.fault(
                _("“%(name)s” is %(length)d characters long; at most %(longest)d can be asked for.")
                % {"name": name, "length": len(value), "longest": longest}
            )
            return ""
        return value

    def day(self, name: str, *, end: bool = False) -> date | None:
        """The first day that the date may mean or, as an `end`, the first day after it. None when not asked.

        Dates are read as readers type them, and asked for as EDTF from there on.
        """
        value = self.text(name, dates.LONGEST_TEXT)
        if not value:
            return None
        try:
            self.given[name] = typed_dates.edtf(value, day_first=get_language() == "fr")
            when = dates.parse(self.given[name])
        except dates.ImpossibleDate as impossible:
            self.fault(_("“%(name)s”: %(fault)s") % {"name": name, "fault": impossible})
            return None
        return when.ends_before if end else when.starts_on

    def choice(self, name: str, terms: type[Term]) -> Term | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return terms(value)
        except ValueError:
            known = ", ".join(str(term.value) for term in terms)
            self.fault(
                _("“%(name)s” cannot be “%(value)s”. It is one of: %(known)s.")
                % {"name": name, "value": value[:60], "known": known}
            )
            return None

    def number(self, name: str, *, at_least: int, at_most: int) -> int | None:
        value = self.text(name)
        if not value:
            return None
        if not value.isascii() or not value.isdigit() or len(value) > 12 or not at_least <= int(value) <= at_most:
            self.fault(
                _("“%(name)s” is a whole number from %(low)d to %(high)d.")
                % {"name": name, "low": at_least, "high": at_most}
            )
            return None
        return int(value)

    def box(self, name: str) -> Box | None:
        """Four degrees: west, south, east, north."""
        value = self.text(name)
        if not value:
            return None
        try:
            west, south, east, north = (float(part) for part in value.split(","))
        except ValueError:
            west = south = east = north = float("nan")
        if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
            self.fault(
                _("“%(name)s” is four degrees with commas between them, west, south, east and north: -4.5,14,-3,15.5.")
                % {"name": name}
            )
            return None
        return Box(west, south, east, north)

    def refuse_faults(self) -> None:
        if self.faults:
            raise RefusedParameters(self.faults, self.allowed)


def query_string(given: Mapping[str, str], **changes: str) -> str:
    """`?name=value…` with the changes made; an empty value takes the name out."""
    query = {name: value for name, value in {**given, **changes}.items() if value}
    return f"?{urlencode(query)}" if query else ""
