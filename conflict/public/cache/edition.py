"""Fingerprint of the software, used in cache keys."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

SHOWN_BY = ("public", "pages")  # folders of this package that render pages


@cache
def edition() -> str:
    """Fingerprint of the code and the chronology's file: a new template makes a new page from the same log."""
    digest = hashlib.sha256(settings.CHRONOLOGY.fingerprint.encode())
    for folder in (
        *(Path(__file__).parents[2] / name for name in SHOWN_BY),
        settings.BASE_DIR / "templates",
        *settings.LOCALE_PATHS,
    ):
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in {".py", ".html", ".svg", ".txt", ".xml", ".mo"}:
                digest.update(path.read_bytes())
    if settings.INTRODUCTION_FILE.exists():
        digest.update(settings.INTRODUCTION_FILE.read_bytes())
    return digest.hexdigest()[:12]
