"""Sources: single publications, and citations not yet resolved to one."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy
from stdnum import isbn as isbn_number

from conflict import vocabulary
from conflict.message import gettext as _
from conflict.models.actor import Actor
from conflict.models.entry import Entry, tracked
from conflict.models.fields import EDTFField, IdentifiersField, LineField, ProseField, SpanField
from conflict.models.lookups import chosen_in, held_in
from conflict.models.translations import TranslationsField


def refuse_bad_isbn(value: str) -> None:
    if not isbn_number.is_valid(value):
        raise ValidationError(
            _("“%(value)s” is not an ISBN: its length or check digit is wrong.") % {"value": value}, code="isbn"
        )


def refuse_bad_doi(value: str) -> None:
    """Reject malformed DOIs: they have no check digit, so the form is all that can be checked (ISO 26324)."""
    prefix, slash, suffix = value.partition("/")
    if not (
        slash
        and suffix
        and prefix.startswith("10.")
        and prefix[3:].replace(".", "").isdigit()
        and value == value.strip()
    ):
        raise ValidationError(
            _("“%(value)s” is not a DOI: write it as 10.5771/9783748900740-71, without address.") % {"value": value},
            code="doi",
        )


@tracked
class Source(Entry):
    """One publication. Not an outlet: outlets are actors, and are rated for reliability."""

    entry_kind = vocabulary.EntryKind.SOURCE.value
    document_parents = ("publisher",)

    kind = models.CharField(max_length=20, choices=vocabulary.SourceKind)
    resolved = models.BooleanField(
        default=True, help_text=gettext_lazy("Off for a citation known only by its number in a list of references.")
    )
    number = models.PositiveIntegerField(
        null=True, blank=True, help_text=gettext_lazy("Its number in that list of references.")
    )
    title = LineField(max_length=500, blank=True)
    authors = LineField(max_length=300, blank=True)
    container = LineField(max_length=300, blank=True, help_text=gettext_lazy("Journal, book or series it appeared in."))
    pages = LineField(max_length=40, blank=True)
    publisher = models.ForeignKey(Actor, models.PROTECT, null=True, blank=True, related_name="publications")
    published_on = EDTFField()
    published_span = SpanField(derived_from="published_on")
    url = models.URLField("address", max_length=1000, blank=True)
    archived_url = models.URLField("archived copy", max_length=1000, blank=True)
    archived_on = models.DateField(gettext_lazy("captured on"), null=True, blank=True)
    archived_status = models.PositiveSmallIntegerField(
        gettext_lazy("status of the capture"),
        null=True,
        blank=True,
        help_text=gettext_lazy("HTTP status of the page in the archive; 200 is a whole page."),
    )
    archived_sha256 = models.CharField(
        gettext_lazy("SHA-256 of the capture"),
        max_length=64,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"^[0-9a-f]{64}$", gettext_lazy("A SHA-256 has 64 digits from 0 to 9 and a to f."))],
    )
    doi = LineField("DOI", max_length=200, blank=True, validators=[refuse_bad_doi])
    isbn = LineField("ISBN", max_length=20, blank=True, validators=[refuse_bad_isbn])
    language = LineField(max_length=20, blank=True)
    identifiers = IdentifiersField(
        gettext_lazy("in other systems"), help_text=gettext_lazy("wikidata:Q1065, or the address there.")
    )
    access = models.CharField(max_length=20, choices=vocabulary.SourceAccess, default=vocabulary.SourceAccess.PUBLIC)
    note = ProseField(blank=True)
    translations = TranslationsField()

    class Meta:
        triggers = Entry.rules("source")
        indexes = [
            models.Index(fields=["number", "key"], name="source_by_number"),  # the list
            models.Index(fields=["number", "key"], name="source_unresolved", condition=Q(resolved=False)),
            models.Index(
                fields=["published_on", "number", "key"], name="source_by_published_on"
            ),  # the list, ordered by day
            *(chosen_in(column, of="source") for column in ("kind", "access")),
            *(
                held_in(column, of="source")
                for column in ("title", "authors", "key", "url", "archived_url", "doi", "isbn", "identifiers")
            ),  # search in it, and for the same source
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(archived_url="")
                | Q(archived_on__isnull=True, archived_status__isnull=True, archived_sha256=""),
                name="source_capture_has_an_address",
                violation_error_message=gettext_lazy(
                    "Date, status and SHA-256 belong to an archived copy: give its address, too."
                ),
            ),
            models.CheckConstraint(
                condition=Q(resolved=False) | ~Q(title=""),
                name="source_resolved_has_a_title",
                violation_error_message=gettext_lazy(
                    "A resolved source has a title: enter it, or mark the source as unresolved."
                ),
            ),
            models.CheckConstraint(
                condition=Q(resolved=True) | Q(number__isnull=False) | ~Q(title="") | ~Q(note=""),
                name="source_unresolved_has_a_number_or_note",
                violation_error_message=gettext_lazy(
                    "An unresolved source needs its citation number, or a note that says what is known."
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.title or (
            (_("Citation %(number)s (unresolved)") % {"number": self.number}) if self.number else self.key
        )

    def clean(self) -> None:
        """Reject another archived copy that is still said to have date and hash of the one before."""
        before = Source.objects.filter(pk=self.pk).first() if self.pk else None
        if (
            before is not None
            and before.archived_url != self.archived_url
            and self.archived_sha256
            and before.archived_sha256 == self.archived_sha256
        ):
            raise ValidationError(
                {
                    "archived_sha256": _(
                        "This is the SHA-256 of the copy before: enter that of the new one, or empty it."
                    )
                }
            )
