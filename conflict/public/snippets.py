"""Piece of an entry's text around the words that somebody searched for, with these marked."""

import re

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from conflict.record.models.search_words import is_stop_word
from conflict.text import folded

LENGTH = 180  # characters
BEFORE = 60  # of them at most, before the first word found
SHORTEST = 3  # letters of a word that is looked for by its beginning


def snippet(text: str, words: str) -> SafeString:
    """The piece of the text that begins shortly before the first of the words; its beginning if none occurs."""
    spans = _spans(text, words)
    start = (text.find(" ", spans[0][0] - BEFORE) + 1) if spans and spans[0][0] > BEFORE else 0
    end = len(text) if len(text) - start <= LENGTH else text.rfind(" ", start, start + LENGTH)
    pieces, at = [], start
    for first, last in spans:
        if first >= at and last <= end:
            pieces += [conditional_escape(text[at:first]), format_html("<mark>{}</mark>", text[first:last])]
            at = last
    shown = "".join([*pieces, conditional_escape(text[at:end])])
    return mark_safe(f"{'… ' if start else ''}{shown}{' …' if end < len(text) else ''}")  # noqa: S308  # all is escaped


def _spans(text: str, words: str) -> list[tuple[int, int]]:
    """Spans of words that begin like one of those searched for, accents and case apart."""
    wanted = [word for word in re.findall(r"\w+", folded(words)) if len(word) >= SHORTEST and not is_stop_word(word)]
    return [
        found.span() for found in re.finditer(r"\w+", text) if any(folded(found[0]).startswith(word) for word in wanted)
    ]
