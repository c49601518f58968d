"""Which format an answer takes: `format=` when given, else the Accept header; the first on offer when both are silent."""

from collections.abc import Iterable

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from conflict.public.exceptions import Refusal

ANYTHING = "*/*"


class FormatOrAccept(DefaultContentNegotiation):
    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        asked = request.query_params.getlist("format")
        if not asked and request.META.get("HTTP_ACCEPT", ANYTHING) == ANYTHING:
            first = next(iter(renderers))
            return first, first.media_type
        if not asked:
            chosen: tuple[BaseRenderer, str] = super().select_renderer(request, renderers, format_suffix)
            return chosen
        for renderer in renderers:
            if [renderer.format] == asked:
                return renderer, renderer.media_type
        offered = ", ".join(renderer.format for renderer in renderers)
        raise Refusal(f"There is no format “{', '.join(asked)[:60]}” here. It can be: {offered}.", field="format")
