"""Editing many events at once: file them under periods, set a field, add a source; shown before it is done."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict import text as texts
from conflict import vocabulary
from conflict.models import Citation, Event, Period, Source
from editorial.admin import form_version, submission_proposal
from editorial.admin.base import lock
from editorial.admin.list_filters import nested, period_rows
from editorial.admin.template_pages import render_page
from editorial.admin.widgets import Autocomplete, NamedChoice
from editorial.import_export.drafts import Days
from editorial.import_export.periods import Filing
from editorial.workflow import restricted_sources

AT_ONCE = 300
BY_DATE = "by-date"
SETTABLE = {
    "kind": vocabulary.EventKind,
    "standing": vocabulary.EventStanding,
    "date_basis": vocabulary.DateBasis,
    "location_precision": vocabulary.PlacePrecision,
}
LEFT = [("", gettext_lazy("– leave as it is –"))]


class BulkEditForm(forms.Form):
    period = forms.ChoiceField(required=False, label=gettext_lazy("File under"))
    source = forms.Field(required=False)
    locator = forms.CharField(required=False, max_length=120, label=gettext_lazy("Page, paragraph or time in it"))

    def __init__(self, *args: Any, site: Any, user: object, **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: Any = self.fields["period"]
        chosen.choices = [*LEFT, (BY_DATE, _("the period that holds its dates")), *nested(period_rows())]
        for name, values in SETTABLE.items():
            self.fields[name] = forms.ChoiceField(
                choices=[*LEFT, *values.choices], required=False, label=label_of(name)
            )
        self.fields["source"] = NamedChoice(
            restricted_sources.visible(Source.objects.all(), user),
            required=False,
            label=_("Add a source"),
            widget=Autocomplete(Citation._meta.get_field("source"), site),
        )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.cleaned_data.get("locator") and not self.cleaned_data.get("source"):
            self.add_error("source", _("Say in which source: a page or time alone leads nowhere."))
        return cleaned


def label_of(name: str) -> str:
    column: Any = Event._meta.get_field(name)
    return capfirst(str(column.verbose_name))


@dataclass(slots=True)
class Planned:
    """Changes planned in one event."""

    event: Event
    values: dict[str, Any] = field(default_factory=dict)
    shown: list[tuple[str, str, str]] = field(default_factory=list)  # field, before, after
    source: Source | None = None

    @property
    def changes(self) -> bool:
        return bool(self.values) or self.source is not None


def planned(events: Iterable[Event], given: dict[str, Any]) -> list[Planned]:
    """One row for each event; those without a change say so."""
    periods = {str(period.pk): period for period in Period.objects.all()}
    filing = Filing.with_desk(None)
    return [_planned(event, given, periods, filing) for event in events]


def _planned(event: Event, given: dict[str, Any], periods: dict[str, Period], filing: Filing) -> Planned:
    row = Planned(event)
    if wanted := given.get("period"):
        period = _by_date(event, periods, filing) if wanted == BY_DATE else periods[wanted]
        if period is None:
            row.shown.append((_("Period"), str(event.period or "–"), _("no period holds its dates")))
        elif period.pk != event.period_id:
            row.values["period"] = period
            row.shown.append((_("Period"), str(event.period or "–"), str(period)))
    for name, choices in SETTABLE.items():
        value, before = given.get(name), getattr(event, name)
        if value and value != before:
            row.values[name] = value
            row.shown.append((label_of(name), str(choices(before).label) if before else "–", str(choices(value).label)))
    source, locator = given.get("source"), given.get("locator", "")
    if source and not event.citations.filter(source=source, locator=locator).exists():
        row.source = source
        row.shown.append((_("Source"), "", f"{source}{', ' + locator if locator else ''}"))
    return row


def _by_date(event: Event, periods: dict[str, Period], filing: Filing) -> Period | None:
    if event.span is None:
        return None
    days = Days(event.when, event.span.lower or date.min, event.span.upper or date.max)
    pk, _ = filing.period_of(days)
    return periods.get(str(pk))


def bulk_edit_view(desk: Any, request: HttpRequest, chosen: Iterable[int] | None = None) -> HttpResponse:
    """The form and its preview; a confirmed preview is applied whole, and its events are offered for submission."""
    if not desk.has_change_permission(request):
        raise PermissionDenied
    posted = map(texts.primary_key, request.POST.getlist("event"))
    pks = posted if chosen is None else chosen
    events = list(
        desk.get_queryset(request)
        .filter(pk__in=list(pks)[:AT_ONCE], withdrawn_at__isnull=True)
        .select_related("period")
    )
    form = BulkEditForm(request.POST if "previewed" in request.POST else None, site=desk.admin_site, user=request.user)
    rows = planned(events, form.cleaned_data) if form.is_bound and form.is_valid() else []
    if rows and "apply" in request.POST:
        if request.POST.get("edition") == form_version.of_all(events):
            done = _applied(rows, form.cleaned_data, request.POST["edition"])
            if done is not None:
                messages.success(
                    request,
                    _("%(done)s events changed. Submit them together, or leave this page.") % {"done": len(done)},
                )
                return submission_proposal.page_for(request, desk.admin_site, done)
        messages.error(
            request, _("Some of these were changed meanwhile. Nothing was changed: look again, then confirm.")
        )
    context = {
        "title": _("Edit together"),
        "media": desk.media + form.media,
        "form": form,
        "events": events,
        "rows": rows,
        "changing": sum(row.changes for row in rows),
        "edition": form_version.of_all(events),
    }
    return render_page(desk, request, "admin/conflict/event/bulk_edit.html", context)


@transaction.atomic
def _applied(rows: list[Planned], given: dict[str, Any], edition: str) -> list[Event] | None:
    """Change all of them under their locks; None if one was changed since the preview."""
    locked = {event.pk: event for event in lock([row.event for row in rows])}
    if form_version.of_all(locked.values()) != edition:
        return None
    done = []
    for row in rows:
        if not row.changes:
            continue
        event: Any = locked[row.event.pk]
        for name, value in row.values.items():
            setattr(event, name, value)
        event.full_clean()
        event.save(update_fields=[*row.values] or None)
        if row.source is not None:
            Citation.objects.create(event=event, source=row.source, locator=given.get("locator", ""))
        done.append(event)
    return done
