"""Views: the root, lists and single entries of every resource, and the address that is none."""

from typing import Any

from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.urls import Resolver404, resolve, reverse
from rest_framework.request import Request
from rest_framework.response import Response

from conflict.api import cursors, keyset, selection
from conflict.api.errors import Gone, NotThere, Refusal
from conflict.api.formats.json import as_list, ready, written
from conflict.api.parameters import Number, Parameter, Term
from conflict.api.public import public
from conflict.api.reading import ReadingView
from conflict.api.resources import EVENTS, RESOURCES, Resource
from conflict.record.log import instant
from conflict.record.models import Tombstone

DEFAULT_PAGE, LARGEST_PAGE = 50, 200
NOT_CHOOSING_ROWS = {"cursor", "page_size", "format", "fields", "omit", "expand"}


class Root(ReadingView):
    """What this API offers, and the head of the log that all its answers follow from."""

    def get(self, request: Request) -> HttpResponse:
        def address(name: str, **where: str) -> str:
            return request.build_absolute_uri(reverse(f"api:{name}", kwargs=where or None))

        return written(
            {
                "title": "Conflict Chronology",
                "head": {"number": self.record.number, "sha256": self.record.sha256 if self.record.number else None},
                "resources": {
                    resource.name: {"url": address(resource.name), "about": resource.about} for resource in RESOURCES
                },
                "schema": address("schema"),
                "docs": address("docs"),
                "licence": {"name": "CC BY-SA 4.0", "url": "https://creativecommons.org/licenses/by-sa/4.0/"},
            }
        )


class List(ReadingView):
    """A list of everything of one kind, narrowed by filters, in a total order, page by page."""

    resource: Resource = EVENTS

    @property
    def parameters(self) -> dict[str, Parameter]:
        return {
            **self.resource.filters.parameters(),
            **selection.parameters(self.resource.shape),
            "ordering": Term(
                f"The order of the list; `{self.resource.default_order}` when not given. `-` turns it round.",
                list(self.resource.orderings),
            ),
            "cursor": Parameter("Where the page starts: taken unchanged from `next` or `previous`.", max_length=2000),
            "page_size": Number(f"Rows of a page; {DEFAULT_PAGE} when not given.", 1, LARGEST_PAGE),
        }

    def get(self, request: Request, **where: str) -> HttpResponse:
        rows = self.rows()
        list_asked = self.list_asked()
        cursor = cursors.opened(self.asked["cursor"], list_asked) if "cursor" in self.asked else None
        size = self.value("page_size") or DEFAULT_PAGE
        shown = self.selection()
        found = keyset.page(rows, self.ordering(), cursor, size, self.resource.read)

        def url(edge: cursors.Cursor | None) -> str | None:
            if edge is None:
                return None
            query = request.query_params.copy()
            query["cursor"] = cursors.sealed(edge, list_asked)
            return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")

        return as_list(shown.of(found.texts), url(found.next), url(found.previous))

    def rows(self) -> Any:
        asked = {name: value for name, value in self.asked.items() if name in self.resource.filters.base_filters}
        return self.resource.filters(asked, queryset=public(self.resource.model)).narrowed()

    def list_asked(self) -> str:
        chosen = {name: [value] for name, value in self.asked.items() if name not in NOT_CHOOSING_ROWS}
        return cursors.fingerprint({"/": [self.request.path], **chosen})

    def ordering(self) -> keyset.Ordering:
        return self.resource.orderings[(self.value("ordering") or [self.resource.default_order])[0]]


class Detail(ReadingView):
    """One entry by its key. What was withdrawn answers 410, with date, reason and successor."""

    resource: Resource = EVENTS

    @property
    def parameters(self) -> dict[str, Parameter]:
        return selection.parameters(self.resource.shape)

    def get(self, request: Request, key: str) -> HttpResponse:
        shown = self.selection()
        rows = public(self.resource.model).filter(pk=key)
        for _, text in self.resource.read(rows, ("pk",)):
            return ready(shown.of([text])[0])
        raise self.absence(request, key)

    def absence(self, request: Request, key: str) -> Refusal:
        kind = self.resource.entry_kind
        stone = public(Tombstone).filter(entry_kind=kind, key=key).first() if kind else None
        if stone is None:
            return NotThere(f"There is nothing under the key “{key}” among the {self.resource.name}.", code="not_found")
        successor = None
        if stone.successor:
            path = reverse(f"api:{self.resource.name}-detail", kwargs={"key": stone.successor})
            successor = {"kind": kind, "key": stone.successor, "url": request.build_absolute_uri(path)}
        return Gone(
            f"The {kind} “{key}” was withdrawn on {stone.withdrawn_at:%Y-%m-%d}: {stone.reason}",
            code="gone",
            withdrawn_at=instant(stone.withdrawn_at),
            reason=stone.reason,
            successor=successor,
            publication=stone.publication_id,
        )


class Nothing(ReadingView):
    """Any other address under the API's."""

    http_method_names = ["get", "head", "options", "post", "put", "patch", "delete", "trace"]
    schema = None
    depends_on_the_record = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """No question about an address that is none is worth a query."""

    def get(self, request: Request, **where: Any) -> HttpResponse | Response:
        if not request.path.endswith("/") and leads_somewhere(f"{request.path}/"):
            query = request.META.get("QUERY_STRING", "")
            return HttpResponsePermanentRedirect(f"{request.path}/{'?' if query else ''}{query}")
        raise NotThere("There is nothing at this address. The root of the API lists what there is.", code="not_found")

    head = post = put = patch = delete = trace = get


def leads_somewhere(path: str) -> bool:
    try:
        return not issubclass(resolve(path).func.cls, Nothing)  # type: ignore[attr-defined]
    except (Resolver404, AttributeError):
        return False
