"""Upload form of an import."""

from typing import Any

from django import forms
from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict.models import TABLES, Period
from editorial.admin.period_filter import nested, period_rows
from editorial.import_export import permissions
from editorial.import_export.datasets import DATASETS
from editorial.models import SheetMapping

SHEET = "sheet:"
CHOOSE_AGAIN = gettext_lazy("Choose the file again: a browser does not keep it. All else is as you filled it in.")


class UploadForm(forms.Form):
    """Upload form: kind of content, file, and details missing from the file."""

    holds = forms.ChoiceField(label=gettext_lazy("The file holds"))
    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("CSV in UTF-8, XLSX or ODS."))
    release = forms.CharField(
        label=gettext_lazy("Release"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("For a data set, where the file's name does not tell it: 23.1"),
    )
    period = forms.ModelChoiceField(
        Period.objects.order_by("position"),
        label=gettext_lazy("Period"),
        required=False,
        help_text=gettext_lazy("For events: where new ones are filed. Left empty, each is filed by its date."),
    )
    left_out = forms.CharField(
        label=gettext_lazy("Leave out"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy(
            "For a data set: columns that it does not have of its own and that are to be passed over, separated by commas."
        ),
    )

    def __init__(self, user: Any, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        datasets = [
            (name, _("Events of %(dataset)s") % {"dataset": dataset.title}) for name, dataset in DATASETS.items()
        ]
        mappings = SheetMapping.objects.order_by("name").values_list("key", "name")
        datasets += [
            (f"{SHEET}{key}", _("Events of %(name)s, by its mapping") % {"name": name}) for key, name in mappings
        ]
        offered = [
            (table, _("Table %(table)s") % {"table": apps.get_model("conflict", table)._meta.verbose_name_plural})
            for table in TABLES
            if permissions.may_import_table(user, table)
        ]
        choices = [*(datasets if permissions.may_import_dataset(user) else []), *offered]
        self.fields["holds"].choices = choices  # type: ignore[attr-defined]
        self.fields["period"].choices = [("", _("by the date of each")), *nested(period_rows())]  # type: ignore[attr-defined]

    def clean_holds(self) -> str | SheetMapping:
        holds = str(self.cleaned_data["holds"])
        return SheetMapping.objects.get(key=holds.removeprefix(SHEET)) if holds.startswith(SHEET) else holds

    def clean_left_out(self) -> frozenset[str]:
        names = (name.strip().lower() for name in self.cleaned_data["left_out"].split(","))
        return frozenset(name for name in names if name)
