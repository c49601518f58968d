"""Version of the code that makes the record, and of the one that made it."""

import hashlib
from functools import cache
from itertools import chain

from django.conf import settings

from conflict.record.models import ProjectionState

PACKAGES = (
    "conflict/record",
    "conflict/wording",
    "conflict/documents",
)  # and the pure modules of `conflict` that they use


@cache
def current() -> str:
    """Fingerprint of the sources that make rows and bodies of documents, of the words in cards, of the camps by which rows
    are made, and of the languages that lines of CSV have columns for.

    Nobody has to remember to raise a number; a change of no consequence costs one comparison of the record.
    """
    root = settings.BASE_DIR
    sources = chain(
        (root / "conflict").glob("*.py"),
        (root / "conflict" / "locale").rglob("*.mo"),
        *((root / package).rglob("*.py") for package in PACKAGES),
    )
    digest = hashlib.sha256()
    for source in sorted(sources):
        digest.update(source.read_bytes())
    families = sorted((family.key, family.camp.value) for family in settings.CHRONOLOGY.families.values())
    articles = sorted((article, sorted(names)) for article, names in settings.CHRONOLOGY.french_articles.items())
    digest.update(repr((families, articles, settings.ENTRY_LANGUAGES)).encode())
    return digest.hexdigest()


def is_current(using: str = "default") -> bool:
    """Return True if the record was made by this code, under these settings."""
    return ProjectionState.objects.using(using).filter(version=current()).exists()


def remember() -> None:
    """Note that the record is made by this code."""
    ProjectionState.objects.update_or_create(pk=1, defaults={"version": current()})
