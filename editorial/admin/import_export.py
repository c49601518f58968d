"""Import and export in the admin: upload, preview line by line, confirm; and files of every table."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from import_export.admin import ExportMixin
from import_export.forms import ExportForm

from conflict.models import Period
from editorial.admin import import_batches, import_names
from editorial.admin.generics import ModelAdmin
from editorial.admin.list_filters import NamedFilter
from editorial.import_export import choices, import_undo, jobs, permissions, proposals, refused_rows, uploads
from editorial.import_export.datasets import DATASETS
from editorial.import_export.exceptions import FileRefused, ImportRefused
from editorial.import_export.formats import FORMATS
from editorial.import_export.resources import RESOURCES
from editorial.models import Dataset, ExternalId, ImportLine, ImportRun, SheetMapping
from editorial.models.dataset import TABLES
from editorial.workflow.exceptions import WorkflowRefused

LINES_ON_A_PAGE = 100
SHEET = "sheet:"
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
    Outcome.REFUSED: "Why it is refused",
    Outcome.CHANGED: "What changes",
    Outcome.VANISHED: "What becomes of it",
    Outcome.NEW: "What is new",
    Outcome.PASSED_OVER: "Why it is passed over",
    Outcome.UNCHANGED: "What changes",
}
SAID_OF_DRAFTS = 5
LOOK_AGAIN_AFTER = "5"  # seconds between reloads while the worker is busy


class ExchangeMixin(ExportMixin):  # type: ignore[misc]  # import_export ships no types
    """Export of a list as shown, and a link to the import page, for permitted users."""

    import_export_change_list_template = "admin/editorial/importrun/change_list.html"
    export_form_class = ExportForm  # always every column: a file without some could not be imported again

    def get_export_formats(self) -> list[Any]:
        return list(FORMATS.values())

    def get_resource_classes(self, request: HttpRequest) -> list[Any]:
        return [RESOURCES[self.table]]

    def get_export_resource_kwargs(self, request: HttpRequest, **options: Any) -> dict[str, Any]:
        return {**super().get_export_resource_kwargs(request, **options), "user": request.user}

    def has_export_permission(self, request: Any) -> bool:
        return permissions.may_export_table(request.user, self.table)

    def export_action(self, request: HttpRequest) -> Any:
        """Export the list; refused if a workbook could not hold a text in full."""
        try:
            return super().export_action(request)
        except ValueError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        offered = {"import_table": self.table if permissions.may_import_table(request.user, self.table) else ""}  # type: ignore[arg-type]
        return super().changelist_view(request, {**(extra_context or {}), **offered})

    @property
    def table(self) -> str:
        return str(self.opts.model_name)


class CountedPaginator(Paginator):
    """Paginator for rows that were counted when they were written."""

    def __init__(self, rows: Any, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count  # Django's queries the database once


class UploadForm(forms.Form):
    """Upload form: kind of content, file, and details missing from the file."""

    holds = forms.ChoiceField(label="The file holds")
    file = forms.FileField(label="File", help_text="CSV in UTF-8, XLSX or ODS.")
    release = forms.CharField(
        required=False, max_length=60, help_text="For a data set, where the file's name does not tell it: 23.1"
    )
    period = forms.ModelChoiceField(
        Period.objects.order_by("position"),
        required=False,
        help_text="For events: where new ones are filed. Left empty, each is filed by its date.",
    )
    left_out = forms.CharField(
        label="Leave out",
        required=False,
        max_length=1000,
        help_text="For a data set: columns that it does not have of its own and that are to be passed over, separated by commas.",
    )

    def __init__(self, user: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        datasets = [(name, f"Events of {dataset.title}") for name, dataset in DATASETS.items()]
        mappings = SheetMapping.objects.order_by("name").values_list("key", "name")
        datasets += [(f"{SHEET}{key}", f"Events of {name}, by its mapping") for key, name in mappings]
        offered = [(table, f"Table {table}") for table in TABLES if permissions.may_import_table(user, table)]
        choices = [*(datasets if permissions.may_import_dataset(user) else []), *offered]
        self.fields["holds"].choices = choices  # type: ignore[attr-defined]

    def clean_holds(self) -> str | SheetMapping:
        holds = str(self.cleaned_data["holds"])
        return SheetMapping.objects.get(key=holds.removeprefix(SHEET)) if holds.startswith(SHEET) else holds

    def clean_left_out(self) -> frozenset[str]:
        names = (name.strip().lower() for name in self.cleaned_data["left_out"].split(","))
        return frozenset(name for name in names if name)


class Progress(NamedFilter):
    title = "progress"
    parameter_name = "progress"
    choices_offered = {
        "open": ("not settled", lambda rows, _: rows.in_progress()),
        "worker": ("with the worker", lambda rows, _: rows.underway()),
    }


@admin.register(ImportRun)
class ImportRunAdmin(ModelAdmin):
    """Imports: those awaiting confirmation, and the results of the others."""

    list_display = ("file_name", "dataset", "table", "stage", "new", "changed", "refused", "vanished", "previewed_by", "previewed_at")  # fmt: skip
    list_filter = (Progress, "stage", "dataset")
    list_select_related = ("previewed_by",)
    search_fields = ("file_name",)
    ordering = ("-previewed_at", "-pk")
    actions: Any = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user: Any = request.user
        if obj is not None:
            return permissions.may_settle(user, obj)
        return any(self._doors(user))

    def _doors(self, user: Any) -> Iterator[bool]:
        yield permissions.may_import_dataset(user)
        for table in TABLES:
            yield permissions.may_import_table(user, table) or permissions.may_export_table(user, table)

    def get_queryset(self, request: HttpRequest) -> Any:
        """Runs of kinds that this user may import."""
        user: Any = request.user
        allowed = [table for table in TABLES if permissions.may_import_table(user, table)]
        rows = super().get_queryset(request).filter(dataset=Dataset.TABLE, table__in=allowed)
        if permissions.may_import_dataset(user):
            rows |= super().get_queryset(request).exclude(dataset=Dataset.TABLE)
        return rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return permissions.may_import_dataset(user) or any(
            permissions.may_import_table(user, table) for table in TABLES
        )

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/confirm/", view(require_POST(self.confirm_view)), name="editorial_importrun_confirm"),
            path("<int:pk>/abandon/", view(require_POST(self.abandon_view)), name="editorial_importrun_abandon"),
            path("<int:pk>/propose/", view(require_POST(self.propose_view)), name="editorial_importrun_propose"),
            path("<int:pk>/decide/", view(require_POST(self.decide_view)), name="editorial_importrun_decide"),
            path("<int:pk>/undo/", view(require_POST(self.undo_view)), name="editorial_importrun_undo"),
            path("<int:pk>/refused.csv", view(self.refused_view), name="editorial_importrun_refused"),
            path("<int:pk>/batches/", view(self.batches_view), name="editorial_importrun_batches"),
            path("tables/", view(self.tables_view), name="editorial_importrun_tables"),
            path("tables/<slug:table>.<slug:form>", view(self.export_view), name="editorial_importrun_export"),
            *super().get_urls(),
        ]

    # Import

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Upload a file; the preview follows."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        initial = {"holds": request.GET.get("holds", "")}
        form = UploadForm(request.user, request.POST or None, request.FILES or None, initial=initial)
        if request.method == "POST":
            try:
                uploads.refuse_too_large(int(request.META.get("CONTENT_LENGTH") or 0))
                if form.is_valid():
                    run = _received(form.cleaned_data, request.user)
                    return HttpResponseRedirect(reverse("admin:editorial_importrun_change", args=[run.pk]))
            except FileRefused as refusal:
                form.errors.pop("file", None)
                form.add_error("file", f"{str(refusal)[:1].upper()}{str(refusal)[1:]}")
        return self._page(request, "upload", {"form": form, "title": "Import a file"})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Preview: the effect of each line or the reason for its refusal; open decisions come first."""
        run = get_object_or_404(self.get_queryset(request), pk=object_id) if object_id.isdecimal() else None
        if run is None:
            raise Http404
        if run.stage in (ImportRun.Stage.READING, ImportRun.Stage.IMPORTING):
            response = self._page(request, "underway", {"run": run, "title": str(run)})
            response.headers["Refresh"] = LOOK_AGAIN_AFTER
            return response
        counts = [(outcome.value, outcome.label, getattr(run, outcome.value)) for outcome in BY_URGENCY]
        urgent = next((value for value, _, count in counts if count), ImportLine.Outcome.NEW.value)
        outcome = request.GET.get("outcome", urgent)
        if outcome not in ImportLine.Outcome.values:
            raise Http404
        if names := import_names.page_of(run, request.GET):
            return self._page(request, "names", {"run": run, "title": str(run), **names})
        lines = run.lines.filter(outcome=outcome).order_by("line", "pk")
        page = CountedPaginator(lines, LINES_ON_A_PAGE, getattr(run, outcome)).get_page(request.GET.get("page"))
        _address_lines(run, page)
        return self._page(
            request,
            "preview",
            {
                "run": run,
                "title": str(run),
                "page": page,
                "counts": counts,
                "columns_changed": sorted(run.columns_changed.items(), key=lambda counted: -counted[1]),
                "outcome": outcome,
                "says": SAYS[ImportLine.Outcome(outcome)],
                "says_no_release": run.stage == ImportRun.Stage.PREVIEWED
                and run.dataset in DATASETS
                and not run.release,
                "may_propose": run.stage == ImportRun.Stage.IMPORTED and run.dataset != Dataset.TABLE,
                "may_undo": run.stage == ImportRun.Stage.IMPORTED and (run.new or run.changed),
                "may_confirm": run.stage == ImportRun.Stage.PREVIEWED and (not run.refused or bool(run.header)),
                "may_leave_out": run.stage == ImportRun.Stage.PREVIEWED and run.dataset != Dataset.TABLE,
                "names": import_names.counted(run),
                "filed": import_names.filed(run),
                "licence": import_names.licence_of(run),
            },
        )

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Carry out the previewed import."""
        run, user = self._run(request, pk), request.user
        run.without_refused = "without_refused" in request.POST
        try:
            jobs.confirm(run=run, by=user, at=timezone.now(), accepted=request.POST.getlist("accepted"))  # type: ignore[arg-type]
            if run.stage == ImportRun.Stage.IMPORTED:
                told = f"Imported: {run.new} new, {run.changed} changed. Nothing of it is public yet."
                messages.success(request, told)
        except (ImportRefused, FileRefused) as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:editorial_importrun_change", args=[run.pk]))

    def abandon_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Abandon the import."""
        run = self._run(request, pk)
        try:
            jobs.abandon(run=run, by=request.user, at=timezone.now())  # type: ignore[arg-type]
            messages.success(request, "Given up. Nothing was written.")
        except ImportRefused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:editorial_importrun_changelist"))

    def decide_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store decisions about names and rows, and read the file again with them."""
        run = self._run(request, pk)
        try:
            count = choices.decide(
                run=run,
                by=request.user,  # type: ignore[arg-type]
                at=timezone.now(),
                decisions=import_names.decisions(run, request.POST),
            )
            if count and run.stage == ImportRun.Stage.PREVIEWED:
                jobs.read_again(run)
                messages.success(
                    request, f"{count} decided; the preview takes account of it, and so will the next file."
                )
            elif count:
                messages.success(request, f"{count} decided, for the next file of this source.")
            else:
                messages.info(request, "Nothing was decided.")
        except (ImportRefused, FileRefused) as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(import_names.address(run, request.POST.get("names", "")))

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo the import, as long as nothing of it is public."""
        run = self._run(request, pk)
        try:
            taken = import_undo.undo(run=run, by=request.user)  # type: ignore[arg-type]
            messages.success(request, f"Taken back: {taken:,} rows of the desk are as they were before the import.")
        except ImportRefused as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:editorial_importrun_change", args=[run.pk]))

    def refused_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Download the refused rows, each with its reason."""
        run = self._run(request, pk)
        if not run.header:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="refused-{run.pk}.csv"'}
        data = "\ufeff" + refused_rows.as_csv(run)
        return HttpResponse(data, content_type="text/csv; charset=utf-8", headers=headers)

    def batches_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the proposed part of the import; approve and publish it in batches."""
        run = self._run(request, pk)
        if request.method == "POST":
            return import_batches.act(request, run)
        return self._page(request, "batches", {"run": run, "title": str(run), **import_batches.context(request, run)})

    def propose_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Submit the imported events for review, with everything they reference."""
        run = self._run(request, pk)
        try:
            done = jobs.propose(
                run=run,
                by=request.user,  # type: ignore[arg-type]  # the admin lets nobody else in
                at=timezone.now(),
                reason=request.POST.get("reason", ""),
                what=what if (what := request.POST.get("what", "all")) in proposals.WHAT else "all",
            )
            if done is None:
                messages.success(
                    request, "The worker proposes them, in batches that a person can read: they appear here."
                )
                return HttpResponseRedirect(reverse("admin:editorial_importrun_batches", args=[run.pk]))
            for key, missing in list(done.not_ready.items())[:SAID_OF_DRAFTS]:
                messages.warning(request, f"{key} stays a draft: {' '.join(missing)}")
            if len(done.not_ready) > SAID_OF_DRAFTS:
                messages.warning(request, f"{len(done.not_ready) - SAID_OF_DRAFTS} more stay drafts.")
            if done.submissions:
                numbers = ", ".join(str(submission.pk) for submission in done.submissions)
                messages.success(request, f"{_events(done.events)} proposed for review, as submission {numbers}.")
            else:
                messages.info(request, "Nothing was proposed: what is ready is public or submitted already.")
            if run.submissions.count() > 1:
                return HttpResponseRedirect(reverse("admin:editorial_importrun_batches", args=[run.pk]))
            if len(done.submissions) == 1:
                return HttpResponseRedirect(reverse("admin:editorial_submission_change", args=[done.submissions[0].pk]))
        except (ImportRefused, WorkflowRefused) as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:editorial_importrun_change", args=[run.pk]))

    def _run(self, request: HttpRequest, pk: int) -> ImportRun:
        run = get_object_or_404(ImportRun, pk=pk)
        if not permissions.may_settle(request.user, run):  # type: ignore[arg-type]
            raise PermissionDenied
        return run

    # Export

    def tables_view(self, request: HttpRequest) -> HttpResponse:
        """List the tables that this user may export."""
        offered = [table for table in TABLES if permissions.may_export_table(request.user, table)]  # type: ignore[arg-type]
        if not offered:
            raise PermissionDenied
        return self._page(request, "tables", {"tables": offered, "formats": [*FORMATS], "title": "Export tables"})

    def export_view(self, request: HttpRequest, table: str, form: str) -> HttpResponse:
        """Download a whole table."""
        if table not in RESOURCES or form not in FORMATS:
            raise Http404
        if not permissions.may_export_table(request.user, table):  # type: ignore[arg-type]
            raise PermissionDenied
        resource = RESOURCES[table](user=request.user)  # type: ignore[arg-type]  # the admin lets nobody else in
        try:
            data = FORMATS[form]().export_data(resource.export(queryset=resource.get_queryset()))
        except ValueError as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(reverse("admin:editorial_importrun_tables"))
        headers = {"Content-Disposition": f'attachment; filename="{table}.{form}"'}
        return HttpResponse(data, content_type=FORMATS[form].CONTENT_TYPE, headers=headers)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/editorial/importrun/{name}.html", shared)


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"


def _address_lines(run: ImportRun, lines: Iterable[Any]) -> None:
    """Link the lines of a data set to their events, where these exist."""
    ids = ExternalId.objects.filter(dataset=run.source, external_id__in=[line.external_id for line in lines])
    events = dict(ids.values_list("external_id", "event_id"))
    for line in lines:
        event = events.get(line.external_id)
        line.address = reverse("admin:conflict_event_change", args=[event]) if event else ""


def _received(chosen: dict[str, Any], user: Any) -> ImportRun:
    """A new run that awaits confirmation or the worker. Raises FileRefused."""
    return jobs.receive(
        upload=chosen["file"],
        holds=chosen["holds"],
        release=chosen["release"],
        period=chosen["period"],
        left_out=chosen["left_out"],
        by=user,
        at=timezone.now(),
    )
