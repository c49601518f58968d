"""Parts of a body to show (`fields`, `omit`), references to expand (`expand`) and language of the texts (`lang`)."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.db.models import Model
from rest_framework import serializers

from conflict.documents.parts import Party, Ref
from conflict.public import queries
from conflict.public.exceptions import Refusal
from conflict.public.parameters import Parameter, Term
from conflict.record.models import PUBLISHED, PublishedClaim
from conflict.wording.localized_texts import localized

Tree = dict[str, Any]  # names to show or leave out, each with those below it; empty for all of them
Shape = type[serializers.Serializer[Any]]

TABLES: dict[str, type[Model]] = {**PUBLISHED, "claim": PublishedClaim}
MOST_EXPANDED = 2000
LANG = (
    "Texts and names in this language where they are translated, also where the translation is of an earlier text; what is "
    "not translated stays in its own. `translations` and `name_in` have all languages in any case, and say what is current."
)


class Names(Parameter):
    """Field names, separated by commas; a dot selects a part of a field."""

    is_list = True

    def __init__(self, help_text: str, names: Iterable[str]) -> None:
        super().__init__(help_text, max_length=2000)
        self.names = sorted(names)

    @property
    def schema(self) -> dict[str, Any]:
        return {"type": "array", "items": {"type": "string", "enum": self.names}, "minItems": 1}

    def clean(self, value: Any) -> list[str]:
        given = [name.strip() for name in super().clean(value).split(",")] if value else []
        if strange := [name for name in given if name not in self.names]:
            self.refuse(f"There is no “{strange[0][:60]}” here. It can be: {', '.join(self.names)}.")
        return given


@dataclass(frozen=True)
class Selection:
    """Fields, expansions and language requested for each body."""

    fields: tuple[str, ...] = ()
    omit: tuple[str, ...] = ()
    expand: tuple[str, ...] = ()
    lang: str = ""

    def __bool__(self) -> bool:
        return bool(self.fields or self.omit or self.expand or self.lang)

    def of(self, texts: list[bytes]) -> list[bytes]:
        """Apply this selection to the texts; without a selection, they are returned without being parsed."""
        if not self:
            return texts
        bodies = [json.loads(text) for text in texts]
        if self.expand:
            _expand(bodies, [path.split(".") for path in self.expand])
        if self.lang:
            bodies = [localized(body, self.lang) for body in bodies]
        if self.fields:
            bodies = [_kept(body, _tree(self.fields)) for body in bodies]
        if self.omit:
            bodies = [_without(body, _tree(self.omit)) for body in bodies]
        return [json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode() for body in bodies]


def parameters(shape: Shape) -> dict[str, Parameter]:
    known = paths(shape)
    named: dict[str, Parameter] = {
        "fields": Names("Show these fields only. A dot leads into a part: `fields=key,claims.low`.", known),
        "omit": Names("Show all fields but these.", known),
    }
    if "translations" in known or any(path.endswith(".name_in") for path in known):
        named["lang"] = Term(LANG, [settings.ORIGINAL_LANGUAGE, *settings.ENTRY_LANGUAGES])
    if references := [path for path, leads_on in known.items() if leads_on]:
        named["expand"] = Names("Put under `entry`, beside these references, what they refer to.", references)
    return named


def selection(values: dict[str, Any]) -> Selection:
    if values.get("fields") and values.get("omit"):
        raise Refusal("Ask for `fields` or for `omit`, not for both.", field="omit")
    fields, omit, expand = (tuple(values.get(name) or ()) for name in ("fields", "omit", "expand"))
    return Selection(fields, omit, expand, values.get("lang") or "")


@cache
def paths(shape: Any) -> dict[str, bool]:
    """Every field of a serializer by its dotted path, and whether it refers to another entry."""
    found: dict[str, bool] = {}
    for name, field in shape().fields.items():
        below = field.child if isinstance(field, serializers.ListSerializer) else field
        is_reference = isinstance(below, Ref | Party)
        found[name] = is_reference
        if isinstance(below, serializers.BaseSerializer):
            for path, leads_on in paths(below.__class__).items():  # type: ignore[arg-type]  # classes can be hashed
                found[f"{name}.{path}"] = leads_on
    return found


def _tree(paths_asked: Iterable[str]) -> Tree:
    tree: Tree = {}
    for path in paths_asked:
        branch = tree
        for name in path.split("."):
            branch = branch.setdefault(name, {})
    for path in sorted(paths_asked, key=len, reverse=True):  # `claims,claims.low` means all of the claims
        *leading, last = path.split(".")
        branch = tree
        for name in leading:
            branch = branch.get(name, {})
        branch[last] = {}
    return tree


def _kept(value: Any, tree: Tree) -> Any:
    match value:
        case dict():
            named: dict[str, Parameter] = {
                name: _kept(value[name], below) if below else value[name]
                for name, below in tree.items()
                if name in value
            }
            return {**named, **({"entry": value["entry"]} if "entry" in value else {})}
        case list():
            return [_kept(item, tree) for item in value]
    return value


def _without(value: Any, tree: Tree) -> Any:
    match value:
        case dict():
            return {
                name: _without(item, tree[name]) if name in tree else item
                for name, item in value.items()
                if tree.get(name, True)
            }
        case list():
            return [_without(item, tree) for item in value]
    return value


def _expand(bodies: list[Any], asked: list[list[str]]) -> None:
    """Add to each reference at one of the paths the body that it refers to: one query per kind."""
    found = [reference for path in asked for reference in _at(bodies, path) if reference.get("key")]
    keys: dict[str, set[str]] = defaultdict(set)
    for reference in found:
        keys[reference["kind"]].add(reference["key"])
    if sum(map(len, keys.values())) > MOST_EXPANDED:
        raise Refusal(f"More than {MOST_EXPANDED} entries would be expanded: ask for a smaller page.", field="expand")
    entries = {
        (kind, key): text
        for kind, of_kind in keys.items()
        for key, text in queries.rows(TABLES[kind]).filter(pk__in=of_kind).values_list("pk", "body")
    }
    for reference in found:
        text = entries.get((reference["kind"], reference["key"]))
        reference["entry"] = json.loads(text) if text else None


def _at(value: Any, path: list[str]) -> Iterable[dict[str, Any]]:
    match value:
        case list():
            for item in value:
                yield from _at(item, path)
        case dict() if not path:
            yield value
        case dict():
            yield from _at(value.get(path[0]), path[1:])
