"""Preview of an import: what becomes of each line, open decisions first."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conflict import message
from editorial.admin import import_names
from editorial.admin.generics import Paginator
from editorial.import_export.datasets import DATASETS
from editorial.models import Dataset, ExternalId, ImportLine, ImportRun

LINES_ON_A_PAGE = 100
Outcome = ImportLine.Outcome
BY_URGENCY = (
    Outcome.REFUSED,
    Outcome.CHANGED,
    Outcome.VANISHED,
    Outcome.NEW,
    Outcome.PASSED_OVER,
    Outcome.UNCHANGED,
)
SAYS = {
    Outcome.REFUSED: _("Why it is refused"),
    Outcome.CHANGED: _("What changes"),
    Outcome.VANISHED: _("What becomes of it"),
    Outcome.NEW: _("What is new"),
    Outcome.PASSED_OVER: _("Why it is passed over"),
    Outcome.UNCHANGED: _("What changes"),
}


class CountedPaginator(Paginator):
    """Paginator for rows that were counted when they were written."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count  # Django's queries the database once


def most_urgent(run: ImportRun) -> str:
    """The first outcome that some line has, in the order in which an editor looks at them."""
    return next((outcome.value for outcome in BY_URGENCY if getattr(run, outcome.value)), Outcome.NEW.value)


def context(run: ImportRun, outcome: str, page_number: str | None) -> dict[str, Any]:
    """Template context for the lines with this outcome."""
    lines = run.lines.filter(outcome=outcome).order_by("line", "pk")
    page = CountedPaginator(lines, LINES_ON_A_PAGE, getattr(run, outcome)).get_page(page_number)
    _address_lines(run, page)
    _tell_changes(page)
    is_previewed, is_imported = run.stage == ImportRun.Stage.PREVIEWED, run.stage == ImportRun.Stage.IMPORTED
    is_table = run.dataset == Dataset.TABLE
    return {
        "run": run,
        "title": str(run),
        "page": page,
        "counts": [(shown.value, shown.label, getattr(run, shown.value)) for shown in BY_URGENCY],
        "columns_changed": sorted(run.columns_changed.items(), key=lambda counted: -counted[1]),
        "outcome": outcome,
        "says": SAYS[Outcome(outcome)],
        "says_no_release": is_previewed and run.dataset in DATASETS and not run.release,
        "may_propose": is_imported and not is_table,
        "may_undo": is_imported and (run.new or run.changed),
        "may_confirm": is_previewed and (not run.refused or bool(run.header)),
        "may_leave_out": is_previewed and not is_table,
        "names": import_names.counted(run),
        "filed": import_names.filed(run),
        "licence": import_names.licence_of(run),
    }


def _address_lines(run: ImportRun, lines: Iterable[Any]) -> None:
    """Link the lines of a data set to their events, where these exist."""
    ids = ExternalId.objects.filter(dataset=run.source, external_id__in=[line.external_id for line in lines])
    events = dict(ids.values_list("external_id", "event_id"))
    for line in lines:
        event = events.get(line.external_id)
        line.address = reverse("admin:conflict_event_change", args=[event]) if event else ""


def _tell_changes(lines: Iterable[Any]) -> None:
    """Translate the software's sentences about fields that an editor has changed."""
    for line in lines:
        for change in line.changes:
            if "kept" in change:
                change["old"], change["new"] = message.read(change["old"]), message.read(change["new"])
