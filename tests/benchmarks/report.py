"""Report: a machine-readable file per size, and the tables between the marks in docs/performance.md."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.databases import CONFIGURATION, FOLDER, ROOT, Database
from tests.benchmarks.measuring import Figure

BEGIN, END = "<!-- benchmarks -->", "<!-- end of benchmarks -->"


def write(figures: Sequence[Figure], database: Database) -> Path:
    """What was not measured this time stays as it was measured last."""
    path = FOLDER / f"results-{database.events}.json"
    figures = _with_those_before(path, figures)
    report = {**about(database), "figures": [figure.as_dict() for figure in figures]}
    path.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    path.with_suffix(".md").write_text(table(figures, report), encoding="utf-8")
    return path


def _with_those_before(path: Path, figures: Sequence[Figure]) -> list[Figure]:
    """All of them, group after group."""
    known: dict[str, dict[str, Figure]] = {}
    if path.exists():
        for told in json.loads(path.read_text(encoding="utf-8"))["figures"]:
            del told["is_met"]
            known.setdefault(told["group"], {})[told["name"]] = Figure(**told)
    for figure in figures:
        known.setdefault(figure.group, {})[figure.name] = figure
    return [figure for of_group in known.values() for figure in of_group.values()]


def about(database: Database) -> dict[str, Any]:
    with database.connect() as connection:
        version = connection.info.server_version
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "events": database.events,
        "seed": database.seed,
        "database_bytes": database.bytes(),
        "machine": {
            "processor": _processor(),
            "cores": os.cpu_count(),
            "memory_gb": round(psutil.virtual_memory().total / 1e9),
            "load_before": round(os.getloadavg()[2], 2),
            "python": platform.python_version(),
            "postgresql": f"{version // 10000}.{version % 10000}",
            "configuration": CONFIGURATION,
        },
    }


def table(figures: Sequence[Figure], report: dict[str, Any]) -> str:
    machine = report["machine"]
    lines = [
        (
            f"{report['events']:,} events with {report['events'] * 3:,} claims, {report['database_bytes'] / 1e9:.1f} GB; "
            f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gb']} GB, PostgreSQL {machine['postgresql']}, "
            f"Python {machine['python']}, {report['at'][:10]}. Medians; the spread is the interquartile range."
        ),
        "",
        "| what | measured | spread | target | met |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for group, of_group in groupby(figures, key=lambda figure: figure.group):
        lines.append(f"| **{group}** | | | | |")
        told = list(of_group)
        shown = [figure for figure in told if not (figure.target == "≤ 0" and figure.high == 0)]
        for figure in shown:
            verdict = {True: "yes", False: "**no**", None: ""}[figure.is_met]
            note = f" ({figure.note})" if figure.note else ""
            between = f"{_number(figure.low)}–{_number(figure.high)}" if figure.repeats > 1 else ""
            lines.append(
                f"| {figure.name}{note} | {_number(figure.median)}{figure.unit} | {between} | {figure.target} | {verdict} |"
            )
        if zeros := len(told) - len(shown):
            lines.append(f"| other figures that must be 0 ({zeros}) | 0 |  | ≤ 0 | yes |")
    return "\n".join(lines) + "\n"


def into_docs() -> None:
    """Put the last table of each size between the marks of docs/performance.md."""
    path = ROOT / "docs" / "performance.md"
    text = path.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"{path} has no {BEGIN} … {END} to put the tables between.")
    found = sorted(FOLDER.glob("results-*.md"), key=lambda path: int(path.stem.partition("-")[2]))
    rows = "\n".join(_folded(path.read_text(encoding="utf-8")) for path in found)
    path.write_text(f"{before}{BEGIN}\n\n{rows}\n{END}{after}", encoding="utf-8")


def _folded(table: str) -> str:
    """Behind a line that sums it up."""
    about, _, rows = table.partition("\n\n")
    verdicts = [row.rsplit(" | ", 1)[-1].strip(" |") for row in rows.splitlines()[2:]]
    met, missed = verdicts.count("yes"), verdicts.count("**no**")
    summary = f"{about.partition(' with ')[0]}: {met} targets met, {missed} missed"
    return f"<details><summary>{summary}</summary>\n\n{about}\n\n{rows}\n</details>\n"


def _number(value: float) -> str:
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    return next(
        (line.partition(":")[2].strip() for line in text.splitlines() if line.startswith("model name")), "unknown"
    )
