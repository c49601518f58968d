"""The parts of an entry that a partner may propose: claims, participants, places, ties and the sources of each."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.db.models import Model
from rest_framework import serializers

from conflict import vocabulary
from conflict.models import Affiliation, Citation, Claim, ClaimParty, Participation, Source
from conflict.public import queries
from conflict.record.models import PUBLISHED
from conflict.vocabulary import LONGEST_KEY, EntryKind

MOST: dict[str, Any] = {"max_length": 20}  # rows of a list


def text_of(
    model: type[Model], name: str, kind: type[serializers.CharField] = serializers.CharField, **options: Any
) -> Any:
    """Optional field for a text of the model, no longer than the desk takes."""
    column: Any = model._meta.get_field(name)
    return kind(max_length=column.max_length, required=False, **options)


class Strict(serializers.Serializer):
    """Refuses what it does not know, by name."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(map(str, data)) - set(self.fields))):
            could_be = ", ".join(sorted(self.fields))
            raise serializers.ValidationError({name[:60]: f"There is no such field here. It knows {could_be}." for name in unknown})  # fmt: skip
        return super().to_internal_value(data)


class PartySaid(Strict):
    """A public actor by its key, or somebody in words: “a resident of the town”."""

    actor = serializers.SlugField(max_length=LONGEST_KEY, required=False)
    described_as = text_of(ClaimParty, "described_as")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Name an actor, or describe somebody in words: exactly one of the two.")
        refuse_unknown(EntryKind.ACTOR, attrs.get("actor"), "actor")
        return attrs


class Cited(Strict):
    """A public source by its key, or a new one with its title; and where in it."""

    key = serializers.SlugField(max_length=LONGEST_KEY, required=False)
    title = text_of(Source, "title")
    kind = serializers.ChoiceField(choices=vocabulary.SourceKind.choices, required=False)
    authors = text_of(Source, "authors")
    container = text_of(Source, "container")
    pages = text_of(Source, "pages")
    published_on = text_of(Source, "published_on", help_text="EDTF.")
    url = text_of(Source, "url", serializers.URLField)
    archived_url = text_of(Source, "archived_url", serializers.URLField)
    doi = text_of(Source, "doi")
    isbn = text_of(Source, "isbn")
    language = text_of(Source, "language")
    locator = text_of(Citation, "locator", help_text="Page, paragraph or time in the source.")
    quotation = text_of(Citation, "quotation")

    OF_CITATION = ("locator", "quotation")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        new = {name: value for name, value in attrs.items() if name not in (*self.OF_CITATION, "key")}
        if "key" in attrs:
            if new:
                raise serializers.ValidationError({min(new): "A source named by its key is not described again."})
            refuse_unknown(EntryKind.SOURCE, attrs["key"], "key")
            return attrs
        if missing := {"title", "kind"} - new.keys():
            raise serializers.ValidationError({min(missing): "A new source has a title and a kind; a public one is named by its key."})  # fmt: skip
        refuse_impossible(Source(**new), but=("key", "publisher"))
        return attrs


class ClaimSaid(Strict):
    """One assertion by one claimant, as a source carries it."""

    kind = serializers.ChoiceField(choices=vocabulary.ClaimKind.choices)
    measure = serializers.ChoiceField(choices=vocabulary.Measure.choices, required=False)
    statement = serializers.CharField(max_length=2000)
    as_worded = text_of(Claim, "as_worded")
    stance = serializers.ChoiceField(choices=vocabulary.Stance.choices, required=False)
    negated = serializers.BooleanField(required=False)
    low = serializers.IntegerField(min_value=0, max_value=10**12, required=False, allow_null=True)
    high = serializers.IntegerField(min_value=0, max_value=10**12, required=False, allow_null=True)
    best = serializers.IntegerField(min_value=0, max_value=10**12, required=False, allow_null=True)
    qualifier = serializers.ChoiceField(choices=vocabulary.Qualifier.choices, required=False)
    scope = serializers.ChoiceField(choices=vocabulary.ClaimScope.choices, required=False)
    scope_when = text_of(Claim, "scope_when", help_text="EDTF.")
    when = text_of(Claim, "when", help_text="EDTF; for a claim on the date.")
    unit = text_of(Claim, "unit")
    made_on = text_of(Claim, "made_on", help_text="EDTF.")
    claimant = PartySaid(many=True, allow_empty=False, **MOST)
    relayed_by = PartySaid(many=True, required=False, **MOST)
    subject = PartySaid(many=True, required=False, **MOST)
    sources = Cited(many=True, allow_empty=False, **MOST)

    OTHERS = ("claimant", "relayed_by", "subject", "sources")
    FORMER = {"claimants": "claimant", "relays": "relayed_by", "subjects": "subject"}  # taken until their sunset

    def to_internal_value(self, data: Any) -> Any:
        """Report errors under the names that were sent."""
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        sent_as = {new: old for old, new in self.FORMER.items() if old in data}
        if twice := [new for new in sent_as if new in data]:
            raise serializers.ValidationError({sent_as[twice[0]]: f"It is the former name of {twice[0]}: send one of the two."})  # fmt: skip
        try:
            return super().to_internal_value({self.FORMER.get(name, name): value for name, value in data.items()})
        except serializers.ValidationError as fault:
            faults_by_name = {sent_as.get(name, name): faults for name, faults in fault.detail.items()}  # type: ignore[union-attr]
            raise serializers.ValidationError(faults_by_name) from fault

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        own = {name: value for name, value in attrs.items() if name not in self.OTHERS}
        refuse_impossible(Claim(**own), but=("key", "event"))
        return attrs


class ParticipationSaid(Strict):
    """Somebody's part in the event: a further one, or what is known of one that is there already."""

    actor = serializers.SlugField(max_length=LONGEST_KEY, help_text="Key of a public actor.")
    role = serializers.ChoiceField(choices=vocabulary.ParticipantRole.choices)
    side = serializers.ChoiceField(choices=vocabulary.Side.choices, required=False)
    standing = serializers.ChoiceField(choices=vocabulary.Standing.choices, required=False)
    note = text_of(Participation, "note")
    sources = Cited(many=True, allow_empty=False, **MOST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        refuse_unknown(EntryKind.ACTOR, attrs["actor"], "actor")
        own = {name: value for name, value in attrs.items() if name not in ("actor", "sources")}
        refuse_impossible(Participation(**own), but=("event", "actor"))
        return attrs


class PlaceSaid(Strict):
    """A further place of the event, or with `is_main` the one that it is shown at."""

    location = serializers.SlugField(max_length=LONGEST_KEY, help_text="Key of a public location.")
    is_main = serializers.BooleanField(default=False)
    precision = serializers.ChoiceField(choices=vocabulary.PlacePrecision.choices, required=False)
    sources = Cited(many=True, allow_empty=False, **MOST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        refuse_unknown(EntryKind.LOCATION, attrs["location"], "location")
        if "precision" in attrs and not attrs["is_main"]:
            raise serializers.ValidationError({"precision": "It is said of the main place: send is_main with it."})
        return attrs


class AffiliationSaid(Strict):
    """A relation of the actor to another: a new one, or more about an existing one."""

    actor = serializers.SlugField(max_length=LONGEST_KEY, help_text="Key of the other, a public actor.")
    kind = serializers.ChoiceField(choices=vocabulary.AffiliationKind.choices)
    role = text_of(Affiliation, "role", help_text="Office or title.")
    when = text_of(Affiliation, "when", help_text="EDTF.")
    standing = serializers.ChoiceField(choices=vocabulary.Standing.choices, required=False)
    note = text_of(Affiliation, "note")
    sources = Cited(many=True, allow_empty=False, **MOST)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        refuse_unknown(EntryKind.ACTOR, attrs["actor"], "actor")
        own = {name: value for name, value in attrs.items() if name not in ("actor", "sources")}
        refuse_impossible(Affiliation(**own), but=("actor", "other"))
        return attrs


def refuse_impossible(row: Model, but: tuple[str, ...]) -> None:
    """Check the desk's rules for one row before anything is written. Raises ValidationError by field."""
    try:
        row.clean_fields(exclude=but)
        row.validate_constraints(exclude=set(but))
    except Invalid as fault:
        raise serializers.ValidationError(
            fault.message_dict if hasattr(fault, "error_dict") else fault.messages
        ) from fault


def refuse_unknown(kind: EntryKind, key: str | None, field: str) -> None:
    if key is not None and not queries.rows(PUBLISHED[kind]).filter(pk=key).exists():
        raise serializers.ValidationError({field: f"There is no public {kind} with this key."})
