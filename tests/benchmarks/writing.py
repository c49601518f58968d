"""BulkRenderer writes: imports, publication of many entries at once, rebuilding the record, verifying the chain."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from tests.benchmarks import ged_rows
from tests.benchmarks.databases import FOLDER, ROOT, Database
from tests.benchmarks.measuring import Figure, once, spread

IMPORT = "Import of rows shaped like UCDP GED"
PUBLISHING = "Publishing and the log"
ROW_BY_ROW = 300  # rows of the ordinary way, whose time a row does not depend on how many there are
PUBLISHED_AT_ONCE = 10_000
MEGABYTE = 1024 * 1024


def importing(small: Database, *, rows: int, rounds: int) -> Iterator[Figure]:
    """Each round into a fresh copy of the small database."""
    many = _file(f"GEDEvent_v25_1.{rows}", rows)
    few = _file(f"GEDEvent_v25_1.{ROW_BY_ROW}", ROW_BY_ROW)
    ratios, peaks, rates = [], [], []
    for _ in range(rounds):
        copy = small.copied("_import")
        lasted, peak, _ = _run(
            ["manage.py", "import_dataset", "ucdp-ged", str(many), "--json", "--release", "25.1"], copy
        )
        _, _, said = _run(["-m", "tests.benchmarks.peers.rowwise", str(few)], copy)
        rates.append(rows / lasted)
        ratios.append(rates[-1] / (ROW_BY_ROW / float(said.split()[-1])))
        peaks.append(peak / MEGABYTE)
        copy.drop()
    yield spread(IMPORT, f"{rows:,} rows, over django-import-export row by row", ratios, at_least=10)
    yield spread(IMPORT, f"{rows:,} rows, peak memory", peaks, unit=" MB", at_most=300)
    yield spread(IMPORT, f"{rows:,} rows, rows a second", rates, unit="/s")


def publishing(database: Database, *, rounds: int, entries: int = PUBLISHED_AT_ONCE) -> Iterator[Figure]:
    rates, shares = [], []
    for _ in range(rounds):
        copy = database.copied("_publishing")
        _, _, said = _run(["-m", "tests.benchmarks.publishing_at_once", str(database.events), str(database.seed), str(entries)], copy)  # fmt: skip
        published, copied = map(float, said.split()[-2:])
        rates.append(entries / published)
        shares.append(copied / published)
        copy.drop()
    yield spread(PUBLISHING, f"{entries:,} entries in one publication, entries a second", rates, unit="/s")
    yield spread(PUBLISHING, "of the speed of COPY of the same rows into the same tables", shares, at_least=0.3)


def verifying(database: Database, *, rounds: int) -> Iterator[Figure]:
    """The chain, then the record made anew from the log, in a copy."""
    with database.connect() as connection:
        row = connection.execute("SELECT count(*) FROM record_publication").fetchone()
    entries = int(str(row[0])) if row else 0
    chain = []
    for _ in range(rounds):
        _, _, said = _run(["-m", "tests.benchmarks.chain"], database)
        chain.append(entries / float(said.split()[-1]))
    yield spread(PUBLISHING, f"chain of {entries:,} verified, entries a second", chain, unit="/s", at_least=10_000)
    copy = database.copied("_rebuilding")
    lasted, peak, _ = _run(["manage.py", "rebuild_record"], copy)
    _, _, said = _run(["-m", "tests.benchmarks.copying_the_record"], copy)
    _lose_the_record(copy)
    again, _, _ = _run(["manage.py", "rebuild_record"], copy)
    copy.drop()
    limit = float(said.split()[-1])
    yield once(PUBLISHING, f"record of {entries:,} made anew, entries a second", entries / lasted, unit="/s", at_least=10_000, raw={"seconds": lasted, "peak memory, MB": peak / MEGABYTE})  # fmt: skip
    yield once(PUBLISHING, "of the speed of COPY of the same rows with the same indexes", limit / lasted, raw={"COPY, entries a second": entries / limit})  # fmt: skip
    yield once(PUBLISHING, "record lost and made anew, of the speed of that COPY", limit / again, raw={"entries a second": entries / again})  # fmt: skip


def _lose_the_record(copy: Database) -> None:
    """As after a disaster that left nothing but the log."""
    with copy.connect() as connection:
        rows = connection.execute(
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'record\\_%' AND tablename <> 'record_publication'"
        )
        connection.execute("TRUNCATE " + ", ".join(str(name) for (name,) in rows))


def _file(name: str, rows: int) -> Path:
    path = FOLDER / f"{name}.csv"
    if not path.exists():
        ged_rows.write(path, ged_rows.rows(rows))
    return path


def _run(arguments: Sequence[str], database: Database) -> tuple[float, int, str]:
    """Seconds, the most memory in bytes with that of its children, and what it said."""
    begun = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), **database.environment()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        peak = [0]
        watcher = threading.Thread(target=_watch, args=(process.pid, peak))
        watcher.start()
        said, complained = process.communicate()
        watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed: {said[-1000:]}{complained[-3000:]}")
    return time.perf_counter() - begun, peak[0], said


def _watch(pid: int, peak: list[int]) -> None:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            peak[0] = max(peak[0], sum(map(_resident, [process, *process.children(recursive=True)])))
            time.sleep(0.05)


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0
