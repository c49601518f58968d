"""Shape of each kind of entry: one serializer per kind, used by review, hash, preview and OpenAPI."""

from functools import cache
from typing import Any

from rest_framework import serializers

from conflict import families, vocabulary
from conflict.documents.claims import Claim, EventRelation, Finding, Participation
from conflict.documents.parts import (
    Citation,
    Dated,
    DocumentSerializer,
    Identifiers,
    Ref,
    Text,
    TranslatedPart,
    without_empty_translations,
)
from conflict.documents.translations import TranslationsField

SCHEMA = 5
# By schema: fields that it added to each kind of document, with the value that older ones are read to have
ADDED: dict[int, dict[str, dict[str, Any]]] = {
    4: {
        "actor": {"identifiers": [], "reliability": "", "reliability_reason": "", "reliability_on": None},
        "event": {"identifiers": []},
        "location": {"identifiers": []},
        "source": {"identifiers": [], "archived_on": None, "archived_status": None, "archived_sha256": ""},
    },
    5: {"actor": {"pronoun": ""}},
}
IMPLIED = frozenset({"schema", "starts_on", "ends_before"})  # fields that nobody writes: `when` has the two days


class Entry(DocumentSerializer):
    key = serializers.SlugField(help_text="Readable, unique per kind, never reused.")


class ActorName(TranslatedPart):
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=vocabulary.NameKind.choices)
    language = Text(help_text="BCP 47 tag, where known.")
    note = Text()
    translations = TranslationsField(required=False)


class Affiliation(TranslatedPart, Dated):
    """Read as: this actor `kind` that actor."""

    kind = serializers.ChoiceField(choices=vocabulary.AffiliationKind.choices)
    actor = Ref(source="other")
    role = Text(help_text="Office or title, where one is named.")
    standing = serializers.ChoiceField(choices=vocabulary.Standing.choices)
    note = Text()
    citations = Citation(many=True)
    translations = TranslationsField(required=False)


class Actor(Entry, Dated):
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=vocabulary.ActorKind.choices)
    family = serializers.ChoiceField(choices=families.choices())
    pronoun = serializers.ChoiceField(
        choices=vocabulary.Pronoun.choices, allow_blank=True, help_text="Of a person, where a source tells."
    )
    country = Text()
    description = Text()
    identifiers = Identifiers()
    reliability = serializers.ChoiceField(
        choices=vocabulary.Reliability.choices, allow_blank=True, help_text="Of an outlet, as the desk rates it."
    )
    reliability_reason = Text()
    reliability_on = serializers.DateField(allow_null=True, help_text="When it was rated.")
    names = ActorName(many=True)
    affiliations = Affiliation(many=True)
    translations = TranslationsField()


class LocationName(TranslatedPart):
    name = serializers.CharField()
    language = Text()
    note = Text()
    translations = TranslationsField(required=False)


class Location(Entry, Dated):
    """A location. `when` is the time for which the place exists as such: a region founded in 2016."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=vocabulary.LocationKind.choices)
    parent = Ref(allow_null=True)
    country = Text()
    latitude = serializers.DecimalField(
        max_digits=8, decimal_places=5, coerce_to_string=True, allow_null=True, help_text="WGS 84, degrees north."
    )
    longitude = serializers.DecimalField(
        max_digits=8, decimal_places=5, coerce_to_string=True, allow_null=True, help_text="WGS 84, degrees east."
    )
    coordinate_precision = serializers.ChoiceField(choices=vocabulary.PlacePrecision.choices, allow_blank=True)
    coordinate_origin = Text(help_text="Where the coordinates were taken from.")
    pcode = Text(help_text="OCHA place code.")
    geonames_id = serializers.IntegerField(allow_null=True)
    identifiers = Identifiers()
    description = Text()
    names = LocationName(many=True)
    translations = TranslationsField()


class Source(Entry):
    kind = serializers.ChoiceField(choices=vocabulary.SourceKind.choices)
    resolved = serializers.BooleanField(
        help_text="False for a citation known only by its number in a list of references."
    )
    number = serializers.IntegerField(allow_null=True, help_text="Its number in that list of references.")
    title = Text()
    authors = Text()
    container = Text(help_text="Journal, book or series it appeared in.")
    pages = Text()
    publisher = Ref(allow_null=True)
    published_on = Text(help_text="EDTF.")
    url = Text()
    archived_url = Text()
    archived_on = serializers.DateField(allow_null=True, help_text="When the archived copy was made.")
    archived_status = serializers.IntegerField(allow_null=True, help_text="HTTP status of the archived copy.")
    archived_sha256 = Text(help_text="SHA-256 of the archived copy, as it was received.")
    doi = Text()
    isbn = Text()
    identifiers = Identifiers()
    language = Text()
    access = serializers.ChoiceField(choices=[("public", "public"), ("named_only", "named only")])
    note = Text()
    translations = TranslationsField(required=False)

    def to_representation(self, instance: Any) -> Any:
        if instance.access in vocabulary.UNPUBLISHED_ACCESS:
            raise RestrictedSource(f"Source {instance.key} is restricted: it may not be in any document.")
        shown = super().to_representation(instance)
        if instance.access == vocabulary.SourceAccess.NAMED_ONLY:
            shown |= NAMED_ONLY
        return without_empty_translations(shown)


NAMED_ONLY: dict[str, Any] = {
    "url": "",
    "archived_url": "",
    "archived_on": None,
    "archived_status": None,
    "archived_sha256": "",
    "note": "",
    "translations": {},  # of the note
}


class RestrictedSource(ValueError):
    """Raised when a restricted source is about to become a document."""


class Period(Entry, Dated):
    title = serializers.CharField()
    parent = Ref(allow_null=True)
    position = serializers.IntegerField(help_text="Order in the chronology.")
    introduction = Text()
    heading_origin = serializers.ChoiceField(choices=vocabulary.HeadingOrigin.choices)
    translations = TranslationsField()


class Event(Entry, Dated):
    title = serializers.CharField()
    summary = Text()
    kind = serializers.ChoiceField(choices=vocabulary.EventKind.choices)
    as_written = Text(help_text="The date in the source's own wording.")
    date_basis = serializers.ChoiceField(choices=vocabulary.DateBasis.choices, allow_blank=True)
    year_basis = serializers.ChoiceField(choices=vocabulary.YearBasis.choices, allow_blank=True)
    standing = serializers.ChoiceField(choices=vocabulary.EventStanding.choices)
    location = Ref(allow_null=True)
    location_precision = serializers.ChoiceField(choices=vocabulary.PlacePrecision.choices, allow_blank=True)
    other_locations = Ref(many=True)
    period = Ref(allow_null=True)
    identifiers = Identifiers()
    participants = Participation(many=True, source="participations")
    claims = Claim(many=True)
    findings = Finding(many=True)
    relations = EventRelation(many=True)
    citations = Citation(many=True)
    translations = TranslationsField()


class Notice(Entry):
    kind = serializers.ChoiceField(choices=vocabulary.NoticeKind.choices)
    target = Ref(allow_null=True, help_text="What it warns about; null for the whole chronology.")
    concerns = Ref(many=True, help_text="Other entries and claims that it speaks of.")
    reason = Text()
    origin = serializers.ChoiceField(choices=vocabulary.NoticeOrigin.choices)
    raised_on = Text(help_text="EDTF; empty if the day is not known.")
    review_by = serializers.DateField(allow_null=True)
    resolved_on = serializers.DateField(allow_null=True)
    resolution = Text()
    translations = TranslationsField()


SHAPES: dict[str, type[Entry]] = {
    vocabulary.EntryKind.ACTOR: Actor,
    vocabulary.EntryKind.LOCATION: Location,
    vocabulary.EntryKind.SOURCE: Source,
    vocabulary.EntryKind.PERIOD: Period,
    vocabulary.EntryKind.EVENT: Event,
    vocabulary.EntryKind.NOTICE: Notice,
}


def document(kind: str, entry: Any) -> dict[str, Any]:
    """The entry as a public document in the current schema; `entry` has the attributes that the serializer reads."""
    return {"schema": SCHEMA, **shape_of(kind).to_representation(entry)}


@cache
def shape_of(kind: str) -> Entry:
    """Serializer shared by all documents of a kind: copying its fields would take longer than reading or comparing an entry."""
    return SHAPES[kind]()
