"""Import errors: the line, the column, what is wrong and what to do."""

from dataclasses import dataclass

from conflict.message import Refusal, stored
from conflict.message import gettext as _


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a file. Line 0 is the file as a whole."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        values = {"line": self.line, "column": self.column, "reason": self.reason}
        if self.line and self.column:
            return _("line %(line)s, column %(column)s: %(reason)s") % values
        if self.line:
            return _("line %(line)s: %(reason)s") % values
        return _("column %(column)s: %(reason)s") % values if self.column else self.reason

    def as_dict(self) -> dict[str, int | str]:
        return {"line": self.line, "column": self.column, "reason": self.reason}

    def fingerprint(self) -> list[int | str]:
        """The problem as it is in every language."""
        return [self.line, self.column, stored(self.reason)]


class FileRefused(Refusal):
    """The file is not readable as the kind of file chosen; nothing was written."""

    def __init__(self, reason: str, *, line: int = 0, column: str = "") -> None:
        self.problem = Problem(line, column, reason)
        super().__init__(str(self.problem))


class CellRefused(Refusal):
    """A cell has a value that is impossible in its column."""

    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason
        super().__init__(f"column {column}: {reason}")


class ImportRefused(Refusal):
    """The import as a whole cannot be carried out; nothing was written."""
