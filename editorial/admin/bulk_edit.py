"""Editing many rows of a list at once: set or empty fields, file under periods, add a source; shown before it is done."""

from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from conflict import text as texts
from conflict.models import Citation, Entry, Event, Period, Source
from editorial.admin import database_errors, form_version, submission_proposal
from editorial.admin.base import INPUTS, DeskAdmin, lock
from editorial.admin.form_version import ChangedMeanwhile
from editorial.admin.period_filter import nested, period_rows
from editorial.admin.template_pages import render_page
from editorial.admin.widgets import Autocomplete, NamedChoice
from editorial.import_export.drafts import Days
from editorial.import_export.periods import Filing
from editorial.workflow import restricted_sources
from editorial.workflow.submissions import MOST_AT_ONCE

FILED_UNDER = "period"  # the column that can be filled by date
BY_DATE = "by-date"
LEFT = ("", gettext_lazy("– leave as it is –"))


class BulkEditForm(forms.Form):
    """Inputs for the fields that a list may set; what is left empty stays as it is in each row."""

    def __init__(self, *args: Any, desk: "BulkEditAdmin", user: object, **options: Any) -> None:
        super().__init__(*args, **options)
        columns = [column_of(desk.model, name) for name in desk.together]
        for column in columns:
            self.fields[column.name] = _input(column, desk.admin_site)
        if optional := [(column.name, label_of(column)) for column in columns if column.blank]:
            self.fields["emptied"] = forms.MultipleChoiceField(
                choices=optional, required=False, label=_("Empty"), widget=forms.CheckboxSelectMultiple
            )
        if is_cited(desk.model):
            source = Autocomplete(column_of(Citation, "source"), desk.admin_site)
            self.fields["add_source"] = NamedChoice(
                restricted_sources.visible(Source.objects.all(), user),
                required=False,
                label=_("Add a source"),
                widget=source,
            )
            self.fields["add_locator"] = forms.CharField(
                required=False, max_length=120, label=_("Page, paragraph or time in it")
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        given = self.cleaned_data
        if given.get("add_locator") and not given.get("add_source"):
            self.add_error("add_source", _("Say in which source: a page or time alone leads nowhere."))
        for name in given.get("emptied") or ():
            if given.get(name):
                self.add_error(name, _("Either set it or empty it."))
        return cleaned


def column_of(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


def label_of(column: "Field[Any, Any]") -> str:
    return capfirst(str(column.verbose_name))


def is_cited(model: type[Model]) -> bool:
    """Return True if citations support rows of this model."""
    return any(column.related_model is model for column in Citation._meta.fields if column.name != "source")


def _input(column: Any, site: Any) -> forms.Field:
    if column.name == FILED_UNDER:
        by_date = (BY_DATE, _("the period that holds its dates"))
        return forms.ChoiceField(choices=[LEFT, by_date, *nested(period_rows())], required=False, label=_("File under"))
    if column.is_relation:
        others = column.related_model._default_manager.all()
        return NamedChoice(others, required=False, label=label_of(column), widget=Autocomplete(column, site))
    if column.choices:
        chosen = [LEFT, *((value, label) for value, label in column.flatchoices if value)]
        return forms.ChoiceField(choices=chosen, required=False, label=label_of(column))
    made: forms.Field = column.formfield(**{**INPUTS.get(type(column), {}), "required": False, "initial": None})
    return made


@dataclass(slots=True)
class Planned:
    """Changes planned in one row."""

    row: Any
    values: dict[str, Any] = field(default_factory=dict)
    shown: list[tuple[str, str, str]] = field(default_factory=list)  # field, before, after
    source: Source | None = None
    refused: str = ""  # why nothing of it is done in this row

    @property
    def changes(self) -> bool:
        return not self.refused and bool(self.values or self.source)

    def set(self, column: Any, value: Any) -> None:
        """Plan another value of a field, if it is another one."""
        before = getattr(self.row, column.name)
        if before == value:
            return
        self.values[column.name] = value
        self.shown.append((label_of(column), _said(column, before), _said(column, value)))

    def check(self) -> None:
        """Note the model's own refusal of the row as it would be."""
        then = copy(self.row)
        for name, value in self.values.items():
            setattr(then, name, value)
        try:
            then.full_clean()
        except ValidationError as refused:
            self.refused = " ".join(refused.messages)


def _said(column: Any, value: Any) -> str:
    if column.choices:
        value = dict(column.flatchoices).get(value, value)
    return str(value) if value not in (None, "") else "–"


def planned(desk: "BulkEditAdmin", rows: Iterable[Any], given: dict[str, Any]) -> list[Planned]:
    """One for each row; those without a change say so, and those that cannot be changed say why."""
    periods = {str(period.pk): period for period in Period.objects.all()} if given.get(FILED_UNDER) else {}
    filing = Filing.with_desk(None) if given.get(FILED_UNDER) == BY_DATE else Filing()
    found = [_planned(desk, row, given, periods, filing) for row in rows]
    for each in found:
        if getattr(each.row, "withdrawn_at", None) is not None:
            each.refused = _("It is withdrawn.")
        elif each.changes:
            each.check()
    return found


def _planned(
    desk: "BulkEditAdmin", row: Any, given: dict[str, Any], periods: dict[str, Period], filing: Filing
) -> Planned:
    plan = Planned(row)
    for name in desk.together:
        column, value = column_of(desk.model, name), given.get(name)
        if name in given.get("emptied", ()):
            plan.set(column, None if column.null else "")
        elif value and name == FILED_UNDER:
            period = _by_date(row, periods, filing) if value == BY_DATE else periods[value]
            if period is not None:
                plan.set(column, period)
            else:
                plan.shown.append((label_of(column), _said(column, row.period), _("no period holds its dates")))
        elif value:
            plan.set(column, value)
    source, locator = given.get("add_source"), given.get("add_locator", "")
    if source and not row.citations.filter(source=source, locator=locator).exists():
        plan.source = source
        plan.shown.append((_("Source"), "", f"{source}{', ' + locator if locator else ''}"))
    return plan


def _by_date(event: Event, periods: dict[str, Period], filing: Filing) -> Period | None:
    if event.span is None:
        return None
    days = Days(event.when, event.span.lower or date.min, event.span.upper or date.max)
    pk, _ = filing.period_of(days)
    return periods.get(str(pk))


class BulkEditAdmin(DeskAdmin):
    """Admin whose list offers to edit the chosen rows together. Its `actions` name `edit_together`."""

    together: ClassVar[tuple[str, ...]] = ()  # fields that may be set

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(require_POST(partial(bulk_edit_view, self)))
        name = f"{self.opts.app_label}_{self.opts.model_name}_together"
        return [path("together/", view, name=name), *super().get_urls()]

    @admin.action(permissions=["change"], description=gettext_lazy("Edit together: set a field, add a source …"))
    def edit_together(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        if queryset.count() > MOST_AT_ONCE:
            self.message_user(
                request,
                _("Choose at most %(most)s at once: a person has to read them.") % {"most": MOST_AT_ONCE},
                messages.ERROR,
            )
            return None
        return bulk_edit_view(self, request, queryset.values_list("pk", flat=True))


def bulk_edit_view(desk: BulkEditAdmin, request: HttpRequest, chosen: Iterable[int] | None = None) -> HttpResponse:
    """The form and its preview; a confirmed preview is applied whole, and its entries are offered for submission."""
    if not desk.has_change_permission(request):
        raise PermissionDenied
    posted = map(texts.primary_key, request.POST.getlist("chosen"))
    pks = list(posted if chosen is None else chosen)[:MOST_AT_ONCE]
    loaded = [column.name for column in desk.opts.fields if column.is_relation]
    rows = list(desk.get_queryset(request).filter(pk__in=pks).select_related(*loaded))
    form = BulkEditForm(request.POST if "previewed" in request.POST else None, desk=desk, user=request.user)
    plans = planned(desk, rows, form.cleaned_data) if form.is_bound and form.is_valid() else []
    edition = form_version.of_all(owners(rows))
    if plans and "apply" in request.POST:
        done = _applied_or_refused(request, plans, form.cleaned_data)
        if done:
            sentence = _("Changed: %(done)s. Submit them together, or leave this page.")
            messages.success(request, sentence % {"done": len(done)})
            return submission_proposal.page_for(request, desk.admin_site, done)
    context = {
        "title": _("Edit together"),
        "media": desk.media + form.media,
        "form": form,
        "rows": rows,
        "plans": sorted(plans, key=lambda plan: (not plan.refused, not plan.changes)),  # what needs a look first
        "changing": sum(plan.changes for plan in plans),
        "edition": edition,
    }
    return render_page(desk, request, "admin/conflict/bulk_edit.html", context)


def owners(rows: Iterable[Any]) -> list[Entry]:
    """The entries that the rows belong to, each once."""
    return list({entry.pk: entry for entry in map(form_version.owner, rows)}.values())


def _applied_or_refused(request: HttpRequest, plans: list[Planned], given: dict[str, Any]) -> list[Entry]:
    """The changed entries; none, and a message, if one was changed since the preview or the database refuses."""
    try:
        done = _applied(plans, given, request.POST.get("edition", ""))
    except DatabaseError as error:
        if (refused := database_errors.sentence(error)) is None:
            raise
        messages.error(request, refused)
        return []
    except ChangedMeanwhile:
        sentence = _("Some of these were changed meanwhile. Nothing was changed: look again, then confirm.")
        messages.error(request, sentence)
        return []
    return done


@transaction.atomic
def _applied(plans: list[Planned], given: dict[str, Any], edition: str) -> list[Entry]:
    """Change all of them under the locks of their entries. Raises ChangedMeanwhile."""
    form_version.refuse_changed_among(edition, lock(owners(plan.row for plan in plans)))
    changing = [plan for plan in plans if plan.changes]
    for plan in changing:
        for name, value in plan.values.items():
            setattr(plan.row, name, value)
        if plan.values:
            plan.row.save()
        if plan.source is not None:
            cited = {str(plan.row._meta.model_name): plan.row}
            Citation.objects.create(**cited, source=plan.source, locator=given.get("add_locator", ""))
    return owners(plan.row for plan in changing)
