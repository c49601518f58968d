"""Escaping of cells that a spreadsheet would run as formulas; reversed when the desk imports the file.

Exactly reversible: only texts that are dangerous, or look like escaped ones, are changed; “'s-Hertogenbosch” and -3.89
are left alone.
"""

import re

FIRST = frozenset("'=+-@\t\r")
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")  # numbers are left alone, even negative ones
DANGEROUS = re.compile(rf"(?!{NUMBER.pattern}\Z)'*[=+\-@\t\r]")
ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def escaped(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run."""
    if text[:1] in FIRST and DANGEROUS.match(text) and not NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def restored(text: str) -> str:
    """Undo `escaped`; a cell that was never escaped is returned unchanged."""
    return text[1:] if text[:1] == "'" and ESCAPED.match(text) else text


CONTROL = re.compile(r"[\x01-\x08\x0b-\x1f]|_(?=x[0-9A-F]{4}_)")
ESCAPED_CONTROL = re.compile(r"_x([0-9A-F]{4})_")


def escaped_controls(text: str) -> str:
    """Escape control characters as workbooks do: _x000D_ (ECMA-376, ST_Xstring)."""
    return CONTROL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)


def unescaped_controls(text: str) -> str:
    return ESCAPED_CONTROL.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
