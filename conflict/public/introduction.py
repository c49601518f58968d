"""Introduction to the conflict for readers who know nothing of it: an editorial text in a file beside the fixtures."""

import json
from functools import cache
from typing import Any, NamedTuple

from django.conf import settings

from conflict.wording.localized_texts import Translation
from conflict.wording.messages import language

EMPTY: dict[str, Any] = {"title": {}, "lead": [], "phases": [], "turns": [], "missing": {}}


class Answer(NamedTuple):
    question: str
    answer: str


class Phase(NamedTuple):
    """A stretch of the conflict from one month or year to another, both included; `end` is empty for the last."""

    start: str
    end: str
    title: str
    summary: str


class Turn(NamedTuple):
    """A turning point: the key of its event, and a short label."""

    event: str
    label: str


@cache
def _read() -> dict[str, Any]:
    file = settings.INTRODUCTION_FILE
    return {**EMPTY, **(json.loads(file.read_text("utf-8-sig")) if file.exists() else {})}


def _in_language(texts: dict[str, str]) -> str:
    """Text in the reader's language, or else in the original one, which is then marked as such."""
    into = language() or settings.ORIGINAL_LANGUAGE
    if into in texts:
        return Translation(texts[into], into)
    return texts.get(settings.ORIGINAL_LANGUAGE, "")


def title() -> str:
    return _in_language(_read()["title"])


def lead() -> list[Answer]:
    return [Answer(_in_language(one["question"]), _in_language(one["answer"])) for one in _read()["lead"]]


def phases() -> list[Phase]:
    return [
        Phase(one["from"], one["to"], _in_language(one["title"]), _in_language(one["summary"]))
        for one in _read()["phases"]
    ]


def turns() -> list[Turn]:
    return [Turn(one["event"], _in_language(one["label"])) for one in _read()["turns"]]


def missing() -> str:
    """Conclusions that readers should draw from the gaps of the record."""
    return _in_language(_read()["missing"])
