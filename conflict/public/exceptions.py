"""Errors for requests about the record that cannot be served.

API and website each turn them into responses of their own.
"""

from typing import Any


class Refusal(Exception):
    """Request that is understood and declined; the message gives the reason, the parameter at fault and an alternative."""

    status_code = 400
    headers: dict[str, str] = {}

    def __init__(self, message: str, *, code: str = "invalid", field: str | None = None, **more: Any) -> None:
        super().__init__(message)
        self.message, self.code, self.field, self.more = message, code, field, more


class NotFound(Refusal):
    """No public entry has, or ever had, this address."""

    status_code = 404


class Gone(Refusal):
    """The entry was withdrawn; the response contains its tombstone.

    Raised by `conflict.api.views` and `conflict.pages.errors`, where `conflict.public.queries.tombstone` finds one.
    """

    status_code = 410
