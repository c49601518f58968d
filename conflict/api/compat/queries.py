"""Conditions on columns of the dyadic format, translated to queries on the incidents table.

Conditions on columns that follow from an event's kind, place or first actor are evaluated once per kind, place and
actor, with the same code that filters rows, so that no rule is written twice.
"""

from collections.abc import Iterable, Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, F, FloatField, Func, Lookup, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractYear

from conflict.api.compat import dyadic_rows
from conflict.api.compat.conditions import BETWEEN, LIKE, Condition, Either
from conflict.api.compat.events import NOWHERE, places_of
from conflict.public import queries
from conflict.record.models import PublishedActor, PublishedIncident


@CharField.register_lookup
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
FIRST_ACTORS = {"actor1": "side_a", "actor2": "side_b"}
OF_KIND = frozenset(dyadic_rows.of_kind(next(iter(dyadic_rows.TYPES))))
OF_PLACE = frozenset(dyadic_rows.of_place(NOWHERE))


def expressible() -> QuerySet[PublishedIncident]:
    """Incidents of a kind that the format can express and with a known actor, in chronological order."""
    seconds = Func(
        F("event__changed_at"), template="floor(extract(epoch FROM %(expressions)s))", output_field=FloatField()
    )
    rows: Any = queries.rows(PublishedIncident)
    found: QuerySet[PublishedIncident] = rows.with_an_actor().filter(kind__in=list(dyadic_rows.TYPES))
    return found.alias(year=ExtractYear("first_day"), dead=Coalesce("deaths_low", 0), stamp=seconds).order_by(
        "sorts_on", "event"
    )


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
    return _direct(condition, DIRECT[column]) if column in DIRECT else None


def _of_first_actor(condition: Condition, side: str) -> Q:
    names = queries.rows(PublishedActor).values_list("label", flat=True).distinct()
    found = Q(**{f"{side}__0__in": [name for name in names if condition({condition.column: name})]})
    return found | Q(**{side: []}) if condition({condition.column: ""}) else found


def _direct(condition: Condition, field: str) -> Q | None:
    if condition.how == LIKE:
        if condition.column != "event_id_cnty":
            return None  # patterns on dates and numbers: too rare to translate
        return _any(Q(**{f"{field}__like": pattern.like}) for pattern in condition.wanted)
    if condition.how == BETWEEN:
        return Q(**{f"{field}__gte": condition.wanted[0], f"{field}__lte": condition.wanted[1]})
    if condition.column == "event_id_cnty":
        return _any(Q(**{f"{field}__iexact": want}) for want in condition.wanted) if condition.how == "=" else None
    return _any(Q(**{f"{field}__{LOOKUPS[condition.how]}": want}) for want in condition.wanted)


def _any(questions: Iterable[Q]) -> Q:
    return reduce(or_, questions)
