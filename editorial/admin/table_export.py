"""Export of tables in the admin: of a list as shown, and of whole tables."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from import_export.admin import ExportMixin
from import_export.forms import ExportForm

from conflict.models import TABLES
from editorial.admin.template_pages import TemplatePages
from editorial.import_export import permissions
from editorial.import_export.formats import FORMATS
from editorial.import_export.resources import RESOURCES


class TableExportMixin(ExportMixin):  # type: ignore[misc]  # import_export ships no types
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


class TableExportPages(TemplatePages):
    """Pages from which every table that the user may see is downloaded."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("tables/", view(self.tables_view), name="editorial_importrun_tables"),
            path("tables/<slug:table>.<slug:form>", view(self.export_view), name="editorial_importrun_export"),
            *super().get_urls(),
        ]

    def tables_view(self, request: HttpRequest) -> HttpResponse:
        """List the tables that this user may export."""
        offered = [table for table in TABLES if permissions.may_export_table(request.user, table)]  # type: ignore[arg-type]
        if not offered:
            raise PermissionDenied
        return self.page(request, "tables", {"tables": offered, "formats": [*FORMATS], "title": _("Export tables")})

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
