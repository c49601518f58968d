"""Merge of simultaneous edits: fields that the second editor left alone take the first one's changes.

The form is still refused and shown again with the difference, but fields that the second
editor did not touch show the first one's values, so that saving again loses nothing unseen.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model
from django.http import QueryDict

from conflict import text as texts
from editorial.admin.history import Change, FieldChange

Row = tuple[type[Model], int]


def input_name(language: str, field: str) -> str:
    """Name of the input for a text in another language."""
    return f"translation_{language}_{field}"


IDENTIFIED = re.compile(r"(?P<form>(?P<prefix>.+)-\d+)-id$")


def merged(posted: QueryDict, page: Model, inlines: Mapping[str, type[Model]], changes: Iterable[Change]) -> QueryDict:
    """A copy of the posted data, with the values of `changes` wherever the editor had changed nothing.

    `inlines` maps the prefix of each formset to its model; `changes` are the latest first.
    """
    result = posted.copy()
    forms = _forms(posted, page, inlines)
    base: dict[tuple[Row, str], Any] = {}
    now: dict[tuple[Row, str], Any] = {}
    gone = []
    for change in changes:
        if change.done == "removed" and (change.model, change.row) in forms:
            gone.append(forms[change.model, change.row])
        for field in change.fields if change.done == "changed" else ():
            for column, was, is_now in _inputs(field):
                place = ((change.model, change.row), column)
                base[place] = was
                now.setdefault(place, is_now)
    for (row, column), before in base.items():
        if row in forms:
            name = f"{forms[row]}-{column}" if forms[row] else column
            if texts.is_the_same(posted.get(name, ""), _as_posted(before)):
                _put(result, name, now[row, column])
    for form in sorted(gone, key=lambda form: int(form.rpartition("-")[2]), reverse=True):
        _drop(result, form)
    return result


def _inputs(field: FieldChange) -> Iterator[tuple[str, Any, Any]]:
    """Inputs that show a column, each with its earlier and its current value."""
    if field.column != "translations":
        yield field.column, field.was, field.now
        return
    was, now = (
        {
            input_name(language, name): text["text"]
            for language, fields in (value or {}).items()
            for name, text in fields.items()
        }
        for value in (field.was, field.now)
    )
    for name in was | now:
        yield name, was.get(name, ""), now.get(name, "")


def _forms(posted: QueryDict, page: Model, inlines: Mapping[str, type[Model]]) -> dict[Row, str]:
    """Prefix of the form that each row was posted in; empty for the page's own."""
    found: dict[Row, str] = {(type(page), page.pk): ""}
    for name in posted:
        match, pk = IDENTIFIED.match(name), str(posted[name])
        if match and match["prefix"] in inlines and pk.isascii() and pk.isdigit():
            found[inlines[match["prefix"]], int(pk)] = match["form"]
    return found


def _as_posted(value: Any) -> str:
    """The value as a browser would post it: nothing for an unchecked box, the primary key for a relation."""
    if value is None or value is False:
        return ""
    return "on" if value is True else str(value)


def _put(result: QueryDict, name: str, value: Any) -> None:
    if value is False:
        result.pop(name, None)
    else:
        result[name] = _as_posted(value)


def _drop(result: QueryDict, form: str) -> None:
    """Take one form out of its formset; those after it move up."""
    prefix, _, number = form.rpartition("-")
    place = int(number)
    for name in [name for name in result if name.startswith(f"{form}-")]:
        del result[name]
    later = re.compile(rf"{re.escape(prefix)}-(\d+)-(.+)$")
    moving = sorted(
        (int(match[1]), match[2], name) for name in result if (match := later.match(name)) and int(match[1]) > place
    )
    for at, column, name in moving:
        result.setlist(f"{prefix}-{at - 1}-{column}", result.getlist(name))
        del result[name]
    for counter in (f"{prefix}-TOTAL_FORMS", f"{prefix}-INITIAL_FORMS"):
        count = str(result.get(counter, ""))
        if count.isascii() and count.isdigit() and int(count):
            result[counter] = str(int(count) - 1)
