"""JSON: bodies joined as the record keeps them, without an object in between."""

import json
from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from rest_framework.renderers import BaseRenderer


class Json(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None


def as_list(texts: Iterable[str], next_url: str | None, previous_url: str | None) -> HttpResponse:
    """A page of bodies. `Link` says the neighbours once more, for clients that read headers."""
    links = {"next": next_url, "previous": previous_url}
    envelope = json.dumps(links, separators=(",", ":"))
    response = ready(f'{envelope[:-1]},"results":[{",".join(texts)}]}}')
    if any(links.values()):
        response["Link"] = ", ".join(
            f'<{url}>; rel="{"prev" if name == "previous" else name}"' for name, url in links.items() if url
        )
    return response


def ready(text: str) -> HttpResponse:
    """A text that is JSON already."""
    return HttpResponse(text.encode(), content_type=Json.media_type)


def written(answer: dict[str, Any]) -> HttpResponse:
    return ready(json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
