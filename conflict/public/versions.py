"""Versions of an entry for people: contents of one version, or changes between two, part by part."""

from collections.abc import Iterable
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from django.utils.translation import get_language_info

from conflict.documents.comparison import NOUNS, Difference, Names, compare
from conflict.documents.field_names import field_name
from conflict.documents.references import Reference, references
from conflict.documents.schema_upgrades import lifted
from conflict.documents.translations import mark_current
from conflict.public import history, queries
from conflict.record.models import PUBLISHED, Publication, PublishedEntry
from conflict.wording import days, figures
from conflict.wording.localized_texts import Translation, alike, chosen, in_page_language, localized
from conflict.wording.messages import language
from conflict.wording.terms import capital

VERSIONS_TOLD = 10  # on an entry's own page
TITLE = 120  # characters of a statement above its fields
DATES = frozenset(
    {"when", "scope_when", "made_on", "published_on", "raised_on", "accessed_on", "review_by", "resolved_on"}
)
COUNTS = frozenset({"low", "best", "high"})
REFERRING = (
    "actor claim claimant claims concerns event holder location other_locations parent period publisher relayed_by "
    "source subject target"
)
REFERENCES = frozenset(REFERRING.split())
# Fields by which a part is called, the first that has a value.
CALLED = {"claims": ("statement",), "findings": ("reason",), "names": ("name",), "citations": ("source",)}


class Line(NamedTuple):
    """One field before and after; empty if it had no value."""

    field: str
    before: str
    after: str


class Called(NamedTuple):
    """A part of an entry by its noun and what it says: “Claim”, “46 soldiers were killed”."""

    noun: str
    said: str


@dataclass(frozen=True)
class Section:
    """Lines about the entry itself (no path), or about one of its parts."""

    path: list[Called]
    fate: str
    lines: list[Line]


def sections(
    kind: str, old: dict[str, Any] | None, new: dict[str, Any] | None, names: Names, *, own_language: bool = False
) -> list[Section]:
    """Differences between two documents, or all contents of a single one.

    `own_language`: texts are already in the reader's language where translated, so that translation is left out.
    """
    hidden = language() if own_language else None
    found = []
    for part in compare(kind, old, new, names, shows_keys=False):
        shown = [each for each in part.differences if each.name != "key"]
        lines = [_line(each, names) for each in shown if not (hidden and _is_translation(each, hidden))]
        path = [_called(name, row, names) for name, _title, row in part.path]
        if lines or path:
            found.append(Section(path, part.fate.value if path else "", lines))
    return found


def _is_translation(each: Difference, tag: str) -> bool:
    return each.language == tag and each.field.startswith(f"{field_name(each.name)} ({tag})")


def _line(each: Difference, names: Names) -> Line:
    field = (
        each.field.replace(f" ({each.language})", f" ({language_name(each.language)})") if each.language else each.field
    )
    return Line(field, _value(each, each.before, names), _value(each, each.after, names))


def _value(each: Difference, text: str, names: Names) -> str:
    """The value in the reader's language; what is not, is a plain text or knows its language (see `lang`)."""
    if not text or isinstance(text, Translation):
        return text
    if each.language:
        return Translation(text, each.language)
    if each.name in DATES:
        return in_page_language(days.words(text))
    if each.name in COUNTS:
        return in_page_language(figures.number(int(text)) if text.isdecimal() else text)
    if each.name in REFERENCES - {"source"}:  # a source is called by a number, or by a title in its own language
        translated = {name for name in names.values() if isinstance(name, Translation)}
        return in_page_language(text) if translated.issuperset(text.split("; ")) else text
    return in_page_language(text)


def language_name(tag: str) -> str:
    """Name of the language in the reader's own; its tag if the name is not known."""
    try:
        return (
            str(get_language_info(tag)["name_translated"]).lower()
            if language() == "fr"
            else str(get_language_info(tag)["name"])
        )
    except KeyError:
        return tag


def _called(name: str, row: Any, names: Names) -> Called:
    noun = capital(str(NOUNS[name]))
    said = next((row[field] for field in CALLED.get(name, ()) if row.get(field)), "")
    if isinstance(said, str) and said:
        return Called(noun, said if len(said) <= TITLE else alike(f"{said[:TITLE].rstrip()}…", [said]))
    other = said or row.get("actor") or row.get("event") or row.get("claim")
    label = names.get(Reference(other["kind"], other["key"]), other["key"]) if other else ""
    return Called(noun, in_page_language(label) if name == "citations" else label)


def history_of(row: PublishedEntry) -> list[dict[str, Any]]:
    """Newest versions, each with its changes to the one before."""
    kind, step = row.entry_kind, getattr(row, "step", None)
    if step and row.version == 1:
        return [{"step": step, "sections": []}]
    steps = queries.history(kind, row.key, VERSIONS_TOLD + 1)
    texts = {step.number: text_of(step) for step in steps} if len(steps) > 1 else {}
    names = current_names(texts.values())
    shown = [
        {
            "step": step,
            "sections": sections(kind, texts[before.number], texts[step.number], names)
            if step.document and before.document
            else [],
        }
        for step, before in pairwise(steps)
    ]
    rest = steps[-1:] if len(steps) <= VERSIONS_TOLD else []
    return [*shown, *({"step": step, "sections": []} for step in rest)]


def current_names(documents: Iterable[dict[str, Any] | None]) -> dict[Reference, str]:
    """Names of today, in the reader's language, of what the documents refer to; one query per kind."""
    wanted = {ref for document in documents for ref in references({**(document or {}), "key": None})}
    names: dict[Reference, str] = {}
    for kind in sorted({ref.kind for ref in wanted}):
        rows = queries.claims() if kind == "claim" else queries.entries(kind) if kind in PUBLISHED else None
        if rows is not None:
            keys = [ref.key for ref in wanted if ref.kind == kind]
            found = rows.filter(key__in=keys).values_list("key", "label", "labels")
            names |= {Reference(kind, key): chosen(label, labels) for key, label, labels in found}
    return names


def names_then(step: Publication, *documents: dict[str, Any] | None) -> dict[Reference, str]:
    """Names of what the documents refer to as they were at this step; those public only later, as they are today."""
    wanted = {ref for document in documents for ref in references({**(document or {}), "key": None})}
    then = history.labels_at(wanted, step.number)
    return {**current_names(documents), **then} if wanted - then.keys() else then


def in_own_language(kind: str, document: dict[str, Any] | None) -> dict[str, Any] | None:
    """A copy of the document with its texts in the reader's language, as far as they were translated then."""
    if document is None:
        return None
    copy: dict[str, Any] = deepcopy(document)
    mark_current(kind, copy)
    localized(copy)
    return copy


def text_of(step: Publication | None) -> dict[str, Any] | None:
    """Document of the version in the current schema; None for a withdrawal, or if its text was removed."""
    return lifted(step.entry_kind, step.document) if step and step.document else None
