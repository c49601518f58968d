"""Questions that an import asks before it is confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass

from conflict import text
from conflict.message import Message, ngettext
from conflict.message import gettext as _
from editorial.import_export.periods import Filing


@dataclass
class DoubtfulRows:
    """Counts of rows that somebody should look at, and the first one that was read in the wrong encoding."""

    unnamed: str = ""  # the data set, whose file lacks the line that names its columns
    older: int = 0
    twice: int = 0
    garbled: int = 0
    cell: str = ""
    meant: str = ""

    def note_garbled(self, cells: Iterable[str]) -> None:
        """Count the row if it brings text that another program read in the wrong encoding."""
        for cell in cells:
            if (meant := text.ungarbled(cell)) is not None:
                self.garbled += 1
                self.cell, self.meant = self.cell or cell[:60], self.meant or meant[:60]
                return


def questions(doubtful: DoubtfulRows, filing: Filing) -> dict[str, Message]:
    """Questions by code, once the whole file is read."""
    asked: dict[str, Message] = {}
    if doubtful.older:
        asked["older_rows"] = _counted(
            doubtful.older,
            ngettext(
                "%(count)s row changed here is older than what was imported before.",
                "%(count)s rows changed here are older than what was imported before.",
                doubtful.older,
            ),
        )
    if doubtful.unnamed:
        asked["no_header"] = _(
            "The first line does not name the columns: they are taken in the order in which %(title)s publishes them."
        ) % {"title": doubtful.unnamed}
    if filing.outside and filing.chosen:
        asked["outside_period"] = _counted(
            filing.outside,
            ngettext(
                "%(count)s row lies outside the dates of “%(period)s”: leave the period empty to have it filed by date.",
                "%(count)s rows lie outside the dates of “%(period)s”: leave the period empty to have them filed by date.",
                filing.outside,
            ),
            period=str(filing.chosen),
        )
    if doubtful.twice:
        asked["duplicates"] = _counted(
            doubtful.twice,
            ngettext(
                "%(count)s row may be told twice: the desk has events of about the same days and places, and nobody decided yet.",
                "%(count)s rows may be told twice: the desk has events of about the same days and places, and nobody decided yet.",
                doubtful.twice,
            ),
        )
    if doubtful.garbled:
        asked["wrong_encoding"] = _counted(
            doubtful.garbled,
            ngettext(
                "Text in %(count)s row was read in the wrong encoding, as if the file had been opened and saved by a spreadsheet: “%(cell)s” for “%(meant)s”. Better upload the file as it came.",
                "Text in %(count)s rows was read in the wrong encoding, as if the file had been opened and saved by a spreadsheet: “%(cell)s” for “%(meant)s”. Better upload the file as it came.",
                doubtful.garbled,
            ),
            cell=doubtful.cell,
            meant=doubtful.meant,
        )
    return asked


def _counted(count: int, sentence: Message, **values: str) -> Message:
    return sentence % {"count": f"{count:,}", **values}
