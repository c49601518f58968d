"""Mappings of custom tables: a sample file provides the columns, and the editor assigns each to a field."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from conflict import text as texts
from conflict.models.entry import well_formed_key
from editorial.admin.template_pages import TemplatePages
from editorial.admin.upload_form import CHOOSE_AGAIN
from editorial.import_export import files, permissions, sheet_fields, uploads
from editorial.import_export.exceptions import FileRefused
from editorial.models import SheetMapping

LONGEST = 300


class MappingForm(forms.Form):
    """Two inputs for each field of an event: the column that holds it, and its value if no column does."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=100,
        help_text=gettext_lazy("As it is called in the list of what a file may hold."),
    )
    key = forms.SlugField(
        label=gettext_lazy("Key"),
        max_length=40,
        validators=[well_formed_key],
        help_text=gettext_lazy("Short and lasting: its events are known by it. Lower-case letters, digits, hyphens."),
    )
    sample = forms.FileField(
        label=gettext_lazy("Sample file"),
        required=False,
        help_text=gettext_lazy("A file of this kind, CSV or XLSX: its columns are offered below. It is not kept."),
    )

    def __init__(self, mapping: SheetMapping | None, columns: list[str], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.mapping = mapping
        if mapping:
            self.fields["key"].disabled = True
        offered = sorted({*columns, *(mapping.columns.values() if mapping else ())})
        for field, explained in sheet_fields.FIELDS.items():
            is_needed = _(" Needed.") if field in sheet_fields.NEEDED else ""
            choices = [("", _("no column")), *((column, column) for column in offered)]
            guess = sheet_fields.guess(field, offered)
            chosen = mapping.columns.get(field, "") if mapping else guess
            self.fields[f"column_{field}"] = forms.ChoiceField(
                choices=choices,
                required=False,
                initial=chosen,
                label=pgettext("field", field.replace("_", " ")),
                help_text=f"{explained}{is_needed}",
            )
            self.fields[f"constant_{field}"] = forms.CharField(
                required=False,
                max_length=LONGEST,
                label=_("%(field)s, in every row") % {"field": pgettext("field", field.replace("_", " "))},
                initial=mapping.constants.get(field, "") if mapping else "",
            )

    def _given(self, prefix: str) -> dict[str, str]:
        named = ((name.removeprefix(prefix), value) for name, value in self.cleaned_data.items())
        return {field: str(value) for field, value in named if field in sheet_fields.FIELDS and value}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        columns, constants = self._given("column_"), self._given("constant_")
        try:
            sheet_fields.check(columns, constants)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error
        taken = SheetMapping.objects.exclude(pk=self.mapping.pk if self.mapping and self.mapping.pk else 0)
        for field in ("name", "key"):
            if taken.filter(**{field: cleaned.get(field)}).exists():
                self.add_error(field, _("Another mapping has this one: choose another."))
        return {**cleaned, "columns": columns, "constants": constants}


@admin.register(SheetMapping)
class SheetMappingAdmin(TemplatePages):
    """Available to users who may import data sets."""

    list_display = ("name", "key", "made_by", "made_at")
    list_select_related = ("made_by",)
    ordering = ("name",)
    actions: Any = None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return permissions.may_import_dataset(request.user)  # type: ignore[arg-type]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.may_import_dataset(request.user)  # type: ignore[arg-type]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.may_import_dataset(request.user)  # type: ignore[arg-type]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return permissions.may_import_dataset(request.user)  # type: ignore[arg-type]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self._edit(request, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return self._edit(request, get_object_or_404(SheetMapping, pk=texts.primary_key(object_id)))

    def _edit(self, request: HttpRequest, mapping: SheetMapping | None) -> HttpResponse:
        """Offer the columns of a sample if one was uploaded; otherwise save the form."""
        user: Any = request.user
        initial = {"name": mapping.name, "key": mapping.key} if mapping else {}
        columns = request.POST.getlist("offered")
        if request.method == "POST" and request.FILES.get("sample"):
            try:
                columns = columns_of(request.FILES["sample"])
                messages.info(
                    request, _("%(columns)s columns were found: say what they hold.") % {"columns": len(columns)}
                )
            except FileRefused as refusal:
                messages.error(request, f"{refusal} {CHOOSE_AGAIN}")
            form = MappingForm(
                mapping, columns, initial=initial | {name: value for name, value in request.POST.items() if value}
            )
        else:
            form = MappingForm(mapping, columns, request.POST or None, initial=initial)
            if request.method == "POST" and form.is_valid():
                given = form.cleaned_data
                mapping = mapping or SheetMapping(key=given["key"], made_by=user, made_at=timezone.now())
                mapping.name, mapping.columns, mapping.constants = given["name"], given["columns"], given["constants"]
                mapping.save()
                messages.success(request, _("Saved. Files of this kind can be imported now."))
                holds = reverse("admin:editorial_importrun_add")
                return HttpResponseRedirect(f"{holds}?holds=sheet:{mapping.key}")
        context = {
            "title": _("Mapping of a table of one's own"),
            "form": form,
            "pairs": [(form[f"column_{field}"], form[f"constant_{field}"]) for field in sheet_fields.FIELDS],
            "offered": columns,
        }
        return self.page(request, "form", context)


def columns_of(upload: Any) -> list[str]:
    """The columns of a sample file, as mappings store them. Raises FileRefused."""
    uploads.refuse_too_large(upload.size, is_table=True)
    path = uploads.keep(upload)
    try:
        return sheet_fields.columns_offered(files.lines_of(path, _first_table()))
    finally:
        uploads.forget(path)


def _first_table() -> files.IsWanted:
    """The first sheet with several columns: Kobo writes repeated groups on sheets of their own, after it."""
    found: list[str] = []

    def is_wanted(title: str, header: list[str]) -> bool:
        if not found and sum(map(bool, header)) > 1:
            found.append(title)
            return True
        return False

    return is_wanted
