"""The conflict that this installation documents, as its file `chronology.toml` says: names, families, map, licence.

Code, templates and translations are the same for every conflict. `conflict/chronology_file.py` reads the file,
`settings.CHRONOLOGY` holds what it says.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _


class Camp(TextChoices):
    """Part of a family of actors in data sets that know two sides: it decides the types of actors and of violence there."""

    STATE = "state"
    REBELS = "rebels"
    MILITIA = "militia"
    FOREIGN = "foreign"
    INTERNATIONAL = "international"
    CIVILIANS = "civilians"
    OTHER = "other"


class Colour(TextChoices):
    """Colours of families: told apart by colour-blind readers, legible on light and dark paper (chronology.css)."""

    BLUE = "blue"
    AMBER = "amber"
    PURPLE = "purple"
    GREEN = "green"
    SKY = "sky"
    SAND = "sand"
    RED = "red"
    OLIVE = "olive"
    GREY = "grey"


class OutlineKind(TextChoices):
    """Kinds of features in the file of outlines. One without a kind is a country."""

    COUNTRY = "country"
    REGION = "region"
    LAKE = "lake"
    RIVER = "river"
    TOWN = "town"


class Words:
    """A text in one or more languages; as a string, the one in the reader's language, or else the original."""

    def __init__(self, texts: Mapping[str, str] | None = None, original: str = "en") -> None:
        self.texts, self.original = dict(texts or {}), original

    @property
    def language(self) -> str:
        """Language of the text that the reader gets."""
        wanted = get_language() or self.original
        offered = (wanted, wanted.partition("-")[0], self.original, *self.texts)
        return next((tag for tag in offered if tag in self.texts), self.original)

    def __str__(self) -> str:
        return self.texts.get(self.language, "")

    def __bool__(self) -> bool:
        return bool(self.texts)


@dataclass(frozen=True)
class Family:
    """A side of the conflict with which an actor is usually counted; it implies no judgement."""

    key: str
    name: "Words | Promise"
    camp: Camp
    colour: Colour


@dataclass(frozen=True)
class Codes:
    """Codes of a country in other data sets: Gleditsch and Ward's number, ISO 3166-1 numeric, alpha-3 and alpha-2, and
    ACLED's number of its region; 0 or empty if there is none.
    """

    gleditsch_ward: int = 0
    iso: int = 0
    iso3: str = ""
    iso2: str = ""
    acled_region: int = 0


@dataclass(frozen=True)
class Source:
    """Work that the facts were taken from, if it is one."""

    name: Words
    article: Words
    url: str
    credit: Words


@dataclass(frozen=True)
class Licence:
    """Licence of the published data."""

    name: str
    title: Words
    url: str


class Frame(NamedTuple):
    """An area of the map, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def __str__(self) -> str:
        return ",".join(f"{degrees:g}" for degrees in self)


@dataclass(frozen=True)
class Map:
    """The maps: what they can show, what they show at first, and the outlines drawn on them."""

    frame: Frame
    focus: Frame
    outlines: Path | None
    credit: str


@dataclass(frozen=True)
class Chronology:
    """Content of `chronology.toml`."""

    folder: Path
    key: str
    title: Words
    description: Words
    coverage_note: Words
    since: int | None
    contact: str
    original_language: str
    translations: tuple[str, ...]
    source: Source
    licence: Licence
    map: Map
    families: Mapping[str, Family]
    countries: tuple[str, ...]  # in which the conflict takes place
    codes: Mapping[str, Codes]  # by the name of the country
    acronyms: Mapping[str, str] = field(default_factory=dict)
    peace_operations: tuple[str, ...] = ()
    divisions: Mapping[str, Words] = field(default_factory=dict)  # what a region, a district and a commune are called
    french_articles: Mapping[str, frozenset[str]] = field(default_factory=dict)  # names by the article that they take

    @property
    def name(self) -> str:
        """Name of the work, for citations, feeds and the front page."""
        return _("%(title)s: an annotated chronology") % {"title": self.title}

    @property
    def contact_address(self) -> str:
        """The contact as readers see it: without `mailto:`."""
        return self.contact.removeprefix("mailto:")

    @cached_property
    def fingerprint(self) -> str:
        """Changes with the file and its outlines: part of the key of every cached page."""
        digest = hashlib.sha256()
        for path in (self.folder / FILE, self.map.outlines):
            digest.update(path.read_bytes() if path else b"")
        return digest.hexdigest()[:12]

    def family(self, key: str) -> Family:
        """Family by its key; one that the file no longer has counts as other."""
        return self.families.get(key) or self.families[OTHER]


FILE = "chronology.toml"
CIVILIAN, OTHER = "civilian", "other"  # families that every chronology has
