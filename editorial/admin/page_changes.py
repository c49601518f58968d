"""The public page of a proposed entry as a reviewer reads it: changed words marked, links that lead out of the frame."""

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from conflict.public.word_changes import word_changes

UNMARKED = {"script", "style", "svg", "option", "template"}  # no words to read, or no place for marks
BLOCKS = ["p", "li", "dd", "td", "th", "h1", "h2", "h3", "section", "article", "main"]
BLANK = re.compile(r"\s+")


def reviewed_page(page: str, before: str = "", desk: Mapping[str, str] | None = None) -> str:
    """The page, with `<del>` and `<ins>` around the words of its main part that the one before has otherwise.

    Links open in a window of their own. `desk` maps addresses that are not public yet to those at the desk.
    """
    shown = BeautifulSoup(page, "html.parser")
    main = shown.find("main") or shown
    if before:
        _mark(BeautifulSoup(before, "html.parser").find("main") or BeautifulSoup(), main)
    for link in main.find_all("a", href=True):
        address = str(link["href"])
        link["href"] = (desk or {}).get(address, address)
        if not address.startswith("#"):
            link["target"], link["rel"] = "_blank", "noopener noreferrer"
    return str(shown)


def _mark(before: Any, after: Any) -> None:
    old, new = _texts(before), _texts(after)
    blocks = [text.find_parent(BLOCKS) for text in new]
    runs = SequenceMatcher(None, [_plain(text) for text in old], [_plain(text) for text in new], autojunk=False)
    for change, start, end, first, last in runs.get_opcodes():
        if change == "equal":
            continue
        gone, come = old[start:end], new[first:last]
        for number, text in enumerate(come):
            text.replace_with(_fragment(text, _plain(gone[number]) if number < len(gone) else ""))
        if (left := gone[len(come) :]) and blocks:
            block: Any = blocks[max(last - 1, 0)] or after
            block.append(_removed(left))


def _texts(main: Any) -> list[NavigableString]:
    """Texts of the main part, in the order in which they are read; without the note that it is a preview."""
    return [
        text
        for text in main.find_all(string=True)
        if _plain(text) and not isinstance(text, PreformattedString) and not any(map(_is_unmarked, text.parents))
    ]


def _is_unmarked(tag: Tag) -> bool:
    return tag.name in UNMARKED or tag.get("id") == "preview-note"


def _plain(text: str) -> str:
    return BLANK.sub(" ", text).strip()


def _fragment(text: NavigableString, before: str) -> BeautifulSoup:
    """The words with what differs marked, between the white space that was around them."""
    lead, trail = (" " if edge.isspace() else "" for edge in (text[:1], text[-1:]))
    return BeautifulSoup(f"{lead}{word_changes(before, _plain(text)).rstrip()}{trail}", "html.parser")


def _removed(texts: Sequence[NavigableString]) -> BeautifulSoup:
    """Pieces that have no counterpart any more, struck out after what came before them."""
    return BeautifulSoup(f" {word_changes(' '.join(map(_plain, texts)), '').rstrip()}", "html.parser")
