"""Questions about the chronology as a whole, and the pages that answer them: “who merged with whom”, “ce qui est contesté”."""

import difflib
import re
from dataclasses import dataclass
from typing import Any

from conflict.dates import When
from conflict.public import queries
from conflict.public.entry_urls import page_of
from conflict.record.models.search_words import PARTICLES, is_stop_word, plain
from conflict.text import folded
from conflict.wording.localized_texts import label_of
from conflict.wording.messages import gettext as _

# Words that ask for a topic, in any language of the pages, without accents; misspelt ones are recognised.
WORDS = {
    "lineage": "merge merges merged merger mergers split splits splinter splintered fusion fusions fusionne fusionnes "
    "fusionner fusionnent scission scissions scinde scindes",
    "control": "held hold holds holder held control controls controlled tenait tenaient tenais tient tiennent tenir tenu "
    "tenue controle controlait controlaient occupait",
    "disputes": "dispute disputed disputes contested contradict contradicts contradictory disagree disagreement rival "
    "conteste contestee contestes dispute contredit contredisent contradictoire divergent divergence desaccord",
    "changes": "change changes changed correction corrections corrected changement changements modification modifications "
    "modifie modifies corrige corriges nouveautes neuf",
    "figures": "figure figures decided counted chiffre chiffres decide decides retenu retenus compte comptes",
    "certainty": "trustworthy reliable reliability trust sure certainty fiable fiables fiabilite credible certitude",
    "notices": "warning warnings missing outdated problem problems avertissement avertissements manque manquent lacune "
    "lacunes probleme problemes",
    "data": "download downloads data dataset licence license reuse telecharger donnees reutiliser",
}
TOPIC_OF = {word: topic for topic, words in WORDS.items() for word in words.split()}
# Words of a question that no text has to have
ASKING = (
    "how many much when where why whose people persons group groups month happened part role combien quel quelle quels quelles que "
    "qui quoi quand comment pourquoi personnes gens groupe groupes avec il elle ils elles on ci mois passe ont ete etait fait"
)
ASKS = frozenset(ASKING.split())
ALIKE = 0.86  # merged, mergd; fusionner, fusioner
SHORTEST = 5  # letters of a word that may be misspelt
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Answer:
    """A page that answers a question, under the question that it answers."""

    words: str
    address: str


def answers(text: str, entry: Any = None, when: When | None = None) -> list[Answer]:
    """Pages on the topics that a question asks for; `entry` is the place or actor that it names, `when` the date."""
    asked = {_topic(word) for word in WORD.findall(folded(plain(text)))}
    return [answer for topic, answer in _by_topic(entry, when).items() if topic in asked]


def _by_topic(entry: Any, when: When | None) -> dict[str, Answer]:
    held = Answer(_("Who held which town, and when?"), f"{page_of('places')}#control")
    if entry is not None and entry.entry_kind == "location":
        place = label_of(entry)
        held = Answer(_("Who held %(place)s, and when?") % {"place": place}, f"{page_of('place', entry.key)}#holding")
    return {
        "lineage": Answer(_("Which groups split off or merged into which?"), f"{page_of('actors')}#lineage"),
        "control": held,
        "disputes": Answer(_("Where do accounts differ?"), page_of("disputes")),
        "changes": Answer(_("What has changed here?"), page_of("changes")),
        "figures": Answer(_("How figures are decided"), f"{page_of('method')}#figures"),
        "certainty": Answer(_("How sure is this?"), page_of("how-sure")),
        "notices": Answer(_("Known problems"), _of_the_month(when)),
        "data": Answer(_("May I use the data?"), page_of("data")),
    }


def _of_the_month(when: When | None) -> str:
    """The page of notices, at the first notice raised within the dates."""
    page = page_of("notices")
    if when is None or when.starts_on is None or when.ends_before is None:
        return page
    raised = queries.notices().filter(raised_sorts_on__gte=when.starts_on, raised_sorts_on__lt=when.ends_before)
    notice = raised.oldest_first().only("key").first()
    return f"{page}#{notice.key}" if notice else page


def subject(text: str) -> str:
    """A question without its topics and the words that only ask: “is the displaced figure reliable”."""
    words = WORD.findall(plain(text))
    return " ".join(word for word in words if not _only_asks(folded(word)))


def _only_asks(word: str) -> bool:
    return word in ASKS or word in PARTICLES or is_stop_word(word) or bool(_topic(word))


def _topic(word: str) -> str:
    if word in TOPIC_OF or len(word) < SHORTEST:
        return TOPIC_OF.get(word, "")
    nearest = next(iter(difflib.get_close_matches(word, TOPIC_OF, 1, ALIKE)), "")
    return TOPIC_OF.get(nearest) or BY_LETTERS.get(_letters(word), "")


def _letters(word: str) -> str:
    """The first letter, then the others in the alphabet's order: the same however they were mixed up."""
    return word[0] + "".join(sorted(word[1:]))


BY_LETTERS = {_letters(word): topic for word, topic in TOPIC_OF.items()}  # chnaged, disptued
