"""Authors of words: the people whose words stand in a text that several have edited since it was read.

Whoever corrects a comma of a colleague's sentence does not take the sentence over: both wrote the text. A text that was
replaced makes nobody an author who wrote the one before.
"""

from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

FEWEST = 3  # words in a row that stay of a text that was mostly replaced; fewer are chance, but for figures
MOST = 5000  # words that are compared; of longer texts, everybody who edited one is an author
CODES = frozenset({"identifiers"})  # columns with a list of codes in one text

People = frozenset[int]
Versions = Sequence[tuple[Any, People]]  # values of a column after each edit, and by whom


class Word(NamedTuple):
    text: str
    by: People
    place: int | None = None  # in the text that was read


def word_authors(column: str, read: Any, edits: Versions) -> set[int]:
    """People whose words the last version has and the one that was read had not, or who took out what that said."""
    versions = [(_texts(column, value), by) for value, by in edits]
    before = _texts(column, read)
    return {
        person
        for name in before.keys() | versions[-1][0].keys()
        for person in _of_text(before.get(name, ""), [(texts.get(name, ""), by) for texts, by in versions])
    }


def _texts(column: str, value: Any) -> dict[str, str]:
    """The texts that a value holds, by name: translations hold one for each language and field."""
    if isinstance(value, Mapping):
        if "text" in value:  # a translation, beside the digest of what it was made of
            return {"": str(value["text"])}
        found: dict[str, str] = {}
        for name, inner in value.items():
            found |= {f"{name} {path}": text for path, text in _texts("", inner).items()}
        return found
    if column in CODES and isinstance(value, str):
        return {code: code for code in value.split()}
    return {"": str(value or "")}


def _of_text(read: str, versions: Sequence[tuple[str, People]]) -> Iterator[int]:
    if versions[-1][0] == read:
        return
    if max(len(text.split()) for text in (read, *(text for text, _ in versions))) > MOST:
        yield from (person for _, by in versions for person in by)
        return
    first = [Word(text, frozenset(), place) for place, text in enumerate(read.split())]
    words, removers = first, dict[int, People]()
    for text, by in versions:
        later = _carried(words, text.split(), by)
        stayed = {word.place for word in later}
        removers |= {word.place: by for word in words if word.place is not None and word.place not in stayed}
        words = later
    matcher = SequenceMatcher(None, [word.text for word in first], [word.text for word in words], autojunk=False)
    for kind, start, end, new_start, new_end in matcher.get_opcodes():
        if kind == "delete":
            yield from (person for place in range(start, end) for person in removers.get(place, ()))
        elif kind != "equal":
            yield from (person for word in words[new_start:new_end] for person in word.by)


def _carried(words: Sequence[Word], texts: Sequence[str], by: People) -> list[Word]:
    """The later text, with those words of the earlier one that stayed in it."""
    later = [Word(text, by) for text in texts]
    matcher = SequenceMatcher(None, [word.text for word in words], texts, autojunk=False)
    fewest = 1 if matcher.ratio() > 0.5 else FEWEST
    for start, new_start, length in matcher.get_matching_blocks():
        stay = words[start : start + length]
        if length >= fewest or length == len(words) or any(map(_has_figure, stay)):
            later[new_start : new_start + length] = stay
    return later


def _has_figure(word: Word) -> bool:
    return any(letter.isdigit() for letter in word.text)
