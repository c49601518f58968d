"""GeoJSON (RFC 7946), one feature per row; a place without coordinates has no geometry, never 0, 0."""

from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from conflict.api.formats.bulk_renderer import BulkRenderer
from conflict.documents.tables.columns import Columns
from conflict.documents.tables.rows import rows


class GeoJson(BulkRenderer):
    media_type = "application/geo+json"
    format = extension = "geojson"

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        # GDAL calls the layer by this name, or else by the end of the address, `?format=geojson`. A file has a name.
        name = site.rstrip("/").rpartition("/")[2]
        named = b'"name":%s,' % msgspec.json.encode(name) if name else b""
        yield b'{"type":"FeatureCollection",%s"features":[' % named
        between = b""
        names = [column.name for column in columns]
        for row in rows(texts, columns, site):
            yield between + msgspec.json.encode(feature(dict(zip(names, row, strict=True))))
            between = b",\n"
        yield b"]}\n"


def feature(properties: dict[str, Any]) -> dict[str, Any]:
    geometry = None
    if properties["latitude"]:
        point = [float(properties["longitude"]), float(properties["latitude"])]
        geometry = {"type": "Point", "coordinates": point}
    return {"type": "Feature", "id": properties["key"], "geometry": geometry, "properties": properties}
