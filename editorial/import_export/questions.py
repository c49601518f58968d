"""Questions that an import asks before it is confirmed."""

from typing import TYPE_CHECKING

from conflict.message import Message, ngettext
from conflict.message import gettext as _

if TYPE_CHECKING:
    from editorial.import_export.plan import Plan


def of(plan: "Plan") -> dict[str, Message]:
    """Questions by code, once the whole file is read."""
    asked: dict[str, Message] = {}
    if plan.older:
        asked["older_rows"] = _counted(
            plan.older,
            ngettext(
                "%(count)s row changed here is older than what was imported before.",
                "%(count)s rows changed here are older than what was imported before.",
                plan.older,
            ),
        )
    if plan.lacks_header:
        asked["no_header"] = _(
            "The first line does not name the columns: they are taken in the order in which %(title)s publishes them."
        ) % {"title": plan.dataset.title}
    if plan.filing.outside and plan.filing.chosen:
        asked["outside_period"] = _counted(
            plan.filing.outside,
            ngettext(
                "%(count)s row lies outside the dates of “%(period)s”: leave the period empty to have it filed by date.",
                "%(count)s rows lie outside the dates of “%(period)s”: leave the period empty to have them filed by date.",
                plan.filing.outside,
            ),
            period=str(plan.filing.chosen),
        )
    if plan.twice:
        asked["duplicates"] = _counted(
            plan.twice,
            ngettext(
                "%(count)s row may be told twice: the desk has events of the same days and places, and nobody decided yet.",
                "%(count)s rows may be told twice: the desk has events of the same days and places, and nobody decided yet.",
                plan.twice,
            ),
        )
    if plan.garbled:
        asked["wrong_encoding"] = _counted(
            plan.garbled,
            ngettext(
                "Text in %(count)s row was read in the wrong encoding, as if the file had been opened and saved by a spreadsheet: “%(cell)s” for “%(meant)s”. Better upload the file as it came.",
                "Text in %(count)s rows was read in the wrong encoding, as if the file had been opened and saved by a spreadsheet: “%(cell)s” for “%(meant)s”. Better upload the file as it came.",
                plan.garbled,
            ),
            **plan.garbled_as,
        )
    return asked


def _counted(count: int, sentence: Message, **values: str) -> Message:
    return sentence % {"count": f"{count:,}", **values}
