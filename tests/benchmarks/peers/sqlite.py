"""The rows in SQLite, for Datasette: columns to filter by, and the body as text, so that no joins are needed."""

import sqlite3
from pathlib import Path

from tests.benchmarks.databases import FOLDER, Database

COLUMNS = 'key, label, kind, standing, "when", sorts_on, location_id, period_id, sources, is_disputed, body'


def ready(database: Database) -> Path:
    """The file, made from the record when it is not there."""
    file = FOLDER / f"{database.name}.sqlite"
    if file.exists():
        return file
    attempt = file.with_suffix(".attempt")
    attempt.unlink(missing_ok=True)
    with sqlite3.connect(attempt) as lite, database.connect() as connection:
        lite.execute(f"CREATE TABLE events ({COLUMNS.replace('key', 'key TEXT PRIMARY KEY', 1)})")
        with connection.transaction(), connection.cursor("all_events") as cursor:
            cursor.itersize = 2000
            cursor.execute(f"SELECT {COLUMNS.replace('sorts_on', 'sorts_on::text')} FROM record_publishedevent")
            marks = ", ".join("?" * len(COLUMNS.split(", ")))
            lite.executemany(f"INSERT INTO events VALUES ({marks})", cursor)
        lite.execute("CREATE INDEX events_chronology ON events (sorts_on, key)")
        lite.execute("ANALYZE")
    attempt.rename(file)
    return file
