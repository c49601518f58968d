"""Cursors mark where a page of a list ends; they are signed, so they fit no other list and cannot be edited."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from django.core import signing

from conflict.public.exceptions import Refusal
from conflict.public.keyset import Cursor

SALT = "conflict.api.cursor"


def fingerprint(question: Mapping[str, Iterable[str]]) -> str:
    """Identify a list by the parameters that select and order its rows."""
    filters = sorted((name, sorted(values)) for name, values in question.items())
    return hashlib.sha256(json.dumps(filters).encode()).hexdigest()[:16]


def encode_cursor(cursor: Cursor, list_asked: str) -> str:
    values = [value.isoformat() if hasattr(value, "isoformat") else value for value in cursor.position]
    return signing.dumps([list_asked, values, int(cursor.backwards)], salt=SALT)


def decode_cursor(text: str, list_asked: str) -> Cursor:
    """Decode a cursor. Raises Refusal if it was edited, truncated, or made for another list."""
    try:
        made_for, values, backwards = signing.loads(text, salt=SALT)
    except signing.BadSignature as edited:
        raise Refusal(
            "The cursor is not one that was given out. Take it unchanged from `next` or `previous`.", field="cursor"
        ) from edited
    if made_for != list_asked:
        raise Refusal(
            "The cursor belongs to a list with other filters or another ordering. Start that list anew.", field="cursor"
        )
    return Cursor(tuple(values), bool(backwards))
