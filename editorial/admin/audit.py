"""The audit: who did what to which entry, when and why. Read and exported, never changed, never public."""

import csv
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict.formulas import escaped
from conflict.vocabulary import EntryKind
from editorial.admin.readonly_admin import ReadOnlyAdmin
from editorial.models import AuditEntry
from editorial.models.audit import verb_name
from editorial.workflow import permissions

COLUMNS = ("number", "at", "by", "verb", "entries", "why", "submission", "dispute", "batch")


class ByVerb(admin.SimpleListFilter):
    title = gettext_lazy("verb")
    parameter_name = "verb"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        verbs = AuditEntry.objects.order_by("verb").values_list("verb", flat=True).distinct()
        return [(verb, verb_name(verb)) for verb in verbs]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(verb=self.value()) if self.value() else queryset


class ByPerson(admin.RelatedOnlyFieldListFilter):
    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.title = _("person")


class Between(admin.ListFilter):
    """Date range, both days included; either may be left out."""

    title = gettext_lazy("time")
    template = "admin/editorial/auditentry/between.html"
    parameters = ("from", "until")

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        super().__init__(request, params, model, model_admin)
        self.days: dict[str, Any] = {}
        for name in self.parameters:
            for given in params.pop(name, []):
                self.days[name] = _day(given)
                if given and self.days[name] is None:
                    messages.error(
                        request, _("%(given)s is no day; write it like 2026-03-01.") % {"given": f"{given!r}"}
                    )

    def expected_parameters(self) -> list[str | None]:
        return list(self.parameters)

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        others = {
            name: value
            for name, values in changelist.filter_params.items()
            for value in values
            if name not in self.parameters
        }
        yield {"days": {name: self.days.get(name) for name in self.parameters}, "others": others}

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        if start := self.days.get("from"):
            queryset = queryset.filter(at__gte=start)
        if end := self.days.get("until"):
            queryset = queryset.filter(at__lt=end + timedelta(days=1))
        return queryset


def _day(text: str) -> datetime | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time.min)) if day else None


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "who", "what", "which", "why", "submission", "batch")
    list_display_links = ("at",)
    list_filter = (ByVerb, Between, ("by", ByPerson))
    list_select_related = ("by", "submission", "dispute")
    search_fields = ("why",)  # and what get_search_results adds
    search_help_text = gettext_lazy(
        "The key of an entry, or kind and key (“event 2013-01-10-town-taken”), or a word of the reason."
    )
    ordering = ("-at", "-pk")
    list_per_page = 50
    change_list_template = "admin/editorial/auditentry/change_list.html"

    @admin.display(description=gettext_lazy("who"), ordering="by")
    def who(self, audit_entry: AuditEntry) -> str:
        return audit_entry.by.username if audit_entry.by else _("the system")

    @admin.display(description=gettext_lazy("what"), ordering="verb")
    def what(self, audit_entry: AuditEntry) -> str:
        return verb_name(audit_entry.verb)

    @admin.display(description=gettext_lazy("which"))
    def which(self, audit_entry: AuditEntry) -> str:
        named = ", ".join(audit_entry.entries[:5])
        return (
            (_("%(named)s and %(entries)s more") % {"named": named, "entries": len(audit_entry.entries) - 5})
            if len(audit_entry.entries) > 5
            else named
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        """Search by entry if the term is one, else by the words of the reason."""
        term = search_term.strip()
        names = [term] if " " in term else [f"{kind} {term}" for kind in EntryKind.values]
        concerning = queryset.filter(entries__overlap=names)
        if term and concerning.exists():
            return concerning, False
        return super().get_search_results(request, queryset, search_term)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(
            request, {"title": _("Audit: who did what, when and why"), **(extra_context or {})}
        )

    # Permissions: one predicate for reading; nobody may write.

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return permissions.may_read_audit(request.user)  # type: ignore[arg-type]

    # Export

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/", view, name="editorial_auditentry_export"), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> StreamingHttpResponse:
        """Export the whole list, under the same filters, as CSV."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_changelist_instance(request).get_queryset(request)
        answer = StreamingHttpResponse(_lines(found), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="audit.csv"'
        answer["Cache-Control"] = "no-store"
        return answer


class _Echo:
    def write(self, line: str) -> str:
        return line


def _lines(audit_entries: QuerySet[AuditEntry]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for audit_entry in audit_entries.iterator(chunk_size=2000):
        cells = (
            audit_entry.pk,
            audit_entry.at.isoformat(),
            audit_entry.by.username if audit_entry.by else "",
            audit_entry.verb,
            "; ".join(audit_entry.entries),
            audit_entry.why,
            audit_entry.submission_id or "",
            audit_entry.dispute_id or "",
            audit_entry.batch or "",
        )
        yield writer.writerow([escaped(str(cell)) for cell in cells])
