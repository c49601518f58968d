"""Rows of an entry as cards: shown as text, and as a form once opened, so that a page of many claims stays light.

A card that was not opened posts nothing but its number and is left as it is. `?open=17` opens the card of row 17,
`?open=all` opens every card. With JavaScript a card is opened in place, without it once the page has been saved.
"""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from conflict.models import Event
from conflict.models.keys import free_key
from editorial.admin.base import ChildForms, Children
from editorial.admin.desk_form import ChildForm

ALL = "all"


def back_to_event(row: Any) -> dict[str, Any]:
    """Link back to the event, on the page of a claim or finding."""
    if row is None:
        return {}
    return {"tools": [{"label": _("Back to the event"), "address": f"{_event(row)}#{row._meta.model_name}s-group"}]}


def to_event(request: HttpRequest, row: Any) -> HttpResponse | None:
    """After saving, go back to the event, unless the editor goes on here."""
    if {"_continue", "_addanother", "_saveasnew"} & request.POST.keys():
        return None
    messages.success(request, _("%(name)s was saved.") % {"name": row})
    return HttpResponseRedirect(f"{_event(row)}#{row._meta.model_name}s-group")


def _event(row: Any) -> str:
    return reverse("admin:conflict_event_change", args=[row.event_id])


class CardForm(ChildForm):
    """A row's form; without fields while the card is closed."""

    opened: ClassVar[frozenset[str]] = frozenset()  # rows to open on this page
    event: Event | None = None
    keys_proposed: set[str]

    def __init__(self, *args: Any, **options: Any) -> None:
        self.is_open = self._is_open(*args, **options)
        if not self.is_open:
            self.base_fields = {}  # type: ignore[misc]  # of this form alone
        super().__init__(*args, **options)

    def _is_open(self, data: Any = None, *args: Any, **options: Any) -> bool:
        instance, posted = options.get("instance"), options.get("data", data)
        if instance is None or instance.pk is None:
            return True
        if posted is not None:
            return f"{options.get('prefix')}-open" in posted
        return bool({str(instance.pk), ALL} & self.opened)

    def propose_key(self, rows: type[Model] | QuerySet[Any], wanted: str) -> None:
        """Make the key of a card that was given none, unlike those of these rows and of the other cards."""
        given = self.cleaned_data
        if not given.get("key") and "key" not in self.errors and self.event is not None:
            given["key"] = free_key(rows, wanted, self.keys_proposed)
            self.keys_proposed.add(given["key"])


class Cards(ChildForms):
    """The cards of one event. Keys proposed in one go differ."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.keys_proposed: set[str] = set()

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.event, form.keys_proposed = self.instance, self.keys_proposed
        if "key" in form.fields:
            form.fields["key"].required = False


class CardInline(Children):
    """Cards of one kind of row."""

    template = "admin/parts/cards.html"
    form = CardForm
    formset = Cards
    text_template = ""  # a closed card
    more: str | Promise = ""  # label of the link to the row's own page
    new: str | Promise = ""  # heading of a card for a new row
    rival: str | Promise = ""  # label of the button for a card that answers this one

    def get_formset(self, request: HttpRequest, obj: Any = None, **options: Any) -> Any:
        made: Any = super().get_formset(request, obj, **options)
        made.form.opened = frozenset(request.GET.getlist("open"))
        return made
