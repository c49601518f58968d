"""Views: the lists and single entries of every resource."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from rest_framework.request import Request

from conflict.api import as_of, counts, cursors, exports, ranges, selection
from conflict.api.base import ReadOnlyView
from conflict.api.formats import BulkRenderer, Csv, in_blocks
from conflict.api.resources import ENTRIES, EVENTS, OF_LOG, Resource
from conflict.public import history, keyset, queries
from conflict.public.event_filters import by_certainty
from conflict.public.exceptions import Gone, NotFound, Refusal
from conflict.public.filterset import Filters, refuse_reversed
from conflict.public.head import ALIAS
from conflict.public.json_responses import as_list, linked, ready
from conflict.public.page_query import bodies, csv_lines
from conflict.public.pagination import DEFAULT_PAGE, LARGEST_PAGE
from conflict.public.parameters import Moment, Number, Parameter, Term
from conflict.public.total_order import Ordering
from conflict.record.log import instant
from conflict.record.models import Publication
from conflict.record.projection import version

SURE_FIRST = ", with `after` or `before` what is certainly within these dates first"
AS_OF = (
    "What the record said at this moment, in the shape of today, with the labels and notices of then; "
    "`related_from` is left out."
)
ALWAYS_WITH_AS_OF = frozenset({"as_of", "cursor", "page_size", "fields", "omit", "lang", "format"})
FILTERS_AS_OF = frozenset({"kind", "after", "before", "actor"})  # filters that can be decided from documents of entries
FILTERS_OF_PARTS_AS_OF = frozenset(  # the same for claims and findings
    {"event", "after", "before", "kind", "measure", "rank", "aspect", "grade", "claimant", "subject"}
)
PLURAL = {resource.entry_kind: resource.name for resource in ENTRIES}
NOT_CHOOSING_ROWS = {
    "count",
    "facets",
    "cursor",
    "page_size",
    "starting_after",
    "format",
    "fields",
    "omit",
    "expand",
    "lang",
}


class ListView(ReadOnlyView):
    """Filtered, totally ordered and paginated list of one resource."""

    resource: Resource = EVENTS

    @property
    def parameters(self) -> dict[str, Parameter]:
        return parameters_of_list(self.resource)

    def get(self, request: Request, **where: str) -> HttpResponseBase:
        if "as_of" in self.asked and self.resource.alone:
            return self.parts_then()
        rows, ordering, read = self.source()
        ranks = self.ranks(rows)
        start = self.start(ordering, ranks)
        shown = self.selection()
        wanted = request.accepted_renderer
        if isinstance(wanted, Csv) and read is bodies and not shown and version.is_current(ALIAS):
            read, wanted.reads_kept_lines = csv_lines, True
        if isinstance(wanted, BulkRenderer) and "page_size" not in self.asked:
            self.refuse_selection_of(wanted)
            is_small = exports.are_few(rows)
            return self.file(wanted, lambda: exports.texts(ranks, ordering, start, read, shown), is_small=is_small)
        found = keyset.page_of_ranks(ranks, ordering, start, self.value("page_size") or DEFAULT_PAGE, read)
        neighbours = {"next": self.url(found.next), "previous": self.url(found.previous)}
        if isinstance(wanted, BulkRenderer):
            self.refuse_selection_of(wanted)
            return linked(self.file(wanted, lambda: shown.of(found.rows), is_small=True), neighbours)
        sure = {"sure": found.of_first_rank} if len(ranks) > 1 else {}
        return linked(as_list(shown.of(found.rows), neighbours, **self.counted(rows), **sure), neighbours)

    def ranks(self, rows: QuerySet[Any]) -> tuple[QuerySet[Any], ...]:
        """Events asked for by date, without another order: those certainly within the dates before those that may be."""
        if self.resource is not EVENTS or "ordering" in self.asked or "as_of" in self.asked:
            return (rows,)
        return by_certainty(rows, {name: self.value(name) for name in ("after", "before", "date_match")})

    def counted(self, rows: QuerySet[Any]) -> dict[str, Any]:
        wanted = {name: self.value(name) for name in ("count", "facets") if name in self.asked}
        return counts.counted(rows, is_counted=bool(wanted.get("count")), facets=wanted.get("facets", []))

    def start(self, ordering: Ordering, ranks: Sequence[QuerySet[Any]]) -> keyset.Cursor | None:
        """Return the position to read from: a page's cursor, or the row named in `starting_after`."""
        if "cursor" in self.asked:
            if "starting_after" in self.asked:
                raise Refusal("Give `cursor` or `starting_after`, not both.", field="starting_after")
            cursor = cursors.decode_cursor(self.value("cursor"), self.list_asked())
            in_ranks = len(ranks) > 1
            if len(cursor.position) == len(ordering.columns) and in_ranks:  # given out before lists had ranks
                return cursor._replace(position=(0, *cursor.position))
            return cursor
        key = self.asked.get("starting_after")
        if not key:
            return None
        if "as_of" in self.asked and self.resource.log_kind:
            return keyset.Cursor((key,))
        position = self.resource.find(self.resource.rows(), key).values_list(*ordering.columns).first()
        if position is None:
            raise Refusal(f"There is no row “{key}” to go on after.", field="starting_after")
        if len(ranks) > 1:
            is_sure = self.resource.find(ranks[0].order_by(), key).exists()
            position = (0 if is_sure else 1, *position)
        return keyset.Cursor(position)

    def url(self, edge: keyset.Cursor | None) -> str | None:
        if edge is None:
            return None
        query = self.request.query_params.copy()
        query.pop("starting_after", None)
        query["cursor"] = cursors.encode_cursor(edge, self.list_asked())
        return str(self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}"))

    def refuse_selection_of(self, wanted: BulkRenderer) -> None:
        for name in ("fields", "omit", "expand"):
            if wanted.is_flat and name in self.asked:
                raise Refusal(f"{name} goes with json and jsonl; {wanted.format} has columns of its own.", field=name)
        for name in ("count", "facets"):
            if name in self.asked:
                raise Refusal(f"{name} goes with json: {wanted.format} has rows only.", field=name)

    def file(
        self, wanted: BulkRenderer, texts: Callable[[], Iterable[bytes]], *, is_small: bool = False
    ) -> HttpResponseBase:
        """The whole list as a file: streamed, or sent at once if it is small or a range was requested."""
        site = self.request.build_absolute_uri(self.request.path)
        in_parts = wanted.is_stable and (self.request.method == "HEAD" or "Range" in self.request.headers)
        content = ranges.recent.find(self.etag) if in_parts else None
        if content is None and (is_small or in_parts):
            content = ranges.read_up_to(ranges.LARGEST, wanted.pieces(texts(), self.resource.columns, site))
        response: HttpResponseBase
        if content is None:
            pieces = in_blocks(wanted.pieces(texts(), self.resource.columns, site))
            response = StreamingHttpResponse(pieces, content_type=wanted.content_type())
        elif in_parts:
            ranges.recent.keep(self.etag, content)
            response = ranges.content_or_part(self.request, content, wanted.content_type())
        else:
            response = HttpResponse(content, content_type=wanted.content_type())
        if wanted.is_stable:
            response["Accept-Ranges"] = "bytes"
        response["Content-Disposition"] = f'attachment; filename="{self.resource.name}.{wanted.extension}"'
        return response

    def source(self) -> tuple[Any, Ordering, keyset.Reader]:
        """Matching rows, their ordering, and their reader."""
        if "as_of" not in self.asked:
            return self.rows(), self.ordering(), self.resource.read
        number = history.number_at(self.value("as_of"), timezone.now())
        if self.resource in OF_LOG:
            return self.rows().filter(number__lte=number), self.ordering(), self.resource.read
        values = self.asked_then(FILTERS_AS_OF | {"starting_after"})
        only = {name: [value] for name, value in self.resource.only.items()}
        rows = history.narrowed(history.standing(self.resource.log_kind, number), {**values, **only})
        return rows, Ordering(("key",)), history.Reader(number, self.resource.reshape)

    def asked_then(self, filters: Collection[str]) -> dict[str, Any]:
        """Values of filters that work together with `as_of`; keys may refer to entries withdrawn since. Raises Refusal."""
        goes_with = (filters & self.parameters.keys()) | ALWAYS_WITH_AS_OF
        if others := self.asked.keys() - goes_with:
            message = f"as_of does not go with {', '.join(sorted(others))}; only with {', '.join(sorted(goes_with))}."
            raise Refusal(message, field=min(others))
        asked = {name: self.value(name, then=True) for name in filters & self.asked.keys()}
        refuse_reversed(asked)
        return asked

    def parts_then(self) -> HttpResponseBase:
        """Claims or findings as of a moment."""
        number = history.number_at(self.value("as_of"), timezone.now())
        asked, shown, wanted = self.asked_then(FILTERS_OF_PARTS_AS_OF), self.selection(), self.request.accepted_renderer
        if isinstance(wanted, BulkRenderer):
            self.refuse_selection_of(wanted)
            if "page_size" not in self.asked:
                return self.file(wanted, lambda: as_of.texts(self.resource, number, asked, shown))
        cursor = cursors.decode_cursor(self.value("cursor"), self.list_asked()) if "cursor" in self.asked else None
        found = as_of.page(self.resource, number, asked, cursor, self.value("page_size") or DEFAULT_PAGE)
        neighbours = {"next": self.url(found.next), "previous": None}
        texts = shown.of(found.rows)
        if isinstance(wanted, BulkRenderer):
            return linked(self.file(wanted, lambda: texts, is_small=True), neighbours)
        return linked(as_list(texts, neighbours), neighbours)

    def rows(self) -> Any:
        return self.narrowed(self.resource.rows())

    def narrowed(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if self.asked.keys().isdisjoint(self.resource.filters.base_filters):
            return rows  # most requests: an empty form would cost as much as the page
        return self.filters(rows).qs

    def filters(self, rows: QuerySet[Any]) -> Filters:
        values = {name: value for name, value in self.asked.items() if name in self.resource.filters.base_filters}
        return self.resource.filters(values, queryset=rows)

    def list_asked(self) -> str:
        chosen = {name: [value] for name, value in self.asked.items() if name not in NOT_CHOOSING_ROWS}
        return cursors.fingerprint({"/": [self.request.path], **chosen})

    def ordering(self) -> Ordering:
        return self.resource.orderings[self.value("ordering") or self.resource.default_order]


@cache
def parameters_of_list(resource: Resource) -> dict[str, Parameter]:
    help_text = "Key of the last row you have (of a finding, its `id`): the list goes on after it."
    resumption = {"starting_after": Parameter(help_text, max_length=250)}
    return {
        **resource.filters.parameters(),
        **selection.parameters(resource.shape),
        **as_of_parameter(resource),
        **counts.parameters(resource),
        "ordering": Term(
            f"The order of the list; `{resource.default_order}` when not given{SURE_FIRST if resource is EVENTS else ''}. "
            "`-` turns it round.",
            list(resource.orderings),
        ),
        "cursor": Parameter("Where the page starts: taken unchanged from `next` or `previous`.", max_length=2000),
        "page_size": Number(
            f"Rows of a page; {DEFAULT_PAGE} when not given. The formats of whole lists give all rows without it.",
            1,
            LARGEST_PAGE,
        ),
        **resumption,
    }


@cache
def parameters_of_detail(resource: Resource) -> dict[str, Parameter]:
    return {**selection.parameters(resource.shape), **as_of_parameter(resource)}


class DetailView(ReadOnlyView):
    """One entry by its key. A withdrawn entry returns 410 with date, reason and successor."""

    resource: Resource = EVENTS

    @property
    def parameters(self) -> dict[str, Parameter]:
        return parameters_of_detail(self.resource)

    def get(self, request: Request, key: str) -> HttpResponse:
        for text in self.texts(key):
            return ready(self.selection().of([text])[0])
        raise self.absence(request, key)

    def texts(self, key: str) -> Iterator[bytes]:
        """Text of the entry; empty if it does not exist."""
        if "as_of" not in self.asked:
            rows, read = self.resource.find(self.resource.rows(), key), self.resource.read
        elif self.resource.alone:
            yield from self.parts_then(key)
            return
        else:
            number = history.number_at(self.value("as_of"), timezone.now())
            if self.resource in OF_LOG:
                rows, read = self.resource.rows().filter(pk=int(key), number__lte=number), self.resource.read
            else:
                rows = history.standing(self.resource.log_kind, number).filter(key=key)
                only = {name: [value] for name, value in self.resource.only.items()}
                rows, read = history.narrowed(rows, only), history.Reader(number, self.resource.reshape)
        for *_, text in read(rows, ("pk",)):
            yield text

    def parts_then(self, key: str) -> Iterator[bytes]:
        """The claim or finding, from the event that contained it at this point of the log."""
        number = history.number_at(self.value("as_of"), timezone.now())
        event, _, own = key.rpartition(".")
        events = [event] if event else history.events_ever_with_claim(key)
        rows = list(history.standing("event", number).filter(key__in=events))
        for _, text in as_of.parts(self.resource, rows, number, lambda part: part["key"] == own):
            yield text

    def absence(self, request: Request, key: str) -> Refusal:
        kind = self.resource.log_kind
        if "as_of" in self.asked:
            return NotFound(f"“{key}” was not public among the {self.resource.name} then.", code="not_found")
        if self.resource.alone:
            return self.absence_of_part(request, key)
        stone = queries.tombstone(kind, key) if kind else None
        if stone is None:
            return NotFound(f"There is nothing under the key “{key}” among the {self.resource.name}.", code="not_found")
        step = queries.rows(Publication).get(number=stone.publication_id)
        return self.gone(request, f"The {kind} “{key}”", kind, step)

    def gone(self, request: Request, what: str, kind: str, step: Publication) -> Gone:
        successor, at = None, step.published_at
        if later := queries.successor(kind, step.key):
            path = reverse(f"api:{PLURAL[kind]}-detail", kwargs={"key": later})
            successor = {"kind": kind, "key": later, "url": request.build_absolute_uri(path)}
        return Gone(
            f"{what} was withdrawn on {at:%Y-%m-%d}: {step.reason}",
            code="gone",
            withdrawn_at=instant(at),
            reason=step.reason,
            successor=successor,
            publication=step.number,
            review=queries.review_of(step),
        )

    def absence_of_part(self, request: Request, key: str) -> Refusal:
        """Refusal for a claim or finding that is gone: withdrawn with its event, or dropped by a later version of it."""
        event, _, own = key.rpartition(".")
        step = history.step_that_dropped(
            self.resource.name, own, [event] if event else history.events_ever_with_claim(key)
        )
        if step is None:
            return NotFound(f"There is nothing under the key “{key}” among the {self.resource.name}.", code="not_found")
        what = f"“{key}” of the event “{step.key}”"
        return self.gone(request, what, "event", step)


def as_of_parameter(resource: Resource) -> dict[str, Parameter]:
    if resource in OF_LOG:
        return {"as_of": Moment("The log as it was at this moment.")}
    filters = (FILTERS_OF_PARTS_AS_OF if resource.alone else FILTERS_AS_OF) & resource.filters.base_filters.keys()
    goes_with = f" Goes with {', '.join(f'`{name}`' for name in sorted(filters))}" if filters else ""
    return {"as_of": Moment(f"{AS_OF}{goes_with}; lists by key.")}
