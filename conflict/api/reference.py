"""Reference of the API for people: what the OpenAPI description says, grouped by resource."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from conflict.api import openapi
from conflict.api.schema import schema_text

Schema = dict[str, Any]
METHODS = ("get", "post")


@dataclass(frozen=True)
class Parameter:
    name: str
    kind: str
    about: str
    terms: tuple[str, ...]


@dataclass(frozen=True)
class Operation:
    """One address with its method: what it takes, what it answers."""

    method: str
    path: str
    about: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    media_types: tuple[str, ...]
    statuses: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Chapter:
    """Operations of one resource, and the fields of what they answer."""

    name: str
    about: str
    operations: tuple[Operation, ...]
    fields: tuple[Parameter, ...]


@cache
def chapters() -> dict[str, Chapter]:
    """Chapters by name, in the order of the description."""
    schema: Schema = json.loads(schema_text())
    found: dict[str, list[tuple[Operation, Schema]]] = {}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if method in METHODS:
                found.setdefault(operation["tags"][0], []).append((_operation(method, path, operation), operation))
    return {
        name: Chapter(
            name,
            openapi.TAGS.get(name, ""),
            tuple(shown for shown, _ in found[name]),
            _fields(schema, [operation for _, operation in found[name]]),
        )
        for name in sorted(found)
    }


def _operation(method: str, path: str, operation: Schema) -> Operation:
    responses = operation["responses"]
    ok = responses.get("200") or responses.get("201") or {}
    about = f"{operation.get('summary', '')}\n\n{operation.get('description', '')}".split("\n\n")
    return Operation(
        method.upper(),
        path,
        tuple(dict.fromkeys(filter(None, map(str.strip, about)))),
        tuple(
            Parameter(one["name"], _kind(one["schema"]), one.get("description", ""), _terms(one["schema"]))
            for one in operation.get("parameters", ())
        ),
        tuple(ok.get("content", ())),
        tuple((status, response["description"]) for status, response in responses.items() if response["description"]),
    )


def _fields(schema: Schema, operations: list[Schema]) -> tuple[Parameter, ...]:
    """Fields of a single entry of the resource: the first answer that is an object of its own, not a page of a list."""
    components = schema["components"]["schemas"]
    for operation in operations:
        content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        for shape in content.get("anyOf", [content]):
            component = components.get(_named(shape), {})
            properties = component.get("properties", {})
            if properties and "results" not in properties:
                return tuple(
                    Parameter(name, _kind(of), of.get("description", ""), _terms(_resolved(of, components)))
                    for name, of in properties.items()
                )
    return ()


def _named(of: Schema) -> str:
    return str(of.get("$ref", "")).rpartition("/")[2]


def _resolved(of: Schema, components: Schema) -> Schema:
    """The schema of the terms that a field can have, behind its references."""
    for part in [of, *of.get("oneOf", ()), *of.get("allOf", ())]:
        if name := _named(part):
            found: Schema = components.get(name, {})
            if "enum" in found:
                return found
    return of


def _terms(of: Schema) -> tuple[str, ...]:
    terms = of.get("enum") or of.get("items", {}).get("enum") or ()
    return tuple(str(term) for term in terms if term not in ("", None))


def _kind(of: Schema) -> str:
    """Type of a value in words: “text”, “whole number or null”, “list of Claim”."""
    if choices := of.get("oneOf") or of.get("anyOf") or of.get("allOf"):
        return " or ".join(dict.fromkeys(_kind(one) for one in choices if _named(one) != "BlankEnum"))
    if name := _named(of):
        return name
    kinds = of.get("type", "any")
    words = {
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "null": "null",
    }
    if isinstance(kinds, list):
        return " or ".join(words.get(kind, str(kind)) for kind in kinds)
    if kinds == "array":
        return f"list of {_kind(of.get('items', {}))}"
    limit = f", at most {of['maxLength']} characters" if of.get("maxLength") else ""
    return f"{of.get('format') or words.get(kinds, kinds)}{limit}"
