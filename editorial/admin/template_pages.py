"""Pages of a model's admin besides those of Django."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from editorial.admin.generics import ModelAdmin


def render_page(desk: Any, request: HttpRequest, template: str, context: dict[str, Any]) -> TemplateResponse:
    """The page, with what every page of the site has."""
    shared = {**desk.admin_site.each_context(request), "opts": desk.opts}
    return TemplateResponse(request, template, {**shared, **context})


def entry_of(desk: Any, request: HttpRequest, object_id: str, *, may: bool = True) -> Any:
    """The entry with this number, if the account may see it and `may` do more. Raises Http404, PermissionDenied."""
    entry = desk.get_object(request, object_id)
    if entry is None:
        raise Http404(_("There is no such entry."))
    if not (may and desk.has_view_or_change_permission(request, entry)):
        raise PermissionDenied
    return entry


class TemplatePages(ModelAdmin):
    """Renders `admin/<app>/<model>/<name>.html`."""

    def page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> TemplateResponse:
        return render_page(self, request, f"admin/{self.opts.app_label}/{self.opts.model_name}/{name}.html", context)
