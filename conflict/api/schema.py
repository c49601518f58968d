"""OpenAPI 3.1 description of the API, read from the views."""

import hashlib
import json
from functools import cache
from typing import Any, Literal

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from conflict.api import openapi, versions
from conflict.api.base import ReadOnlyView
from conflict.api.formats import BulkRenderer, Json
from conflict.api.resources import FINDINGS, OF_LOG, Resource
from conflict.api.views import DetailView, ListView
from conflict.documents import body_schemas
from conflict.public.json_responses import Error, ready
from conflict.public.parameters import KEY


class Successor(serializers.Serializer):
    kind = serializers.CharField()
    key = serializers.SlugField()
    url = serializers.URLField()


class Tombstone(Error):
    """An entry that was withdrawn; its versions stay readable."""

    withdrawn_at = serializers.DateTimeField()
    reason = serializers.CharField()
    successor = Successor(allow_null=True)
    publication = serializers.IntegerField(help_text="Number of the withdrawal in the publication log.")
    review = body_schemas.Review(help_text="Whether a second person has read the withdrawal, and when.")


class Described(AutoSchema):
    """Reads parameters, response shapes and errors from our views."""

    view: Any

    def get_tags(self) -> list[str]:
        resource = getattr(self.view, "of", None) or getattr(self.view, "resource", None)
        return [resource.name if resource else "about"]

    def get_operation_id(self) -> str:
        return "_".join([*self.get_tags(), type(self.view).__name__.removesuffix("View").lower()])

    def get_summary(self) -> str:
        resource = getattr(self.view, "resource", None)
        if resource and not hasattr(self.view, "of"):
            return str(resource.about)
        return str(self.get_description())

    def get_auth(self) -> list[dict[str, Any]]:
        return []

    def _get_parameters(self) -> list[dict[str, Any]]:
        in_path = [
            {"name": name, "in": "path", "required": True, "schema": self.path_schema(name)}
            for name in [part[1:-1] for part in self.path.split("/") if part.startswith("{")]
        ]
        in_query = [
            {
                "name": name,
                "in": "query",
                "description": str(parameter.help_text),
                "schema": parameter.schema,
                **({"explode": False, "style": "form"} if parameter.is_list else {}),
            }
            for name, parameter in self.view.known_parameters.items()
        ]
        return in_path + in_query

    def path_schema(self, name: str) -> dict[str, Any]:
        patterns = getattr(self.view, "path_patterns", {})
        if getattr(self.view, "resource", None) is FINDINGS:
            patterns = {"key": f"{KEY.pattern}\\.{KEY.pattern}"}
        if name in patterns:
            return {"type": "string", "pattern": f"^{patterns[name]}$"}
        if name == "version" or (getattr(self.view, "resource", None) in OF_LOG and not hasattr(self.view, "of")):
            return {"type": "integer", "minimum": 1}
        return {"type": "string", "pattern": f"^{KEY.pattern}$"}

    def get_response_serializers(self) -> Any:
        return Error

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        refusals = {"400": "The request asks for something that is not there to ask.", "406": "No such format.",
                    "429": "Too many requests.", "503": "Too slow a question, or the record is out of reach."}  # fmt: skip
        if "{" in self.path:
            refusals["404"] = "Nothing public ever had this key."
        error = {"application/json": {"schema": self.resolve_serializer(Error, direction).ref}}
        bodies = {status: {"description": description, "content": error} for status, description in refusals.items()}
        if isinstance(self.view, DetailView) and self.view.resource not in OF_LOG:
            gone = self.resolve_serializer(Tombstone, direction).ref
            bodies["410"] = {"description": "Withdrawn.", "content": {"application/json": {"schema": gone}}}
        return {
            "200": {"description": "", "content": self.content()},
            **self.parts_of_files(error),
            "304": {"description": "The copy whose ETag was sent is current."},
            "414": {"description": "The address is too long."},
            **dict(sorted(bodies.items())),
        }

    def parts_of_files(self, error: dict[str, Any]) -> dict[str, Any]:
        if not getattr(self.view, "is_file", False):
            return {}
        return {
            "206": {"description": "The part that the header `Range` asked for.", "content": self.content()},
            "416": {"description": "The file has no such part.", "content": error},
        }

    def content(self) -> dict[str, Any]:
        """Content of a successful response of this view, by media type."""
        schema: dict[str, Any] = {"type": "object"}
        if getattr(self.view, "is_file", False):
            return {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        if shape := getattr(self.view, "shape", None):
            schema = self.shape(shape)
        elif isinstance(self.view, ListView):
            schema = {"anyOf": [self.page(self.view.resource), self.component("PartPage", envelope(self.part()))]}
        elif isinstance(self.view, DetailView):
            schema = {"anyOf": [self.shape(self.view.resource.shape), self.part()]}
        elif isinstance(self.view, versions.Changes):
            schema = self.shape(body_schemas.Comparison)
        elif isinstance(self.view, versions.Version):
            schema = self.shape(body_schemas.Publication)
        bulk = [of.media_type for of in self.view.renderer_classes if issubclass(of, BulkRenderer)]
        others = {of: {"schema": {"type": "string"}} for of in (*bulk, *getattr(self.view, "other_types", ()))}
        return {"application/json": {"schema": schema}, **others}

    def shape(self, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
        return dict(self.resolve_serializer(shape, "response").ref)

    def page(self, resource: Resource) -> dict[str, Any]:
        return self.component(f"{resource.shape.__name__}Page", envelope(self.shape(resource.shape)))

    def part(self) -> dict[str, Any]:
        description = "Asked for with `fields`, `omit`, `expand` or `as_of`: not all fields of the entry, or more."
        return self.component("Part", {"type": "object", "description": description, "additionalProperties": True})

    def component(self, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        component = ResolvedComponent(  # type: ignore[no-untyped-call]
            name=name, type=ResolvedComponent.SCHEMA, schema=schema, object=name
        )
        self.registry.register_on_missing(component)
        return dict(component.ref)


def envelope(row: dict[str, Any]) -> dict[str, Any]:
    url = {"type": ["string", "null"], "format": "uri"}
    return {
        "type": "object",
        "required": ["next", "previous", "results"],
        "properties": {
            "next": url,
            "previous": url,
            "count": {"type": "integer", "description": "With `count=true`."},
            "count_is_exact": {"type": "boolean", "description": "With `count=true`."},
            "facets": {
                "type": ["object", "null"],
                "description": "With `facets`: rows by column and term.",
                "additionalProperties": {"type": "object", "additionalProperties": {"type": "integer"}},
            },
            "sure": {
                "type": "integer",
                "description": "With `after` or `before` and no other `ordering`: so many of these rows certainly happened within "
                "the dates, and come first on all pages; the rest only may have.",
            },
            "results": {"type": "array", "items": row},
        },
    }


class OpenApi(BaseRenderer):
    media_type = "application/vnd.oai.openapi+json"
    format = "openapi"


@cache
def schema_text() -> str:
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    description = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return json.dumps(description, ensure_ascii=False)


class Schema(ReadOnlyView):
    """This description, in OpenAPI 3.1."""

    renderer_classes = [Json, OpenApi]
    schema = None
    depends_on_the_record = False

    def validator(self, request: Request) -> str:
        text = schema_text() + request.build_absolute_uri("/")
        return f'W/"{hashlib.sha256(text.encode()).hexdigest()[:32]}"'

    def get(self, request: Request) -> HttpResponse:
        response = ready(schema_text().replace(openapi.SITE, f"{request.scheme}://{request.get_host()}"))
        response["Content-Type"] = request.accepted_renderer.media_type
        return response
