"""Root of the API, and addresses at which there is nothing."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from conflict.api.base import ReadOnlyView
from conflict.api.resources import RESOURCES
from conflict.public.cache.counts import reviewed
from conflict.public.cache.reads import depends_on_head
from conflict.public.exceptions import NotFound
from conflict.public.json_responses import written


class RootView(ReadOnlyView):
    """Index of the API, with the head of the log on which all its answers are based."""

    def get(self, request: Request) -> HttpResponse:
        def address(name: str, **where: str) -> str:
            return request.build_absolute_uri(reverse(f"api:{name}", kwargs=where or None))

        depends_on_head()
        licence = settings.CHRONOLOGY.licence
        return written(
            {
                "title": settings.CHRONOLOGY.name,
                "head": {"number": self.record.number, "sha256": self.record.sha256 if self.record.number else None},
                "reviewed": dict(zip(("entries", "of"), reviewed(), strict=True)),
                "resources": {
                    resource.name: {"url": address(resource.name), "about": resource.about} for resource in RESOURCES
                },
                "totals": address("totals"),
                "releases": address("releases"),
                "compatibility": {
                    "georeferenced": address("georeferenced", table="events", version=f"{timezone.now():%y}.1"),
                    "dyadic": address("dyadic", table="events"),
                },
                "reconciliation": address("reconciliation"),
                "schema": address("schema"),
                "docs": address("docs"),
                "changelog": address("changelog"),
                "licence": {"name": licence.name, "url": licence.url},
            }
        )


class NotFoundView(ReadOnlyView):
    """Any other address below the API's."""

    http_method_names = ["get", "head", "options", "post", "put", "patch", "delete", "trace"]
    schema = None
    depends_on_the_record = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Skip the database for unknown addresses."""

    @property
    def default_response_headers(self) -> dict[str, str]:
        return {}  # nothing is permitted here

    def get(self, request: Request, **where: Any) -> HttpResponse | Response:
        if not request.path.endswith("/") and leads_somewhere(f"{request.path}/"):
            query = request.META.get("QUERY_STRING", "")
            response = HttpResponsePermanentRedirect(f"{request.path}/{'?' if query else ''}{query}")
            if request.method not in ("GET", "HEAD"):
                response.status_code = 308  # keeps the method and the body
            return response
        raise NotFound("There is nothing at this address. The root of the API lists what there is.", code="not_found")

    head = options = post = put = patch = delete = trace = get  # type: ignore[assignment]


def leads_somewhere(path: str) -> bool:
    try:
        return not issubclass(resolve(path).func.cls, NotFoundView)  # type: ignore[attr-defined]
    except (Resolver404, AttributeError):
        return False
