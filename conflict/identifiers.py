"""Identifiers of entries in other systems: Wikidata, UCDP, ACLED, GeoNames, P-codes, DOI, ISBN. Pure.

An identifier is written as scheme and value: `wikidata:Q1065`. Places and sources keep some in fields of their own.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from stdnum import isbn as isbn_number

from conflict.message import gettext as _

DOI_ADDRESS = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)", re.IGNORECASE)
BETWEEN = re.compile(r"[\s,;|]+")


class IdentifierRefused(ValueError):
    """The text is no identifier; the message says why."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A system of identifiers: form, addresses by kind of entry, and the kinds that it identifies."""

    key: str
    label: str
    form: re.Pattern[str]
    example: str
    kinds: frozenset[str]
    addresses: Mapping[str, str] = field(default_factory=dict)  # by kind; `{}` stands for the value


def _scheme(key: str, label: str, form: str, example: str, kinds: str, **addresses: str) -> Scheme:
    own = frozenset(kinds.split())
    everywhere = addresses.pop("all", "")
    return Scheme(key, label, re.compile(form), example, own, {**dict.fromkeys(own, everywhere), **addresses})


SCHEMES: dict[str, Scheme] = {
    scheme.key: scheme
    for scheme in (
        _scheme(
            "wikidata",
            "Wikidata",
            r"Q[1-9][0-9]{0,11}",
            "Q1065",
            "event actor location source",
            all="https://www.wikidata.org/entity/{}",
        ),
        _scheme("ucdp", "UCDP", r"[1-9][0-9]{0,9}", "1173", "event actor", actor="https://ucdp.uu.se/actor/{}"),
        _scheme("acled", "ACLED", r"[A-Z]{3}[0-9]{1,8}", "ABC123", "event"),
        _scheme("geonames", "GeoNames", r"[1-9][0-9]{0,9}", "2460596", "location", all="https://sws.geonames.org/{}/"),
        _scheme("pcode", "P-code", r"[0-9A-Z]{2,20}", "ML09", "location"),
        _scheme("doi", "DOI", r"10\.[0-9.]+/\S+", "10.5771/9783748900740-71", "source", all="https://doi.org/{}"),
        _scheme("isbn", "ISBN", r"[0-9]{9}[0-9X]|[0-9]{13}", "9780306406157", "source", all="urn:isbn:{}"),
    )
}
# Kept in fields of their own, by kind of entry and scheme
FIELDS: dict[str, dict[str, str]] = {
    "location": {"geonames": "geonames_id", "pcode": "pcode"},
    "source": {"doi": "doi", "isbn": "isbn"},
}
ADDRESS = re.compile(r"https?://(?:www\.|m\.)?(?P<host>[^/]+)/(?:[^?#]*/)?(?P<value>[^/?#]+)/?(?:[?#].*)?$")
HOSTS = {"wikidata.org": "wikidata", "ucdp.uu.se": "ucdp"}


def offered(kind: str) -> list[Scheme]:
    """Schemes that an entry of this kind names in its list of identifiers."""
    own = FIELDS.get(kind, {})
    return [scheme for scheme in SCHEMES.values() if kind in scheme.kinds and scheme.key not in own]


def read(kind: str, typed: str) -> str:
    """Identifiers as typed or pasted, in their one form and order. Raises IdentifierRefused."""
    return " ".join(sorted({_read_one(kind, word) for word in BETWEEN.split(typed) if word}))


def _read_one(kind: str, word: str) -> str:
    schemes = {scheme.key: scheme for scheme in offered(kind)}
    if address := ADDRESS.match(word):
        name, value = HOSTS.get(address["host"].lower(), address["host"]), address["value"]
    elif SCHEMES["wikidata"].form.fullmatch(word.upper()):
        name, value = "wikidata", word
    else:
        name, _colon, value = word.partition(":")
    name = name.lower()
    if name not in schemes:
        if name in FIELDS.get(kind, {}):
            raise IdentifierRefused(_("“%(word)s”: %(scheme)s has a field of its own.") % {"word": word, "scheme": SCHEMES[name].label})  # fmt: skip
        forms = ", ".join(f"{scheme.key}:{scheme.example}" for scheme in schemes.values())
        raise IdentifierRefused(_("“%(word)s” is no identifier that is kept here. Write, for example: %(forms)s.") % {"word": word, "forms": forms})  # fmt: skip
    value = value.upper() if name in ("wikidata", "acled") else value
    if not schemes[name].form.fullmatch(value):
        example = f"{name}:{schemes[name].example}"
        raise IdentifierRefused(_("“%(word)s” has not the form of %(scheme)s, such as %(example)s.") % {"word": word, "scheme": schemes[name].label, "example": example})  # fmt: skip
    return f"{name}:{value}"


def doi(typed: str) -> str:
    """The DOI, without the address in front of it."""
    return DOI_ADDRESS.sub("", typed.strip())


def codes(kind: str, document: Mapping[str, Any]) -> list[str]:
    """All identifiers of a document, those in fields of their own included, in order."""
    return sorted({f"{scheme}:{value}" for scheme, value in _pairs(kind, document)})


def same_as(kind: str, document: Mapping[str, Any]) -> list[dict[str, str]]:
    """Identifiers of a document with their addresses, as bodies have them; the address is empty where there is none."""
    found = (code.partition(":") for code in codes(kind, document))
    return [{"scheme": scheme, "value": value, "url": address(kind, scheme, value)} for scheme, _colon, value in found]


def address(kind: str, scheme: str, value: str) -> str:
    return SCHEMES[scheme].addresses.get(kind, "").format(value) if scheme in SCHEMES else ""


def canonical(code: str) -> str:
    """An identifier as it is asked for, in the form in which it is kept: `isbn:978-0-306-40615-7` without hyphens."""
    scheme, _colon, value = code.strip().partition(":")
    return f"{scheme.lower()}:{_kept(scheme.lower(), value)}"


def _pairs(kind: str, document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for scheme, name in FIELDS.get(kind, {}).items():
        if value := document.get(name):
            yield scheme, _kept(scheme, str(value))
    own: Iterable[str] = document.get("identifiers") or ()
    for code in own:
        scheme, _colon, value = code.partition(":")
        yield scheme, value


def _kept(scheme: str, value: str) -> str:
    if scheme == "doi":
        return doi(value).lower()
    if scheme == "isbn":
        return str(isbn_number.compact(value))
    return value.upper() if scheme in ("wikidata", "acled", "pcode") else value
