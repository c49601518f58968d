"""Differences between two documents of one entry: field by field, with children matched by what identifies them.

Pure: documents in, differences out, worded for people. Used between two versions in the log, between draft and
published version, and between a proposal and the public version. For differences in machine-readable form, see
conflict.documents.differences.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from conflict.documents import canonical_text
from conflict.documents.entries import IMPLIED, shape_of
from conflict.documents.field_names import field_name
from conflict.documents.references import Reference

Document = Mapping[str, Any]
Names = Mapping[Reference, str]
Path = tuple[tuple[str, str, Document], ...]  # list, title and row of each child on the way down

# Texts that are in no language
WORDLESS = frozenset({
    "key", "when", "scope_when", "made_on", "published_on", "raised_on", "language", "url", "archived_url", "archived_sha256", "doi", "isbn", "pages",
    "pcode",
})  # fmt: skip
# Identifying fields of children, by list. All other lists are lists of values.
IDENTITY: dict[str, tuple[str, ...]] = {
    "names": ("name",),
    "affiliations": ("kind", "actor", "role", "when"),
    "participants": ("actor", "role"),
    "claims": ("key",),
    "findings": ("key",),
    "relations": ("kind", "event", "claim"),
    "citations": ("source", "locator"),
}
NOUNS: dict[str, str | Promise] = {
    "names": gettext_lazy("name"),
    "affiliations": gettext_lazy("affiliation"),
    "participants": gettext_lazy("participant"),
    "claims": gettext_lazy("claim"),
    "findings": gettext_lazy("finding"),
    "relations": gettext_lazy("relation"),
    "citations": gettext_lazy("citation"),
}


class ChangeType(StrEnum):
    """Type of change to a part between two documents."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after, in readable form; empty if it had no value.

    `name` is the field's own name, `language` that of its text; both are empty where they do not matter.
    """

    field: str
    before: str
    after: str
    name: str = ""
    language: str = ""


@dataclass(slots=True)
class Part:
    """The entry's own fields (no title), or one child: “Claim attack-46”, “Claim attack-46 › Citation cite-9”.

    `path` leads down to the child: each list, and the row in it.
    """

    title: str
    fate: ChangeType
    differences: list[Difference] = field(default_factory=list)
    path: Path = ()


@dataclass(frozen=True, slots=True)
class Wording:
    """Labels of references, and whether their keys are shown beside them."""

    names: Names
    shows_keys: bool

    def called(self, reference: Reference) -> str:
        label = self.names.get(reference, "")
        if not label or label == reference.key:
            return reference.key
        return f"{label} ({reference.key})" if self.shows_keys else label


def compare(
    kind: str, before: Document | None, after: Document | None, names: Names | None = None, *, shows_keys: bool = True
) -> list[Part]:
    """Parts that differ, beginning with the entry's own fields; empty if both documents are equal.

    `before` or `after` is None for an entry that does not exist yet, or no longer. `names` maps references to labels; a
    reference without a label is shown by its key.
    """
    if before is None and after is None:
        return []
    return list(_parts((), shape_of(kind).fields, before, after, Wording(names or {}, shows_keys)))


def _parts(
    path: Path, shape: Mapping[str, Any], before: Document | None, after: Document | None, wording: Wording
) -> Iterator[Part]:
    fate = ChangeType.ADDED if before is None else ChangeType.REMOVED if after is None else ChangeType.CHANGED
    own = Part(" › ".join(title for _list, title, _row in path), fate, path=path)
    children: list[Part] = []
    for name in _fields(shape, before, after):
        old, new = (before or {}).get(name), (after or {}).get(name)
        declared = shape.get(name)
        if name == "translations":
            own.differences += _translations(old or {}, new or {})
        elif _is_list_of_children(name, old, new):
            children += _children(path, name, declared, old or [], new or [], wording)
        elif (was := _words(old, declared, wording)) != (now := _words(new, declared, wording)):
            language = settings.ORIGINAL_LANGUAGE if _is_text(name, declared) else ""
            own.differences.append(Difference(field_name(name), was, now, name, language))
    if own.differences or fate != ChangeType.CHANGED:
        yield own
    yield from children


def _translations(before: Document, after: Document) -> Iterator[Difference]:
    """Each text in each further language; one that is the same but stands for a changed original says so."""
    for language in dict.fromkeys([*before, *after]):
        was, now = before.get(language, {}), after.get(language, {})
        for name in dict.fromkeys([*was, *now]):
            old, new = was.get(name, {}), now.get(name, {})
            if old != new:
                label = f"{field_name(name)} ({language})"
                if old.get("text") == new.get("text"):
                    label = _("%(field)s, confirmed for the changed text") % {"field": label}
                yield Difference(label, old.get("text", ""), new.get("text", ""), name, language)


def _is_text(name: str, declared: Any) -> bool:
    """Return True for words of the original language, False for terms, dates, numbers, names and addresses."""
    return isinstance(declared, serializers.CharField) and name not in WORDLESS


def _fields(shape: Mapping[str, Any], *documents: Document | None) -> list[str]:
    """Fields in the serializer's order, followed by those that it does not have."""
    given = dict.fromkeys(name for document in documents for name in document or ())
    return [name for name in dict.fromkeys([*shape, *given]) if name in given and name not in IMPLIED]


def _is_list_of_children(name: str, *values: Any) -> bool:
    """Return True for lists of children, such as an event's claims; the claims behind a finding are references instead."""
    if name not in IDENTITY:
        return False
    rows = [row for value in values for row in value or ()]
    return not any(row.keys() <= {"kind", "key", "name"} for row in rows) or name == "names"


def _children(
    path: Path, name: str, declared: Any, before: list[Document], after: list[Document], wording: Wording
) -> Iterator[Part]:
    shape = getattr(getattr(declared, "child", None), "fields", {})
    old, new = _identified(name, before), _identified(name, after)
    for identity in dict.fromkeys([*old, *new]):
        was, now = old.get(identity), new.get(identity)
        row = now if now is not None else was or {}
        yield from _parts((*path, (name, _title(name, shape, row, wording), row)), shape, was, now, wording)


def _identified(name: str, rows: list[Document]) -> dict[tuple[str, ...], Document]:
    """Rows by identity. Rows with the same identity are numbered in the order of their text."""
    found: dict[tuple[str, ...], list[Document]] = defaultdict(list)
    for row in rows:
        found[tuple(_identity(row.get(part)) for part in IDENTITY[name])].append(row)
    return {
        (*identity, str(number)): row
        for identity, alike in found.items()
        for number, row in enumerate(sorted(alike, key=lambda row: canonical_text(dict(row))))
    }


def _identity(value: Any) -> str:
    return f"{value['kind']} {value['key']}" if isinstance(value, Mapping) else str(value or "")


def _title(name: str, shape: Mapping[str, Any], row: Document, wording: Wording) -> str:
    identity = [_words(row.get(part), shape.get(part), wording) for part in IDENTITY[name]]
    return capfirst(f"{NOUNS[name]} {', '.join(filter(None, identity))}")


def _words(value: Any, declared: Any, wording: Wording) -> str:
    """Readable form of a value: terms by their labels, references by name and key."""
    match value:
        case None | "":
            return ""
        case bool():
            return _("yes") if value else _("no")
        case {"kind": "described", "name": str(name)}:
            return name
        case {"kind": str(kind), "key": str(key)}:
            return wording.called(Reference(kind, key))
        case list():
            return "; ".join(_words(item, None, wording) for item in value)
    if isinstance(declared, serializers.ChoiceField):
        return str(declared.choices.get(value, value))
    return value if isinstance(value, str) else str(value)
