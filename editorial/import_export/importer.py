"""An importer reads one kind of file against the desk, line by line. What is done with it is the same for all: `imports`."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import msgspec

from editorial.import_export.exceptions import Problem
from editorial.models import ImportLine

Outcome = ImportLine.Outcome


@dataclass(slots=True)
class Planned:
    """One line of the file, and its outcome."""

    line: int
    outcome: ImportLine.Outcome
    external_id: str = ""
    title: str = ""
    problem: Problem | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)  # as they came, where the line is refused
    note: str = ""  # summary of a new event, or the reason for skipping the row
    matched: str = ""  # the entries that it was matched with

    def fingerprint(self) -> bytes:
        """Contribution of the line to the hash of the preview."""
        problem = self.problem.fingerprint() if self.problem else None
        parts = [self.line, self.outcome, self.external_id, self.changes, problem, self.matched]
        return msgspec.json.encode(parts, order="sorted")


@dataclass
class Tally:
    """Counts of an import and the running hash over its lines."""

    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    columns: Counter[str] = field(default_factory=Counter)
    outside: int = 0
    header: list[str] = field(default_factory=list)
    added_columns: list[str] = field(default_factory=list)  # of the file, which the data set does not have
    other_sheets: list[str] = field(default_factory=list)  # of the workbook, without the data set's columns
    is_broken: bool = False  # after one of the refused lines, the rest could not be separated
    questions: dict[str, str] = field(default_factory=dict)  # questions to confirm, by code
    filed: Counter[str] = field(default_factory=Counter)  # new events by period
    hash: Any = field(default_factory=hashlib.sha256)

    def add(self, planned: Planned) -> None:
        self.rows += bool(planned.line)
        self.outcomes[planned.outcome.value] += 1
        if planned.outcome == Outcome.CHANGED:
            self.columns.update(change["column"] for change in planned.changes if "column" in change)
        self.hash.update(planned.fingerprint())

    @property
    def preview_sha256(self) -> str:
        return str(self.hash.hexdigest())

    @property
    def changes_nothing(self) -> bool:
        return self[Outcome.UNCHANGED] + self[Outcome.PASSED_OVER] == self.outcomes.total()

    def __getitem__(self, outcome: ImportLine.Outcome) -> int:
        return self.outcomes[outcome.value]


@dataclass(slots=True)
class Mention:
    """One name in a file, and the entry it matches."""

    kind: str
    name_key: str
    name: str
    detail: str = ""
    rows: int = 0
    match: str = ""
    found_by: str = ""
    similar: list[tuple[str, ...]] = field(default_factory=list)  # key, name, and what speaks for it if that is known
    is_decided: bool = False
    point: tuple[Decimal, Decimal] | None = None  # of a place


class Importer(Protocol):
    """`tally` and `mentions` are complete once the chunks are exhausted."""

    @property
    def tally(self) -> Tally:
        """Counts, questions and the hash of the rows read."""

    def preview(self) -> Iterator[list[Any]]:
        """Compare every line with the desk, without writing. Raises FileRefused."""

    def write(self) -> Iterator[list[Any]]:
        """Write what `preview` showed, within the caller's transaction."""

    def mentions(self) -> list[Mention]:
        """Names in the file, to be decided on before it is confirmed."""
