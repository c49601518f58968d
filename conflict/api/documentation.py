"""Documentation of the API: manual, reference of each resource, formats; made from the code where possible."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page

from conflict.api import reference
from conflict.api.changelog import CHANGES
from conflict.api.formats import Csv, GeoJson, Hxl, Json, JsonLines, Parquet, Xlsx
from conflict.api.release_builder import ENTITIES
from conflict.api.resources import EVENTS, RESOURCES
from conflict.public.cache import headers


@dataclass(frozen=True)
class About:
    """One format: `name` is the value of `format=`, `python` a program that reads it, with “SITE” for this site."""

    name: str
    title: str
    media_type: str
    said: tuple[str, ...]
    path: str
    python: str = ""
    has_columns: bool = True


FORMATS = (
    About(
        Json.format,
        "JSON",
        Json.media_type,
        (
            ("One page of a list, with the addresses of its neighbours in “next” and “previous”; the whole of an entry with "
            "its claims, findings, notices and citations. The other formats are made from it."),
            ("Numbers of people are whole numbers. Degrees are decimals written as text, so that no digit is lost. "
            "Null means that nobody has said it; 0 that somebody said none."),
        ),
        "events/?page_size=5",
        has_columns=False,
    ),
    About(
        JsonLines.format,
        "JSON Lines",
        JsonLines.media_type,
        (
            "The same objects, one a line, the whole list in one answer. Read it line by line: it may be larger than memory.",
            "Broken off, it goes on with “starting_after” and the key of the last whole line.",
        ),
        "claims/?format=jsonl",
        'import pandas\n\nclaims = pandas.read_json("SITE/api/v1/claims/?format=jsonl", lines=True)\nprint(len(claims))\n',
        has_columns=False,
    ),
    About(
        Csv.format,
        "CSV",
        Csv.media_type,
        (
            "RFC 4180, UTF-8, a header, a row an entry. Several values of one cell are parted by a semicolon and a space.",
            "Text that a spreadsheet would run as a formula has an apostrophe in front; numbers have none.",
            ("“killed_low” and “killed_high” are empty where figures are about different people: they are never added up. "
            "Take the claims, one row each, to see who said what."),
        ),
        "events/?format=csv&after=2013-01&before=2013-02",
        'import pandas\n\nevents = pandas.read_csv("SITE/api/v1/events/?format=csv", parse_dates=["changed_at"])\nprint(len(events))\n',
    ),
    About(
        Hxl.format,
        "CSV with HXL tags",
        Hxl.media_type,
        ("CSV with the row of tags of the Humanitarian Exchange Language, 1.1, under the header.",),
        "events/?format=hxl",
    ),
    About(
        Xlsx.format,
        "XLSX",
        Xlsx.media_type,
        ("A workbook of one sheet. Texts are texts, also where they begin with an equals sign; a cell holds 32,767 characters.",),
        "events/?format=xlsx",
    ),
    About(
        GeoJson.format,
        "GeoJSON",
        GeoJson.media_type,
        (
            ("RFC 7946: longitude before latitude, WGS 84. What has no known place has “geometry: null”, never 0, 0. "
            "Read “coordinate_precision” and “location_precision” before drawing a point as one."),
            "QGIS opens the address as a vector layer; so does whatever else reads by GDAL.",
        ),
        "events/?format=geojson",
    ),
    About(
        Parquet.format,
        "Parquet",
        Parquet.media_type,
        (
            "The columns of the CSV with types: whole numbers, degrees, days, moments in UTC. For whole tables.",
            ("Offered where the site has pyarrow installed; a release says in its package whether it was built with it. "
            "Two builds have the same bytes where they were made with the same version of it."),
        ),
        "events/?format=parquet",
        'import pandas\n\nevents = pandas.read_parquet("SITE/api/v1/events/?format=parquet")\nprint(len(events))\n',
    ),
    About(
        "ftm",
        "FollowTheMoney",
        "application/json+ftm",
        (
            (f"Entities, one a line, in the file {ENTITIES} of every release. Events, actors (Person, PublicBody, Company, "
            "Organization, LegalEntity), places (Address), sources (Article) and affiliations (Membership, UnknownLink)."),
            ("The model has no word for a claim: each is a Note on its event that says who says so, with the sources as "
            "proof, and no figure stands in an event. Findings and notices are Notes too."),
            "Who took part is linked by an UnknownLink with role and standing; only who is known to have is “involved”.",
        ),
        "releases/",
        has_columns=False,
    ),
)  # fmt: skip


@gzip_page
def docs(request: HttpRequest) -> HttpResponse:
    """The manual of the API."""
    return _page(request, "docs", {"formats": FORMATS, "chapters": reference.chapters().values()})


@gzip_page
def resource(request: HttpRequest, name: str) -> HttpResponse:
    """Reference of one resource: its addresses, their parameters, and the fields of what they answer."""
    chapter = reference.chapters().get(name)
    if chapter is None:
        raise Http404
    return _page(request, "reference", {"chapter": chapter, "chapters": reference.chapters().values()})


@gzip_page
def formats(request: HttpRequest, name: str) -> HttpResponse:
    """Page about one format."""
    about = next((one for one in FORMATS if one.name == name), None)
    if about is None:
        raise Http404
    tables = [resource for resource in RESOURCES if resource.columns] if about.has_columns else []
    if about.name == GeoJson.format:
        tables = [resource for resource in tables if resource.has_places]
    site = f"{request.scheme}://{request.get_host()}"
    context = {
        "about": about,
        "formats": FORMATS,
        "tables": tables,
        "first": EVENTS,
        "address": f"{site}/api/v1/{about.path}",
        "python": about.python.replace("SITE", site),
    }
    return _page(request, "format", context)


def changes(request: HttpRequest) -> HttpResponse:
    """Changelog of the API."""
    return _page(request, "changelog", {"changes": CHANGES})


def _page(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    origin = f"{request.scheme}://{request.get_host()}"
    around = {"origin": origin, "section": "data", "asks_nothing": True}
    return headers.of_the_software(render(request, f"api/{name}.html", {**around, **context}))
