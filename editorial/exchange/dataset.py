"""What is known of a foreign data set: its columns, its compiler, and how a row of it reads."""

import difflib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from editorial.exchange.cells import Row
from editorial.exchange.drafts import ActorDraft, EventDraft, SourceDraft
from editorial.exchange.refusals import FileRefused


@dataclass(frozen=True, slots=True)
class Dataset:
    """One data set in all its layouts: columns are told by their names, never by their order."""

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
    release_in_name: re.Pattern[str]

    def release_of(self, file_name: str) -> str:
        """The release as the file's name tells it (`ged231` is 23.1), or nothing."""
        match = self.release_in_name.search(file_name.lower())
        return ".".join(part for part in match.groups() if part) if match else ""

    def key_of(self, external_id: str) -> str:
        return f"{self.key_prefix}-{external_id.lower()}"

    def check_header(self, header: Sequence[str], left_out: Collection[str] = ()) -> list[str]:
        """The names of the columns, in the order of this file. Raises FileRefused for one missing, unknown or given twice.

        `left_out` names unknown columns that somebody decided to leave out.
        """
        names = [cell.strip().lower() for cell in header]
        known = {*self.read, *self.passed_over}
        if not known & set(names):
            raise FileRefused(
                f"This is no table of {self.title}: its first line has none of that data set's columns.", line=1
            )
        for name in names:
            if names.count(name) > 1:
                raise FileRefused(f"The column “{name}” is given twice: remove one.", line=1, column=name)
        if missing := [name for name in self.read if name not in names and name not in self.optional]:
            raise FileRefused(
                f"{_columns(missing)} missing: {', '.join(missing)}. Take the file as {self.title} publishes it.",
                line=1,
                column=missing[0],
            )
        if unknown := [name for name in names if name not in known and name not in left_out]:
            near = difflib.get_close_matches(unknown[0], known, 1)
            hint = f" Is {near[0]} meant?" if near else ""
            raise FileRefused(
                f"{_columns(unknown)} not known: {', '.join(unknown)}.{hint} Remove what is not needed, or leave it out by name.",
                line=1,
                column=unknown[0],
            )
        return names


def _columns(names: Sequence[str]) -> str:
    return "This column is" if len(names) == 1 else "These columns are"


def is_tag_row(cells: Sequence[str]) -> bool:
    """The row of HXL tags that files from HDX carry under their header."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    return bool(filled) and all(cell.startswith("#") for cell in filled)
