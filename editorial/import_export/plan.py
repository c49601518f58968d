"""What a file would do to the desk, line by line; reads the desk and writes nothing."""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from conflict.models import Event
from editorial.import_export import files
from editorial.import_export.cell_parsers import Row, comparable, text
from editorial.import_export.dataset import Dataset, is_tag_row, refuse_what_has_no_name
from editorial.import_export.drafts import EventDraft
from editorial.import_export.exceptions import CellRefused, FileRefused, Problem
from editorial.import_export.matching import Matching
from editorial.import_export.revisions import Revision, revision_of
from editorial.models import ExternalId, ImportLine

CHUNK = 1000
Outcome = ImportLine.Outcome


@dataclass(slots=True)
class Planned:
    """One line of the file: what becomes of it, and what it says in the desk's terms."""

    line: int
    outcome: ImportLine.Outcome
    external_id: str = ""
    title: str = ""
    problem: Problem | None = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    row: dict[str, str] = field(default_factory=dict)
    draft: EventDraft | None = None
    revision: Revision | None = None

    def told(self) -> bytes:
        """What the hash of the preview covers: also the entries that the line was matched with."""
        fixed: list[Any] = [self.line, self.outcome, self.external_id, self.changes]
        if self.problem:
            fixed.append(self.problem.as_dict())
        if self.revision:
            fixed.append(self.revision.seen)
        return msgspec.json.encode(fixed, order="sorted")


@dataclass
class Tally:
    """Counts of a plan and the running hash over its lines."""

    rows: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    columns: Counter[str] = field(default_factory=Counter)
    outside: int = 0
    added_columns: list[str] = field(default_factory=list)  # of the file, which the data set does not have
    hash: Any = field(default_factory=hashlib.sha256)

    def add(self, planned: Planned, matched: str = "") -> None:
        self.rows += bool(planned.line)
        self.outcomes[planned.outcome.value] += 1
        if planned.changes:
            self.columns.update(change["column"] for change in planned.changes if "column" in change)
        self.hash.update(planned.told())
        self.hash.update(matched.encode())

    @property
    def preview_sha256(self) -> str:
        return str(self.hash.hexdigest())

    def __getitem__(self, outcome: ImportLine.Outcome) -> int:
        return self.outcomes[outcome.value]


@dataclass
class Plan:
    """Reads a file against the desk in chunks; `tally` is complete when the chunks are exhausted."""

    dataset: Dataset
    path: Path
    matching: Matching
    left_out: Collection[str] = ()
    tally: Tally = field(default_factory=Tally)
    locking: bool = False  # hold the matched events until the transaction ends
    _seen: dict[str, int] = field(default_factory=dict)
    _countries: set[str] = field(default_factory=set)
    _first: date = date.max
    _last: date = date.min

    def chunks(self) -> Iterator[list[Planned]]:
        """All lines in order, then what the file no longer has. Raises FileRefused for an unreadable file."""
        read = self._read()
        while chunk := list(islice(read, CHUNK)):
            self._compare(chunk)
            for planned in chunk:
                self.tally.add(planned, self._matched(planned))
            yield chunk
        if not self.tally.rows:
            raise FileRefused("The file has a header and no rows: there is nothing to import.")
        vanished = self._vanished()
        while chunk := list(islice(vanished, CHUNK)):
            for planned in chunk:
                self.tally.add(planned)
            yield chunk

    def _matched(self, planned: Planned) -> str:
        """The keys under which a new line's actors and place go onto the desk."""
        if planned.outcome != Outcome.NEW or planned.draft is None:
            return ""
        draft = planned.draft
        return " ".join(
            [self.matching.place_key(draft.place), *(self.matching.actor_key(part.actor) for part in draft.parts)]
        )

    def _read(self) -> Iterator[Planned]:
        lines = files.lines_of(self.path)
        header = next(lines, None)
        if header is None:
            raise FileRefused("The file is empty.")
        names = self.dataset.check_header(header.cells, self.left_out)
        self.tally.added_columns = [name for name in self.dataset.added_columns(names) if name not in self.left_out]
        kept = {*self.dataset.read, *self.dataset.passed_over}
        columns = [(place, name, name in self.dataset.optional) for place, name in enumerate(names) if name in kept]
        is_second = True
        while True:
            try:
                line = next(lines, None)
            except FileRefused as refusal:
                # What follows cannot be told apart any more.
                yield Planned(refusal.problem.line, Outcome.REFUSED, problem=refusal.problem)
                return
            if line is None:
                return
            if not (is_second and is_tag_row(names, line.cells)):
                cells = line.cells
                row = {
                    name: cell if cell.isascii() else unicodedata.normalize("NFC", cell)
                    for place, name, kept_empty in columns
                    if (cell := cells[place]) or kept_empty
                }
                yield self._drafted(line, row, names)
            is_second = False

    def _drafted(self, read: files.Line, row: dict[str, str], names: list[str]) -> Planned:
        line = read.number
        try:
            if "" in names:
                refuse_what_has_no_name(names, read.cells)
            draft = self.dataset.draft(row)
            self.dataset.refuse_another_year(row, draft)
        except CellRefused as refusal:
            return self._refused(line, row, refusal)
        if (first := self._seen.setdefault(draft.external_id, line)) != line:
            reason = f"The id {draft.external_id} is given twice, first on line {first}: keep one of the two lines."
            return self._refused(line, row, CellRefused(self.dataset.id_column, reason))
        self._countries.add(draft.country)
        on = draft.days.starts_on
        self._first, self._last = min(self._first, on), max(self._last, on)
        return Planned(line, Outcome.NEW, draft.external_id, draft.title, row=row, draft=draft)

    def _refused(self, line: int, row: Row, refusal: CellRefused) -> Planned:
        external_id = text(row, self.dataset.id_column)[:60]
        self._seen.setdefault(external_id, line)
        return Planned(line, Outcome.REFUSED, external_id, problem=Problem(line, refusal.column, refusal.reason))

    # Against the desk

    def _compare(self, chunk: list[Planned]) -> None:
        """Tell new from changed and unchanged."""
        drafted = {planned.external_id: planned for planned in chunk if planned.outcome == Outcome.NEW}
        known = {
            row["external_id"]: row
            for row in ExternalId.objects.filter(dataset=self.dataset.name, external_id__in=[*drafted]).values(
                "external_id", "event_id", "row"
            )
        }
        changed: dict[int, tuple[Planned, Row, Row]] = {}
        for external_id, planned in drafted.items():
            if external_id not in known:
                continue
            before = known[external_id]["row"]
            planned.changes = self._changes(before, planned.row)
            planned.outcome = Outcome.CHANGED if planned.changes else Outcome.UNCHANGED
            if planned.changes:
                merged = {**before, **{change["column"]: change["new"] for change in planned.changes}}
                changed[known[external_id]["event_id"]] = (planned, before, merged)
        self._revise(changed)
        self._refuse_taken_keys([planned for key, planned in drafted.items() if key not in known])

    def _changes(self, before: Row, now: Row) -> list[dict[str, Any]]:
        if before == now:
            return []
        return [
            {"column": column, "old": before.get(column, ""), "new": now.get(column, "")}
            for column in self.dataset.read
            if before.get(column, "") != now.get(column, "")
            and not (column in self.dataset.optional and (column not in before or column not in now))
            and comparable(before.get(column, "")) != comparable(now.get(column, ""))
        ]

    def _revise(self, changed: dict[int, tuple[Planned, Row, Row]]) -> None:
        events = Event.objects.filter(pk__in=[*changed]).in_key_order()
        if self.locking:
            list(events.select_for_update().values_list("pk"))
        found = {
            event.pk: event
            for event in events.select_related("location").prefetch_related(
                "claims__parties__actor", "claims__citations", "participations__actor", "citations__source"
            )
        }
        for pk, (planned, before, merged) in changed.items():
            draft = self.dataset.draft(merged)
            planned.revision = revision_of(
                found[pk], self.dataset.draft(before), draft, self.matching, self.dataset.key_of(planned.external_id)
            )
            planned.draft = draft
            planned.changes += planned.revision.kept

    def _refuse_taken_keys(self, new: list[Planned]) -> None:
        keys = {self.dataset.key_of(planned.external_id): planned for planned in new}
        for key in Event.objects.filter(key__in=[*keys]).values_list("key", flat=True):
            planned = keys[key]
            planned.outcome = Outcome.REFUSED
            reason = f"The desk has an event {key} that did not come from this data set: give it another key first."
            planned.problem = Problem(planned.line, self.dataset.id_column, reason)

    def _vanished(self) -> Iterator[Planned]:
        """Events of earlier files that this one should have: of its countries and within its time."""
        known = ExternalId.objects.filter(dataset=self.dataset.name)
        self.tally.outside = known.exclude(
            country__in=self._countries, starts_on__range=(self._first, self._last)
        ).count()
        if self._first > self._last:
            return
        within = known.filter(country__in=self._countries, starts_on__range=(self._first, self._last))
        for external_id, title in (
            within.order_by("external_id").values_list("external_id", "event__title").iterator(chunk_size=CHUNK)
        ):
            if external_id not in self._seen:
                yield Planned(0, Outcome.VANISHED, external_id, title)
