"""Conditions on columns, as scripts write them: `column=value`, `column_where=>`, `a|b`, `…:OR:other=value`."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from conflict.public.exceptions import Refusal

Row = dict[str, Any]

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda have, want: bool(have == want),
    ">": lambda have, want: bool(have > want),
    "<": lambda have, want: bool(have < want),
    ">=": lambda have, want: bool(have >= want),
    "<=": lambda have, want: bool(have <= want),
}
LIKE, BETWEEN, OR, ANY = "LIKE", "BETWEEN", ":OR:", "|"
LONGEST, MOST = 8000, 400  # limits of one parameter: characters, and alternatives; acledR names every country
WHERE = (*COMPARISONS, LIKE, BETWEEN)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Condition:
    """Comparison of one column with one or more values, at least one of which has to match."""

    column: str
    how: str
    wanted: tuple[Any, ...]

    def __call__(self, row: Mapping[str, Any]) -> bool:
        value = row[self.column]
        if self.how == LIKE:
            return any(pattern.fits(str(value)) for pattern in self.wanted)
        if value is None:
            return False
        value = value.casefold() if isinstance(value, str) else value
        if self.how == BETWEEN:
            return bool(self.wanted[0] <= value <= self.wanted[1])
        if self.how == "=":
            return value in self.wanted
        return any(COMPARISONS[self.how](value, want) for want in self.wanted)


Either = tuple[Condition, ...]  # alternatives, at least one of which has to match


class Table:
    """Columns of a table: their types, and the default comparison of each.

    `moments` are numbers of seconds; they may also be given as a date.
    """

    def __init__(self, types: Mapping[str, type], usual: Mapping[str, str], *, moments: Collection[str] = ()) -> None:
        self.types, self.usual, self.moments = types, usual, moments

    def conditions(self, asked: Mapping[str, str]) -> list[Either]:
        """One condition per parameter that names a column; all of them have to match. Raises Refusal."""
        found = [self._either(name, value, asked) for name, value in asked.items() if name in self.types]
        if sum(len(condition.wanted) for either in found for condition in either) > MOST:
            raise Refusal(f"Too many values: up to {MOST} in one question, over all of its columns.")
        return found

    def _either(self, name: str, value: str, asked: Mapping[str, str]) -> Either:
        if len(value) > LONGEST or value.count(OR) + value.count(ANY) > MOST:
            raise Refusal(f"{name} is too long: up to {MOST} alternatives, in {LONGEST} characters.", field=name)
        first, *others = value.split(OR)
        pairs = [(name, first), *(self._pair(name, other) for other in others)]
        return tuple(self._condition(column, text, asked) for column, text in pairs)

    def _pair(self, name: str, text: str) -> tuple[str, str]:
        """Split `column=value`; a value alone is a further one for the parameter's own column."""
        column, equals, value = text.partition("=")
        if not equals:
            return name, text
        if column not in self.types:
            raise Refusal(f"“{text[:60]}” after {OR} is not column=value with a column of this table.", field=name)
        return column, value

    def _condition(self, name: str, text: str, asked: Mapping[str, str]) -> Condition:
        how = asked.get(f"{name}_where", self.usual.get(name, LIKE if self.types[name] is str else "=")).upper()
        if how not in WHERE:
            raise Refusal(f"“{how[:20]}” is no comparison. It can be: {', '.join(WHERE)}.", field=f"{name}_where")
        if how == LIKE:
            return Condition(name, how, tuple(Pattern(part) for part in text.split(ANY)))
        wanted = tuple(self._typed(name, part) for part in text.split(ANY))
        if how == BETWEEN and (len(wanted) != 2 or wanted[0] > wanted[1]):
            raise Refusal(f"{name} BETWEEN takes two values, the lower first: a|b.", field=name)
        return Condition(name, how, wanted)

    def _typed(self, name: str, text: str) -> Any:
        kind = self.types[name]
        try:
            if kind is date:
                return date.fromisoformat(text).isoformat()
            if name in self.moments and DATE.fullmatch(text):
                return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()
            return text.casefold() if kind is str else _number(text)
        except ValueError as wrong:
            expected = "a date, YYYY-MM-DD" if kind is date else "a number"
            if name in self.moments:
                expected = "a number of seconds since 1970 or a date, YYYY-MM-DD"
            raise Refusal(f"“{text[:60]}” is not {expected}.", field=name) from wrong


def holding(row: Mapping[str, Any], asked: Sequence[Either]) -> bool:
    return all(any(condition(row) for condition in either) for either in asked)


def _number(text: str) -> float:
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", text):
        raise ValueError(text)
    return float(text)


class Pattern:
    """Text pattern in which % matches anything; without a %, it matches anywhere.

    Matching takes time linear in the value's length.
    """

    def __init__(self, text: str) -> None:
        self.parts = text.casefold().split("%") if "%" in text else ["", text.casefold(), ""]

    def fits(self, value: str) -> bool:
        first, *between, last = self.parts
        value = value.casefold()
        if len(value) < len(first) + len(last) or not (value.startswith(first) and value.endswith(last)):
            return False
        place, end = len(first), len(value) - len(last)
        for part in between:
            place = value.find(part, place, end)
            if place < 0:
                return False
            place += len(part)
        return True

    @property
    def like(self) -> str:
        """The pattern in the syntax of SQL's LIKE."""
        escaped = (part.replace("\\", "\\\\").replace("_", "\\_") for part in self.parts)
        return "%".join(escaped)
