"""Finding a word within a text, accents and capitals aside, by an index: what the desk's search boxes ask."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models


class Plain(models.Func):
    """A text in capitals and without accents. PostgreSQL's own `unaccent` may not stand in an index: this one may."""

    function = "chronology_plain"
    output_field = models.TextField()


class Holds(models.Lookup):
    """`title__holds="menaka"`: the text has these letters in this order, anywhere."""

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
    """`title__reads="menaka"`: the same without an index, for what many rows hold; as such the planner takes it."""

    lookup_name = "reads"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        text, of_text = self.process_lhs(compiler, connection)
        word, of_word = self.process_rhs(compiler, connection)
        return f"strpos(chronology_plain({text}), chronology_plain({word})) > 0", (*of_text, *of_word)


for lookup in (Holds, Reads):
    models.CharField.register_lookup(lookup)
    models.TextField.register_lookup(lookup)


def held_in(column: str, *, of: str) -> GinIndex:
    """The index that answers `holds` for one column of a table."""
    return GinIndex(OpClass(Plain(column), name="gin_trgm_ops"), name=f"{of}_holds_{column}"[:30])
