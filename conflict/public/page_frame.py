"""Frame of every page: the log's head, and the page's address in each language."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language


def frame(request: HttpRequest) -> dict[str, Any]:
    """Template context of the common frame: the log's head, and this page's address in each language."""
    path = request.get_full_path()
    plain = path.removeprefix("/fr") if path.startswith("/fr/") else path
    own = request.path.removeprefix("/fr") if request.path.startswith("/fr/") else request.path
    site = site_of(request)
    return {
        "head": getattr(request, "head", None),
        "site": site,
        "section": own.split("/")[1],
        "canonical": f"{site}{path}",
        "addresses": {"en": plain, "fr": f"/fr{plain}"},
        "language": get_language(),
    }


def site_of(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
