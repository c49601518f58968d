"""A fingerprint of the software, for what is kept under it."""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

SHOWN_BY = ("public", "pages", "templatetags")  # folders of this package that make pages


@cache
def edition() -> str:
    """A fingerprint of the software as far as pages show it: a new template is a new page of the same log."""
    digest = hashlib.sha256()
    for folder in (
        *(Path(__file__).parents[2] / name for name in SHOWN_BY),
        settings.BASE_DIR / "templates",
        *settings.LOCALE_PATHS,
    ):
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in {".py", ".html", ".svg", ".txt", ".xml", ".mo"}:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
