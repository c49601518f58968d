"""Changes between two texts, word by word: what was taken out and what was put in, within what stayed."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WORDS = re.compile(r"\S+\s*")
LONGEST = 2000  # words; longer texts are compared as a whole


def word_changes(before: str, after: str) -> SafeString:
    """The text with `<del>` around removed words and `<ins>` around added ones."""
    parts = [
        format_html("{}", new) if change == "equal" else _marked(old, new) for change, old, new in _runs(before, after)
    ]
    return format_html_join("", "{}", ((part,) for part in parts))


def words_apart(before: str, after: str) -> tuple[SafeString, SafeString]:
    """Both texts, to be read beside each other, with `<del>` or `<ins>` around what the other does not have."""
    left, right = SafeString(), SafeString()
    for change, old, new in _runs(before, after):
        left += format_html("{}", old) if change == "equal" else _marked(old, "")
        right += format_html("{}", new) if change == "equal" else _marked("", new)
    return left, right


def _runs(before: str, after: str) -> Iterator[tuple[str, str, str]]:
    """Runs of words: the kind of change, and the words in either text."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    if not old or not new or len(old) + len(new) > LONGEST:
        yield "replace", before, after
        return
    for change, a, b, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield change, "".join(old[a:b]), "".join(new[start:end])


def _marked(removed: str, added: str) -> SafeString:
    gone = format_html("<del>{}</del> ", removed.rstrip()) if removed else SafeString()
    return format_html("{}<ins>{}</ins> ", gone, added.rstrip()) if added else gone
