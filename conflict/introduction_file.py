"""Check of `introduction.json`, the front page's own text, before the site starts."""

import json
import re
from pathlib import Path
from typing import Any

from conflict.environment import LANGUAGE

NAME = "introduction.json"
DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
PARTS = {
    "lead": ("question", "answer"),
    "phases": ("from", "to", "title", "summary"),
    "turns": ("event", "label"),
}


def problems_with(path: Path) -> list[str]:
    """Parts of the introduction that the front page could not show."""
    if not path.is_file():
        return []
    try:
        written = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        return [f"{path.name} is not JSON: {error}."]
    known = ("title", *PARTS, "missing")
    if not isinstance(written, dict) or not written.keys() <= set(known):
        return [f"{path.name} must be an object with some of these: {', '.join(known)}."]
    wrong = [
        f"{path.name}: {name} must be texts by language."
        for name in ("title", "missing")
        if not _are_texts(written.get(name, {}))
    ]
    for name, keys in PARTS.items():
        if not isinstance(written.get(name, []), list):
            return [*wrong, f"{path.name}: {name} must be a list."]
        for number, part in enumerate(written.get(name, []), 1):
            if not isinstance(part, dict) or part.keys() != set(keys):
                wrong.append(f"{path.name}: {name}, number {number}, needs {', '.join(keys)}.")
            elif problem := next(filter(None, (_problem_with_part(key, value) for key, value in part.items())), ""):
                wrong.append(f"{path.name}: {name}, number {number}: {problem}.")
    return wrong


def _problem_with_part(key: str, value: Any) -> str:
    """Why the front page could not show this; empty if it can."""
    if key == "event":
        return "" if isinstance(value, str) else "event must be the key of an event"
    if key in ("from", "to"):
        is_date = isinstance(value, str) and (DATE.fullmatch(value) or (key == "to" and not value))
        return "" if is_date else f"{key} is {value!r}, but must be a year or month such as 2019-01"
    return "" if _are_texts(value) else f"{key} must be texts by language"


def _are_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(text, str) and LANGUAGE.fullmatch(tag) for tag, text in value.items()
    )
