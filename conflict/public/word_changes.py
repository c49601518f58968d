"""Changes between two texts, word by word: what was taken out and what was put in, within what stayed."""

import re
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WORDS = re.compile(r"\S+\s*")
LONGEST = 2000  # words; longer texts are compared as a whole


def word_changes(before: str, after: str) -> SafeString:
    """The text with `<del>` around removed words and `<ins>` around added ones."""
    old, new = WORDS.findall(before), WORDS.findall(after)
    if not old or not new or len(old) + len(new) > LONGEST:
        return _marked(before, after)
    parts = [
        format_html("{}", "".join(new[start:end]))
        if change == "equal"
        else _marked("".join(old[a:b]), "".join(new[start:end]))
        for change, a, b, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    ]
    return format_html_join("", "{}", ((part,) for part in parts))


def _marked(removed: str, added: str) -> SafeString:
    gone = format_html("<del>{}</del> ", removed.rstrip()) if removed else SafeString()
    return format_html("{}<ins>{}</ins> ", gone, added.rstrip()) if added else gone
