"""Marks on the words in which two texts differ."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

WORDS = re.compile(r"\w+\s*|[^\w\s]\s*|\s+")
MOST_WORDS = 1200  # of a text whose words are compared; a longer one is marked whole
ALIKE = 0.3  # texts with less in common are marked whole


def changed_words(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Both texts as HTML, with `<del>` and `<ins>` around what is only in one of them."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if not (old and new) or max(len(old), len(new)) > MOST_WORDS or matcher.ratio() < ALIKE:
        return _lines(_marked("del", old)), _lines(_marked("ins", new))
    left, right = SafeString(), SafeString()
    for kind, start, end, first, last in matcher.get_opcodes():
        left += _marked("del" if kind != "equal" else "", old[start:end])
        right += _marked("ins" if kind != "equal" else "", new[first:last])
    return _lines(left), _lines(right)


def _marked(tag: str, words: Sequence[str]) -> SafeString:
    text = "".join(words)
    return format_html("<{0}>{1}</{0}>", tag, text) if tag and text else format_html("{}", text)


def _lines(html: SafeString) -> SafeString:
    return mark_safe(html.replace("\n", "<br>"))  # noqa: S308  # of escaped texts
