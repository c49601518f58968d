"""Base of all API views: read-only, validated by the log's head, strict about unknown parameters."""

import hashlib
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, QueryDict
from django.utils import translation
from django.utils.http import http_date
from rest_framework.request import Request
from rest_framework.views import APIView

from conflict.api.compression import compressed
from conflict.api.errors import CachedAnswer, NotModified
from conflict.api.formats import Json
from conflict.api.headers import allow_reading_from_anywhere, answer_preflight
from conflict.api.selection import Selection, selection
from conflict.public import queries
from conflict.public.cache import contents, headers, responses
from conflict.public.cache.reads import Reads, current_head, recording, unrecorded
from conflict.public.head import Head
from conflict.public.negotiation import FormatOrAccept
from conflict.public.parameters import Parameter, Term
from conflict.public.query_strings import given, read_value
from conflict.public.throttles import ReadThrottle, recount

SHAPE_OF_ANSWERS = "2"  # part of every ETag: increase it when responses change for the same record
METHODS = "GET, HEAD, OPTIONS"


class ReadOnlyView(APIView):
    """Read-only view whose response depends on nothing but the log's head and the request."""

    http_method_names = ["get", "head", "options"]
    throttle_classes = [ReadThrottle]
    content_negotiation_class = FormatOrAccept
    renderer_classes = [Json]
    depends_on_the_record = True
    depends_on: tuple[str, ...] | None = None  # further dependencies of the response, for the ETag
    is_immutable = False
    record: Head
    etag: str
    reads: Reads | None = None
    asked: dict[str, str]

    @property
    def parameters(self) -> dict[str, Parameter]:
        """Accepted query parameters by name."""
        return {}

    @property
    def known_parameters(self) -> dict[str, Parameter]:
        formats = [renderer.format for renderer in self.renderer_classes]
        return {
            **self.parameters,
            "format": Term("The format of the answer; goes before the Accept header.", formats),
        }

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        translation.activate("en")  # the API's messages do not depend on the reader
        super().initial(request, *args, **kwargs)
        self.record = current_head() if self.depends_on_the_record else Head(0, "")
        if self.reads:
            self.reads.head = self.record
        self.etag = self.validator(request)
        if headers.has_copy(request._request, self.etag):
            raise NotModified(self.etag)
        if request.auth and (answer := responses.cached_response(request._request, self.record)):
            self.reads = None
            raise CachedAnswer(answer)  # clients without a key were served from the cache before this
        self.asked = given(self.question(request), self.known_parameters)
        if self.is_made_of_reads and (kept := contents.store.find(contents.name_of(request._request), self.record)):
            self.reads = None
            raise CachedAnswer(kept)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with recording() as self.reads:
            return super().dispatch(request, *args, **kwargs)

    @property
    def is_made_of_reads(self) -> bool:
        """The response is a function of the request and of what was read for it."""
        is_whole = self.request.method == "GET" and "Range" not in self.request.headers
        return is_whole and self.depends_on_the_record and self.depends_on is None

    def question(self, request: Request) -> QueryDict:
        """The query parameters of the request."""
        return request.query_params

    def value(self, name: str, *, then: bool = False) -> Any:
        """Cleaned value of one of the view's own parameters; `then` for a question about the past.

        Raises Refusal naming it.
        """
        return read_value(self.parameters, name, self.asked, then=then)

    def selection(self) -> Selection:
        return selection(
            {name: self.value(name) for name in ("fields", "omit", "expand", "lang") if name in self.asked}
        )

    def validator(self, request: Request) -> str:
        accepted = request.headers.get("Accept", "")
        parts = (SHAPE_OF_ANSWERS, self.record.sha256, *(self.depends_on or ()), request.build_absolute_uri(), accepted)
        digest = hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]
        # From this number, a replica learns whether it is behind what the client has seen
        # (conflict.postgres.replicas.middleware).
        return f'W/"{digest}.{self.record.number}.api"'

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        finished: HttpResponseBase = super().finalize_response(request, response, *args, **kwargs)
        if self.reads and self.is_made_of_reads:
            contents.store.keep(contents.name_of(request._request), finished, self.reads)
        if finished.status_code == 200 and headers.has_any_copy(request._request):
            finished = HttpResponseNotModified()
        if finished.status_code in (200, 206, 304):
            finished["ETag"] = self.etag
            if at := self.last_modified():
                finished["Last-Modified"] = http_date(at.timestamp())
            if self.depends_on_the_record:
                headers.of_the_record(finished, self.record.number)  # browsers revalidate on every request
                if self.depends_on is None:
                    responses.may_be_kept(finished, self.record, recount)
            elif self.is_immutable:
                headers.for_ever(finished)
            else:
                headers.of_the_software(finished)
        else:
            finished.headers.setdefault("Cache-Control", "no-store")
        for throttle in self.throttles_asked:
            throttle.describe(finished)
        return compressed(request._request, allow_reading_from_anywhere(finished))

    def last_modified(self) -> datetime | None:
        """Time of the last publication, whatever that changed."""
        if not self.depends_on_the_record or not self.record.number or self.depends_on is not None:
            return None
        with unrecorded():
            return queries.published_at(self.record)

    def get_throttles(self) -> list[Any]:
        self.throttles_asked = super().get_throttles()
        return self.throttles_asked

    throttles_asked: list[Any] = []

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return answer_preflight(HttpResponse(status=204, headers={"Allow": METHODS}))
