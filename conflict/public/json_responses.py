"""JSON responses of the API and its endpoints for partners: bodies as stored, errors in one shape."""

import json
from collections.abc import Iterable
from typing import Any, TypeVar

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer

Response = TypeVar("Response", bound=HttpResponseBase)


class Json(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None


Neighbours = dict[str, str | None]  # URLs of the pages `next` and `previous`


def as_list(texts: Iterable[bytes], neighbours: Neighbours, **more: Any) -> HttpResponse:
    """Envelope for a page of bodies; `more` are further fields."""
    envelope = json.dumps({**neighbours, **more}, separators=(",", ":")).encode()
    return ready(b"".join((envelope[:-1], b',"results":[', b",".join(texts), b"]}")))


def linked(response: Response, neighbours: Neighbours) -> Response:
    """Add `Link` headers to adjacent pages, for clients that read headers and for formats without an envelope."""
    names = {"next": "next", "previous": "prev"}
    links = [f'<{url}>; rel="{names[name]}"' for name, url in neighbours.items() if url]
    if links:
        response["Link"] = ", ".join(links)
    return response


def ready(text: bytes | str) -> HttpResponse:
    """Wrap text that already is JSON."""
    return HttpResponse(text, content_type=Json.media_type)


def written(answer: dict[str, Any]) -> HttpResponse:
    return ready(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))


# Of all refusals, for programs; more may be added.
REFUSALS = (
    "another_log bad_json bad_request empty_parameter first_release forbidden foreign_network gone "
    "idempotency_conflict idempotency_key_required invalid invalid_key key_expired key_required "
    "key_revoked method_not_allowed missing_scope not_acceptable not_found precondition_failed range "
    "redacted refused repeated_parameter server_error throttled too_large too_slow unavailable "
    "unknown_parameter unsupported_media_type"
)
CODES = tuple(REFUSALS.split())


class Error(serializers.Serializer):
    """Body of every response that is not a success."""

    code = serializers.ChoiceField(choices=CODES, help_text="For programs; further ones may be added.")
    message = serializers.CharField(help_text="For people: what is wrong, and what to ask instead.")
    field = serializers.CharField(allow_null=True, help_text="The parameter at fault.")
    docs = serializers.CharField(help_text="Where to read on.")


def error_response(status: int, code: str, message: str, field: str | None = None, **more: Any) -> HttpResponse:
    """Response with an `Error`; `more` are further fields for this kind."""
    body = {"code": code, "message": message, "field": field, "docs": reverse("api:docs") + "#errors", **more}
    return HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/json", charset="utf-8"
    )
