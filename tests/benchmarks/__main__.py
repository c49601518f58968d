"""`make bench`: everything measured, one group after the other; what one group found is kept should another fail."""

import argparse
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

from tests.benchmarks import cold, crowd, desk, exports, queries, reading, report, writing
from tests.benchmarks.databases import ROOT, Database
from tests.benchmarks.measuring import Figure

SMALL = 350
Group = Callable[[], Iterator[Figure]]


def groups(database: Database, small: Database, *, quick: bool) -> dict[str, Group]:
    rounds, seconds = (3, 1.0) if quick else (7, 3.0)
    return {
        "reading": lambda: reading.measure(database, rounds=rounds, seconds=seconds),
        "cold": lambda: cold.measure(database, rounds=3),
        "queries": lambda: queries.measure(database, small, rounds=3, asked=40 if quick else 100),
        "exports": lambda: exports.measure(database, rounds=5),
        "desk": lambda: desk.measure(database, small, rounds=3),
        "crowd": lambda: crowd.measure(database, rounds=2 if quick else 3, seconds=5 if quick else 15),
        "publishing": lambda: writing.publishing(database, rounds=1 if quick else 3),
        "verifying": lambda: writing.verifying(database, rounds=1 if quick else 3),
        "importing": lambda: writing.importing(
            small, rows=database.events, rounds=1 if database.events > 100_000 else 2
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--events", type=int, default=35_000, help="350, 35000 or 350000; another size works too")
    parser.add_argument("--only", nargs="*", default=[], metavar="GROUP", help="some of the groups only")
    parser.add_argument("--quick", action="store_true", help="short rounds: to see that it works, not to believe it")
    parser.add_argument(
        "--docs", action="store_true", help="put the last tables into docs/performance.md, measuring nothing"
    )
    asked = parser.parse_args()
    if asked.docs:
        report.into_docs()
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers started end as well
    database, small = made(asked.events), made(SMALL)
    chosen = groups(database, small, quick=asked.quick)
    if strange := set(asked.only) - chosen.keys():
        parser.error(f"There is no group {', '.join(sorted(strange))}; there are {', '.join(chosen)}.")
    figures: list[Figure] = []
    failed = []
    for name, measure in chosen.items():
        if asked.only and name not in asked.only:
            continue
        begun = time.monotonic()
        try:
            for figure in measure():
                figures.append(figure)
                tell(figure)
        except Exception as fault:  # the other groups are still worth their figures
            failed.append(name)
            sys.stdout.write(f"{name} failed: {fault}\n")
        sys.stdout.write(f"-- {name}: {time.monotonic() - begun:.0f} s\n")
        sys.stdout.flush()
        report.write(figures, database)
    missed = [figure for figure in figures if figure.is_met is False]
    sys.stdout.write(f"{len(figures)} figures, {len(missed)} targets missed: {report.write(figures, database)}\n")
    if failed:
        raise SystemExit(f"Groups that failed: {', '.join(failed)}.")


def made(events: int) -> Database:
    """In a process of its own: Django serves one database in each."""
    subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.generate", str(events)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return Database(events)


def tell(figure: Figure) -> None:
    verdict = {True: "met", False: "MISSED", None: ""}[figure.is_met]
    raw = ", ".join(
        f"{name} {value:.4g}" if isinstance(value, float) else f"{name} {value}" for name, value in figure.raw.items()
    )
    said = f"{figure.group} | {figure.name}: {figure.median:.3g}{figure.unit} ({figure.low:.3g}–{figure.high:.3g}) {figure.target} {verdict}"
    sys.stdout.write(f"{said}  [{raw}]\n" if raw else f"{said}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
