"""Parts of the OpenAPI description other than the operations: site, licence, tags, headers and problems."""

from typing import Any

from django.conf import settings

from conflict.api.resources import RESOURCES

SITE = "https://site.invalid"  # placeholder for the site's address until the description is requested
Schema = dict[str, Any]

ABOUT = """The chronology as an API: events with rival claims, findings, computed ranges and notices, and the publication log that \
all of it follows from.

Reading needs no key. Every address ends with a slash, except the files of releases and the shapes of other projects. \
An unknown parameter is refused. Within version 1, fields, parameters, formats and terms of enumerations are only added."""
TAGS = {
    **{resource.name: resource.about for resource in RESOURCES},
    "about": "The root of the API, this description, releases, and the shapes that scripts for other data sets read.",
    "release-changes": "What a release has otherwise than an earlier one.",
    "proposals": "What partners propose under a key.",
    "webhooks": "What partners are told of.",
}
NUMBER, TEXT = {"type": "integer"}, {"type": "string"}
HEADERS = {
    "ETag": ("Send it back as `If-None-Match`: 304 while nothing was published.", TEXT),
    "Last-Modified": ("When the last publication was made that the answer follows from.", TEXT),
    "Record-Head": ("Number of that publication. Sent back, it keeps a replica that is behind from answering.", NUMBER),
    "Link": ("Neighbouring pages, as `next` and `prev`.", TEXT),
    "RateLimit-Limit": ("Requests a minute.", NUMBER),
    "RateLimit-Remaining": ("What is left of them.", NUMBER),
    "RateLimit-Reset": ("Seconds of rest after which all of them are there again.", NUMBER),
    "Retry-After": ("Seconds after which the same request is answered.", NUMBER),
    "X-Request-ID": ("Name of this request in the logs of the site: yours, where you sent one.", TEXT),
}
OF_ALL = ("X-Request-ID", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
OF_STATUS = {
    "200": ("ETag", "Last-Modified", "Record-Head", "Link"),
    "206": ("ETag", "Last-Modified"),
    "304": ("ETag", "Last-Modified", "Record-Head"),
    "429": ("Retry-After",),
    "503": ("Retry-After",),
}
PROBLEM = {
    "description": "A refusal as RFC 9457 has it, for who accepts `application/problem+json`; our own fields stand beside.",
    "allOf": [
        {"$ref": "#/components/schemas/Error"},
        {
            "type": "object",
            "required": ["type", "title", "status", "detail", "instance"],
            "properties": {
                "type": {"type": "string", "format": "uri"},
                "title": TEXT,
                "status": NUMBER,
                "detail": TEXT,
                "instance": TEXT,
            },
        },
    ],
}


def complete(result: Schema, generator: Any, request: Any, public: bool) -> Schema:
    """Post-processing hook for drf-spectacular."""
    licence = settings.CHRONOLOGY.licence
    result["info"] = {
        "title": settings.SPECTACULAR_SETTINGS["TITLE"],
        "version": settings.SPECTACULAR_SETTINGS["VERSION"],
        "description": ABOUT,
        "contact": {"name": "The desk of this site", "url": SITE},
        "license": {"name": licence.name, "url": licence.url},
    }
    result["servers"] = [{"url": SITE, "description": "This site"}]
    result["externalDocs"] = {"description": "Guide", "url": f"{SITE}/api/v1/docs/"}
    components = result["components"]
    components["headers"] = {
        name: {"description": description, "schema": of} for name, (description, of) in HEADERS.items()
    }
    components["schemas"]["Problem"] = PROBLEM
    operations = [operation for path in result["paths"].values() for operation in path.values()]
    for operation in operations:
        operation.setdefault("security", [{}, {"partnerKey": []}])
        for status, response in operation["responses"].items():
            _describe(status, response)
    used = {tag for operation in operations for tag in operation["tags"]} | {"webhooks"}
    result["tags"] = [{"name": name, "description": TAGS[name]} for name in sorted(used)]
    return result


def _describe(status: str, response: Schema) -> None:
    response["description"] = response["description"] or "As it is described by its media type."
    names = (*OF_STATUS.get(status, ()), *OF_ALL)
    response.setdefault("headers", {}).update({name: {"$ref": f"#/components/headers/{name}"} for name in names})
    if status >= "400" and "content" in response:
        response["content"]["application/problem+json"] = {"schema": {"$ref": "#/components/schemas/Problem"}}
