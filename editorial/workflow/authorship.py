"""Authorship: the people who wrote the difference between what two people read and what the desk holds. They may not
approve it (`editorial.workflow.permissions`).

A pure function over the history and its content. It does not matter which form or verb an edit came through, or who
proposed it: typed, uploaded, moved here or away, hidden from readers or shown to them with its source, or restored
after somebody else had removed it. An edit that was undone makes nobody an author; one that somebody corrected further
still does.

What became public since and was read by nobody else counts, too: whoever takes something out of it is an author.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from conflict.vocabulary import UNPUBLISHED_ACCESS
from editorial.workflow.word_authors import word_authors

Row = tuple[str, int]  # table and number
LastRows = Mapping[str, int]  # last edit read, by table; of a table not listed, nothing was read
Standing = Mapping[Row, Mapping[str, Any]]  # values of each row
SOURCE, CITATION = "conflict.source", "conflict.citation"


class Edit(NamedTuple):
    """One row of the history: the values of a desk row after the edit, or before it was deleted."""

    table: str
    row: int
    number: int
    is_deletion: bool
    values: Mapping[str, Any]
    by: frozenset[int]
    import_run: int | None = None


def authors(
    bases: Mapping[Row, Sequence[LastRows]], edits: Iterable[Edit], parents: Mapping[str, Mapping[str, str]]
) -> set[int]:
    """People who wrote what these entries say now but did not say at one of the checkpoints, or removed what they said.

    `bases` gives, by entry, the checkpoint of what was last read by two people, and those of what was published since.
    `parents` gives, by table, the columns that reference a row's parents, and the tables of those.
    """
    history = History(edits, parents)
    return {
        person
        for entry, of_entry in bases.items()
        for last_rows in of_entry
        for person in _authors(history, entry, last_rows)
    }


def _authors(history: "History", entry: Row, last_rows: LastRows) -> Iterator[int]:
    rows = [entry, *history.ever_below(entry)]
    before = {row: values for row in rows if (values := history.shown(row, entry, last_rows)) is not None}
    now = {row: values for row in rows if (values := history.shown(row, entry, None)) is not None}
    gone, come = history.by_content(before, now), history.by_content(now, before)
    for row in before.keys() & now.keys():
        for column, value in now[row].items():
            if before[row].get(column) != value:
                yield from history.setters(row, column, last_rows)
                yield from history.writers(row, column, before[row].get(column), last_rows)
    differing = [content for content in gone.keys() | come.keys() if len(gone[content]) != len(come[content])]
    for content in differing:  # a row that was removed and written again word for word is no difference
        for row in gone[content]:
            yield from history.removers(row, last_rows)
        for row in come[content]:
            yield from history.bringers(row, last_rows)
            for twin in rows:  # somebody else wrote it first; it was removed, and came back
                if twin[0] == row[0] and twin not in now and history.content(twin) == history.content(row):
                    yield from history.bringers(twin, last_rows)


class History:
    """Edits by row, in order."""

    def __init__(self, edits: Iterable[Edit], parents: Mapping[str, Mapping[str, str]]) -> None:
        self.parents = parents
        self.edits: dict[Row, list[Edit]] = defaultdict(list)
        self.below: dict[Row, dict[Row, None]] = defaultdict(dict)
        for edit in edits:
            row = edit.table, edit.row
            self.edits[row].append(edit)
            for parent in self.parents_of(edit):
                self.below[parent][row] = None
        for found in self.edits.values():
            found.sort(key=lambda edit: edit.number)

    def ever_below(self, row: Row) -> dict[Row, None]:
        """Rows that were ever part of this one, directly or not; each once."""
        found: dict[Row, None] = {}
        for child in self.below.get(row, ()):
            found |= {child: None} | self.ever_below(child)
        return found

    def stood(self, row: Row, last_rows: LastRows | None) -> Edit | None:
        """Last edit of the row at the checkpoint, or ever without one; None if the row did not exist."""
        last = None
        for edit in self.edits.get(row, ()):
            if last_rows is not None and edit.number > last_rows.get(edit.table, 0):
                break
            last = edit
        return None if last is None or last.is_deletion else last

    def belongs(self, row: Row, entry: Row, last_rows: LastRows | None) -> bool:
        """True if the row existed at the checkpoint and was part of the entry."""
        edit = self.stood(row, last_rows)
        if edit is None:
            return False
        return row == entry or any(self.belongs(parent, entry, last_rows) for parent in self.parents_of(edit))

    def shown(self, row: Row, entry: Row, last_rows: LastRows | None) -> Mapping[str, Any] | None:
        """Values of the row in the entry's document; None if it was missing, elsewhere, or its source was restricted."""
        edit = self.stood(row, last_rows)
        if edit is None or self.is_hidden(edit, last_rows) or not self.belongs(row, entry, last_rows):
            return None
        return edit.values

    def is_hidden(self, edit: Edit, last_rows: LastRows | None) -> bool:
        """True if the row cites a restricted source: documents leave such citations out."""
        source = self.stood((SOURCE, edit.values["source_id"]), last_rows) if edit.table == CITATION else None
        return source is not None and source.values["access"] in UNPUBLISHED_ACCESS

    def setters(self, row: Row, column: str, last_rows: LastRows | None = None) -> Iterator[int]:
        """People who gave the column its current value since the checkpoint, including anybody who restored it."""
        edits = self.edits.get(row, [])
        value = edits[-1].values.get(column) if edits else None
        before: Any = _NOTHING
        for edit in edits:
            given = _NOTHING if edit.is_deletion else edit.values.get(column)
            if given == value and before != value and (last_rows is None or edit.number > last_rows.get(edit.table, 0)):
                yield from edit.by
            before = given

    def writers(self, row: Row, column: str, read: Any = "", last_rows: LastRows | None = None) -> Iterator[int]:
        """People whose words stand in the column's text, whoever edited it after them."""
        after = 0 if last_rows is None else last_rows.get(row[0], 0)
        edits = [edit for edit in self.edits.get(row, ()) if edit.number > after and not edit.is_deletion]
        versions = [(edit.values.get(column), edit.by) for edit in edits]
        if len({by for _, by in versions}) > 1 and isinstance(versions[-1][0], str | dict):
            yield from word_authors(column, read, versions)

    def bringers(self, row: Row, last_rows: LastRows) -> Iterator[int]:
        """People who created the row, wrote what it says, moved it here, or opened its source to readers."""
        edits = self.edits[row]
        yield from edits[0].by
        for column in edits[-1].values:
            yield from self.setters(row, column)
            yield from self.writers(row, column)
        yield from self._movers(row, last_rows)
        yield from self._doorkeepers(row, last_rows)

    def removers(self, row: Row, last_rows: LastRows) -> Iterator[int]:
        """People who deleted the row, moved it or what it is part of elsewhere, or restricted its source."""
        last = self.edits[row][-1]
        if last.is_deletion:
            yield from last.by
            return
        for column in (*self.parents.get(row[0], ()), *(["source_id"] if row[0] == CITATION else [])):
            yield from self.setters(row, column, last_rows)
        yield from self._movers(row, last_rows)
        yield from self._doorkeepers(row, last_rows)

    def _movers(self, row: Row, last_rows: LastRows) -> Iterator[int]:
        """People who moved what the row is part of since the checkpoint: a claim takes its citations along."""
        for parent in self.parents_of(self.edits[row][-1]):
            if parent in self.edits:
                for column in self.parents.get(parent[0], ()):
                    yield from self.setters(parent, column, last_rows)
                yield from self._movers(parent, last_rows)

    def _doorkeepers(self, row: Row, last_rows: LastRows) -> Iterator[int]:
        """People who changed the access to the row's source since the checkpoint."""
        last = self.edits[row][-1]
        if last.table == CITATION:
            yield from self.setters((SOURCE, last.values["source_id"]), "access", last_rows)

    def by_content(self, standing: Standing, other: Standing) -> dict[Any, list[Row]]:
        """Rows that only the first has, grouped by content and parents."""
        found: dict[Any, list[Row]] = defaultdict(list)
        for row in standing.keys() - other.keys():
            found[self._signature(row, standing)].append(row)
        return found

    def _signature(self, row: Row, standing: Standing) -> tuple[Any, ...]:
        above = (parent for parent in self._named_by(row[0], standing[row]) if parent in standing)
        return (row[0], self._content(row[0], standing[row]), *(self._signature(parent, standing) for parent in above))

    def content(self, row: Row) -> tuple[Any, ...]:
        return self._content(row[0], self.edits[row][-1].values)

    def _content(self, table: str, values: Mapping[str, Any]) -> tuple[Any, ...]:
        above = self.parents.get(table, {})
        return tuple(sorted((column, repr(value)) for column, value in values.items() if column not in above))

    def parents_of(self, edit: Edit) -> list[Row]:
        return self._named_by(edit.table, edit.values)

    def _named_by(self, table: str, values: Mapping[str, Any]) -> list[Row]:
        above = self.parents.get(table, {})
        return [(parent, values[column]) for column, parent in above.items() if values.get(column) is not None]


_NOTHING = object()  # no value: the row was not there
