"""Base of the desk's pages: lock before writing, compare versions, turn refusals into messages."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import actions
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import QuerySet, URLField
from django.forms import BaseInlineFormSet
from django.forms.models import _get_foreign_key  # as the admin itself finds it
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict.models import Entry
from conflict.models.fields import EDTFField
from editorial.admin import database_errors, deletion, edit_merge, form_version, history
from editorial.admin.desk_form import ChildForm, DeskForm
from editorial.admin.form_version import ChangedMeanwhile, FormVersionLost
from editorial.admin.generics import ModelAdmin, TabularInline
from editorial.admin.pagination import BoundedPaginator, ChoicePaginator, FoundPaginator
from editorial.admin.saved_filters import saved_filters
from editorial.admin.search import holding
from editorial.admin.table_export import TableExportMixin
from editorial.admin.widgets import Autocomplete, DateInputField, EDTFInput, NamedChoice
from editorial.workflow import restricted_sources

INPUTS: dict[Any, Any] = {
    EDTFField: {"form_class": DateInputField, "widget": EDTFInput},
    URLField: {"assume_scheme": "https"},
}


class ForeignKeys:
    """Relations are found by typing, by any name, and show the key."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.remote_field.model in self.admin_site._registry:  # type: ignore[attr-defined]
            options |= {"form_class": NamedChoice, "widget": Autocomplete(db_field, self.admin_site)}  # type: ignore[attr-defined]
        return super().formfield_for_foreignkey(db_field, request, **options)  # type: ignore[misc]


class ChildForms(BaseInlineFormSet):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if box := form.fields.get("DELETE"):
            box.widget.attrs["aria-label"] = (
                (_("Delete %(instance)s") % {"instance": form.instance}) if form.instance.pk else _("Delete this row")
            )


class Children(ForeignKeys, TabularInline):
    """Rows that an entry owns."""

    template = "admin/parts/rows.html"
    form = ChildForm
    formset = ChildForms
    extra = 0
    formfield_overrides = INPUTS
    parents: tuple[str, ...] = ()  # what the rows show of other entries
    begins_with_one = False  # a new entry's form has a row to fill in

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = restricted_sources.visible(super().get_queryset(request), request.user)
        return rows.select_related(*self.parents).order_by("pk")

    def get_extra(self, request: HttpRequest, obj: Any = None, **options: Any) -> int:
        return int(self.begins_with_one and obj is None)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        """Label each field itself: screen readers do not announce a column's heading as its label."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            widget: Any = getattr(field.widget, "widget", field.widget)  # the select within its links to add and view
            widget.attrs.setdefault("aria-label", capfirst(field.label))
        return field


class DeskAdmin(TableExportMixin, ForeignKeys, ModelAdmin):
    """A page of the desk: an entry, or a claim or finding of one.

    Lists that grow with the events are `sortable_by` columns with an index: sorting a million rows takes seconds.
    """

    form = DeskForm
    formfield_overrides = INPUTS
    paginator = BoundedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # one COUNT over the table for every choice
    list_per_page = 50
    list_max_show_all = 200
    save_on_top = True
    actions: Any = ("delete_selected",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return restricted_sources.visible(super().get_queryset(request), request.user)

    # Searching

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return holding(queryset, self.get_search_fields(request), search_term), False

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **options: Any) -> Any:
        """A search counts less far, and a field that completes itself not at all."""
        searched = FoundPaginator if SEARCH_VAR in request.GET else self.paginator
        paginator = ChoicePaginator if "term" in request.GET else searched
        return paginator(queryset, per_page, *args, **options)

    # Locking

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Get the entry; before a change, lock its row first."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and request.method == "POST" and transaction.get_connection().in_atomic_block:
            lock([form_version.owner(found)])
            found = super().get_object(request, object_id, from_field)
            self._take_over_what_changed_meanwhile(request, found)
        return found

    def _take_over_what_changed_meanwhile(self, request: HttpRequest, found: Any) -> None:
        """Take over others' changes to fields that this editor left alone; the form is still refused and shown."""
        if found is None or "edition" not in request.POST:
            return
        entry = form_version.owner(found)
        try:
            form_version.refuse_changed(request.POST["edition"], entry)
        except FormVersionLost:
            return
        except ChangedMeanwhile as refused:
            request.POST = edit_merge.merged(request.POST, found, self._formsets(), refused.changes)  # type: ignore[assignment]

    def _formsets(self) -> dict[str, Any]:
        """The models of the inlines by the prefix of their formsets."""
        keys = [_get_foreign_key(self.model, inline.model, fk_name=inline.fk_name) for inline in self.inlines]
        return {key.remote_field.get_accessor_name(model=key.model).replace("+", ""): key.model for key in keys}

    # What was stored

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        for saved in [form, *(child for formset in formsets for child in formset.forms)]:
            for note in getattr(saved, "notes", ()):
                self.message_user(request, note, messages.INFO)

    # Refusals of the database

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **options)
        form.refused = getattr(request, "refused", "")
        return form

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except DatabaseError as error:
            message = database_errors.sentence(error)
            if message is None or request.method != "POST" or bool(getattr(request, "refused", "")):
                raise
            request.refused = message  # type: ignore[attr-defined]
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        return deletion.deleted_objects(objs, request, self.admin_site)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        found = self.get_object(request, unquote(object_id))
        shown = {**(extra_context or {}), "edition": form_version.of(form_version.owner(found)) if found else ""}
        try:
            with transaction.atomic():
                return super().delete_view(request, object_id, shown)
        except DatabaseError as error:
            if (message := database_errors.sentence(error)) is None:
                raise
        except FormVersionLost as lost:
            message = str(lost)
        except ChangedMeanwhile as refused:
            message = _("Changed meanwhile by %(people)s. Nothing was deleted: read it again first.") % {
                "people": refused.people
            }
        self.message_user(request, message, messages.ERROR)
        return HttpResponseRedirect(self.address("change", object_id))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        form_version.refuse_changed(request.POST.get("edition", ""), form_version.owner(obj))
        super().delete_model(request, obj)

    @admin.action(permissions=["delete"], description=gettext_lazy("Delete selected %(verbose_name_plural)s"))
    def delete_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Django's own action, for rows unchanged since the confirmation page."""
        try:
            with transaction.atomic():
                return self._delete_unchanged(request, queryset)
        except DatabaseError as error:
            if (message := database_errors.sentence(error)) is None:
                raise
        except ChangedMeanwhile:
            message = _("Some of these were changed after you chose them: choose again.")
        self.message_user(request, _("%(told)s Nothing was deleted.") % {"told": message}, messages.ERROR)
        return None

    def _delete_unchanged(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        confirmed = bool(request.POST.get("post"))
        entries = {entry.pk: entry for entry in map(form_version.owner, queryset)}
        if confirmed:
            entries = {entry.pk: entry for entry in lock(entries.values())}
            form_version.refuse_changed_among(request.POST.get("edition", ""), entries.values())
        response = actions.delete_selected(self, request, queryset)
        if isinstance(response, TemplateResponse):
            response.context_data = {
                **(response.context_data or {}),
                "edition": form_version.of_all(entries.values()),
            }
        return response

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """Refuse an action that the account is not offered, where Django would say that none was chosen."""
        asked = request.POST.get("action", "")
        known = {name for _, name, _ in self._get_base_actions()}
        if asked in known and asked not in self.get_actions(request):
            raise PermissionDenied(
                _("The account %(user)s may not do this: %(asked)s.")
                % {"user": request.user.get_username(), "asked": asked}
            )
        return super().changelist_view(
            request,
            {
                "title": capfirst(self.opts.verbose_name_plural),
                **saved_filters(request, self.opts),
                **(extra_context or {}),
            },
        )

    # History

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Show who changed what in the entry and its parts."""
        found = self.get_object(request, unquote(object_id))
        if found is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[no-any-return]
        if not self.has_view_or_change_permission(request, found):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(owner)s") % {"owner": form_version.owner(found)},
            "subtitle": None,
            "module_name": str(self.opts.verbose_name_plural),
            "object": found,
            "opts": self.opts,
            "changes": history.changes(form_version.owner(found), restricted_sources.hidden_from(request.user))[:1000],
            "preserved_filters": self.get_preserved_filters(request),
        }
        return TemplateResponse(request, "admin/conflict/object_history.html", context)

    def address(self, page: str, *args: Any) -> str:
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{page}", args=args)


def lock(entries: Iterable[Entry]) -> list[Entry]:
    """Lock the rows of these entries in a fixed order and reload them. Children are written after, never before."""
    wanted = list(entries)
    if not wanted:
        return []
    model = type(wanted[0])
    rows = model._default_manager.filter(pk__in=[entry.pk for entry in wanted])
    return list(rows.order_by("pk").select_for_update(of=("self",)))
