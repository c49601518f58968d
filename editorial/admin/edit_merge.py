"""Merge of simultaneous edits: fields that the second editor left alone take the first one's changes.

The form is still refused and shown again with the difference, but fields that the second
editor did not touch show the first one's values, so that saving again loses nothing unseen.
A row that the first editor removed goes, unless the second had changed it: then it is shown as a new one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Model
from django.http import QueryDict

from conflict import text as texts
from editorial.admin.history import PARENTS, Change, FieldChange

Row = tuple[type[Model], int]


def input_name(language: str, field: str) -> str:
    """Name of the input for a text in another language."""
    return f"translation_{language}_{field}"


MACHINERY = ("id", "open")  # of a row, beside its fields
IDENTIFIED = re.compile(r"(?P<form>(?P<prefix>.+)-\d+)-id$")


def merged(posted: QueryDict, page: Model, inlines: Mapping[str, type[Model]], changes: Iterable[Change]) -> QueryDict:
    """A copy of the posted data, with the values of `changes` wherever the editor had changed nothing.

    `inlines` maps the prefix of each formset to its model; `changes` are the latest first.
    """
    result = posted.copy()
    forms = _forms(posted, page, inlines)
    base: dict[tuple[Row, str], Any] = {}
    now: dict[tuple[Row, str], Any] = {}
    gone: dict[str, Change] = {}
    for change in changes:
        if change.step == "delete" and (change.model, change.row) in forms:
            gone[forms[change.model, change.row]] = change
        for field in change.fields if change.step == "update" else ():
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
        was_changed = _was_changed(posted, form, gone[form])
        typed = _drop(result, form)
        if was_changed:
            _append(result, form.rpartition("-")[0], typed)
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


def _was_changed(posted: QueryDict, form: str, removal: Change) -> bool:
    """Return True if the editor had changed something in the row that somebody else removed."""
    if f"{form}-DELETE" in posted:
        return False
    stored = {field.column: _as_posted(field.was) for field in removal.fields}
    for name in posted:
        column = name.removeprefix(f"{form}-")
        if column == name or column in (*MACHINERY, *PARENTS):
            continue
        if f"initial-{name}" in posted:
            if posted.getlist(name) != posted.getlist(f"initial-{name}"):
                return True
        elif not texts.is_the_same(str(posted[name]), stored.get(column, "")):
            return True
    return False


def _drop(result: QueryDict, form: str) -> dict[str, list[str]]:
    """Take one form out of its formset and return what was typed in it; those after it move up."""
    prefix, _, number = form.rpartition("-")
    place = int(number)
    row = {}
    for name in [name for name in result if name.startswith((f"{form}-", f"initial-{form}-"))]:
        row[name.replace(f"{form}-", "", 1)] = result.getlist(name)
        del result[name]
    later = re.compile(rf"(initial-)?{re.escape(prefix)}-(\d+)-(.+)$")
    moving = sorted(
        (int(match[2]), match[1] or "", match[3], name)
        for name in result
        if (match := later.match(name)) and int(match[2]) > place
    )
    for at, initial, column, name in moving:
        result.setlist(f"{initial}{prefix}-{at - 1}-{column}", result.getlist(name))
        del result[name]
    for counter in (f"{prefix}-TOTAL_FORMS", f"{prefix}-INITIAL_FORMS"):
        _count(result, counter, -1)
    return row


def _append(result: QueryDict, prefix: str, row: dict[str, list[str]]) -> None:
    """Add a new form to the end of the formset."""
    place = _count(result, f"{prefix}-TOTAL_FORMS", +1) - 1
    for column, values in row.items():
        if column not in MACHINERY and not column.startswith("initial-"):
            result.setlist(f"{prefix}-{place}-{column}", values)


def _count(result: QueryDict, counter: str, more: int) -> int:
    number = str(result.get(counter, ""))
    count = int(number) if number.isascii() and number.isdigit() else 0
    result[counter] = str(max(count + more, 0))
    return max(count + more, 0)
