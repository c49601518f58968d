"""Form with which anybody reports an error or an objection."""

import re
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from editorial.models.dispute import Ground
from editorial.models.report import LONGEST_CONTACT, LONGEST_SOURCE, LONGEST_TEXT, Report, ReportKind

LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
MOST_LINKS = 2


class ReportForm(forms.ModelForm):  # its model is in Meta
    """Report of what is wrong, on what ground, and where that can be read; a contact only if the sender wants one."""

    kind = forms.ChoiceField(label=_("What do you report?"), choices=ReportKind.choices)
    ground = forms.ChoiceField(label=_("Ground"), choices=Ground.choices)
    text = forms.CharField(
        label=_("What is wrong, and what would be right?"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Up to 3,000 characters. Only our editors read it."),
    )
    source = forms.CharField(
        label=_("Where can that be read?"),
        max_length=LONGEST_SOURCE,
        required=False,
        help_text=_("A publication, with page or address."),
    )
    contact = forms.CharField(
        label=_("How can we reach you? (optional)"),
        max_length=LONGEST_CONTACT,
        required=False,
        help_text=_("Never published, and erased once the report is settled."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.EMAIL_HOST:
            self.fields["contact"].help_text = _(
                "If it is an e-mail address, the answer goes there, too. Never published, and erased once the report is settled."
            )

    class Meta:
        model = Report
        fields = ("kind", "ground", "text", "source", "contact")

    def clean_text(self) -> Any:
        text = self.cleaned_data["text"]
        if LINK.search(text):
            raise forms.ValidationError(_("Links belong in the field for the source."))
        return text

    def clean_source(self) -> Any:
        source = self.cleaned_data["source"]
        if len(LINK.findall(source)) > MOST_LINKS:
            raise forms.ValidationError(_("Name the best source or two, not more."))
        return source
