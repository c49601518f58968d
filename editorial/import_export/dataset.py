"""Description of a foreign data set: its columns, its compiler, and how to read its rows."""

import difflib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from conflict import text as texts
from conflict.identifiers import SCHEMES
from conflict.message import gettext as _
from conflict.message import ngettext
from editorial.import_export.cell_parsers import Row, comparable, whole
from editorial.import_export.drafts import ONE_DAY, ActorDraft, EventDraft, SourceDraft
from editorial.import_export.exceptions import CellRefused, FileRefused

ROW_NUMBER = re.compile(
    r"Unnamed: 0(\.\d)?|X"
)  # as pandas and R call their numbers of rows, when they call them anything


ALL_ANSWERS = "/*"  # ends the name of a column that stands for one of each answer


def column_name(cell: str) -> str:
    """Name of the column that the cell of a header gives: however it is spaced, and in whatever letters."""
    return texts.line(cell).lower()


def question_of(name: str, names: Collection[str]) -> str:
    """The question that a column `question/answer` belongs to; empty if it is none. A label may hold a slash itself."""
    parts = name.split("/")
    questions = ["/".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)]
    return next((question for question in questions if question in names), questions[0] if questions else "")


def numbers_of(release: str) -> tuple[int, ...]:
    """The numbers of a release, by which most data sets order them."""
    return tuple(map(int, re.findall(r"\d+", release)))


@dataclass(frozen=True, slots=True)
class Dataset:
    """One data set in all its layouts: columns are identified by name, never by order."""

    name: str
    title: str
    key_prefix: str
    id_column: str
    country_column: str
    date_column: str
    read: tuple[str, ...]  # columns that say something on the desk; a change in any other changes nothing
    optional: frozenset[str]  # of those read: some layouts lack them
    passed_over: frozenset[str]  # columns that are kept with the row and not read
    compiler: ActorDraft
    draft: Callable[[Row], EventDraft]
    source_of_release: Callable[[str], SourceDraft]
    release_in_name: re.Pattern[str] | None = None
    order_of: Callable[[str], tuple[int, ...]] = numbers_of  # sorts releases; empty if unknown
    lists: frozenset[str] = frozenset()  # columns with lists separated by semicolons whose order means nothing
    scheme: str = ""  # of the identifiers that its ids are (conflict/identifiers.py)
    age_column: str = ""  # grows with every edit of the row, where the data set has such a column
    licence: str = ""  # under which its compiler publishes it
    terms: str = ""  # source of that statement
    usual_header: tuple[str, ...] = ()  # of files that were published without one
    takes_any_column: bool = False  # and passes over those that it does not read
    obsolete: Callable[[Collection[str]], str] = lambda names: ""  # why a layout is no longer read

    def release_of(self, file_name: str) -> str:
        """The release given by the file's name (`ged231` is 23.1); empty if there is none."""
        match = self.release_in_name.search(file_name.lower()) if self.release_in_name else None
        return ".".join(part for part in match.groups() if part) if match else ""

    def refuse_another_year(self, row: Row, draft: EventDraft) -> None:
        """Raise CellRefused if the row's year is not one that its days lie in."""
        year, days = whole(row, "year"), draft.days
        if year is not None and not days.starts_on.year <= year <= (days.ends_before - ONE_DAY).year:
            raise CellRefused(
                "year",
                _("The year is %(year)s, and %(column)s lies in %(other)s: one is wrong.")
                % {"year": year, "column": self.date_column, "other": days.starts_on.year},
            )

    def key_of(self, external_id: str) -> str:
        return f"{self.key_prefix}-{external_id.lower()}"

    def identifier(self, external_id: str) -> str:
        """Identifier that an event has by this id; empty if the data set is no system that others refer to."""
        scheme = SCHEMES.get(self.scheme)
        return f"{self.scheme}:{external_id}" if scheme and scheme.form.fullmatch(external_id) else ""

    def is_older(self, release: str, than: str) -> bool:
        """True if `release` came before `than`; False if either is unknown."""
        one, other = self.order_of(release), self.order_of(than)
        return bool(one and other) and one < other

    def same(self, column: str, one: str, other: str) -> bool:
        """True if two cells of a column differ only in spelling or in the order of a list."""
        if column in self.lists:
            return _sorted_list(one) == _sorted_list(other)
        return comparable(one) == comparable(other)

    def check_header(self, header: Sequence[str], left_out: Collection[str] = ()) -> list[str]:
        """Column names in the order of this file. Raises FileRefused for missing, misspelt or duplicate ones.

        `left_out` lists unknown columns that an editor decided to leave out. Other unknown ones are skipped, too, and
        reported to the importer (`added_columns`), unless their name is close to that of an absent column. Columns
        without a name keep the empty one.
        """
        names = ["" if ROW_NUMBER.fullmatch(cell.strip()) else column_name(cell) for cell in header]
        known = {*self.read, *self.passed_over, ""}
        if not {*self.read, *self.passed_over} & set(names):
            columns = ", ".join(cell for cell in header if cell)
            columns = f"{columns[:80]}…" if len(columns) > 80 else columns
            raise FileRefused(
                _("This is no table of %(title)s: its first line, “%(columns)s”, has none of that data set's columns.")
                % {"title": self.title, "columns": columns},
                line=1,
            )
        if reason := self.obsolete(names):
            raise FileRefused(reason, line=1)
        for name in names:
            if name and names.count(name) > 1 and (name in self.read or not self.takes_any_column):
                raise FileRefused(
                    _("The column “%(name)s” is given twice: remove one.") % {"name": name}, line=1, column=name
                )
        there = {*names, *self.choices(names)}
        if missing := [name for name in self.read if name not in there and name not in self.optional]:
            raise FileRefused(
                ngettext(
                    "This column is missing: %(missing)s. Take the file as %(title)s publishes it.",
                    "These columns are missing: %(missing)s. Take the file as %(title)s publishes it.",
                    len(missing),
                )
                % {"missing": ", ".join(missing), "title": self.title},
                line=1,
                column=missing[0],
            )
        absent = known - set(names)
        for name in () if self.takes_any_column else self.added_columns(names):
            if name not in left_out and (near := difflib.get_close_matches(name, absent, 1, 0.8)):
                raise FileRefused(
                    _("This column is not known: %(name)s. Is %(near)s meant? Rename it, or leave it out by name.")
                    % {"name": name, "near": near[0]},
                    line=1,
                    column=name,
                )
        return names

    def added_columns(self, names: Sequence[str]) -> list[str]:
        """Columns that the data set does not have, added by somebody who passed the file on. Nothing reads them."""
        known = {*self.read, *self.passed_over}
        known |= {names[place] for choices in self.choices(names).values() for place in choices}
        return [name for name in names if name and name not in known]

    def choices(self, header: Sequence[str]) -> dict[str, dict[int, str]]:
        """Answers by place in the header, for each column read as `question/*`: Kobo and ODK write a column for each answer."""
        spelled = [texts.line(cell) for cell in header]
        names = [name.lower() for name in spelled]
        found = {
            column: {
                place: spelled[place][len(column) - 1 :]
                for place, name in enumerate(names)
                if question_of(name, names) == column.removesuffix(ALL_ANSWERS)
            }
            for column in self.read
            if column.endswith(ALL_ANSWERS)
        }
        return {column: answers for column, answers in found.items() if answers}


def _sorted_list(cell: str) -> list[str]:
    return sorted(part for part in (comparable(part) for part in cell.split(";")) if part)


def refuse_what_has_no_name(names: Sequence[str], cells: Sequence[str]) -> None:
    """Raise CellRefused for a cell without a column name: its content would be lost. A first column of row numbers may stay."""
    for place, (name, cell) in enumerate(zip(names, cells, strict=True)):
        if not name and cell.strip() and not (place == 0 and cell.strip().isdecimal()):
            raise CellRefused(
                "",
                _("“%(cell)s” stands in column %(number)s, which has no name in the first line.")
                % {"cell": cell.strip()[:60], "number": place + 1},
            )


def is_numbered_blank(names: Sequence[str], cells: Sequence[str]) -> bool:
    """A row of nothing, which has but the number that a program gave to every row."""
    return not names[0] and cells[0].strip().isdecimal() and not any(map(texts.line, cells[1:]))


def is_tag_row(names: Sequence[str], cells: Sequence[str]) -> bool:
    """The row of HXL tags that files from HDX carry under their header; a column that numbers the rows numbers it, too."""
    filled = [
        cell.strip()
        for name, cell in zip(names, cells, strict=True)
        if cell.strip() and (name or not cell.strip().isdecimal())
    ]
    return bool(filled) and all(cell.startswith("#") for cell in filled)
