"""Fields of an event that a column of somebody's own table may hold, and the columns that a sample of it offers."""

from collections.abc import Collection, Iterator
from itertools import islice

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from conflict.message import gettext as _
from conflict.message import pgettext
from editorial.import_export import files
from editorial.import_export.dataset import ALL_ANSWERS, column_name, is_tag_row, question_of
from editorial.import_export.exceptions import FileRefused
from editorial.import_export.sheets import FALSE, TRUE

FIELDS: dict[str, str | Promise] = {
    "id": gettext_lazy(
        "What tells one row from another, in this file and the next. Without it: date, place, title and source together."
    ),
    "date": gettext_lazy("EDTF or a day: 2019-06-09, 2019-06, 2019-06-09/2019-06-12, 09 June 2019."),
    "title": gettext_lazy("One line; without it, kind and place."),
    "summary": gettext_lazy("What happened."),
    "kind": gettext_lazy("A kind of event of the desk, by its value or its label: battle, attack or ambush."),
    "place": gettext_lazy("Name of the place."),
    "cercle": gettext_lazy("Second-order division that the place lies in."),
    "region": gettext_lazy("First-order division that it lies in."),
    "country": gettext_lazy("Country."),
    "latitude": gettext_lazy("Degrees north, with a point."),
    "longitude": gettext_lazy("Degrees east, with a point."),
    "point": gettext_lazy("Both in one cell, as Kobo and ODK write it: 14.35 -3.61 0 0."),
    "actor_1": gettext_lazy("Who is named first, or acted."),
    "actor_2": gettext_lazy("Who is named second, or was acted upon."),
    "figure": gettext_lazy("How many; a whole number, or from–to."),
    "measure": gettext_lazy("What the figure counts: killed, wounded, displaced …"),
    "subject": gettext_lazy("Whose losses, in words."),
    "claimant": gettext_lazy("Who says so."),
    "source": gettext_lazy("Title of the report; without it, the table itself is cited."),
    "source_url": gettext_lazy("Its address."),
    "source_date": gettext_lazy("Its day."),
    "outlet": gettext_lazy("Who published it."),
}
NEEDED = ("date", "place", "country")
SAMPLE_ROWS = 200
KEYS_OF_FORMS = ("_uuid", "_id", "meta/instanceid", "meta-instanceid", "key")  # of Kobo and ODK


def field_name(field: str) -> str:
    return pgettext("field", field.replace("_", " "))


def columns_offered(lines: Iterator[files.Line]) -> list[str]:
    """Columns of a sample, as mappings name them; a question with a column for each answer comes as one more."""
    header = next(lines, None)
    if header is None:
        raise FileRefused(_("The file is empty."))
    names = [column_name(cell) for cell in header.cells]
    answers = {question for name in names if (question := question_of(name, names))}
    for line in islice(lines, SAMPLE_ROWS):
        if not is_tag_row(names, line.cells):
            answers -= {
                question_of(name, names)
                for name, cell in zip(names, line.cells, strict=True)
                if cell.strip().lower() not in TRUE | FALSE | {""}
            }
    return [name for name in names if name] + [f"{question}{ALL_ANSWERS}" for question in sorted(answers)]


def guess(field: str, columns: Collection[str]) -> str:
    """The column that a field is most likely in, by its name within its group; empty if there is none, or several."""
    if field in columns:
        return field
    if field == "id":
        return next((name for name in KEYS_OF_FORMS if name in columns), "")
    ends = [f"{sign}{field}" for sign in ("/", "-", ".")] + (
        [f"_{field}"] if field in ("latitude", "longitude") else []
    )
    found = [name for name in columns if name.endswith(tuple(ends))]
    return found[0] if len(found) == 1 else ""


def check(columns: dict[str, str], constants: dict[str, str]) -> None:
    """Raises ValueError for a mapping by which no row could become an event."""
    if missing := [field for field in NEEDED if not columns.get(field) and not constants.get(field)]:
        raise ValueError(
            _("Say which column holds this, or what it is in every row: %(missing)s.")
            % {"missing": ", ".join(map(field_name, missing))}
        )
    if unknown := [field for field in {*columns, *constants} if field not in FIELDS]:
        raise ValueError(_("There is no field %(unknown)s.") % {"unknown": ", ".join(sorted(unknown))})
