"""Plan of an import, line by line; reads the desk and writes nothing."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from django.db.models import Q

from conflict import countries
from conflict.message import gettext as _
from conflict.message import gettext_noop
from conflict.models import Event
from conflict.record.models import Tombstone
from editorial.import_export import files
from editorial.import_export.cell_parsers import Row, text
from editorial.import_export.dataset import Dataset, is_numbered_blank, is_tag_row, refuse_what_has_no_name
from editorial.import_export.drafts import EventDraft
from editorial.import_export.duplicates import possible_duplicates
from editorial.import_export.exceptions import CellRefused, FileRefused, Problem
from editorial.import_export.importer import Outcome, Planned, Tally
from editorial.import_export.matcher import Matcher
from editorial.import_export.mentions import Mentions
from editorial.import_export.periods import Filing
from editorial.import_export.questions import DoubtfulRows, questions
from editorial.import_export.revisions import Revision, revision_of
from editorial.import_export.sheets import TRUE
from editorial.models import ChoiceKind, ExternalId, Verdict

CHUNK = 500  # rows in memory at a time
DELETED = gettext_noop("Its draft was deleted from the desk on purpose: it stays deleted.")
LEFT_OUT = gettext_noop("Left out, as somebody decided.")


@dataclass(slots=True)
class PlannedRow(Planned):
    """A line that describes an event, in the desk's terms."""

    row: dict[str, str] = field(default_factory=dict)
    draft: EventDraft | None = None
    revision: Revision | None = None
    period_id: int | None = None
    attached_to: str = ""  # key of the desk's event to which this one's figures are added


@dataclass
class Plan:
    """Reads a file against the desk in chunks; `tally` is complete when the chunks are exhausted."""

    dataset: Dataset
    path: Path
    matcher: Matcher
    filing: Filing = field(default_factory=Filing)
    left_out: Collection[str] = ()
    tally: Tally = field(default_factory=Tally)
    mentions: Mentions = field(default_factory=Mentions)
    locking: bool = False  # hold the matched events until the transaction ends
    _seen: dict[str, int] = field(default_factory=dict)
    _countries: set[str] = field(default_factory=set)
    _first: date = date.max
    _last: date = date.min
    doubtful: DoubtfulRows = field(default_factory=DoubtfulRows)

    def chunks(self) -> Iterator[list[PlannedRow]]:
        """All lines in order, then the events missing from the file. Raises FileRefused for an unreadable file."""
        read = self._read()
        while chunk := list(islice(read, CHUNK)):
            self._compare(chunk)
            for planned in chunk:
                self._match(planned)
                self._note_garbled(planned)
                self.tally.add(planned)
            yield chunk
        if not self.tally.rows:
            raise FileRefused(_("The file has a header and no rows: there is nothing to import."))
        vanished = self._vanished()
        while chunk := list(islice(vanished, CHUNK)):
            for planned in chunk:
                self.tally.add(planned)
            yield chunk
        self.mentions.note_new_names(self.matcher)
        self.tally.questions |= questions(self.doubtful, self.filing)

    def _match(self, planned: PlannedRow) -> None:
        """Match the actors and places of a new line, or assign the keys under which they will be created."""
        if planned.outcome != Outcome.NEW or planned.draft is None:
            return
        draft = planned.draft
        self.mentions.note(draft, self.matcher)
        if not planned.attached_to:
            planned.period_id, period = self.filing.period_of(draft.days)
            self.tally.filed[period] += 1
        keys = [self.matcher.place_key(draft.place), *(self.matcher.actor_key(part.actor) for part in draft.parts)]
        planned.matched = " ".join([*keys, str(planned.period_id or ""), planned.attached_to])
        planned.note = planned.note or _in_short(draft)

    def _read(self) -> Iterator[PlannedRow]:
        lines = files.lines_of(self.path, self._is_its_sheet, self.dataset.usual_header)
        header = next(lines, None)
        if header is None:
            raise FileRefused(_("The file is empty."))
        names = self.dataset.check_header(header.cells, self.left_out)
        self.tally.header = list(header.cells)
        self.doubtful.unnamed = "" if header.number else self.dataset.title
        self.tally.added_columns = [name for name in self.dataset.added_columns(names) if name not in self.left_out]
        kept = {*self.dataset.read, *self.dataset.passed_over}
        columns = [(place, name, name in self.dataset.optional) for place, name in enumerate(names) if name in kept]
        choices = self.dataset.choices(header.cells)
        is_second = True
        while True:
            try:
                line = next(lines, None)
            except FileRefused as refusal:
                # The rest cannot be separated any more.
                self.tally.is_broken = True
                yield PlannedRow(refusal.problem.line, Outcome.REFUSED, problem=refusal.problem)
                return
            if line is None:
                return
            if not (is_second and is_tag_row(names, line.cells)) and not is_numbered_blank(names, line.cells):
                cells = line.cells
                row = {
                    name: cell if cell.isascii() else unicodedata.normalize("NFC", cell)
                    for place, name, kept_empty in columns
                    if (cell := cells[place]) or kept_empty
                }
                for question, answers in choices.items():
                    if given := [answer for place, answer in answers.items() if cells[place].strip().lower() in TRUE]:
                        row[question] = "; ".join(given)
                yield self._drafted(line, row, names)
            is_second = False

    def _is_its_sheet(self, title: str, header: list[str]) -> bool:
        """True if a sheet of a workbook has the columns of the data set; the others are passed over, and named."""
        try:
            self.dataset.check_header(header, self.left_out)
        except FileRefused:
            self.tally.other_sheets.append(title)
            return False
        return True

    def _drafted(self, read: files.Line, row: dict[str, str], names: list[str]) -> PlannedRow:
        line = read.number
        try:
            if "" in names:
                refuse_what_has_no_name(names, read.cells)
            draft = self.dataset.draft(row)
            self.dataset.refuse_another_year(row, draft)
        except CellRefused as refusal:
            return self._refused(read, row, refusal)
        if (first := self._seen.setdefault(draft.external_id, line)) != line:
            reason = _("The id %(id)s is given twice, first on line %(first)s: keep one of the two lines.") % {
                "id": draft.external_id,
                "first": first,
            }
            return self._refused(read, row, CellRefused(self.dataset.id_column, reason))
        self._countries.add(countries.identity(draft.country))
        on = draft.days.starts_on
        self._first, self._last = min(self._first, on), max(self._last, on)
        planned = PlannedRow(line, Outcome.NEW, draft.external_id, draft.title, row=row, draft=draft)
        if self.matcher.verdict(ChoiceKind.EVENT, draft.external_id) == Verdict.LEAVE_OUT:
            planned.outcome, planned.note = Outcome.PASSED_OVER, _(LEFT_OUT)
        return planned

    def _note_garbled(self, planned: PlannedRow) -> None:
        """Count the row if what it brings was read in the wrong encoding."""
        if planned.outcome == Outcome.CHANGED:
            self.doubtful.note_garbled(str(change["new"]) for change in planned.changes)
        elif planned.outcome == Outcome.NEW:
            self.doubtful.note_garbled(planned.row[name] for name in self.dataset.read if name in planned.row)

    def _refused(self, read: files.Line, row: Row, refusal: CellRefused) -> PlannedRow:
        external_id = text(row, self.dataset.id_column)[:60]
        self._seen.setdefault(external_id, read.number)
        problem = Problem(read.number, refusal.column, refusal.reason)
        return PlannedRow(read.number, Outcome.REFUSED, external_id, problem=problem, cells=list(read.cells))

    # Against the desk

    def _compare(self, chunk: list[PlannedRow]) -> None:
        """Classify the row as new, changed or unchanged; skip events that were removed from the desk."""
        drafted = {planned.external_id: planned for planned in chunk if planned.outcome == Outcome.NEW}
        columns = ("external_id", "event_id", "event__key", "row", "is_attached")
        rows = ExternalId.objects.filter(dataset=self.dataset.name, external_id__in=[*drafted])
        known = {row["external_id"]: row for row in rows.values(*columns)}
        gone = _withdrawn({row["event__key"] for row in known.values() if row["event__key"]})
        changed: dict[str, tuple[dict[str, Any], PlannedRow]] = {}
        for external_id, row in known.items():
            planned = drafted.pop(external_id)
            if row["event_id"] is None:
                planned.outcome, planned.note = Outcome.PASSED_OVER, _(DELETED)
            elif row["event__key"] in gone:
                planned.outcome, planned.note = Outcome.PASSED_OVER, gone[row["event__key"]]
            elif changes := self._changes(row["row"], planned.row):
                planned.outcome, planned.changes = Outcome.CHANGED, changes
                changed[external_id] = (row, planned)
            else:
                planned.outcome = Outcome.UNCHANGED
        self._revise(changed)
        self._refuse_taken_keys([*drafted.values()])
        self._find_duplicates([planned for planned in drafted.values() if planned.outcome == Outcome.NEW])

    def _changes(self, before: Row, now: Row) -> list[dict[str, Any]]:
        if before == now:
            return []
        return [
            {"column": column, "old": before.get(column, ""), "new": now.get(column, "")}
            for column in self.dataset.read
            if before.get(column, "") != now.get(column, "")
            and not (column in self.dataset.optional and (column not in before or column not in now))
            and not self.dataset.same(column, before.get(column, ""), now.get(column, ""))
        ]

    def _revise(self, changed: dict[str, tuple[dict[str, Any], PlannedRow]]) -> None:
        events = Event.objects.filter(pk__in=[row["event_id"] for row, _ in changed.values()]).in_key_order()
        if self.locking:
            list(events.select_for_update().values_list("pk"))
        found = {
            event.pk: event
            for event in events.select_related("location").prefetch_related(
                "claims__parties__actor",
                "claims__citations",
                "participations__actor",
                "participations__citations",
                "citations__source",
            )
        }
        for known, planned in changed.values():
            before = known["row"]
            planned.row = self._applied(before, planned)
            draft = self.dataset.draft(planned.row)
            planned.revision = revision_of(
                found[known["event_id"]],
                self.dataset.draft(before),
                draft,
                self.matcher,
                self.dataset.key_of(planned.external_id),
                claims_alone=known["is_attached"],
            )
            planned.draft = draft
            planned.matched = planned.revision.seen
            planned.changes += planned.revision.asked
            self.doubtful.older += _is_older(self.dataset.age_column, before, planned.row)
            self.mentions.note_asked(planned.revision.asked, planned.external_id)

    def _applied(self, before: Row, planned: PlannedRow) -> dict[str, str]:
        """The row as it will be written: a cell that only another spelling or layout tells apart stays as it was."""
        unread = {name: cell for name, cell in planned.row.items() if name not in self.dataset.read}
        known = {name: cell for name, cell in before.items() if name in self.dataset.read}
        return {**unread, **known, **{change["column"]: change["new"] for change in planned.changes}}

    def _refuse_taken_keys(self, new: list[PlannedRow]) -> None:
        keys = {self.dataset.key_of(planned.external_id): planned for planned in new}
        for key in Event.objects.filter(key__in=[*keys]).values_list("key", flat=True):
            planned = keys[key]
            planned.outcome = Outcome.REFUSED
            reason = _(
                "The desk has an event %(key)s that did not come from this data set: give it another key first."
            ) % {"key": key}
            planned.problem = Problem(planned.line, self.dataset.id_column, reason)

    def _find_duplicates(self, new: list[PlannedRow]) -> None:
        drafts = [(planned.draft, self.matcher.place_key(planned.draft.place)) for planned in new if planned.draft]
        alike = possible_duplicates(drafts, self.matcher, self.dataset.name)
        chosen: dict[str, str] = {}
        for planned in new:
            verdict, target = self.matcher.choices.get((ChoiceKind.EVENT, planned.external_id), ("", ""))
            if verdict == Verdict.MAP:
                chosen[planned.external_id] = target
            if (found := alike.get(planned.external_id)) and planned.draft:
                self.doubtful.twice += not verdict
                self.mentions.note_duplicate(planned.draft, found, target, is_decided=bool(verdict))
        there = set(Event.objects.filter(key__in=chosen.values()).values_list("key", flat=True))
        there -= _withdrawn(there).keys()
        for planned in new:
            if (target := chosen.get(planned.external_id, "")) in there and target:
                planned.attached_to = target
                planned.note = _("Its figures are added to %(target)s, as claims of %(title)s.") % {
                    "target": target,
                    "title": self.dataset.title,
                }

    def _vanished(self) -> Iterator[PlannedRow]:
        """Events of earlier files that this one should have: of its countries and within its time."""
        known = ExternalId.objects.filter(dataset=self.dataset.name, event__isnull=False)
        names = known.order_by().values_list("country", flat=True).distinct()
        here = [name for name in names if countries.identity(name) in self._countries]
        in_scope = Q(country__in=here, starts_on__range=(self._first, self._last))
        within = known.filter(in_scope)
        self.tally.outside = known.exclude(in_scope).count()
        if self._first > self._last:
            return
        for external_id, title in (
            within.order_by("external_id").values_list("external_id", "event__title").iterator(chunk_size=CHUNK)
        ):
            if external_id not in self._seen:
                yield PlannedRow(0, Outcome.VANISHED, external_id, title)


def _withdrawn(keys: Collection[str]) -> dict[str, str]:
    """Notes on events withdrawn from the record, by key. A release does not bring them back."""
    gone = Tombstone.objects.filter(entry_kind="event", key__in=keys).values_list("key", "successor")
    return {
        key: _("It was merged into %(successor)s: this release is not applied to it.") % {"successor": successor}
        if successor
        else _("It was withdrawn: this release does not bring it back.")
        for key, successor in gone
    }


def _is_older(column: str, before: Row, now: Row) -> bool:
    one, other = before.get(column, ""), now.get(column, "")
    return one.isdecimal() and other.isdecimal() and int(other) < int(one)


def _in_short(draft: EventDraft) -> str:
    """Date, place and deaths of a new event, for the preview."""
    figures = ", ".join(claim.as_worded for claim in draft.claims if claim.cites_reports)
    return f"{draft.days.text} · {draft.place.name}, {draft.country} · {figures}"
