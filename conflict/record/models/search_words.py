"""Search words as typed, prepared for the database: quotation marks, apostrophes and acronyms of any language."""

import re
from functools import reduce
from operator import and_, or_
from typing import Any

from django.conf import settings
from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.utils.translation import get_language

from conflict.record.models.stemmers import configurations
from conflict.text import folded, straight

QUOTATION_MARKS = str.maketrans({**dict.fromkeys("“”„‟«»‹›〝〞＂「」『』", '"'), "‚": "'", "‛": "'"})
# French elisions before a vowel: “l'armée” means armée.
ELISION = re.compile(r"\b(?:jusqu|lorsqu|puisqu|quoiqu|qu|[cdjlmnst])'(?=\w)", re.IGNORECASE)
QUOTED = re.compile(r'("[^"]*")')
EXCLUDED = re.compile(r'(?<!\S)-("[^"]*"|\S+)')
WORD = re.compile(r"\w+")
# French function words, none of which occurs in English text.
FRENCH = "à au aux ce ces dans de des du en est et la le les leur ou où par pour sa ses son sur un une"
PARTICLES = frozenset(FRENCH.split())
# English words that stand in every text: PostgreSQL's own list, which it leaves out of the index.
ENGLISH = (
    "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her "
    "hers herself it its itself they them their theirs themselves what which who whom this that these "
    "those am is are was were be been being have has had having do does did doing a an the and but if or "
    "because as until while of at by for with about against between into through during before after "
    "above below to from up down in out on off over under again further then once here there when where "
    "why how all any both each few more most other some such no nor not only own same so than too very s "
    "t can will just don should now"
)
STOP_WORDS = frozenset(ENGLISH.split())
# Organisations with a different acronym in French; those of the conflict stand in the chronology's file.
ACRONYMS = {
    "cedeao": "ecowas",
    "cicr": "icrc",
    "hcr": "unhcr",
    "onu": "un",
    "otan": "nato",
    "ue": "eu",
}

# Endings of English and French word forms that the stemmer tells apart: merger and merged, seizure and seized, fusion
# and fusionné. What is left must be long enough that “Niger” does not find Nigeria.
ENDINGS = re.compile(
    r"(?<=on)n(?:e|es|ee|ees|er|ent|ement|ements)$|(?<=ion)s?$"
    r"|(?:ings?|ed|ers?|ors?|ures?|ees?|es?|ements?|eurs?)$"
)
SHORTEST_BEGINNING = 4


def plain(words: str) -> str:
    """The words with plain quotation marks and apostrophes for the search syntax, and without French elisions."""
    text = straight(words.translate(QUOTATION_MARKS))
    return ELISION.sub("", text)


def is_stop_word(word: str) -> bool:
    """Return True for a word that stands in every text in the reader's language."""
    return word.casefold() in STOP_WORDS or (get_language() == "fr" and is_particle(word))


def is_particle(word: str) -> bool:
    """Return True for a French function word; an acronym in capitals is none: UN, EST."""
    return word.casefold() in PARTICLES and not (len(word) > 1 and word.isupper())


def has_words(words: str) -> bool:
    """Return True if the query has at least one word that is not a stop word."""
    return not all(map(is_stop_word, WORD.findall(plain(words))))


def search_query(words: str) -> Any:
    """Search query for the words or, for organisations with a different name in French, their English acronyms."""
    text = _without_particles(plain(words))
    query, forms = _query(text), _in_all_forms(text)
    if forms is not None:
        # Of a single word, the forms hold the word itself. To the planner, the same word twice is twice as common.
        query = forms if WORD.fullmatch(text.strip()) else query | forms
    known = {**ACRONYMS, **settings.CHRONOLOGY.acronyms}
    translated = WORD.sub(lambda word: known.get(word[0].casefold(), word[0]), text)
    return query if translated == text else query | _query(translated)


def _query(text: str) -> Any:
    """Query for the words in the forms of any of the chronology's languages; excluded words in none of them."""
    wanted = EXCLUDED.sub("", text)
    excluded = [~_in_one_language(words, config) for words in EXCLUDED.findall(text) for config in configurations()]
    if wanted.strip() or not excluded:
        excluded.insert(0, reduce(or_, [_in_one_language(wanted, config) for config in configurations()]))
    return reduce(and_, excluded)


def _in_one_language(text: str, config: str) -> SearchQuery:
    return SearchQuery(text, config=config, search_type="websearch")


def _in_all_forms(text: str) -> CombinedSearchQuery | None:
    """Query for all the words in any of their forms; None if none has further ones, or the text is more than words."""
    words = text.split()
    beginnings = [_beginning(word) for word in words]
    if not any(beginnings) or not all(word.isalnum() for word in words) or "or" in {word.casefold() for word in words}:
        return None
    queries: list[Any] = []
    for word, beginning in zip(words, beginnings, strict=True):
        if is_stop_word(word):
            continue
        form = SearchQuery(f"{beginning}:*", config="simple", search_type="raw") if beginning else None
        queries.append(_query(word) | form if form else _query(word))
    forms: CombinedSearchQuery = reduce(and_, queries)
    return forms


def _beginning(word: str) -> str:
    """Beginning that the word's forms have in common; empty if it has no ending that varies, or too little is left of it."""
    bare = folded(word)
    beginning = ENDINGS.sub("", bare)
    varies = beginning != bare or bare.endswith("ion")
    return beginning if varies and len(beginning) >= SHORTEST_BEGINNING else ""


def _without_particles(text: str) -> str:
    """The words without French particles outside quotation marks, unless nothing else is left; “UN report” has both."""
    pieces = [piece if piece.startswith('"') else _shortened(piece) for piece in QUOTED.split(text)]
    shortened = "".join(pieces)
    return shortened if WORD.search(shortened) else text


def _shortened(piece: str) -> str:
    return " ".join(word for word in piece.split(" ") if not is_particle(word))
