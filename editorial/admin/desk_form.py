"""Base of the desk's forms: they carry the version they were opened from and never overwrite a later one."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from conflict.models import Entry
from conflict.models.keys import entry_key, free_key
from editorial.admin import form_version, history
from editorial.admin.form_version import ChangedMeanwhile, FormVersionLost
from editorial.admin.generics import ModelForm
from editorial.admin.widgets import SaysWhatItReads, show_loaded


class DeskForm(SaysWhatItReads, ModelForm):
    """Form that carries the version it was opened from, and refuses to overwrite a later one."""

    edition = forms.CharField(widget=forms.HiddenInput, required=False)
    refused = ""  # the database's refusal of the same input, set for one request

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.meanwhile: list[history.Change] = []
        self.entry = form_version.owner(self.instance) if self.instance.pk else None
        if self.entry:
            self.initial["edition"] = form_version.of(self.entry)
        show_loaded(self)
        if self.instance.pk is None and "key" in self.fields:
            self.fields["key"].required = False
            self.fields["key"].help_text = _(
                "Left empty, it is made of what you enter: date and title, name or measure. It cannot be changed once published."
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if self.refused:
            raise forms.ValidationError(self.refused, code="refused")
        self._propose_key()
        if self.entry:
            self._refuse_later_edition(self.entry)
        return cleaned

    def _propose_key(self) -> None:
        """Make a key of date and title, or of the name, where a new row was given none."""
        given = self.cleaned_data
        if self.instance.pk or given.get("key") or "key" in self.errors or "key" not in self.fields:
            return
        words = str(given.get("title") or given.get("name") or given.get("statement") or "")
        if wanted := entry_key(str(given.get("when") or ""), words):
            given["key"] = free_key(self._meta.model, wanted)
        elif not self.errors:
            self.add_error(
                "key", _("No key can be made of this name: type one in lower-case Latin letters and digits.")
            )

    def _refuse_later_edition(self, entry: Entry) -> None:
        try:
            form_version.refuse_changed(self.data.get(self.add_prefix("edition"), ""), entry)
        except FormVersionLost as lost:
            self._start_anew(entry)
            raise forms.ValidationError(str(lost), code="edition_lost") from lost
        except ChangedMeanwhile as refused:
            self.meanwhile = refused.changes
            self._start_anew(entry)
            raise forms.ValidationError(changed_meanwhile(refused), code="changed_meanwhile") from refused

    def _start_anew(self, entry: Entry) -> None:
        """Restart the form from the version that the editor has now seen, difference included."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
        data[self.add_prefix("edition")] = form_version.of(entry)
        self.data = data


class ChildForm(SaysWhatItReads, ModelForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        show_loaded(self)


def changed_meanwhile(refused: ChangedMeanwhile) -> str:
    """Message above the difference."""
    last = max((change.at for change in refused.changes), default=None)
    at = (_(" at %(time)s") % {"time": clock(last)}) if last else ""
    return _(
        "Changed meanwhile by %(people)s%(at)s. Nothing was saved. Your input is kept, and where you had changed nothing the form shows what they wrote: read the difference, then save again."
    ) % {"people": refused.people, "at": at}


def clock(at: Any) -> str:
    return date_format(timezone.localtime(at), "j F Y, H:i:s e")
