"""Response formats; each is also a renderer, for content negotiation and OpenAPI."""

from conflict.api.formats.bulk_renderer import BulkRenderer, in_blocks
from conflict.api.formats.geojson import GeoJson
from conflict.api.formats.lines import JsonLines
from conflict.api.formats.parquet import Parquet
from conflict.api.formats.table import Csv, Hxl, Xlsx
from conflict.public.json_responses import Json
