"""The messages of webhooks in the OpenAPI description."""

from typing import Any

from conflict.record.models import Action
from conflict.vocabulary import ChangeKind, EntryKind

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}


def shape(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


ENTRY = shape(
    number=NUMBER,
    entry=shape(kind={"type": "string", "enum": EntryKind.values}, key=TEXT),
    action={"type": "string", "enum": Action.values},
    change_kind={"type": "string", "enum": ChangeKind.values},
    version=NUMBER,
    sha256=TEXT,
)
PUBLISHED = shape(
    first_number=NUMBER,
    last_number=NUMBER,
    count=NUMBER,
    changes={"type": "string", "format": "uri", "description": "Where to ask for what is new."},
    entries={"type": "array", "items": ENTRY},
    entries_left_out={**NUMBER, "description": "How many more there are than are named."},
)
SIGNED = [
    {"name": name, "in": "header", "required": True, "description": said, "schema": TEXT}
    for name, said in (
        ("webhook-id", "The same when a message comes again."),
        ("webhook-timestamp", "Seconds since 1970: refuse what is older than five minutes."),
        ("webhook-signature", "Standard Webhooks, version 1."),
    )
]


def add_webhooks(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """A hook of drf-spectacular."""
    message = shape(
        type={"type": "string", "const": "record.published"},
        timestamp={"type": "string", "format": "date-time"},
        data={"$ref": "#/components/schemas/RecordPublished"},
    )
    result["components"]["schemas"] |= {"RecordPublished": PUBLISHED, "RecordPublishedMessage": message}
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/RecordPublishedMessage"}}}
    result["webhooks"] = {
        "record.published": {
            "post": {
                "operationId": "webhooks_record_published",
                "tags": ["webhooks"],
                "summary": "Something was published.",
                "description": "One message for each publication, to the address that a partner gave the desk.",
                "parameters": SIGNED,
                "requestBody": {"required": True, "content": body},
                "security": [],
                "responses": {
                    "2XX": {"description": "Received."},
                    "410": {"description": "Send nothing more."},
                },
            }
        }
    }
    return result
