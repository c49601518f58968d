"""The formats of answers; each is also a renderer, for content negotiation and OpenAPI."""

from conflict.api.formats.json import Json

__all__ = ["Json"]
