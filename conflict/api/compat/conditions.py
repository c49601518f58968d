"""Conditions on columns, as scripts write them: `column=value`, `column_where=>`, `a|b`, `…:OR:other=value`."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from conflict.api.errors import Refusal

Row = dict[str, Any]
Condition = Callable[[Row], bool]

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda have, want: bool(have == want),
    ">": lambda have, want: bool(have > want),
    "<": lambda have, want: bool(have < want),
    ">=": lambda have, want: bool(have >= want),
    "<=": lambda have, want: bool(have <= want),
}
LIKE, BETWEEN, OR, ANY = "LIKE", "BETWEEN", ":OR:", "|"
WHERE = (*COMPARISONS, LIKE, BETWEEN)


class Table:
    """The columns of a table: their types, and how a value is compared when the script does not say."""

    def __init__(self, types: Mapping[str, type], usual: Mapping[str, str]) -> None:
        self.types, self.usual = types, usual

    def conditions(self, asked: Mapping[str, str]) -> list[Condition]:
        """One for each parameter that names a column; all have to hold. Raises Refusal."""
        return [self._either(name, value, asked) for name, value in asked.items() if name in self.types]

    def _either(self, name: str, value: str, asked: Mapping[str, str]) -> Condition:
        first, *others = value.split(OR)
        pairs = [(name, first), *(self._pair(name, other) for other in others)]
        options = [self._condition(column, text, asked) for column, text in pairs]
        return lambda row: any(option(row) for option in options)

    def _pair(self, name: str, text: str) -> tuple[str, str]:
        column, equals, value = text.partition("=")
        if not equals or column not in self.types:
            raise Refusal(f"“{text[:60]}” after {OR} is not column=value with a column of this table.", field=name)
        return column, value

    def _condition(self, name: str, text: str, asked: Mapping[str, str]) -> Condition:
        how = asked.get(f"{name}_where", self.usual.get(name, LIKE if self.types[name] is str else "=")).upper()
        if how not in WHERE:
            raise Refusal(f"“{how[:20]}” is no comparison. It can be: {', '.join(WHERE)}.", field=f"{name}_where")
        if how == BETWEEN:
            return self._between(name, text)
        if how == LIKE:
            patterns = [_pattern(part) for part in text.split(ANY)]
            return lambda row: any(pattern.fullmatch(str(row[name])) for pattern in patterns)
        compare, wanted = COMPARISONS[how], [self._typed(name, part) for part in text.split(ANY)]
        return lambda row: row[name] is not None and any(compare(self._comparable(row[name]), want) for want in wanted)

    def _between(self, name: str, text: str) -> Condition:
        bounds = [self._typed(name, part) for part in text.split(ANY)]
        if len(bounds) != 2 or bounds[0] > bounds[1]:
            raise Refusal(f"{name} BETWEEN takes two values, the lower first: a|b.", field=name)
        return lambda row: row[name] is not None and bounds[0] <= self._comparable(row[name]) <= bounds[1]

    def _typed(self, name: str, text: str) -> Any:
        kind = self.types[name]
        try:
            if kind is date:
                return date.fromisoformat(text).isoformat()
            return text.casefold() if kind is str else _number(text)
        except ValueError as wrong:
            expected = "a date, YYYY-MM-DD" if kind is date else "a number"
            raise Refusal(f"“{text[:60]}” is not {expected}.", field=name) from wrong

    @staticmethod
    def _comparable(value: Any) -> Any:
        return value.casefold() if isinstance(value, str) else value


def _number(text: str) -> float:
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", text):
        raise ValueError(text)
    return float(text)


def _pattern(text: str) -> re.Pattern[str]:
    """Without %, the text may stand anywhere."""
    parts: Sequence[str] = text.split("%") if "%" in text else ["", text, ""]
    return re.compile(".*".join(re.escape(part) for part in parts), re.IGNORECASE | re.DOTALL)
