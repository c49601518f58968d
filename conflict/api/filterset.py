"""Asking: declared filters, and a form over them that ignores nothing."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict

from conflict.api.errors import Refusal
from conflict.api.parameters import Moment, Parameter
from conflict.dates import When

Rows = Any  # a queryset with the vocabulary of its model
NOTHING: tuple[Any, ...] = (None, "", [])


class ParameterFilter(django_filters.Filter):  # type: ignore[misc]  # django-filter carries no types
    """A filter in one line: the parameter it reads, and the queryset's own word for it."""

    def __init__(self, parameter: Parameter, narrow: Callable[[Rows, Any], Rows] | None = None) -> None:
        super().__init__()
        self.parameter, self.narrow = parameter, narrow

    @property
    def field(self) -> Parameter:
        return self.parameter

    def filter(self, rows: Rows, value: Any) -> Rows:
        return rows if self.narrow is None or value in NOTHING else self.narrow(rows, value)


class CombinedFilter(NamedTuple):
    """Parameters that mean something only beside another one (or one of several)."""

    beside: str | tuple[str, ...]
    names: tuple[str, ...]
    remedy: str

    def lonely(self, asked: Mapping[str, Any]) -> str | None:
        """The first parameter given without its companion."""
        companions = (self.beside,) if isinstance(self.beside, str) else self.beside
        if any(asked.get(name) not in NOTHING for name in companions):
            return None
        return next((name for name in self.names if asked.get(name) not in NOTHING), None)


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """The base of all filter sets. Parameters that narrow nothing (`ordering` …) are declared here too, or where used."""

    together: tuple[CombinedFilter, ...] = ()

    @classmethod
    def parameters(cls) -> dict[str, Parameter]:
        return {name: ask.parameter for name, ask in cls.base_filters.items()}

    def narrowed(self) -> QuerySet[Any]:
        """The rows asked for. Raises Refusal that names the first parameter at fault."""
        self.checked()
        return self.filter_queryset(self.queryset)  # type: ignore[no-any-return]

    def checked(self) -> dict[str, Any]:
        """The values asked for, by name. Raises Refusal."""
        for name, faults in self.form.errors.items():
            raise Refusal(str(faults[0]), field=None if name == "__all__" else name)
        for rule in self.together:
            if lonely := rule.lonely(self.values):
                raise Refusal(f"{lonely} alone says nothing. {rule.remedy}", field=lonely)
        refuse_reversed(self.values)
        return self.values

    @property
    def values(self) -> dict[str, Any]:
        return dict(self.form.cleaned_data)


def refuse_reversed(asked: Mapping[str, Any]) -> None:
    """Raises Refusal where the upper bound of a range lies below the lower one."""
    after, before = asked.get("after"), asked.get("before")
    if isinstance(after, When) and isinstance(before, When):
        start, end = after.starts_on, before.ends_before
        if start and end and start >= end:
            raise Refusal("The period ends before it starts: `before` is earlier than `after`.", field="before")
    least, most = asked.get("at_least"), asked.get("at_most")
    if least is not None and most is not None and least > most:
        raise Refusal(
            "No figure can be at least `at_least` and at most `at_most`: put the lower first.", field="at_most"
        )


def given(query: QueryDict, known: Mapping[str, Parameter]) -> dict[str, str]:
    """The parameters of a request, each once. Raises Refusal for what is unknown, empty, repeated or unreadable."""
    asked = {}
    for name, values in query.lists():
        if name not in known:
            could_be = f"It knows {', '.join(sorted(known))}." if known else "It takes none."
            raise Refusal(
                f"This address has no parameter “{name[:60]}”. {could_be}", code="unknown_parameter", field=name[:60]
            )
        if len(values) > 1 and not known[name].is_list:
            raise Refusal(f"{name} is given {len(values)} times; give it once.", code="repeated_parameter", field=name)
        value = ",".join(values).strip()
        if not value:
            raise Refusal(f"{name} is empty: give it a value, or leave it out.", code="empty_parameter", field=name)
        if "\x00" in value:
            raise Refusal(f"{name} contains a NUL character.", field=name)
        asked[name] = value
    return asked


def since_parameters() -> dict[str, ParameterFilter]:
    return {
        "changed_since": ParameterFilter(
            Moment("Last changed in substance at this moment or later."), lambda rows, at: rows.changed_since(at)
        ),
        "published_since": ParameterFilter(
            Moment("First published at this moment or later."), lambda rows, at: rows.published_since(at)
        ),
    }


def search_parameter() -> ParameterFilter:
    return ParameterFilter(
        Parameter(
            "Words that all occur in the text, names or aliases. Accents and endings do not matter: "
            '`Menaka` finds Ménaka. `"quoted words"`, `or` and `-without` work.'
        ),
        lambda rows, words: rows.with_words(words),
    )
