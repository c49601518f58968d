"""Releases in their folder: the record at a point of the log, as files. Each one describes itself in its package file."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conflict.record.models import Publication

PACKAGE, SUMS = "datapackage.json", "SHA256SUMS"


def released(folder: Path) -> list[dict[str, Any]]:
    """Packages of all releases, newest first."""
    packages = [json.loads(path.read_text(encoding="utf-8")) for path in _packages(folder)]
    return sorted(packages, key=lambda package: (package["head"]["number"], package["version"]), reverse=True)


def holding(folder: Path, first: int, before: int) -> list[Path]:
    """Folders of the releases that hold a text which was in the log from one publication until before another."""
    return [
        folder / package["version"]
        for package in released(folder)
        if first <= package["head"]["number"] < before and not package.get("withdrawn")
    ]


def withdraw(folder: Path, *, number: int, reason: str) -> list[str]:
    """Delete the files of releases that hold a text which this publication removed by law; returns their names.

    The package stays, without files, and says why.
    """
    step = Publication.objects.get(number=number)
    first = Publication.objects.of(step.entry_kind, step.key).in_order().values_list("number", flat=True)[0]
    found = holding(folder, first, number)
    for place in found:
        package = json.loads((place / PACKAGE).read_text(encoding="utf-8"))
        package |= {"resources": [], "signature": None, "withdrawn": {"publication": number, "reason": reason}}
        (place / PACKAGE).write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        for file in place.iterdir():
            if file.name != PACKAGE:
                file.unlink()
    return [place.name for place in found]


def faults(place: Path, package: dict[str, Any]) -> Iterator[str]:
    """Sentences on files of a release that are missing or were changed."""
    sums = place / SUMS
    listed = [line.split("  ", 1) for line in sums.read_text().splitlines()] if sums.exists() else []
    described = {file["path"]: file["hash"].removeprefix("sha256:") for file in package["resources"]}
    for name, digest in (described | {name: digest for digest, name in listed}).items():
        file = place / name
        if not file.exists():
            yield f"The release {package['version']} lacks its file {name}."
        elif _sha256(file) != digest or described.get(name, digest) != digest:
            yield f"The release {package['version']} has another file {name} than the one released."


def _sha256(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def names(folder: Path) -> tuple[str, ...]:
    """Names of the available releases, without opening any of them."""
    return tuple(sorted(path.parent.name for path in _packages(folder)))


def fingerprint(folder: Path) -> str:
    """Fingerprint of the set of releases, for ETags of pages that list them."""
    known = [f"{path} {path.stat().st_mtime_ns}" for path in sorted(_packages(folder))]
    return hashlib.sha256("\n".join(known).encode()).hexdigest()[:12]


def _packages(folder: Path) -> list[Path]:
    """Package files of finished releases; folders that begin with a dot are still being built."""
    return list(folder.glob(f"[!.]*/{PACKAGE}"))
