"""Why a question about the record is not answered as it was asked. API and website each turn these into their own answers."""

from typing import Any


class Refusal(Exception):
    """A request that is understood and declined: says why, which parameter is at fault, and what to ask instead."""

    status_code = 400
    headers: dict[str, str] = {}

    def __init__(self, message: str, *, code: str = "invalid", field: str | None = None, **more: Any) -> None:
        super().__init__(message)
        self.message, self.code, self.field, self.more = message, code, field, more


class NotFound(Refusal):
    """Nothing public has, or ever had, this address."""

    status_code = 404


class Gone(Refusal):
    """An entry that was withdrawn: the answer carries its tombstone."""

    status_code = 410
