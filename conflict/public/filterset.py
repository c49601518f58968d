"""Base of all filters: declared by name, each with its parameter and the queryset method that it calls."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import django_filters
from django.db.models import QuerySet, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from conflict.dates import When
from conflict.public.exceptions import Refusal
from conflict.public.parameters import Parameter

Rows = Any  # a queryset with its model's methods
Values = Mapping[str, Any]
NOTHING: tuple[Any, ...] = (None, "", [])


class Choice(NamedTuple):
    """Select list for one term of a vocabulary: its label, and the sentence that describes what it leaves."""

    terms: type[TextChoices]
    label: Promise
    sentence: Promise


class ParameterFilter(django_filters.Filter):  # type: ignore[misc]  # django-filter has no type hints
    """One-line filter: the parameter that it reads, and the Django lookup or function that filters the rows.

    With a `choice`, the website's form offers it as a select list.
    """

    beside: tuple[str, ...] = ()

    def __init__(self, parameter: Parameter, narrow: str | Callable[..., Rows], choice: "Choice | None" = None) -> None:
        super().__init__()
        self.parameter, self.choice = parameter, choice
        self.lookup = narrow if isinstance(narrow, str) else ""
        self.narrow: Callable[..., Rows] = by_lookup(narrow) if isinstance(narrow, str) else narrow

    @property
    def field(self) -> Parameter:
        return self.parameter

    def applied(self, rows: Rows, value: Any, values: Values) -> Rows:
        return self.narrow(rows, value)


def by_lookup(lookup: str) -> Callable[..., Rows]:
    return lambda rows, value: rows.filter(**{lookup: value})


class CombinedFilter(ParameterFilter):
    """Filter that reads other parameters too: `narrow(rows, value, values)`.

    It is valid only `beside` one of these; `remedy` tells what to add if none is given. Without a `narrow`, the other
    filter reads its value.
    """

    def __init__(
        self,
        parameter: Parameter,
        narrow: Callable[..., Rows] | None = None,
        *,
        beside: tuple[str, ...] = (),
        remedy: str = "",
        choice: Choice | None = None,
    ) -> None:
        super().__init__(parameter, narrow or (lambda rows, _value, _values: rows), choice)
        self.beside, self.remedy = beside, remedy

    def applied(self, rows: Rows, value: Any, values: Values) -> Rows:
        return self.narrow(rows, value, values)


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """Base of all filter sets. Filters apply in the order of their declaration."""

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        return {name: declared.parameter for name, declared in cls.base_filters.items()}

    @classmethod
    def narrow(cls, rows: Rows, values: Values) -> Rows:
        """Rows that match values already parsed and checked."""
        for name, declared in cls.base_filters.items():
            if values.get(name) not in NOTHING:
                rows = declared.applied(rows, values[name], values)
        return rows

    @classmethod
    def check(cls, values: Values) -> None:
        """Raises Refusal for a parameter that lacks its companion, or a range that ends before it starts."""
        given = {name for name, value in values.items() if value not in NOTHING}
        for name, declared in cls.base_filters.items():
            if name in given and declared.beside and given.isdisjoint(declared.beside):
                raise Refusal(f"{name} alone says nothing. {declared.remedy}", field=name)
        refuse_reversed(values)

    @property
    def values(self) -> dict[str, Any]:
        """The values given, by name. Raises Refusal for the first invalid parameter."""
        for name, faults in self.form.errors.items():
            raise Refusal(str(faults[0]), field=name)
        values = dict(self.form.cleaned_data)
        self.check(values)
        return values

    @property
    def qs(self) -> QuerySet[Any]:
        """The matching rows. Raises Refusal."""
        return self.narrow(self.queryset, self.values)  # type: ignore[no-any-return]


def refuse_reversed(values: Values) -> None:
    """Raises Refusal if the upper bound of a range is below the lower one."""
    after, before = values.get("after"), values.get("before")
    if isinstance(after, When) and isinstance(before, When):
        start, end = after.starts_on, before.ends_before
        if start and end and start >= end:
            raise Refusal(_("The period ends before it starts: put the earlier date first."), field="before")
    least, most = values.get("at_least"), values.get("at_most")
    if least is not None and most is not None and least > most:
        raise Refusal(
            "No figure can be at least `at_least` and at most `at_most`: put the lower first.", field="at_most"
        )
