"""GeoJSON (RFC 7946): a feature for each row; a place without coordinates has no geometry, never 0, 0."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from conflict.api.formats.bulk import Bulk
from conflict.api.formats.columns import Columns, cells


class GeoJson(Bulk):
    media_type = "application/geo+json"
    format = extension = "geojson"

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        yield b'{"type":"FeatureCollection","features":['
        between = b""
        for text in texts:
            yield between + json.dumps(feature(json.loads(text), columns, site), ensure_ascii=False).encode()
            between = b",\n"
        yield b"]}\n"


def feature(body: dict[str, Any], columns: Columns, site: str) -> dict[str, Any]:
    properties = dict(zip((column.name for column in columns), cells(body, columns, site), strict=True))
    point = body.get("coordinates") or body
    geometry = None
    if point.get("latitude"):
        geometry = {"type": "Point", "coordinates": [float(point["longitude"]), float(point["latitude"])]}
    return {"type": "Feature", "id": body["key"], "geometry": geometry, "properties": properties}
