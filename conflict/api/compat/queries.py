"""Conditions on columns of the dyadic format, translated to queries on the incidents table.

Conditions on columns that follow from an event's kind, place or first actor are evaluated once per kind, place and
actor, with the same code that filters rows, so that no rule is written twice.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    F,
    FloatField,
    Func,
    JSONField,
    Lookup,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Collate, Concat, ExtractYear, Lower, NullIf, Trim

from conflict.api.compat import dyadic_rows
from conflict.api.compat.conditions import BETWEEN, LIKE, Condition, Either
from conflict.api.compat.events import NOWHERE, places_of
from conflict.public import queries
from conflict.record.models import PublishedActor, PublishedIncident
from conflict.record.projection.incidents import Actor


@CharField.register_lookup
@TextField.register_lookup
class Like(Lookup):
    """SQL pattern in which % matches anything; case-insensitive."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, given = self.process_lhs(compiler, connection)
        right, pattern = self.process_rhs(compiler, connection)
        return f"{left} ILIKE {right}", (*given, *pattern)


LOOKUPS = {"=": "exact", ">": "gt", "<": "lt", ">=": "gte", "<=": "lte"}
DIRECT = {
    "event_id_cnty": "event__key",
    "event_date": "first_day",
    "year": "year",
    "fatalities": "dead",
    "timestamp": "stamp",
}
NOTHING = Q(pk__in=[])
EMPTY = Value("", output_field=TextField())
TEXTS = {"notes": "said", "assoc_actor_1": "others_a", "assoc_actor_2": "others_b"}
FEW_VALUES = {"time_precision": (1, 2, 3), "geo_precision": (1, 2, 3)}
TYPES_OF_ACTORS = ("inter1", "inter2", "interaction")
ALWAYS_EMPTY = ("source_scale", "tags")
FIRST_ACTORS = {"actor1": "first_a", "actor2": "first_b"}
OF_KIND = frozenset(dyadic_rows.of_kind(next(iter(dyadic_rows.TYPES))))
OF_PLACE = frozenset(dyadic_rows.of_place(NOWHERE))


def expressible() -> QuerySet[PublishedIncident]:
    """Incidents of a kind that the format can express and with a known actor, in chronological order."""
    seconds = Func(
        F("event__changed_at"), template="floor(extract(epoch FROM %(expressions)s))", output_field=FloatField()
    )
    rows: Any = queries.rows(PublishedIncident)
    found: QuerySet[PublishedIncident] = rows.with_an_actor().filter(kind__in=list(dyadic_rows.TYPES))
    found = found.alias(year=ExtractYear("first_day"), dead=Coalesce("deaths_low", 0), stamp=seconds)
    return found.alias(**_as_text(), **_by_side(), **_from_the_body()).order_by("sorts_on", "event")


def _as_text() -> dict[str, Any]:
    whole = BigIntegerField()
    return {
        "lower_key": Collate(Lower("event__key"), "C"),
        "first_day_text": Func(F("first_day"), Value("YYYY-MM-DD"), function="to_char", output_field=CharField()),
        **{f"{name}_text": Cast(Cast(name, whole), CharField()) for name in ("year", "dead", "stamp")},
    }


def _by_side() -> dict[str, Any]:
    """Texts made of the names on both sides, the first one first."""
    first = "coalesce((%(expressions)s)[1], '')"
    others = "array_to_string((%(expressions)s)[2:], '; ')"
    return {
        f"{name}_{side}": Func(F(f"side_{side}"), template=template, output_field=CharField())
        for name, template in (("first", first), ("others", others))
        for side in ("a", "b")
    }


def _from_the_body() -> dict[str, Any]:
    body = Cast("event__body", JSONField())
    precision = Coalesce(NullIf(KT("shown__location_precision"), EMPTY), KT("shown__coordinates__precision"), EMPTY)
    return {
        "shown": body,
        "said": Trim(Concat(KT("shown__title"), Value(". "), KT("shown__summary"), output_field=TextField())),
        "precision": precision,
        "geo_precision": Case(
            *(When(precision=kind.value, then=Value(number)) for kind, number in dyadic_rows.GEO_PRECISION.items()),
            default=Value(3),
        ),
        "time_precision": Case(
            When(last_day=F("first_day"), then=Value(1)),
            When(last_day__lte=F("first_day") + timedelta(days=6), then=Value(2)),
            default=Value(3),
        ),
    }


def narrowed(
    rows: QuerySet[PublishedIncident], asked: Sequence[Either]
) -> tuple[QuerySet[PublishedIncident], list[Either]]:
    """Rows filtered as far as the database can, and the conditions left to check row by row."""
    left = []
    for either in asked:
        questions = [question(condition) for condition in either]
        if any(one is None for one in questions):
            left.append(either)
        else:
            rows = rows.filter(reduce(or_, filter(None, questions)))
    return rows, left


def question(condition: Condition) -> Q | None:
    """The condition as a database filter; None if there is no equivalent."""
    column = condition.column
    if column in OF_KIND:
        return Q(kind__in=[kind for kind in dyadic_rows.TYPES if condition(dyadic_rows.of_kind(kind))])
    if column in OF_PLACE:
        found = [key for key, place in places_of().items() if condition(dyadic_rows.of_place(place))]
        nowhere = Q(location__isnull=True) if condition(dyadic_rows.of_place(NOWHERE)) else Q(pk__in=[])
        return Q(location__in=found) | nowhere
    if column in FIRST_ACTORS:
        return _of_first_actor(condition, FIRST_ACTORS[column])
    if column in ALWAYS_EMPTY:
        return Q() if condition({column: ""}) else NOTHING
    if column in FEW_VALUES:
        return Q(**{f"{column}__in": [value for value in FEW_VALUES[column] if condition({column: value})]})
    if column == "civilian_targeting":
        targeted = _at_civilians()
        holds = [condition({column: text}) for text in ("Civilian targeting", "")]
        return Q() if all(holds) else targeted if holds[0] else ~targeted if holds[1] else NOTHING
    if column in TYPES_OF_ACTORS:
        return _of_types(condition)
    if condition.how == LIKE and column in TEXTS:
        return _any(Q(**{f"{TEXTS[column]}__like": pattern.like}) for pattern in condition.wanted)
    return _direct(condition, DIRECT[column]) if column in DIRECT else None


def codes() -> dict[str, int]:
    """Types of actors by name."""
    rows = queries.rows(PublishedActor).order_by("-key").values_list("key", "label", "kind", "family")
    return {row[1]: dyadic_rows.code((Actor(*row),)) for row in rows}


def _of_types(condition: Condition) -> Q:
    """Combinations of the types of the first actors, each one looked up by the actors' names."""
    names: dict[int, list[str]] = {0: [""]}
    for label, code in codes().items():
        names.setdefault(code, []).append(label)
    pairs = [
        (first, second)
        for first in names.keys() - {0}
        for second in names
        if condition({"inter1": first, "inter2": second, "interaction": dyadic_rows.interaction(first, second)})
    ]
    return _any([NOTHING, *(Q(first_a__in=names[first], first_b__in=names[second]) for first, second in sorted(pairs))])


def _of_first_actor(condition: Condition, side: str) -> Q:
    names = ["", *queries.rows(PublishedActor).values_list("label", flat=True).distinct()]
    return Q(**{f"{side}__in": [name for name in names if condition({condition.column: name})]})


def _at_civilians() -> Q:
    targeting = dyadic_rows.targets_civilians
    always = [kind for kind in dyadic_rows.TYPES if targeting(kind, 0)]
    by_target = [kind for kind in dyadic_rows.TYPES if targeting(kind, dyadic_rows.CIVILIAN)]
    civilians = sorted(label for label, code in codes().items() if code == dyadic_rows.CIVILIAN)
    return Q(kind__in=always) | Q(kind__in=by_target, first_b__in=civilians)


def _direct(condition: Condition, field: str) -> Q | None:
    if condition.how == LIKE:
        field = {"event__key": field}.get(field, f"{field}_text")
        return _any(Q(**{f"{field}__like": pattern.like}) for pattern in condition.wanted)
    if condition.how == BETWEEN:
        return Q(**{f"{field}__gte": condition.wanted[0], f"{field}__lte": condition.wanted[1]})
    if condition.column == "event_id_cnty":
        return _any(Q(**{f"lower_key__{LOOKUPS[condition.how]}": want}) for want in condition.wanted)
    return _any(Q(**{f"{field}__{LOOKUPS[condition.how]}": want}) for want in condition.wanted)


def _any(questions: Iterable[Q]) -> Q:
    return reduce(or_, questions)
