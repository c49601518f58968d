"""Totals of the dead of many events: of an episode, an actor, a place, a period, a year, or any other filter."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpResponse
from rest_framework import serializers
from rest_framework.request import Request

from conflict.api.base import ReadOnlyView
from conflict.api.resources import EVENTS
from conflict.documents import body_schemas
from conflict.documents.parts import Party, Ref
from conflict.estimates import identity
from conflict.public import queries
from conflict.public.event_filters import EventFilters
from conflict.public.exceptions import Refusal
from conflict.public.json_responses import written
from conflict.public.parameters import Parameter
from conflict.public.toll import DeadCount, count_dead
from conflict.totals import Count

MOST = 5000  # events read
COUNTED = ("scope", "scope_when", "low", "best", "high", "is_open_above", "is_decided")


class WholeTotal(body_schemas.Total):
    """Total of the figures of the killed, each person once, as far as anybody says who is part of whom."""

    measure = None  # type: ignore[assignment]  # it is that of the answer


class YearTotal(WholeTotal):
    year = serializers.IntegerField()


class MonthTotal(WholeTotal):
    month = serializers.CharField(help_text="YYYY-MM")


class SpanTotal(WholeTotal):
    first_month = serializers.CharField(help_text="YYYY-MM")
    last_month = serializers.CharField(help_text="YYYY-MM")


class Teller(serializers.Serializer):
    party = Party()
    figures = serializers.IntegerField(help_text="How many of the counted figures it gives, alone or with others.")


class Counted(serializers.Serializer):
    """A figure that is counted, and replaces those that it contains."""

    event = Ref()
    scope = serializers.CharField()
    scope_when = serializers.CharField()
    low = serializers.IntegerField(allow_null=True)
    best = serializers.IntegerField(allow_null=True)
    high = serializers.IntegerField(allow_null=True)
    is_open_above = serializers.BooleanField()
    is_decided = serializers.BooleanField(help_text="The figures are those of a finding.")
    claims = serializers.ListField(child=serializers.SlugField())


class Totals(serializers.Serializer):
    measure = serializers.CharField(help_text="killed")
    dead_of = Ref(allow_null=True, help_text="The actor whose dead alone are counted, with those of its units.")
    total = WholeTotal(allow_null=True, help_text="Null if nobody gives a figure.")
    years = YearTotal(many=True, help_text="Figures that lie within a year.")
    months = MonthTotal(many=True, help_text="Figures that lie within a month.")
    spans = SpanTotal(many=True, help_text="Figures that span months, or may.")
    undated = WholeTotal(allow_null=True, help_text="Figures with an open date or none; included in `total`.")
    left_out = serializers.IntegerField(help_text="Figures that may lie outside `after` and `before`.")
    bodies_seen = serializers.IntegerField(help_text="Figures of bodies that were only seen, which count nothing here.")
    claimants = Teller(many=True, help_text="Who gives the counted figures, most of them first.")
    counted = Counted(many=True, help_text="The figures that `total` adds up, in the order of their events.")


class TotalsView(ReadOnlyView):
    """Number of people said to have been killed in the events that a filter finds, as the website shows it.

    With `dead_of` or `actor` only the dead of that actor count, with `after` or `before` only figures that cannot lie
    outside. Totals of months, spans and years need not add up to `total`: a part may lie in a month, its whole in a year.
    """

    shape = Totals

    @property
    def parameters(self) -> dict[str, Parameter]:
        return EventFilters.parameters()

    def get(self, request: Request) -> HttpResponse:
        filters = EventFilters(self.asked, queryset=EVENTS.rows())
        values = filters.values
        dead = count_dead(EventFilters.narrow(EVENTS.rows(), values), values, MOST)
        if dead is None:
            raise Refusal(
                f"More than {MOST:,} events tell of dead: narrow them, by `after` and `before`, `place` or `actor`.",
                code="too_large",
            )
        return written(answer(dead))


def answer(dead: DeadCount) -> dict[str, Any]:
    over_time = dead.over_time
    return {
        "measure": "killed",
        "dead_of": _actor(dead.whose) if dead.whose else None,
        "total": over_time.whole and over_time.whole.as_dict(),
        "years": [{"year": year, **total.as_dict()} for year, total in over_time.years.items()],
        "months": [{"month": f"{month:%Y-%m}", **total.as_dict()} for month, total in over_time.months.items()],
        "spans": [
            {"first_month": f"{first:%Y-%m}", "last_month": f"{last:%Y-%m}", **total.as_dict()}
            for (first, last), total in over_time.spans.items()
        ],
        "undated": over_time.undated and over_time.undated.as_dict(),
        "left_out": over_time.beyond,
        "bodies_seen": dead.bodies_seen,
        "claimants": _tellers(dead.claimants()),
        "counted": _counted(dead),
    }


def _actor(key: str) -> dict[str, str]:
    label = queries.actors().filter(key=key).values_list("label", flat=True).first()
    return {"kind": "actor", "key": key, "name": label or key}


def _tellers(parties: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    tellers: dict[Any, dict[str, Any]] = {}
    for party in parties:
        tellers.setdefault(identity([party]), {"party": party, "figures": 0})["figures"] += 1
    return sorted(tellers.values(), key=lambda teller: (-teller["figures"], teller["party"]["name"]))


def _counted(dead: DeadCount) -> list[dict[str, Any]]:
    place = {event["key"]: number for number, event in enumerate(dead.events)}
    titles = {event["key"]: event["title"] for event in dead.events}
    return [
        {
            "event": {"kind": "event", "key": count.event, "name": titles[count.event]},
            **{name: getattr(count, name) for name in COUNTED},
            "claims": sorted(count.claims),
        }
        for count in sorted(dead.counted, key=lambda count: (place[count.event], _order(count)))
    ]


def _order(count: Count) -> tuple[str, ...]:
    return count.scope, count.scope_when, *sorted(count.claims)
