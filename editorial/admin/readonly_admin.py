"""Read-only admin pages: only verbs change these rows; no form adds, changes or deletes them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import capfirst

from editorial.admin.generics import ModelAdmin
from editorial.admin.pagination import BoundedPaginator
from editorial.admin.saved_filters import saved_filters
from editorial.admin.template_pages import TemplatePages


class ReadOnlyAdmin(ModelAdmin):
    """Lists and pages without forms, for tables too long to count."""

    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # they count the whole table, for every choice
    actions: Any = None

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(
            request,
            {
                "title": capfirst(self.opts.verbose_name_plural),
                **saved_filters(request, self.opts),
                **(extra_context or {}),
            },
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VerbAdmin(TemplatePages, ReadOnlyAdmin):
    """Rows that have a page of their own, `page.html`, whose buttons call verbs."""

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        raise NotImplementedError

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        row = self.get_object(request, object_id)
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return self.page(request, "page", {"subtitle": str(row), **self.page_context(request, row)})

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        return HttpResponseRedirect(f"{self.address(object_id)}#history")

    def seen(self, request: HttpRequest, pk: int) -> Any:
        """The row that a verb is called on. Raises Http404, PermissionDenied."""
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        return row

    def address(self, pk: Any) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
