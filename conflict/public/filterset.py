"""The base of all filters: declared by name, each with its parameter and the queryset's own word for it."""

from collections.abc import Callable, Mapping
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from conflict.dates import When
from conflict.public.exceptions import Refusal
from conflict.public.parameters import Parameter

Rows = Any  # a queryset with the vocabulary of its model
Values = Mapping[str, Any]
NOTHING: tuple[Any, ...] = (None, "", [])


class ParameterFilter(django_filters.Filter):  # type: ignore[misc]  # django-filter carries no types
    """A filter in one line: the parameter it reads, and how it narrows the rows: by a look-up of Django's, or by a function."""

    beside: tuple[str, ...] = ()

    def __init__(self, parameter: Parameter, narrow: str | Callable[..., Rows]) -> None:
        super().__init__()
        self.parameter = parameter
        self.narrow: Callable[..., Rows] = by_lookup(narrow) if isinstance(narrow, str) else narrow

    @property
    def field(self) -> Parameter:
        return self.parameter

    def applied(self, rows: Rows, value: Any, values: Values) -> Rows:
        return self.narrow(rows, value)


def by_lookup(lookup: str) -> Callable[..., Rows]:
    return lambda rows, value: rows.filter(**{lookup: value})


class CombinedFilter(ParameterFilter):
    """A filter that reads other parameters too: `narrow(rows, value, values)`.

    It means something only `beside` one of these, and says by `remedy` what to add where it stands alone. Without a
    `narrow`, the other reads it.
    """

    def __init__(
        self,
        parameter: Parameter,
        narrow: Callable[..., Rows] | None = None,
        *,
        beside: tuple[str, ...] = (),
        remedy: str = "",
    ) -> None:
        super().__init__(parameter, narrow or (lambda rows, _value, _values: rows))
        self.beside, self.remedy = beside, remedy

    def applied(self, rows: Rows, value: Any, values: Values) -> Rows:
        return self.narrow(rows, value, values)


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """The base of all filter sets. They narrow in the order in which they are declared."""

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        return {name: declared.parameter for name, declared in cls.base_filters.items()}

    @classmethod
    def narrow(cls, rows: Rows, values: Values) -> Rows:
        """The rows that fit values that were read and checked."""
        for name, declared in cls.base_filters.items():
            if values.get(name) not in NOTHING:
                rows = declared.applied(rows, values[name], values)
        return rows

    @classmethod
    def check(cls, values: Values) -> None:
        """Raises Refusal for a parameter that lacks its companion, and for a range that ends before it starts."""
        asked = {name for name, value in values.items() if value not in NOTHING}
        for name, declared in cls.base_filters.items():
            if name in asked and declared.beside and asked.isdisjoint(declared.beside):
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
        """The rows asked for. Raises Refusal."""
        return self.narrow(self.queryset, self.values)  # type: ignore[no-any-return]


def refuse_reversed(values: Values) -> None:
    """Raises Refusal where the upper bound of a range lies below the lower one."""
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
