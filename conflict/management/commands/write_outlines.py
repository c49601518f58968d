"""Outlines for the maps: a small GeoJSON file beside chronology.toml, made from larger ones."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from conflict import outlines
from conflict.chronology import Chronology, Frame, OutlineKind

AROUND = 2.0  # degrees beyond the frame: a map that is moved does not end at once
TOLERANCE = 0.025  # degrees
SMALLEST = 0.05  # degrees
NAMES, CODES, WITHIN = ("NAME", "name"), ("ISO_A2_EH", "ISO_A2", "iso_a2"), ("admin", "ADM0NAME", "adm0name")


Given = tuple[dict[str, Any], Mapping[str, Any]]  # properties to write, and the geometry as it was read


class Layer(NamedTuple):
    kind: OutlineKind
    help: str


LAYERS = {
    "countries": Layer(OutlineKind.COUNTRY, "areas of countries, such as ne_10m_admin_0_countries.geojson"),
    "regions": Layer(
        OutlineKind.REGION,
        "areas of regions, such as ne_10m_admin_1_states_provinces.geojson; those of the chronology’s countries are taken",
    ),
    "lakes": Layer(OutlineKind.LAKE, "areas of lakes, such as ne_10m_lakes.geojson"),
    "rivers": Layer(OutlineKind.RIVER, "lines of rivers, such as ne_50m_rivers_lake_centerlines.geojson"),
    "towns": Layer(OutlineKind.TOWN, "points of towns, such as ne_50m_populated_places_simple.geojson"),
}


class Command(BaseCommand):
    help = (
        "Write the outlines that the maps draw, from GeoJSON files such as Natural Earth’s: clipped to the frame in "
        "chronology.toml, simplified, with shared borders. “places” of outlines that the file already has are kept."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        for name, layer in LAYERS.items():
            parser.add_argument(f"--{name}", type=Path, help=layer.help)
        parser.add_argument("--output", type=Path, help="default: outlines.geojson beside chronology.toml")

    def handle(self, *args: Any, output: Path | None, **options: Any) -> None:
        given = {name: path for name in LAYERS if (path := options[name])}
        if not given:
            raise CommandError(f"Name at least one file: {', '.join(f'--{name}' for name in LAYERS)}.")
        chronology: Chronology = settings.CHRONOLOGY
        output = output or chronology.map.outlines or chronology.folder / "outlines.geojson"
        places = _places(output)
        features = [
            feature for name, path in given.items() for feature in _features(LAYERS[name].kind, _read(path), chronology)
        ]
        for feature in features:
            if keys := places.get(_identity(feature["properties"])):
                feature["properties"]["places"] = keys
        lines = ",\n".join(json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features)
        output.write_text(f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n', encoding="utf-8")
        self.stdout.write(f"Wrote {len(features)} outlines, {output.stat().st_size // 1000} kB, to {output}")


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        features: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))["features"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(f"{path} is not GeoJSON: {error}. Convert it first, for example with ogr2ogr.") from error
    return features


def _places(output: Path) -> dict[tuple[str, str], list[str]]:
    """Keys of places that the present file has by hand, by kind and name of the outline."""
    if not output.exists():
        return {}
    places = [feature["properties"] for feature in _read(output)]
    return {_identity(properties): properties["places"] for properties in places if "places" in properties}


def _identity(properties: Mapping[str, Any]) -> tuple[str, str]:
    return properties.get("kind", OutlineKind.COUNTRY), properties["name"]


def _features(kind: OutlineKind, given: list[dict[str, Any]], chronology: Chronology) -> Iterator[dict[str, Any]]:
    west, south, east, north = chronology.map.frame
    box = (west - AROUND, south - AROUND, east + AROUND, north + AROUND)
    found = [(_properties(kind, feature, chronology), feature["geometry"]) for feature in given]
    if kind == OutlineKind.REGION:
        found = [
            one for one, feature in zip(found, given, strict=True) if _first(feature, WITHIN) in chronology.countries
        ]
    match kind:
        case OutlineKind.TOWN:
            yield from _towns(found, chronology.map.frame)
        case OutlineKind.RIVER:
            yield from _rivers(found, box)
        case _:
            yield from _areas(found, box)


def _towns(found: list[Given], frame: Frame) -> Iterator[dict[str, Any]]:
    for properties, geometry in found:
        east, north = geometry["coordinates"][:2]
        if frame.west <= east <= frame.east and frame.south <= north <= frame.north:
            yield _feature(properties, "Point", [round(east, 2), round(north, 2)])


def _rivers(found: list[Given], box: outlines.Box) -> Iterator[dict[str, Any]]:
    for properties, geometry in found:
        pieces = [piece for line in outlines.lines_of(geometry) for piece in outlines.clipped_line(line, box)]
        if pieces:
            lines = [outlines.simplified_line(piece, TOLERANCE / 2) for piece in pieces]
            yield _feature(properties, "MultiLineString", outlines.written(lines))


def _areas(found: list[Given], box: outlines.Box) -> Iterator[dict[str, Any]]:
    """Areas with what they have in the box, simplified together; islands too small to be seen are left out."""
    clipped = [
        (number, [ring for whole in polygon if (ring := outlines.clipped_ring(whole, box))])
        for number, (_properties, geometry) in enumerate(found)
        for polygon in outlines.polygons_of(geometry)
    ]
    clipped = [(number, rings) for number, rings in clipped if rings]
    polygons: dict[int, list[list[outlines.Ring]]] = {}
    simple = outlines.simplified((rings for _number, rings in clipped), TOLERANCE)
    for (number, _rings), rings in zip(clipped, simple, strict=True):
        if len(rings[0]) > 3 and outlines.size(rings[0]) > SMALLEST:
            polygons.setdefault(number, []).append(rings)
    for number, of_area in polygons.items():
        yield _feature(found[number][0], "MultiPolygon", [outlines.written(rings) for rings in of_area])


def _feature(properties: dict[str, Any], kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def _properties(kind: OutlineKind, feature: Mapping[str, Any], chronology: Chronology) -> dict[str, Any]:
    name = _first(feature, NAMES)
    made: dict[str, Any] = {"kind": kind.value, "name": name}
    code = _first(feature, CODES)
    if kind == OutlineKind.COUNTRY and len(code) == 2 and code.isalpha():
        made["iso"] = code
    tags = ("en", "fr", *chronology.translations) if kind not in (OutlineKind.LAKE, OutlineKind.RIVER) else ()
    names = {tag: text for tag in tags if (text := _first(feature, (f"NAME_{tag.upper()}", f"name_{tag}")))}
    if any(text != name for text in names.values()):
        made["names"] = names
    return made


def _first(feature: Mapping[str, Any], names: tuple[str, ...]) -> str:
    """First of these properties that is a text; empty if there is none."""
    values = (feature["properties"].get(name) for name in names)
    return next((value for value in values if value and isinstance(value, str)), "")
