"""Translations at the desk: inputs for each further language below the texts of an entry, claim or finding."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from conflict.models.translations import kind_of, translated
from conflict.translations import TRANSLATED, is_current
from editorial.admin.base import Children, DeskAdmin
from editorial.admin.desk_form import ChildForm, DeskForm
from editorial.admin.edit_merge import input_name
from editorial.admin.list_filters import FoundFilter, Narrow
from editorial.analysis import translations


def name_of(language: str) -> str:
    """Name of a language in that of the page, small in French; its tag if Django does not know it."""
    try:
        name = str(get_language_info(language)["name_translated"])
        return name.lower() if get_language() == "fr" else name
    except KeyError:
        return language


class TranslatedForm(DeskForm):
    """Form with an input for each text in each language, and a box to confirm that an older translation is still right."""

    kind = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for language in settings.ENTRY_LANGUAGES:
            texts = self.instance.translations.get(language, {})
            for field in TRANSLATED[self.kind]:
                name = input_name(language, field)
                self.initial[name] = texts.get(field, {}).get("text", "")
                if field in texts and not is_current(texts[field], getattr(self.instance, field)):
                    self.fields[name].help_text = _(
                        "Made of an earlier text: translate it anew, or tick the box below."
                    )

    def _post_clean(self) -> None:
        """Set the digests to those of the texts saved with them."""
        super()._post_clean()
        for language in settings.ENTRY_LANGUAGES:
            texts = {
                field: str(self.cleaned_data.get(input_name(language, field)) or "").strip()
                for field in TRANSLATED[self.kind]
                if self.add_prefix(input_name(language, field)) in self.data
            }
            renewed = bool(self.cleaned_data.get(input_name(language, "renewed")))
            self.instance.translations = translated(self.instance, language, texts, renewed=renewed)


class TranslationState(FoundFilter):
    """List filter: translations that are missing or out of date, by language."""

    title = gettext_lazy("translation")
    parameter_name = "translation"

    @property
    def choices_offered(self) -> Mapping[str, tuple[str, Narrow]]:  # type: ignore[override]  # by the settings
        found: dict[str, tuple[str, Narrow]] = {}
        for language in settings.ENTRY_LANGUAGES:
            name = name_of(language)
            found[f"{language}-older"] = (
                _("%(name)s: older than the text") % {"name": name},
                partial(_narrowed, translations.older, language),
            )
            found[f"{language}-missing"] = (
                _("%(name)s: missing") % {"name": name},
                partial(_narrowed, translations.missing, language),
            )
        return found


def _narrowed(narrow: Callable[..., QuerySet[Any]], language: str, rows: Any, _: HttpRequest) -> QuerySet[Any]:
    return narrow(rows, language)


class TranslatedAdmin(DeskAdmin):
    """Admin of entries that have texts to translate."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        return super().get_form(request, obj, change, **{"form": self.translated_form(), **options})

    def translated_form(self) -> type[TranslatedForm]:
        kind = kind_of(self.model)
        inputs: dict[str, forms.Field] = {}
        for language in settings.ENTRY_LANGUAGES:
            for field in TRANSLATED[kind]:
                column = self.model._meta.get_field(field)
                widget = forms.TextInput if column.max_length else forms.Textarea
                inputs[input_name(language, field)] = forms.CharField(
                    required=False,
                    max_length=column.max_length,
                    label=(
                        _("%(verbose_name)s in %(language)s")
                        % {"verbose_name": column.verbose_name, "language": name_of(language)}
                    ).capitalize(),
                    widget=widget(
                        attrs={"lang": language, "dir": "auto", **({} if column.max_length else {"rows": 4})}
                    ),
                )
            inputs[input_name(language, "renewed")] = forms.BooleanField(
                required=False,
                label=_("The %(language)s still says what the changed text says") % {"language": name_of(language)},
            )
        return type("TranslatedForm", (TranslatedForm, self.form), {**inputs, "kind": kind})

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        kind = kind_of(self.model)
        of_languages = [
            (
                _("In %(language)s") % {"language": name_of(language)},
                {
                    "fields": [
                        *(input_name(language, field) for field in TRANSLATED[kind]),
                        input_name(language, "renewed"),
                    ],
                    "classes": ("collapse",),
                    "description": _(
                        "Reviewed and published with the entry. Readers see an older translation marked as such."
                    ),
                },
            )
            for language in settings.ENTRY_LANGUAGES
        ]
        return [*super().get_fieldsets(request, obj), *of_languages]

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [*super().get_list_filter(request), TranslationState]


class TranslatedChildForm(ChildForm):
    """A row with its texts in each language, side by side, so that the editor who saves it has seen them all."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for language, field in _texts(self._meta.model):
            text = self.instance.translations.get(language, {}).get(field, {}).get("text", "")
            self.initial[input_name(language, field)] = text

    def _post_clean(self) -> None:
        super()._post_clean()
        for language, field in _texts(self._meta.model):
            if self.add_prefix(input_name(language, field)) not in self.data:
                continue
            words = str(self.cleaned_data.get(input_name(language, field)) or "").strip()
            self.instance.translations = translated(self.instance, language, {field: words}, renewed=True)


def _texts(model: Any) -> list[tuple[str, str]]:
    return [(language, field) for language in settings.ENTRY_LANGUAGES for field in TRANSLATED[kind_of(model)]]


class TranslatedChildren(Children):
    """Rows with texts in each language."""

    form = TranslatedChildForm

    def column(self, field: str) -> Any:
        return self.model._meta.get_field(field)

    def label(self, field: str, language: str) -> str:
        names = {"verbose_name": self.column(field).verbose_name, "language": name_of(language)}
        return (_("%(verbose_name)s in %(language)s") % names).capitalize()

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        inputs = {
            input_name(language, field): forms.CharField(
                required=False,
                max_length=self.column(field).max_length,
                label=(label := self.label(field, language)),
                widget=forms.TextInput(attrs={"lang": language, "dir": "auto", "aria-label": label}),
            )
            for language, field in _texts(self.model)
        }
        return super().get_formset(request, obj, **{"form": type("ChildForm", (self.form,), inputs), **options})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        inputs = (input_name(language, field) for language, field in _texts(self.model))
        return [*super().get_fields(request, obj), *inputs]


class TranslatedParties(TranslatedChildren):
    """Parties in rows, those described in words in each language."""

    def column(self, field: str) -> Any:
        return super().column("described_as")

    def label(self, field: str, language: str) -> str:
        return _("Described in %(language)s") % {"language": name_of(language)}
