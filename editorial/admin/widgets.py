"""Inputs of the desk: dates that show how they were read, text that shows its normalization, choices with keys."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelect
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from conflict import dates, typed_dates
from conflict import text as texts
from conflict.models.fields import TextInputField
from conflict.wording import days
from editorial.admin.generics import ModelChoiceField, ModelForm
from editorial.model_names import choice_label


def day_comes_first() -> bool:
    """Return True if 10/01/2013 means 10 January: in French it can mean nothing else."""
    return get_language() == "fr"


def understood(text: str) -> str:
    """Meaning of an EDTF text in words; empty for an empty text, the error for an invalid one."""
    if not text:
        return ""
    try:
        when = dates.parse(typed_dates.edtf(text, day_first=day_comes_first()))
    except dates.ImpossibleDate as fault:
        return str(fault)
    words = days.words(when.text)
    if when.precision == dates.Precision.DAY:
        return words
    return _("%(what)s: %(which)s") % {"what": words, "which": _run(when)}


def _run(when: dates.When) -> str:
    first = when.starts_on.isoformat() if when.starts_on else None
    last = (when.ends_before - dates.ONE_DAY).isoformat() if when.ends_before else None
    if first and last:
        return _("between %(first)s and %(last)s") % {"first": first, "last": last}
    return (_("%(first)s or later") % {"first": first}) if first else (_("%(last)s or earlier") % {"last": last})


class EDTFInput(forms.TextInput):
    """A text input with the meaning of its text in words next to it."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        field = super().render(
            name, value, {"size": 24, "autocomplete": "off", "spellcheck": "false", **(attrs or {})}, renderer
        )
        return format_html('{} <span class="understood">{}</span>', field, understood(str(value or "").strip()))


class DateInputField(TextInputField):
    """A date as people type it: EDTF, “9 June 2019”, “Jan 2013”; kept as EDTF."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        try:
            return typed_dates.edtf(text, day_first=day_comes_first()) if text else ""
        except dates.ImpossibleDate as impossible:
            raise forms.ValidationError(str(impossible), code="impossible_date") from impossible


class NamedChoice(ModelChoiceField):
    def label_from_instance(self, obj: models.Model) -> str:
        return choice_label(obj)


def numbers(values: Sequence[str]) -> list[str]:
    """Those values that can be primary keys: what else was posted is refused by the field, and shown as nothing chosen."""
    return [value for value in map(str, values) if texts.primary_key(value)]


class Autocomplete(AutocompleteSelect):
    """Finds by alias. Does not ask for the label of a choice that was loaded with its row."""

    loaded: models.Model | None = None

    def optgroups(self, name: str, value: Sequence[str], attr: Any = None) -> Any:
        if self.loaded is None or list(value) != [str(self.loaded.pk)]:
            return super().optgroups(name, numbers(value), attr)
        option = self.create_option(name, str(self.loaded.pk), choice_label(self.loaded), True, 0)
        empty = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, [*empty, option], 0)]


def show_loaded(form: ModelForm) -> None:
    """Give every autocomplete of the form the related objects already loaded with its row."""
    columns = {column.name for column in form._meta.model._meta.fields}
    for name, field in form.fields.items():
        widget = getattr(field.widget, "widget", field.widget)
        if isinstance(widget, Autocomplete) and name in columns:
            column = form._meta.model._meta.get_field(name)
            if column.is_cached(form.instance):
                widget.loaded = getattr(form.instance, name)


class SaysWhatItReads:
    """A form that notes where it stores something other than what was typed: dates in words, and normalized text.

    A text that differs from the stored one only in line endings or white space stays as stored.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        form: Any = self
        for field in form.fields.values():  # a browser would cut what is pasted without a word; the form refuses it
            field.widget.attrs.pop("maxlength", None)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        form: Any = self
        self.notes: list[str] = []
        for name in form.cleaned_data.keys() & form.fields.keys():
            field, before = form.fields[name], form.initial.get(name)
            if not isinstance(field, TextInputField):
                continue
            typed = str(form.data.get(form.add_prefix(name)) or "")
            if isinstance(before, str) and before and texts.is_the_same(before, typed):
                form.cleaned_data[name] = before
                setattr(form.instance, name, before)
            elif note := _note(field, typed, str(getattr(form.instance, name))):
                self.notes.append(_("%(what)s: %(which)s") % {"what": capfirst(field.label), "which": note})


def _note(field: TextInputField, typed: str, stored: str) -> str:
    if isinstance(field, DateInputField):
        return (
            (
                _("“%(typed)s” was read as %(stored)s, %(understood)s.")
                % {"typed": typed, "stored": stored, "understood": understood(stored)}
            )
            if texts.line(typed) != stored
            else ""
        )
    evened_out = texts.evened_out(typed)
    return (
        (
            _("%(evened_out)s in what was typed or pasted were taken out or replaced by plain ones.")
            % {"evened_out": evened_out}
        )
        if evened_out
        else ""
    )
