"""Strict query strings of API and website: unknown, repeated or unreadable parameters are rejected, never ignored.

Only tracking parameters that others append to links are removed beforehand (conflict.public.trackers).
"""

from collections.abc import Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from conflict.public.exceptions import Refusal
from conflict.public.parameters import Parameter
from conflict.text import line

Known = Mapping[str, Parameter]


class Parameters:
    """Query parameters of a page: `given` as in the URL, `values` after parsing.

    Raises RefusedParameters with all errors at once. Empty parameters, which a form sends for untouched fields, are
    ignored.
    """

    def __init__(self, query: QueryDict, known: Known) -> None:
        self.known = known
        self.given, refusals = read(query, known, from_form=True)
        faults = [refusal.message for refusal in refusals]
        self.faults_by_name = {refusal.field: refusal.message for refusal in refusals if refusal.field}
        self.values: dict[str, Any] = {}
        for name, parameter in known.items():
            try:
                self.values[name] = parameter.clean(self.given.get(name, ""))
            except ValidationError as fault:
                faults.append(_("“%(name)s”: %(fault)s") % {"name": name, "fault": fault.messages[0]})
                self.faults_by_name[name] = fault.messages[0]
        if faults:
            self.refuse(*faults)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def refuse(self, *faults: str) -> NoReturn:
        """Raises RefusedParameters, for values that are valid on their own but not together."""
        raise RefusedParameters(list(faults), sorted(self.known), self._fields())

    def _fields(self) -> list[tuple[str, str, str]]:
        """Parameters as given, for the form that repeats the question: name, text and fault of each."""
        return [
            (name, self.given.get(name, ""), self.faults_by_name.get(name, ""))
            for name in self.known
            if name in self.given
        ]


class RefusedParameters(Refusal):
    """Page request with invalid parameters. Lists every error in a sentence, and the parameters allowed."""

    def __init__(self, faults: list[str], allowed: list[str], fields: Sequence[tuple[str, str, str]] = ()) -> None:
        super().__init__(" ".join(faults))
        self.faults, self.allowed, self.fields = faults, allowed, fields


def given(query: QueryDict, known: Known) -> dict[str, str]:
    """Parameters of a request by name. Raises Refusal for the first that is unknown, empty, repeated or unreadable."""
    texts, refusals = read(query, known)
    for refusal in refusals:
        if refusal.code == "unknown_parameter":
            could_be = f"It knows {', '.join(sorted(known))}." if known else "It takes none."
            raise Refusal(f"{refusal.message} {could_be}", code=refusal.code, field=refusal.field)
        raise refusal
    return texts


def read(query: QueryDict, known: Known, *, from_form: bool = False) -> tuple[dict[str, str], list[Refusal]]:
    """Texts by name, and errors for the others. From a form, empty fields are ignored."""
    texts: dict[str, str] = {}
    refusals: list[Refusal] = []
    for name, values in _lists(query, known).items():
        if from_form:
            values = [value for value in values if "\x00" in value or line(value)]
        if name not in known:
            message = _("This address has no parameter “%(name)s”.") % {"name": name[:60]}
            refusals.append(Refusal(message, code="unknown_parameter", field=name[:60]))
        elif len(values) > 1 and not known[name].is_list:
            message = _("“%(name)s” is given more than once.") % {"name": name}
            refusals.append(Refusal(message, code="repeated_parameter", field=name))
        elif "\x00" in ",".join(values):
            refusals.append(Refusal(_("“%(name)s” contains a NUL character.") % {"name": name}, field=name))
        elif value := line(",".join(values)):
            texts[name] = value
        elif not from_form:
            message = f"{name} is empty: give it a value, or leave it out."
            refusals.append(Refusal(message, code="empty_parameter", field=name))
    return texts, refusals


def _lists(query: QueryDict, known: Known) -> dict[str, list[str]]:
    """Values by name. A list may be written `kind[]=a&kind[]=b`, as jQuery and PHP do."""
    found: dict[str, list[str]] = {}
    for name, values in query.lists():
        plain = name.removesuffix("[]")
        is_list = plain in known and known[plain].is_list
        found.setdefault(plain if is_list else name, []).extend(values)
    return found


def read_value(known: Known, name: str, texts: Mapping[str, str], *, then: bool = False) -> Any:
    """Parse one parameter; `then` for a question about the past. Raises Refusal that names it."""
    read_text = known[name].clean_then if then else known[name].clean
    try:
        return read_text(texts.get(name, ""))
    except ValidationError as fault:
        raise Refusal(fault.messages[0], field=name) from fault


def query_string(given: Mapping[str, str], **changes: str) -> str:
    """`?name=value…` with these changes; an empty value removes the name."""
    query = {name: value for name, value in {**given, **changes}.items() if value}
    return f"?{urlencode(query)}" if query else ""
