"""Imports in the admin: upload, preview line by line, confirm, propose."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.humanize.templatetags.humanize import intcomma
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from conflict import text as texts
from conflict.models import TABLES
from editorial.admin import import_batches, import_names, import_preview
from editorial.admin.list_filters import NamedFilter
from editorial.admin.table_export import TableExportPages
from editorial.admin.upload_form import CHOOSE_AGAIN, UploadForm
from editorial.admin.verb_calls import user_of
from editorial.import_export import choices, import_undo, jobs, permissions, proposals, refused_rows, uploads
from editorial.import_export.exceptions import FileRefused, ImportRefused
from editorial.models import Dataset, ImportLine, ImportRun
from editorial.workflow.exceptions import WorkflowRefused

SAID_OF_DRAFTS = 5
LOOK_AGAIN_AFTER = "5"  # seconds between reloads while the worker is busy


class Progress(NamedFilter):
    title = gettext_lazy("progress")
    parameter_name = "progress"
    choices_offered = {
        "open": (gettext_lazy("not settled"), lambda rows, _: rows.in_progress()),
        "worker": (gettext_lazy("with the worker"), lambda rows, _: rows.underway()),
    }


@admin.register(ImportRun)
class ImportRunAdmin(TableExportPages):
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
            return permissions.may_settle_import(user, obj)
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
            *super().get_urls(),
        ]

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
                    run = jobs.receive(
                        upload=form.cleaned_data["file"],
                        holds=form.cleaned_data["holds"],
                        release=form.cleaned_data["release"],
                        period=form.cleaned_data["period"],
                        left_out=form.cleaned_data["left_out"],
                        by=user_of(request),
                        at=timezone.now(),
                    )
                    return HttpResponseRedirect(reverse("admin:editorial_importrun_change", args=[run.pk]))
            except FileRefused as refusal:
                form.errors.pop("file", None)
                form.add_error("file", f"{str(refusal)[:1].upper()}{str(refusal)[1:]}")
            if request.FILES:
                form.add_error("file", CHOOSE_AGAIN)
        return self.page(request, "upload", {"form": form, "title": _("Import a file")})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Preview: the effect of each line or the reason for its refusal; open decisions come first."""
        run = get_object_or_404(self.get_queryset(request), pk=texts.primary_key(object_id))
        if run.stage in (ImportRun.Stage.READING, ImportRun.Stage.IMPORTING):
            response = self.page(request, "underway", {"run": run, "title": str(run)})
            response.headers["Refresh"] = LOOK_AGAIN_AFTER
            return response
        outcome = request.GET.get("outcome", import_preview.most_urgent(run))
        if outcome not in ImportLine.Outcome.values:
            raise Http404
        if names := import_names.page_of(run, request.GET):
            return self.page(request, "names", {"run": run, "title": str(run), **names})
        return self.page(request, "preview", import_preview.context(run, outcome, request.GET.get("page")))

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Carry out the previewed import."""
        run, user = self._run(request, pk), request.user
        run.without_refused = "without_refused" in request.POST
        try:
            jobs.confirm(run=run, by=user, at=timezone.now(), accepted=request.POST.getlist("accepted"))  # type: ignore[arg-type]
            if run.stage == ImportRun.Stage.IMPORTED:
                message = _("Imported: %(new)s new, %(changed)s changed. Nothing of it is public yet.") % {
                    "new": run.new,
                    "changed": run.changed,
                }
                messages.success(request, message)
        except (ImportRefused, FileRefused) as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:editorial_importrun_change", args=[run.pk]))

    def abandon_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Abandon the import."""
        run = self._run(request, pk)
        try:
            jobs.abandon(run=run, by=request.user, at=timezone.now())  # type: ignore[arg-type]
            messages.success(request, _("Given up. Nothing was written."))
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
                    request,
                    _("%(count)s decided; the preview takes account of it, and so will the next file.")
                    % {"count": count},
                )
            elif count:
                messages.success(request, _("%(count)s decided, for the next file of this source.") % {"count": count})
            else:
                messages.info(request, _("Nothing was decided."))
        except (ImportRefused, FileRefused) as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(import_names.address(run, request.POST.get("names", "")))

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Undo the import, as long as nothing of it is public."""
        run = self._run(request, pk)
        try:
            taken = import_undo.undo(run=run, by=request.user)  # type: ignore[arg-type]
            messages.success(
                request,
                _("Taken back: %(taken)s rows of the desk are as they were before the import.")
                % {"taken": intcomma(taken)},
            )
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
        return self.page(request, "batches", {"run": run, "title": str(run), **import_batches.context(request, run)})

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
                    request, _("The worker proposes them, in batches that a person can read: they appear here.")
                )
                return HttpResponseRedirect(reverse("admin:editorial_importrun_batches", args=[run.pk]))
            for key, missing in list(done.not_ready.items())[:SAID_OF_DRAFTS]:
                messages.warning(
                    request, _("%(key)s stays a draft: %(missing)s") % {"key": key, "missing": " ".join(missing)}
                )
            if len(done.not_ready) > SAID_OF_DRAFTS:
                messages.warning(
                    request, _("%(not_ready)s more stay drafts.") % {"not_ready": len(done.not_ready) - SAID_OF_DRAFTS}
                )
            if done.submissions:
                numbers = ", ".join(str(submission.pk) for submission in done.submissions)
                messages.success(
                    request,
                    ngettext(
                        "%(events)s proposed for review, as submission %(numbers)s.",
                        "%(events)s proposed for review, as submissions %(numbers)s.",
                        len(done.submissions),
                    )
                    % {"events": _events(done.events), "numbers": numbers},
                )
            else:
                messages.info(request, _("Nothing was proposed: what is ready is public or submitted already."))
            if run.submissions.count() > 1:
                return HttpResponseRedirect(reverse("admin:editorial_importrun_batches", args=[run.pk]))
            if len(done.submissions) == 1:
                return HttpResponseRedirect(reverse("admin:editorial_submission_change", args=[done.submissions[0].pk]))
        except (ImportRefused, WorkflowRefused) as refusal:
            messages.error(request, str(refusal))
        return HttpResponseRedirect(reverse("admin:editorial_importrun_change", args=[run.pk]))

    def _run(self, request: HttpRequest, pk: int) -> ImportRun:
        run = get_object_or_404(ImportRun, pk=pk)
        if not permissions.may_settle_import(request.user, run):  # type: ignore[arg-type]
            raise PermissionDenied
        return run


def _events(count: int) -> str:
    return ngettext("%(count)s event", "%(count)s events", count) % {"count": intcomma(count)}
