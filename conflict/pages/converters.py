"""Entry kinds as spelt in URLs: `/places/…` is for locations."""

from conflict.public.entry_urls import KINDS, PLURALS


class KindConverter:
    regex = "|".join(KINDS)

    def to_python(self, value: str) -> str:
        return KINDS[value]

    def to_url(self, kind: str) -> str:
        return PLURALS[kind]


class VersionConverter:
    """Version number from 1, up to the largest that the record can store."""

    regex = "[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, number: int) -> str:
        return str(number)
