"""Word forms of each language, as PostgreSQL's stemmers know them. Words of another language are found as they are."""

from django.conf import settings

SIMPLE = "simple"  # accents fold, nothing else
# By ISO 639-1; each has a text search configuration (migration 0021).
STEMMERS = frozenset(
    "ar ca da de el en es eu fi fr ga hi hu hy id it lt ne nl no pt ro ru sr sv ta tr yi".split()  # noqa: SIM905
)


def stemmer(language: str) -> str:
    """Name of the stemmer for a language tag such as “pt-BR”."""
    known = language.partition("-")[0].lower()
    return known if known in STEMMERS else SIMPLE


def configurations() -> list[str]:
    """Text search configurations of the languages that entries are written in or translated into."""
    chronology = settings.CHRONOLOGY
    languages = (chronology.original_language, *chronology.translations)
    return [f"chronology_{one}" for one in dict.fromkeys(map(stemmer, languages))]
