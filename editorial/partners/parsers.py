"""Parser of request bodies: one JSON object of bounded size, without hidden or unstorable characters."""

import hashlib
import json
from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from conflict import text as texts
from conflict.public.exceptions import Refusal

LARGEST = 64 * 1024
DEEPEST = 20


class TooLarge(Refusal):
    status_code = 413


class Encoded(Refusal):
    """A compressed body; its expanded size is unknown."""

    status_code = 415
    headers = {"Accept-Encoding": "identity"}


def stream_encoding(parser_context: Mapping[str, Any] | None) -> str:
    request = (parser_context or {}).get("request")
    return str(request.headers.get("Content-Encoding", "")).strip().lower() if request else ""


class OneObject(BaseParser):
    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        encoding = stream_encoding(parser_context)
        if encoding not in ("", "identity"):
            raise Encoded(
                f"The body is encoded as {encoding[:20]}: send it as it is, without Content-Encoding.",
                code="unsupported_media_type",
                field="Content-Encoding",
            )
        sent = stream.read(LARGEST + 1)
        if len(sent) > LARGEST:
            raise TooLarge(
                f"The body is larger than {LARGEST // 1024} KiB: send one proposal at a time.", code="too_large"
            )
        try:
            data = json.loads(sent.decode(), object_pairs_hook=_each_once, parse_constant=_no_number)
            refuse_unstorable(data)
            data = evened_out(data)
        except RecursionError as fault:
            raise _bad("it is nested too deeply") from fault
        except ValueError as fault:
            raise _bad(str(fault)) from fault
        if not isinstance(data, dict):
            raise _bad("it is not an object")
        return data


def digest(body: dict[str, Any]) -> str:
    """Hash of the content, independent of spacing and order."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def refuse_unstorable(given: Any, depth: int = 0) -> None:
    """Raise ValueError for NUL characters, lone surrogates, numbers too large, and nesting too deep."""
    if depth > DEEPEST:
        raise ValueError("it is nested too deeply")
    if isinstance(given, str):
        given.encode()  # UnicodeEncodeError, a ValueError, for a lone surrogate
        if "\0" in given:
            raise ValueError("a text contains a NUL character")
    if isinstance(given, int) and abs(given) >= 2**63:
        raise ValueError("a number is too large")
    if isinstance(given, dict):
        for name, value in given.items():
            refuse_unstorable(name, depth + 1)
            refuse_unstorable(value, depth + 1)
    if isinstance(given, list):
        for value in given:
            refuse_unstorable(value, depth + 1)


def evened_out(given: Any) -> Any:
    """The value with every text normalized."""
    match given:
        case str():
            return texts.prose(given)
        case dict():
            return {name: evened_out(value) for name, value in given.items()}
        case list():
            return [evened_out(value) for value in given]
    return given


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        raise ValueError("a name occurs twice in one object")
    return data


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _bad(what: str) -> Refusal:
    return Refusal(f"The body cannot be read as JSON: {what[:200]}.", code="bad_json")
