"""What of a French page is in English and not marked so: for readers' pages and for the desk's."""

import re
from collections.abc import Collection
from html.parser import HTMLParser

SILENT = {"script", "style", "code", "title", "textarea", "kbd", "samp", "pre"}
VOID = {"meta", "link", "input", "br", "img", "hr", "rect", "line", "circle", "path", "image"}
READ_OUT = ("aria-label", "placeholder", "alt", "title")
# Words that no French sentence has, and hardly an English one lacks.
ENGLISH = re.compile(
    r"\b(the|of|and|is|to|not|are|was|this|that|with|from|by|who|your|be|it|has|have|been|which|what|when|where|there"
    r"|here|only|can|may|will)\b"
)


class Marked(HTMLParser):
    """The texts of a page's body, each with the language that it is marked as."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        own = dict(attrs)
        language = own.get("lang") or (self.open[-1][1] if self.open else "")
        if tag != "link":
            self.texts += [(language, text) for name in READ_OUT if (text := own.get(name))]
        if tag not in VOID:
            self.open.append((tag, language))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Holds no text."""

    def handle_endtag(self, tag: str) -> None:
        while self.open and tag not in VOID and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] not in SILENT and data.strip():
            self.texts.append((self.open[-1][1], " ".join(data.split())))


def english_left(html: str, known: Collection[str] = ()) -> list[str]:
    """Texts that are not marked as English and are one of these, or have a word that only English has."""
    texts = dict.fromkeys(text for language, text in Marked(html).texts if language != "en")
    return [text for text in texts if text in known or _is_english(text, known)]


def _is_english(text: str, known: Collection[str]) -> bool:
    """Quoted words do not count, such as names of parameters, nor acronyms, such as CC BY, nor a name in a sentence."""
    said = re.sub(r"«[^»]*»", "", text)
    for name in known:
        said = said.replace(name, "")
    return bool(ENGLISH.search(said[:1].lower() + said[1:]))
