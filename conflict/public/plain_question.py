"""A question typed in plain words, “what happened in Santa Rosa in 2023”: the place or actor, and the date, that it names."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models.functions import Length

from conflict import dates, typed_dates
from conflict.dates import When
from conflict.public import queries
from conflict.public.entry_search import alike
from conflict.public.pagination import counted
from conflict.public.query_strings import query_string
from conflict.record.models.event import PublishedEventQuerySet
from conflict.record.models.search_words import has_words
from conflict.text import folded
from conflict.wording import days
from conflict.wording.localized_texts import label_of

PARAMETERS = {"location": "place", "actor": "actor"}  # of the chronology's filter
WORDS = 8  # words of a question that may belong to a name
NAMES = 100  # entries whose names are compared with the question
SOMEWHAT_ALIKE = 0.3  # share of trigrams of names that are compared letter by letter
NEAR = 0.8  # of the letters that a misspelt name has in common with the right one
SHORTEST = 4  # letters of a name that may be misspelt
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
WORD = re.compile(r"\w[\w-]*")  # without apostrophes: “the Army’s” names the Army, “d’Esperança” Esperança


@dataclass(frozen=True)
class PlainQuestion:
    """A question as understood: the events of a place or an actor, in a time."""

    entry: Any
    when: When | None
    events: PublishedEventQuerySet
    number: int
    is_more: bool
    is_misspelt: bool

    @property
    def name(self) -> str:
        return label_of(self.entry)

    @property
    def date(self) -> str:
        return days.words(self.when.text) if self.when else ""

    @property
    def query(self) -> str:
        """Query string of the chronology."""
        dates = {"from": self.when.text, "to": self.when.text} if self.when else {}
        return query_string({PARAMETERS[self.entry.entry_kind]: self.entry.key, **dates})


def plain_question(text: str, *, day_first: bool, is_misspelt: bool = False) -> PlainQuestion | None:
    """The place or actor named in the question, the one with the longest name; None if it names neither.

    `is_misspelt`: the one whose name is nearest to words of the question.
    """
    when, rest = typed_dates.among_words(text.rstrip(" ?!."), day_first=day_first)
    if when is None and (year := YEAR.search(rest)):
        when, rest = dates.parse(year[0]), YEAR.sub(" ", rest)
    words = [word for word in WORD.findall(rest) if has_words(word)][:WORDS]
    named = [
        found
        for kind in PARAMETERS
        if (found := _nearly_named(kind, words) if is_misspelt else _named(kind, words, rest))
    ]
    if not named:
        return None
    _weight, entry = max(named, key=lambda found: found[0])
    events = queries.events()
    events = events.within(entry.key) if entry.entry_kind == "location" else events.involving(entry.key)
    if when:
        events = events.between(when.starts_on, when.ends_before)
    number, is_more = counted(events)
    return PlainQuestion(entry, when, events, number, is_more, is_misspelt) if number else None


def _nearly_named(kind: str, words: list[str]) -> tuple[float, Any] | None:
    """The entry of this kind with the name that is most like words of the question, and how like it is."""
    asked = [folded(word) for word in words]
    found = [
        (likeness, row)
        for row in alike(" ".join(asked), kind, NAMES, SOMEWHAT_ALIKE).entries
        for name in map(folded, row.names.split(" · "))
        for likeness in _likeness(name, asked)
    ]
    return max(found, key=lambda one: one[0], default=None)


def _likeness(name: str, asked: list[str]) -> Iterator[float]:
    """How like the name is to as many words of the question in a row, where it is near enough."""
    number = name.count(" ") + 1
    for first in range(len(asked) - number + 1):
        words = " ".join(asked[first : first + number])
        likeness = difflib.SequenceMatcher(None, words, name).ratio()
        if likeness >= NEAR and len(name) >= SHORTEST:
            yield likeness


def _named(kind: str, words: list[str], text: str) -> tuple[float, Any] | None:
    """The entry of this kind whose name stands in the text, with the name's length; the longest name first."""
    if not words:
        return None
    asked, telling = f" {' '.join(WORD.findall(folded(text)))} ", set(map(folded, words))
    rows = queries.entries(kind).with_words(" or ".join(words)).order_by(Length("label"), "key")
    names = (
        (" ".join(WORD.findall(folded(name))), row)
        for row in rows.defer("body", "search_text")[:NAMES]
        for name in row.names.split(" · ")
    )
    found = [(len(name), row) for name, row in names if f" {name} " in asked and (" " in name or name in telling)]
    return max(found, key=lambda one: one[0], default=None)
