"""Parquet: typed, compressed columns, for whole tables. Available if pyarrow is installed (the extra `parquet`)."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from importlib import metadata
from itertools import islice
from typing import Any

from conflict.api.formats.bulk_renderer import BulkRenderer
from conflict.documents.tables.columns import Cell, Columns, Kind
from conflict.documents.tables.rows import rows

ROWS_OF_A_GROUP = 5000
PIECE = 64 * 1024


def version() -> str | None:
    """Version of pyarrow, or None if it is not installed. The same version always writes the same bytes."""
    try:
        return metadata.version("pyarrow")
    except metadata.PackageNotFoundError:
        return None


class Parquet(BulkRenderer):
    """Written to a temporary file first, because a Parquet file ends with its index."""

    media_type = "application/vnd.apache.parquet"
    format = extension = "parquet"

    def pieces(self, texts: Iterable[bytes], columns: Columns, site: str) -> Iterator[bytes]:
        import pyarrow  # optional, and takes half a second, which other responses should not have to wait for
        from pyarrow import parquet

        kinds = {
            Kind.TEXT: pyarrow.string(),
            Kind.INTEGER: pyarrow.int64(),
            Kind.NUMBER: pyarrow.float64(),
            Kind.FLAG: pyarrow.bool_(),
            Kind.DAY: pyarrow.date32(),
            Kind.MOMENT: pyarrow.timestamp("us", tz="UTC"),
        }
        schema = pyarrow.schema([(column.name, kinds[column.kind]) for column in columns])
        found = rows(texts, columns, site)
        with tempfile.TemporaryFile() as file:
            with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
                while group := list(islice(found, ROWS_OF_A_GROUP)):
                    arrays = [
                        pyarrow.array([typed(cell, column.kind) for cell in values], kinds[column.kind])
                        for column, values in zip(columns, zip(*group, strict=True), strict=True)
                    ]
                    writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))
            file.seek(0)
            while piece := file.read(PIECE):
                yield piece


def typed(cell: Cell, kind: Kind) -> Any:
    match kind:
        case _ if cell is None:
            return None
        case Kind.TEXT:
            return str(cell)
        case Kind.NUMBER:
            return float(cell)
        case Kind.DAY:
            return date.fromisoformat(str(cell))
        case Kind.MOMENT:
            return datetime.fromisoformat(str(cell))
    return cell
