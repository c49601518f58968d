"""Search in desk lists: rows that have each word in some field, whether the word is rare or common.

Rare words are looked up in the index of each field. Words in a fifth of all rows turn up soon enough when the
list is read in its order: finding and sorting every match first took 25 times as long at 350,000 events.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.text import smart_split, unescape_string_literal

from conflict import text as texts

NEWEST = 200  # rows that are read to see how common something is
COMMON = 4  # of these
LONGEST, MOST_WORDS = 300, 10  # of a search that are read: each word asks every field anew


def holding(rows: QuerySet[Any], fields: Sequence[str], asked: str) -> QuerySet[Any]:
    """Rows that have each word in some field; text in quotation marks counts as one word."""
    everything = rows.model._default_manager.order_by()
    asked_for = list(dict.fromkeys(_words(asked[:LONGEST])))[:MOST_WORDS]
    words = [(word, fit) for word in asked_for if (fit := _fit(fields, word))]
    if _are_common(everything, words):
        return rows.filter(*(reduce(or_, (_read(everything, field, word) for field in fit)) for word, fit in words))
    for word, fit in words:
        found = [everything.filter(**{field: word}).values("pk") for field in fit]
        rows = rows.filter(pk__in=found[0].union(*found[1:]) if len(found) > 1 else found[0])
    return rows


def _are_common(everything: QuerySet[Any], words: Sequence[tuple[str, Sequence[str]]]) -> bool:
    """True if enough of the newest rows have all the words in their own columns, or in those of a row that they name."""
    own = [
        [_sampled(everything, field, word) for field in fit if not _several(everything, field)] for word, fit in words
    ]
    if not own or not all(own):
        return False
    newest = list(everything.order_by("-pk").values_list("pk", flat=True)[:NEWEST])
    return everything.filter(*(reduce(or_, fields) for fields in own), pk__in=newest).count() >= COMMON


def _words(asked: str) -> Iterable[str]:
    for word in smart_split(texts.line(asked)):
        yield unescape_string_literal(word) if word[0] == word[-1] and word[0] in "\"'" else word


def _fit(fields: Sequence[str], word: str) -> list[str]:
    """Fields that can match the word: number fields take whole numbers only."""
    return [field for field in fields if not field.endswith("__exact") or word.isdecimal()]


def _read(everything: QuerySet[Any], field: str, word: str) -> Q:
    """Condition on a column of the row or of one that it names; of several rows, those that match are found first."""
    if not (several := _several(everything, field)):
        return Q(**{field.replace("__holds", "__reads"): word})
    path, model, rest = several
    return Q(**{f"{path or 'pk'}__in": model._default_manager.filter(**{rest: word}).order_by().values("pk")})


def _sampled(everything: QuerySet[Any], field: str, word: str) -> Q:
    """The same of one row at a time: joined to a sample, a table that it names might be read whole."""
    first, *rest, lookup = field.split("__")
    named: Any = everything.model._meta.get_field(first)
    if not named.is_relation:
        return _read(everything, field, word)
    rows = named.related_model._default_manager.filter(pk=OuterRef(named.attname)).order_by()
    text: Any = Subquery(rows.values("__".join(rest))[:1])
    return Q(text.get_lookup(lookup.replace("holds", "reads"))(text, word))


def _several(everything: QuerySet[Any], field: str) -> tuple[str, Any, str] | None:
    """For a lookup that meets more than one row: the path to their owner, its model, and the rest of the lookup."""
    model, names = everything.model, field.split("__")
    for place, name in enumerate(names):
        column: Any = model._meta.get_field(name)
        if not column.is_relation:
            return None
        if column.one_to_many or column.many_to_many:
            return "__".join(names[:place]), model, "__".join(names[place:])
        model = column.related_model
    return None
