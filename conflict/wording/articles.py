"""Names as a sentence needs them: with an article, and in French without the capital of a common noun."""

import re

from django.conf import settings

from conflict.wording.localized_texts import alike
from conflict.wording.messages import language

# English names that take an article: “says the National Army”, but “says Human Rights Watch”.
ENGLISH = re.compile(
    r"\b(Arm(y|ies)|[Mm]ilitary|(Air|Armed|Security|Defence) Forces?|Forces|[Gg]overnment|[Jj]unta|Movements?|Coordination|Framework|Front|"
    r"Ministry|Agency|Command|Brigade|Regiment|Police|Gendarmerie|Mission|Union|Nations|States|Organi[sz]ation|Council|"
    r"Embassy|Presidency|Group|Coalition|Alliance|Party)\b"
)
# First words of French names that take an article as a whole; further names stand in the chronology's file.
NAMES = {
    "le": (
        "Bataillon Bureau Cadre Collectif Comité Congrès Conseil Front Groupe Ministère Mouvement Parti "
        "Programme Royaume-Uni"
    ),
    "la": (
        "Alliance Agence Brigade Coalition Communauté Coordination Croix-Rouge Fédération Gendarmerie "
        "Garde Mission Organisation Police Présidence Union"
    ),
    "les": "États-Unis Nations Pays-Bas",
}
# Common nouns lose their capital: “selon l’armée nationale”.
COMMON = {
    "le": "Aéroport Camp Chef Consulat Gouvernement Palais Pont Poste Régiment Village",
    "la": "Armée Base Junte Mairie Mine Position Région Télévision",
    "les": (
        "Assaillants Blogueurs Casques Civils Combattants Diplomates Forces Habitants Islamistes "
        "Manifestants Médias Miliciens Mutins Otages Rebelles Soldats Troupes"
    ),
}
COMMON_NOUNS, FIRST_WORDS = (
    {noun: article for article, nouns in listed.items() for noun in nouns.split()} for listed in (COMMON, NAMES)
)
REMARK = re.compile(r"\s+\([^)]*\)$")
VOWEL = re.compile(r"(?![Hh])[aeiouyâàäéèêëîïôöùûüAEIOUYÂÀÄÉÈÊËÎÏÔÖÙÛÜ]")


def with_article(name: str) -> str:
    """The name within a sentence: “the National Army”, “l’armée nationale”; other names stay as they are."""
    if (language() or "en").startswith("en"):
        needs = name[:1].isupper() and ENGLISH.search(name) and not name.startswith("The ")
        return f"the {name}" if needs else name
    return alike("".join(_in_french(name)), [name]) if language() == "fr" else name


def led_up_to(phrase: str, name: str) -> tuple[str, str]:
    """A phrase before a name, and the name after it: in French “allié à l’” “armée nationale”, “scission du ” “Front”."""
    if language() != "fr":
        return f"{phrase} ", name
    article, noun = _in_french(name)
    stem, _space, preposition = phrase.rpartition(" ")
    if preposition == "de" and not article and VOWEL.match(noun):
        return f"{stem} d’", noun
    contracted = CONTRACTED.get((preposition, article))
    return (f"{stem} {contracted} " if contracted else f"{phrase} {article}"), alike(noun, [name])


CONTRACTED = {("de", "le "): "du", ("de", "les "): "des", ("à", "le "): "au", ("à", "les "): "aux"}


def _in_french(name: str) -> tuple[str, str]:
    """The name's article, what separates the two, and the name; no article if the name takes none."""
    first = name.split(" ", 1)[0]
    if first in COMMON_NOUNS:
        return _before(COMMON_NOUNS[first], name), name[:1].lower() + name[1:]
    named, own = FIRST_WORDS.get(first), settings.CHRONOLOGY.french_articles
    for article in COMMON:
        if article == named or name in own.get(article, ()):
            return _before(article, name), name
    return "", name


def _before(article: str, name: str) -> str:
    return "l’" if article != "les" and VOWEL.match(name) else f"{article} "


def of(name: str) -> str:
    """The name after a noun: “mort d’Abdel Krim” in French; in other languages, their translation has the preposition."""
    if language() != "fr":
        return name
    return alike(f"d’{name}" if VOWEL.match(name) else f"de {name}", [name])


def unqualified(name: str) -> str:
    """The name without a remark in brackets, such as “(unspecified)”."""
    return alike(REMARK.sub("", name), [name])
