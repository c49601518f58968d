"""Base of all published entries: key, position in the log, timestamps, and a body ready to serve."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Upper

from conflict.record.models.publication import Publication
from conflict.record.models.search_words import search_query
from conflict.vocabulary import ReviewState

FEW = 2000  # limit up to which entries are sorted on their own


class Column(models.CharField):
    """A key or a term of the vocabulary; its values are validated at the desk."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"max_length": 120, **options})  # type: ignore[arg-type]


class LabelsField(models.TextField):
    """Translations of the label that are up to date, as JSON text."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"default": "{}", "db_default": "{}", **options})  # type: ignore[arg-type]


class CsvLineField(models.TextField):
    """The row as a line of CSV without its end and without the last cell, the address."""

    def __init__(self, **options: object) -> None:
        super().__init__(**{"blank": True, "default": "", "db_default": "", **options})  # type: ignore[arg-type]


def identifiers_column() -> Any:
    """Column of an entry's identifiers in other systems, each as scheme and value."""
    return ArrayField(models.TextField(), default=list, db_default=[])


Row = TypeVar("Row", bound=models.Model)


CHRONOLOGY = ("sorts_on", "key")
NAME_ORDER = ("label", "key")  # of lists; by code points, whatever the reader's language


class AnyOf(Func):
    """Match a column against a list of keys, passed as one array: writing as many parameters takes ten times as long."""

    template, arg_joiner = "%(expressions)s)", " = ANY("
    output_field = models.BooleanField()

    def __init__(self, column: str, keys: Collection[str], **extra: Any) -> None:
        super().__init__(column, Value(array(keys)), **extra)


def array(keys: Collection[str]) -> str:
    """Keys as a PostgreSQL array literal: adapting them one by one takes psycopg several times as long."""
    items = '","'.join(keys)
    if "\\" in items or items.count('"') != 2 * len(keys) - 2:
        items = '","'.join(key.replace("\\", "\\\\").replace('"', '\\"') for key in keys)
    return f'{{"{items}"}}' if keys else "{}"


class LinkedQuerySet(models.QuerySet[Row]):
    """Rows that can be read through a link: a table with an index by actor, place or party, in chronological order.

    A link repeats its row's position in the chronology. So the first page for an actor is the beginning of an index,
    however many rows there are; finding and then sorting them would cost as much as reading all.
    """

    instead: frozenset[str] = frozenset()  # columns with a substitute
    may_be_few: bool = False  # set if the rows may be few enough to be found before sorting

    def along(self, link: str, row: str, *copied: str, **conditions: object) -> Self:
        """Rows reached through a link with these values, at most one each; `row` is the link's key of the row.

        The first link determines the order: from then on, the order columns, and those `copied`, are the link's.
        """
        found = self.filter(**{f"{link}__{name}": value for name, value in conditions.items()})
        columns = {"sorts_on": "sorts_on", "key": row, **{name: name for name in copied}}
        return found.asking_instead(**{name: F(f"{link}__{column}") for name, column in columns.items()})

    def linked(self, links: models.QuerySet[Any], row: str, *, to: str = "key") -> Self:
        """Rows also reached through one of these links. Two lists in the same order are merged."""
        same = {row: OuterRef(self.column(to)), "sorts_on": OuterRef(self.column("sorts_on"))}
        return self.filter(Exists(links.filter(**same)))

    def asking_instead(self, **columns: Combinable) -> Self:
        """Replace these columns by equivalent expressions in filters and orderings."""
        asked = self.alias(**{f"along_{name}": expression for name, expression in columns.items()})
        asked.instead = self.instead | columns.keys()
        return asked

    def column(self, name: str) -> str:
        """Name to use for this column in filters and orderings."""
        return f"along_{name}" if name in self.instead else name

    def order(self, columns: Sequence[str]) -> tuple[str, ...]:
        """Names to use for the columns of an ordering; a link has substitutes only for the chronological one."""
        return tuple(map(self.column, columns)) if tuple(columns) == CHRONOLOGY else tuple(columns)

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # the method by which Django copies a queryset's attributes
        clone.instead, clone.may_be_few = self.instead, self.may_be_few
        return clone


class PublishedQuerySet(LinkedQuerySet[Row]):
    """Queries common to every kind of published entry."""

    def without_search(self) -> Self:
        """Rows without the columns that are only searched or exported: they are as large as the rest, and pages show none."""
        return self.defer("search", "search_text", "csv_line")

    def matching(self, words: str) -> Self:
        """Entries whose text, names and aliases contain all the words, ignoring accents and endings."""
        return self.with_words(words).found_first_if_few()

    def found_first_if_few(self) -> Self:
        """If the words match only a few rows, find those before sorting."""
        few = self.few() if self.may_be_few else None
        return self if few is None else few

    def with_words(self, words: str) -> Self:
        """Entries that contain all the words; `few` finds out later whether there are few.

        Nobody knows in advance how often several words occur together. So the word index is tried first, and a short
        result is sorted: a planner that expects many matches reads everything in order until it has enough, which takes
        five hundred times as long for words that never occur together.
        """
        found = self.filter(search=search_query(words))
        found.may_be_few = len(words.split()) > 1
        return found

    def few(self) -> Self | None:
        """Find the rows before sorting them; None if there are too many."""
        keys = list(self.order_by().values_list("pk", flat=True)[: FEW + 1])
        return self.filter(AnyOf("pk", keys)) if len(keys) <= FEW else None

    def changed_since(self, moment: datetime) -> Self:
        return self.filter(changed_at__gte=moment)

    def published_since(self, moment: datetime) -> Self:
        return self.filter(first_published_at__gte=moment)


class PublishedEntry(models.Model):
    """Current public version of one entry. A projection that can be rebuilt from the log at any time."""

    entry_kind: ClassVar[str]

    key = Column(primary_key=True)
    publication = models.ForeignKey(Publication, models.DO_NOTHING, related_name="+")
    version = models.PositiveIntegerField()
    first_published_at = models.DateTimeField()
    changed_at = models.DateTimeField(help_text="Last change of substance; vocabulary and geocoding do not move it.")
    review_state = models.CharField(
        max_length=20, choices=ReviewState, default=ReviewState.NOT_YET, db_default=ReviewState.NOT_YET.value
    )
    reviewed_on = models.DateField(null=True, help_text="When a second person had read what is public now.")
    label = models.CharField(max_length=500)
    labels = LabelsField()
    names = models.TextField(blank=True, help_text="All names and aliases, for the search text of what refers to it.")
    body = models.TextField(blank=True, help_text="What the API answers, as JSON text.")
    csv_line = CsvLineField()
    search_text = models.TextField(blank=True, help_text="Texts by stemmer, as JSON.")
    search = models.GeneratedField(
        expression=models.Func("search_text", function="chronology_search"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        abstract = True
        indexes = [
            GinIndex(fields=["search"], name="%(class)s_search"),  # ?search=
            models.Index(fields=["changed_at", "key"], name="%(class)s_changed"),  # ordering and changed_since
            models.Index(fields=["first_published_at", "key"], name="%(class)s_published"),
            models.Index(
                fields=["review_state", "publication"], name="%(class)s_review"
            ),  # count and list of the unread
            GinIndex(OpClass(Upper("label"), name="gin_trgm_ops"), name="%(class)s_trgm"),  # misspelt names
        ]

    def __str__(self) -> str:
        return self.label


def within(path: str, key: str) -> Q:
    """Rows with the key in their `path`, the keys from the top down to the row's own."""
    return Q(**{f"{path}__contains": [key]})
