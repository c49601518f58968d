"""Check of the file of outlines that the maps are drawn of, before the site starts."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conflict.chronology import OutlineKind
from conflict.outlines import lines_of, points_of, polygons_of

LARGEST = 5_000_000  # bytes, of which the maps are drawn and which browsers fetch
AREA, LINE, POINT = ("Polygon", "MultiPolygon"), ("LineString", "MultiLineString"), ("Point",)
OUTLINES = {  # geometries of each kind of outline
    OutlineKind.COUNTRY: AREA,
    OutlineKind.REGION: AREA,
    OutlineKind.LAKE: AREA,
    OutlineKind.RIVER: LINE,
    OutlineKind.TOWN: POINT,
}


def problem_with(path: Path) -> str:
    """Why the file cannot be drawn; empty if it can."""
    if not path.is_file():
        return f"but there is no such file in {path.parent}"
    if (size := path.stat().st_size) > LARGEST:
        return (
            f"which has {size / 1e6:.0f} MB, where the maps take {LARGEST / 1e6:.0f} at most. "
            "`manage.py write_outlines` clips and simplifies it"
        )
    try:
        for feature in json.loads(path.read_text(encoding="utf-8-sig"))["features"]:
            kind, shape = feature["properties"].get("kind", OutlineKind.COUNTRY), feature["geometry"]["type"]
            if kind not in OUTLINES:
                return f"which has a feature of the kind {kind!r}. Known: {', '.join(OUTLINES)}"
            if shape not in OUTLINES[kind] or ("name" not in feature["properties"]):
                return f"which has a {kind} that is no {OUTLINES[kind][0]}, or has no name"
            if not _lies_in_the_world(feature["geometry"]):
                return (
                    f"which has {feature['properties']['name']!r} outside the world. Points are longitude and latitude"
                )
    except (ValueError, LookupError, TypeError, AttributeError):
        return "which is not GeoJSON: a collection of features, each with a property “name”"
    return ""


def _lies_in_the_world(geometry: Mapping[str, Any]) -> bool:
    """True if all points are degrees. Raises an error if the shape is not as its type says, or has no points."""
    if geometry["type"] in AREA:
        lines = [ring for polygon in polygons_of(geometry) for ring in polygon]
    else:
        lines = lines_of(geometry) if geometry["type"] in LINE else [points_of([geometry["coordinates"]])]
    if not lines or not all(lines):
        raise ValueError("no points")
    return all(abs(longitude) <= 180 and abs(latitude) <= 90 for line in lines for longitude, latitude in line)
