"""Releases in their folder: the record at a point of the log, as files. Each one describes itself in its package file."""

import hashlib
import json
from pathlib import Path
from typing import Any

PACKAGE = "datapackage.json"


def released(folder: Path) -> list[dict[str, Any]]:
    """Packages of all releases, newest first."""
    packages = [json.loads(path.read_text(encoding="utf-8")) for path in _packages(folder)]
    return sorted(packages, key=lambda package: (package["head"]["number"], package["version"]), reverse=True)


def names(folder: Path) -> tuple[str, ...]:
    """Names of the available releases, without opening any of them."""
    return tuple(sorted(path.parent.name for path in _packages(folder)))


def fingerprint(folder: Path) -> str:
    """Fingerprint of the set of releases, for ETags of pages that list them."""
    return hashlib.sha256("\n".join(names(folder)).encode()).hexdigest()[:12]


def _packages(folder: Path) -> list[Path]:
    """Package files of finished releases; folders that begin with a dot are still being built."""
    return list(folder.glob(f"[!.]*/{PACKAGE}"))
