"""Cells that a spreadsheet would run as formulas: escaped when they leave, restored when they come back.

Exactly reversible: only a text that is dangerous, or that looks like an escaped one, is
changed; “'s-Hertogenbosch” stays as it is.
"""

import re

DANGEROUS = re.compile(r"'*[=+\-@\t\r]")
ESCAPED = re.compile(r"'+[=+\-@\t\r]")


def escaped(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would run."""
    return f"'{text}" if DANGEROUS.match(text) else text


def restored(text: str) -> str:
    """What `escaped` was given; also for cells that nobody escaped."""
    return text[1:] if ESCAPED.match(text) else text
