"""Normalization of all text from outside: forms, imports, proposals, reasons and queries.

Stored text is Unicode NFC, with line feeds as line ends, plain white space and no invisible characters: no control
characters, zero-width characters or direction marks. Joiners and direction marks are kept where the script needs them,
next to letters of right-to-left and Indic scripts. For comparison and search, accents, case and the shape of
apostrophes are ignored as well.
"""

import re
import unicodedata

from conflict.message import joined, ngettext

LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\u2028\u2029]")  # U+000B is a line break in word processors
SPACES = re.compile("[\t\x1c-\x1f\xa0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000]")
INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\x81\x8d\x8f\x90\x9d\xad\u034f\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\u202a-\u202e\u200b]"
    "|[\ufdd0-\ufdef]"
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
UNSEEN = re.compile("[\xad\u034f\u2060-\u206f\ufeff\u202a-\u202e\u200b]")
JOINERS = re.compile("[\u200c\u200d\u200e\u200f\u061c]")
# Hebrew, Arabic, Syriac, Thaana, N'Ko and their like; Hanifi Rohingya; Adlam.
FROM_THE_RIGHT = "\u0590-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff"
RIGHT_TO_LEFT = re.compile(f"[{FROM_THE_RIGHT}]")
NEEDS_JOINERS = re.compile(f"[{FROM_THE_RIGHT}\u0900-\u0dff\u1000-\u109f\U0001f000-\U0001faff]")
# Windows-1252 characters decoded as control characters: 0x92 is an apostrophe.
WINDOWS = {code: char for code in range(0x80, 0xA0) if (char := bytes([code]).decode("cp1252", "ignore"))}
# Any sign that one of these replaces: most texts have none, and one search finds out.
UNUSUAL = re.compile("[" + "".join(re.findall(r"\[(.*?)\]", "".join(rule.pattern for rule in (LINE_ENDS, SPACES, INVISIBLE, JOINERS)))) + "\x80-\x9f]")  # fmt: skip
RUNS = re.compile(" {2,}")
TRAILING = re.compile(r" +(?=\n)")
APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4`\uff07]")
DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))

LOST = "\ufffd"  # written for a sign that could not be read
GARBLED = re.compile(f"[ÂÃÄÅâØÙ√├┬Γ╪┘‚ÿŸ{LOST}]")  # first signs of letters of UTF-8 in the wrong encodings


def prose(text: str) -> str:
    """Normalize text of any number of lines for storage."""
    if text.isascii() and text.replace("\n", "").isprintable() and " \n" not in text:
        return text.strip(" \n")
    return TRAILING.sub("", _plain(text)).strip(" \n")


def line(text: str) -> str:
    """Normalize a single line of text for storage: any white space becomes one space."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip(" ")
    return RUNS.sub(" ", _plain(text).replace("\n", " ")).strip(" ")


def is_blank(text: str) -> bool:
    """Return True if the text has nothing that can be seen: no reason, answer or statement."""
    return not prose(text)


def _plain(text: str) -> str:
    if not UNUSUAL.search(text):
        return unicodedata.normalize("NFC", text)
    text = LINE_ENDS.sub("\n", text).translate(WINDOWS)
    text = INVISIBLE.sub("", SPACES.sub(" ", text))
    if not NEEDS_JOINERS.search(text):
        text = JOINERS.sub("", text)
    return unicodedata.normalize("NFC", text)


def straight(text: str) -> str:
    """Replace typographic apostrophes by straight ones."""
    return text if text.isascii() else APOSTROPHES.sub("'", text)


def searched(text: str) -> str:
    """Normalize text for indexing and search: as for storage, plus no joiners, and plain apostrophes and dashes."""
    if text.isascii() and text.isprintable():
        return text
    return straight(JOINERS.sub("", prose(text)))


def folded(text: str) -> str:
    """Normalize a name for comparison: no accents, case or extra spaces, and plain apostrophes."""
    plain = searched(line(text)).translate(DASHES)
    if plain.isascii():
        return plain.casefold()
    plain = unicodedata.normalize("NFD", plain)
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def is_the_same(one: str, other: str) -> bool:
    """Return True if the texts differ only in what the rules normalize."""
    return one == other or prose(one) == prose(other) or line(one) == line(other)


def primary_key(text: str) -> int:
    """The primary key that an address or a form gives; 0, which no row has, if it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def ungarbled(text: str) -> str | None:
    """Text that was read in a wrong encoding (“SÃ©gou”), restored; “?” for lost signs, None if nothing was wrong.

    The wrong encodings are those of spreadsheets on Windows, on the Mac, and of old programs on Windows.
    """
    if text.isascii() or not GARBLED.search(text):
        return None
    meant = re.sub(r"\S+", lambda word: _word_ungarbled(word[0]), text)
    return meant if meant != text else None


def _word_ungarbled(word: str) -> str:
    if not GARBLED.search(word):
        return word
    for encoding in ("cp1252", "latin-1", "mac_roman", "cp437"):
        try:
            return word.encode(encoding).decode()
        except ValueError:
            continue
    return word.replace(LOST, "?")


def evened_out(text: str) -> str:
    """Characters that are not stored as given, in words; empty if nobody would miss them."""
    control = len(CONTROL.findall(text))
    spaces = len(SPACES.findall(text)) - text.count("\t")
    invisible = len(UNSEEN.findall(text)) + (0 if NEEDS_JOINERS.search(text) else len(JOINERS.findall(text)))
    found = (
        (control, ngettext("%(count)s control character", "%(count)s control characters", control)),
        (spaces, ngettext("%(count)s special space", "%(count)s special spaces", spaces)),
        (invisible, ngettext("%(count)s invisible character", "%(count)s invisible characters", invisible)),
    )
    return joined((said % {"count": count} for count, said in found if count), ", ")
