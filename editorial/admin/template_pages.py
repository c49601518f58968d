"""Pages of a model's admin besides those of Django."""

from typing import Any

from django.http import HttpRequest
from django.template.response import TemplateResponse

from editorial.admin.generics import ModelAdmin


class TemplatePages(ModelAdmin):
    """Renders `admin/<app>/<model>/<name>.html` with what every page of the site has."""

    def page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> TemplateResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/{self.opts.app_label}/{self.opts.model_name}/{name}.html", shared)
