"""Entries in schema.org terms, for machines that read pages: JSON-LD, safe to embed in HTML."""

import json
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

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
    return _text(data)


def dataset(address: str, api: str, changed_on: str) -> SafeString:
    chronology = settings.CHRONOLOGY
    said: dict[str, Any] = {"temporalCoverage": f"{chronology.since}/.."} if chronology.since else {}
    if chronology.countries:
        said["spatialCoverage"] = [{"@type": "Place", "name": name} for name in chronology.countries]
    return _text(
        {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "@id": address,
            "url": address,
            "name": chronology.name,
            "description": str(chronology.description) or chronology.name,
            "license": settings.CHRONOLOGY.licence.url,
            "dateModified": changed_on,
            "distribution": [{"@type": "DataDownload", "encodingFormat": "application/json", "contentUrl": api}],
            **said,
        }
    )


def _place(body: dict[str, Any]) -> dict[str, Any]:
    place: dict[str, Any] = {"@type": "Place", "name": body["location"]["name"]}
    if at := body["coordinates"]:
        place["geo"] = {"@type": "GeoCoordinates", "latitude": at["latitude"], "longitude": at["longitude"]}
    return place


def _text(said: dict[str, Any]) -> SafeString:
    return mark_safe(json.dumps(said, ensure_ascii=False).translate(UNSAFE))  # noqa: S308  # <, > and & are escaped
