"""Lines of CSV (RFC 4180), without their ends. Text that a spreadsheet would take for a formula is escaped."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from conflict import formulas
from conflict.documents.tables.columns import OF_KIND, Cell, Columns, Kind
from conflict.documents.tables.rows import cell, portions

END = "\r\n"
RISKY = re.compile(rf"\0[{re.escape(''.join(formulas.FIRST))}]")  # matches cells to check, each preceded by a NUL
FLAGS: dict[Cell, str] = {True: "true", False: "false"}


def lines(texts: Iterable[bytes | str], columns: Columns, site: str = "") -> Iterator[list[str]]:
    """Lines of these bodies, in batches."""
    writers = [as_flags if column.kind is Kind.FLAG else as_written for column in columns]
    for portion in portions(texts, columns, site):
        written = [write(values) for write, values in zip(writers, portion, strict=True)]
        yield list(map(",".join, zip(*written, strict=True)))


def kept_lines(kind: str, texts: Iterable[str]) -> list[str]:
    """Lines as the record keeps them: with all columns of the kind but the last, the address, which depends on the site."""
    return [line for some in lines(texts, OF_KIND[kind][:-1]) for line in some]


def with_addresses(kept: Iterable[bytes], site: str) -> Iterator[bytes]:
    """Complete these lines, with their ends. The address has the key, which comes first and is never quoted."""
    before = f",{site}".encode()
    for line in kept:
        yield b"%b%b%b/\r\n" % (line, before, line[: line.index(b",")])


def as_written(values: list[Any]) -> list[str]:
    """A column's values as CSV cells: escaped against formulas, and quoted where `csv` would quote them.

    Values seldom need either, and one check over the whole column finds out.
    """
    values = ["" if value is None else value for value in values]
    try:
        together = "\0".join(["", *values, ""])
    except TypeError:
        return [str(value) if type(value) is int else written(value) for value in values]
    if RISKY.search(together):
        values = list(map(formulas.escaped, values))
    if "," in together or '"' in together or "\n" in together or "\r" in together:
        return [_quoted(text) for text in values]
    return values


def _quoted(text: str) -> str:
    if "," in text or '"' in text or "\n" in text or "\r" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def written(value: Any) -> str:
    """One value as a CSV cell."""
    kept = cell(value)
    return "" if kept is None else _quoted(str(escaped(kept)))


def as_flags(values: list[Any]) -> list[str]:
    return [FLAGS.get(cell(value), "") for value in values]


def escaped(cell: Cell) -> Cell:
    return formulas.escaped(cell) if isinstance(cell, str) else cell
