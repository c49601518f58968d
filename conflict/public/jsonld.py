"""Entries in schema.org terms, for machines that read pages: JSON-LD, safe to embed in HTML."""

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy

from conflict.vocabulary import ActorKind, Measure

UNSAFE = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def event(body: dict[str, Any], address: str) -> SafeString:
    """Event in schema.org terms, with a date only if the day is known: schema.org cannot express “about”."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Event",
        "@id": address,
        "url": address,
        "name": body["title"],
        "description": body["summary"] or body["title"],
        "inLanguage": getattr(body["title"], "language", settings.ORIGINAL_LANGUAGE),
        "license": settings.CHRONOLOGY.licence.url,
    }
    if body["precision"] == "day" and body["starts_on"] and "~" not in body["when"] and "?" not in body["when"]:
        data["startDate"] = body["starts_on"]
    if body["location"]:
        data["location"] = _place(body)
    return _text({**data, **_elsewhere(body)})


def actor(body: dict[str, Any], address: str) -> SafeString:
    """Actor in schema.org terms: a person, or an organisation in the widest sense."""
    kind = "Person" if body["kind"] == ActorKind.PERSON else "Organization"
    return _named(kind, body["name"], [name["name"] for name in body["names"]], body, address)


def source(body: dict[str, Any], address: str) -> SafeString:
    return _named("CreativeWork", body["title"] or body["key"], [], body, address)


def _named(kind: str, name: str, others: list[str], body: dict[str, Any], address: str) -> SafeString:
    data = {"@context": "https://schema.org", "@type": kind, "@id": address, "url": address, "name": name}
    return _text({**data, **({"alternateName": others} if others else {}), **_elsewhere(body)})


def _elsewhere(body: dict[str, Any]) -> dict[str, Any]:
    """Identifiers in other systems: `sameAs` the addresses there, and each by name."""
    if not body["same_as"]:
        return {}
    named = [{"@type": "PropertyValue", "propertyID": one["scheme"], "value": one["value"]} for one in body["same_as"]]
    addresses = [one["url"] for one in body["same_as"] if one["url"]]
    return {**({"sameAs": addresses} if addresses else {}), "identifier": named}


KEYWORDS = (gettext_lazy("armed conflict"), gettext_lazy("fatalities"), gettext_lazy("chronology"))
FORMATS = {
    "json": "application/json",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "geojson": "application/geo+json",
    "jsonl": "application/x-ndjson",
}


def dataset(
    address: str, api: str, changed_on: str, version: str = "", releases: Iterable[dict[str, Any]] = ()
) -> SafeString:
    """Dataset in schema.org terms: its version and files today, and its releases, each with its own files."""
    chronology = settings.CHRONOLOGY
    statements: dict[str, Any] = {"temporalCoverage": f"{chronology.since}/.."} if chronology.since else {}
    if chronology.countries:
        statements["spatialCoverage"] = [{"@type": "Place", "name": name} for name in chronology.countries]
    if chronology.source.url:
        name = str(chronology.source.article) or str(chronology.source.name)
        statements["isBasedOn"] = {"@type": "CreativeWork", "name": name, "url": chronology.source.url}
        statements["creditText"] = str(chronology.source.credit)
    return _text(
        {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "@id": address,
            "url": address,
            "name": chronology.name,
            "description": str(chronology.description) or chronology.name,
            "license": chronology.licence.url,
            "creator": {"@type": "Organization", "name": chronology.name, "url": urljoin(address, "/")},
            "identifier": address,
            "inLanguage": [chronology.original_language, *chronology.translations],
            "keywords": [str(chronology.title), *chronology.countries, *map(str, KEYWORDS)],
            "variableMeasured": [str(measure.label) for measure in Measure],
            "dateModified": changed_on,
            "version": version,
            "isAccessibleForFree": True,
            "distribution": [
                {"@type": "DataDownload", "encodingFormat": media_type, "contentUrl": f"{api}?format={name}"}
                for name, media_type in FORMATS.items()
            ],
            "hasPart": [_release(release, api) for release in releases],
            **statements,
        }
    )


def _release(package: dict[str, Any], api: str) -> dict[str, Any]:
    address = urljoin(api, f"../releases/{package['version']}/")
    files = package.get("resources", ())
    return {
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "name": package.get("title") or package["version"],
        "description": package.get("description") or f"Release {package['version']}",
        "version": package["version"],
        "license": settings.CHRONOLOGY.licence.url,
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": one.get("mediatype", ""),
                "contentUrl": urljoin(address, one["path"]),
                "sha256": one.get("hash", "").removeprefix("sha256:"),
            }
            for one in files
        ],
    }


def place(body: dict[str, Any], address: str) -> SafeString:
    """Place in schema.org terms."""
    statements: dict[str, Any] = {"@context": "https://schema.org", "@type": "Place", "@id": address, "url": address}
    statements |= {"name": body["name"], "alternateName": [name["name"] for name in body["names"]]}
    if body["latitude"]:
        statements["geo"] = {"@type": "GeoCoordinates", "latitude": body["latitude"], "longitude": body["longitude"]}
    return _text({**statements, **_elsewhere(body)})


def _place(body: dict[str, Any]) -> dict[str, Any]:
    place: dict[str, Any] = {"@type": "Place", "name": body["location"]["name"]}
    if at := body["coordinates"]:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": at["latitude"], "longitude": at["longitude"]}
    return place


def _text(statements: dict[str, Any]) -> SafeString:
    return mark_safe(json.dumps(statements, ensure_ascii=False).translate(UNSAFE))  # noqa: S308  # <, > and & are escaped
