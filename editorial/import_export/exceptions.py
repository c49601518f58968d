"""Import errors: the line, the column, what is wrong and what to do."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file. Line 0 is the file as a whole."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = [f"line {self.line}" if self.line else "", f"column {self.column}" if self.column else ""]
        place = ", ".join(part for part in where if part)
        return f"{place}: {self.reason}" if place else self.reason

    def as_dict(self) -> dict[str, int | str]:
        return {"line": self.line, "column": self.column, "reason": self.reason}


class FileRefused(ValueError):
    """The file is not readable as the kind of file chosen; nothing was written."""

    def __init__(self, reason: str, *, line: int = 0, column: str = "") -> None:
        self.problem = Problem(line, column, reason)
        super().__init__(str(self.problem))


class CellRefused(ValueError):
    """A cell has a value that is impossible in its column."""

    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason
        super().__init__(f"column {column}: {reason}")


class ImportRefused(ValueError):
    """The import as a whole cannot be carried out; nothing was written."""
