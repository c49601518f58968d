"""Content negotiation: `format=` if given, else the Accept header; by default, the first format on offer."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from conflict.public.exceptions import Refusal

QUALITY = re.compile(r"[01](\.\d{0,3})?")
ANYTHING = "*/*"
PROBLEM = "application/problem+json"  # RFC 9457: format of errors for clients that accept it


class Accepted(NamedTuple):
    """One media range of an Accept header, with its quality."""

    main: str
    sub: str
    quality: float

    def specificity_for(self, media_type: str) -> int:
        """Specificity of the match: 2 for the exact type, 1 for its main type, 0 for `*/*`; -1 for no match."""
        main, _, sub = media_type.partition("/")
        if (self.main, self.sub) == (main, sub):
            return 2
        if self.sub != "*":
            return -1
        return 1 if self.main == main else 0 if self.main == "*" else -1


def accepted(header: str) -> list[Accepted]:
    """Media ranges of the header. Parameters other than `q` are ignored; an invalid quality counts as 1."""
    ranges = []
    for part in header.split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        main, slash, sub = name.lower().partition("/")
        if not slash:
            main, sub = ("*", "*") if main == "*" else (main, "")
        values = dict(parameter.lower().partition("=")[::2] for parameter in parameters)
        quality = values.get("q", "1").strip()
        ranges.append(Accepted(main, sub, float(quality) if QUALITY.fullmatch(quality) else 1.0))
    return ranges


def best_of(renderers: list[BaseRenderer], header: str) -> tuple[BaseRenderer, str]:
    """Format with the highest quality, by RFC 9110; ties go to the most specific match, then to the first format.

    Raises NotAcceptable.
    """
    ranges = accepted(header)

    def rank(renderer: BaseRenderer) -> tuple[float, int]:
        fitting = [(found.specificity_for(renderer.media_type), found.quality) for found in ranges]
        specificity, quality = max(fitting, default=(-1, 0.0))
        return (quality, specificity) if specificity >= 0 else (0.0, -1)

    best = max(renderers, key=rank)
    if rank(best)[0] == 0:
        raise NotAcceptable(available_renderers=renderers)
    return best, best.media_type


def wants_problems(header: str) -> bool:
    return any(
        (found.main, found.sub) == ("application", "problem+json") and found.quality for found in accepted(header)
    )


class FormatOrAccept(DefaultContentNegotiation):
    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        formats = request.query_params.getlist("format")
        if not formats and request.META.get("HTTP_ACCEPT", ANYTHING) == ANYTHING:
            first = next(iter(renderers))
            return first, first.media_type
        if not formats:
            return best_of(list(renderers), request.META.get("HTTP_ACCEPT", ANYTHING))
        for renderer in renderers:
            if [renderer.format] == formats:
                return renderer, renderer.media_type
        offered = ", ".join(renderer.format for renderer in renderers)
        raise Refusal(f"There is no format “{', '.join(formats)[:60]}” here. It can be: {offered}.", field="format")
