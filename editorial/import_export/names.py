"""Names in data sets: comparison of spellings, and the kind of actor or place that a name indicates."""

import re
from collections.abc import Iterator
from functools import lru_cache

from django.conf import settings

from conflict import countries
from conflict.chronology import CIVILIAN
from conflict.text import folded
from conflict.vocabulary import ActorKind, LocationKind

ACRONYM = re.compile(r"(?P<acronym>[^\W\d_][\w/&.’'-]{1,20}):\s+(?P<name>\S.*)")
SEVERAL_OR_PART = re.compile(r"\band/or\b|\bor\b|:.*:|\(|\s[-–]\s|\bfactions?\b", re.IGNORECASE)
YEARS = re.compile(r"\s*\((?:\d{4}|)\s*[-–]?\s*(?:\d{4}|)\)$")
STATE = re.compile(r"(?:government|(?:military|police|security|armed) forces) of (?P<country>.+)")
WORDS_OF_KIND = re.compile(r"\b(sub-district|district|town|village|city|region|cercle|state|province|commune)\b")

SHORTEST_MARK = 3

LEVELS = (
    frozenset({"region", "state", "province", "division", "governorate"}),
    frozenset({"district", "cercle", "department"}),
    frozenset({"commune", "township", "sub-district"}),
)

CIVILIANS = "|".join(
    (
        r"civilians?|women|girls?|children|students?|teachers?|journalists?|farmers?|fisher\w*|pastoralists?|herders?",
        r"traders?|refugees?(/idps)?|idps|(health|aid|hospital|labou?r) (workers?|group)|lawyers?|judges?|miners?",
        r"prisoners?|protesters?|rioters?|(muslim|christian) group",
    )
)
STATES_FORCES = "|".join(
    (
        r"(military|police|security|armed|air|naval) forces? of .*|military forces .*|.*\bgendarmerie\b.*",
        r".*\b(border|presidential|national|republican|forest) guards?\b.*|.*\barmy of .*",
    )
)
INTERGOVERNMENTAL = "|".join(
    (
        r"un|unhcr|unicef|unesco|wfp|ocha|iom|undp|united nations\b.*|african union|ecowas|european union",
        r"international organi[sz]ation for migration|world (food programme|health organi[sz]ation)",
    )
)
AID = "|".join(
    (
        r"icrc|ifrc|msf|ngo|international committee of the red cross|m[ée]decins sans fronti[èe]res",
        r"doctors without borders|.*\bred (cross|crescent)\b.*|save the children|oxfam",
        r"norwegian refugee council|.*\bngo\b.*",
    )
)
PEACE_OPERATIONS = "|".join(
    (
        r"minus\w+|minur\w+|monu\w+|un(amid|ama|ami|dof|ficyp|ifil|isfa|mik|mil|miss|oci|omig|tso)|peacekeep\w*",
        r"united nations .*mission( in .*)?",
        *(re.escape(name.casefold()) for name in settings.CHRONOLOGY.peace_operations),
    )
)
ACTOR_KINDS: tuple[tuple[ActorKind, str], ...] = (
    (ActorKind.PEACE_OPERATION, PEACE_OPERATIONS),
    (ActorKind.INTERGOVERNMENTAL, INTERGOVERNMENTAL),
    (ActorKind.NGO, AID),
    (ActorKind.CIVILIANS, CIVILIANS),
    (ActorKind.GOVERNMENT, r"government of .*"),
    (ActorKind.ARMED_FORCE, STATES_FORCES),
    (ActorKind.POPULATION, r".*\b(ethnic|communal|clan|caste) (group|community)\b.*"),
    (ActorKind.ARMED_GROUP, r".*\bmilitias?\b.*|unidentified armed group\b.*|.*\b(dozo|self-defen[cs]e)\b.*"),
    (ActorKind.POLITICAL_MOVEMENT, r".*\bparty\b.*"),
)
PLACE_KINDS: tuple[tuple[LocationKind, str], ...] = (
    (LocationKind.AIRPORT, r"airport|aéroport|airfield|airstrip"),
    (LocationKind.BASE, r"military base|army base|military camp|barracks|base militaire"),
    (LocationKind.COMMUNE, r"commune|sub-district"),
    (LocationKind.CITY, r"city"),
    (LocationKind.TOWN, r"town"),
    (LocationKind.VILLAGE, r"village"),
    (LocationKind.MINE, r"mine"),
    (LocationKind.MOUNTAINS, r"mountains?|massif"),
    (LocationKind.RIVER, r"river"),
)
ACTORS = [(kind, re.compile(rf"(?:{pattern})(\s*\(.*\))?")) for kind, pattern in ACTOR_KINDS]
PLACES = [(kind, re.compile(rf"\b(?:{pattern})$")) for kind, pattern in PLACE_KINDS]


def strip_kind(name: str) -> str:
    """A place's name without the word for its kind, and without hyphens: Any-Town and Any Town village."""
    plain = folded(name)
    return " ".join(WORDS_OF_KIND.sub(" ", plain).replace("-", " ").split()) or plain


def level_of(name: str) -> int:
    """Level of administrative division that a word of the name says: 1 for a region, 2 for a district; 0 if none does."""
    words = set(folded(name).split())
    return next((level for level, known in enumerate(LEVELS, 1) if words & known), 0)


def without_years(name: str) -> str:
    """“Military Forces of Inventia (2012-2013)” is about the army."""
    return YEARS.sub("", name)


def acronym_of(name: str) -> str:
    """Acronym before the colon, as in “IF: Invented Front”; empty if there is none.

    Empty, too, for a name of several actors or of a part of one: “IF: Invented Front and/or Blue Army” is not the front.
    """
    plain = without_years(name)
    match = ACRONYM.fullmatch(plain)
    return match["acronym"] if match and not SEVERAL_OR_PART.search(plain) else ""


def forms_of(name: str) -> Iterator[str]:
    """The name as it may stand on the desk, the fullest first."""
    yield folded(name)
    plain = without_years(name)
    yield folded(plain)
    if match := ACRONYM.fullmatch(plain):
        yield folded(match["name"])


@lru_cache(maxsize=10_000)
def marks_of(name: str) -> frozenset[str]:
    """What the names of one actor in two data sets may have in common: a name, an acronym, the state that it fights for.

    They tell that rows may be about the same people, and never match one actor with another.
    """
    found = {form for form in forms_of(name) if len(form) >= SHORTEST_MARK}
    if match := ACRONYM.fullmatch(name):
        acronym = folded(match["acronym"])
        found |= {part for part in (acronym, *acronym.split("/")) if len(part) >= SHORTEST_MARK}
    if state := STATE.fullmatch(folded(without_years(name))):
        found.add(f"state of {countries.identity(state['country'])}")
    if kind_of_actor(name) == ActorKind.CIVILIANS:
        found.add(CIVILIAN)
    return frozenset(found)


def kind_of_actor(name: str) -> ActorKind | None:
    """The kind of actor that the name indicates, if any."""
    for form in reversed([*forms_of(name)]):
        for kind, pattern in ACTORS:
            if pattern.fullmatch(form):
                return kind
    acronym = acronym_of(name).casefold()
    return next((kind for kind, pattern in ACTORS if acronym and pattern.fullmatch(acronym)), None)


def kind_of_place(name: str) -> LocationKind | None:
    """The kind of place that the last word of the name indicates, if any."""
    plain = folded(name)
    return next((kind for kind, pattern in PLACES if pattern.search(plain)), None)
