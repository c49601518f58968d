"""Substring search in texts, ignoring accents and case, by an index; used by the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import connection, models, transaction


class Plain(models.Func):
    """A text in upper case without accents. Unlike PostgreSQL's own `unaccent`, this function may be used in an index."""

    function = "chronology_plain"
    output_field = models.TextField()


class Holds(models.Lookup):
    """`title__holds="esperanca"`: the text contains these letters in this order, anywhere."""

    lookup_name = "holds"

    def get_prep_lookup(self) -> str:
        for special in ("\\", "%", "_"):
            self.rhs = str(self.rhs).replace(special, f"\\{special}")
        return f"%{self.rhs}%"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        text, of_text = self.process_lhs(compiler, connection)
        word, of_word = self.process_rhs(compiler, connection)
        return f"chronology_plain({text}) LIKE chronology_plain({word})", (*of_text, *of_word)


class Reads(models.Lookup):
    """`title__reads="esperanca"`: like `holds` but without the index, for words that many rows contain."""

    lookup_name = "reads"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        text, of_text = self.process_lhs(compiler, connection)
        word, of_word = self.process_rhs(compiler, connection)
        return f"strpos(chronology_plain({text}), chronology_plain({word})) > 0", (*of_text, *of_word)


class Resembles(models.Lookup):
    """`title__resembles="The fall of the town"`: a third of the trigrams are the same; found by the index for `holds`."""

    lookup_name = "resembles"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        text, of_text = self.process_lhs(compiler, connection)
        word, of_word = self.process_rhs(compiler, connection)
        return f"chronology_plain({text}) %% chronology_plain({word})", (*of_text, *of_word)


@contextmanager
def threshold(share: float) -> Iterator[None]:
    """Let `resembles` find only texts that have at least this share of trigrams in common."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT show_limit()")
        usual = str(cursor.fetchone()[0])
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(share)])
        yield
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [usual])


for lookup in (Holds, Reads, Resembles):
    models.CharField.register_lookup(lookup)
    models.TextField.register_lookup(lookup)


def indexed(lookup: str, words: str) -> models.Q:
    """Condition such as `title__iexact`, for a column with an index for `holds`, which then finds the rows."""
    column, _, _comparison = lookup.rpartition("__")
    return models.Q(**{lookup: words, f"{column}__holds": words})


def held_in(column: str, *, of: str) -> GinIndex:
    """Index for `holds` on one column of a table."""
    return GinIndex(OpClass(Plain(column), name="gin_trgm_ops"), name=f"{of}_holds_{column}"[:30])


def chosen_in(column: str, *, of: str) -> models.Index:
    """Index for a list's filter by the values of one column: also for those that no row has."""
    return models.Index(fields=[column], name=f"{of}_by_{column}"[:30])
