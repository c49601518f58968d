"""What a proposal may say: read strictly, by the vocabulary and the rules of the desk's own tables."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.db.models import BooleanField, DecimalField, IntegerField, Model
from rest_framework import serializers

from conflict import vocabulary
from conflict.api.public import public
from conflict.models import ENTRIES, Claim, Source
from conflict.record.models import PUBLISHED, PublishedClaim
from conflict.vocabulary import EntryKind
from editorial.models.partner import ProposalKind

# Plain values of an entry that a correction may name. What relates entries to each other is proposed in words.
CORRECTABLE: dict[str, tuple[str, ...]] = {
    EntryKind.EVENT: ("title", "summary", "kind", "when", "as_written", "date_basis", "year_basis", "standing", "location_precision"),
    EntryKind.ACTOR: ("name", "kind", "family", "country", "when", "description"),
    EntryKind.LOCATION: ("name", "kind", "country", "latitude", "longitude", "coordinate_precision", "coordinate_origin", "pcode", "when", "description"),
    EntryKind.PERIOD: ("title", "when", "introduction"),
    EntryKind.SOURCE: ("title", "kind", "authors", "container", "pages", "published_on", "url", "archived_url", "doi", "isbn", "language", "note"),
}  # fmt: skip
CORRECTABLE_OF_CLAIM = ("kind", "measure", "statement", "as_worded", "stance", "negated", "low", "high", "qualifier", "unit", "made_on")  # fmt: skip
LONGEST_TEXT = 10_000
MOST: dict[str, Any] = {"max_length": 20}  # rows of a list


class Strict(serializers.Serializer):
    """Refuses what it does not know, by name."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping) and (unknown := sorted(set(map(str, data)) - set(self.fields))):
            could_be = ", ".join(sorted(self.fields))
            raise serializers.ValidationError({name[:60]: f"There is no such field here. It knows {could_be}." for name in unknown})  # fmt: skip
        return super().to_internal_value(data)


class EntryNamed(Strict):
    """A public entry."""

    kind = serializers.ChoiceField(choices=EntryKind.choices)
    key = serializers.SlugField(max_length=120)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not public(PUBLISHED[attrs["kind"]]).filter(pk=attrs["key"]).exists():
            raise serializers.ValidationError({"key": f"There is no public {attrs['kind']} with this key."})
        return attrs


class PartySaid(Strict):
    """A public actor by its key, or somebody in words: “a resident of Gao”."""

    actor = serializers.SlugField(max_length=120, required=False)
    described_as = serializers.CharField(max_length=200, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Name an actor, or describe somebody in words: exactly one of the two.")
        refuse_unknown(EntryKind.ACTOR, attrs.get("actor"), "actor")
        return attrs


class Cited(Strict):
    """A public source by its key, or a new one with its title; and where in it."""

    key = serializers.SlugField(max_length=120, required=False)
    title = serializers.CharField(max_length=500, required=False)
    kind = serializers.ChoiceField(choices=vocabulary.SourceKind.choices, required=False)
    authors = serializers.CharField(max_length=300, required=False)
    container = serializers.CharField(max_length=300, required=False)
    pages = serializers.CharField(max_length=40, required=False)
    published_on = serializers.CharField(max_length=60, required=False, help_text="EDTF.")
    url = serializers.URLField(max_length=1000, required=False)
    archived_url = serializers.URLField(max_length=1000, required=False)
    doi = serializers.CharField(max_length=200, required=False)
    isbn = serializers.CharField(max_length=20, required=False)
    language = serializers.CharField(max_length=20, required=False)
    locator = serializers.CharField(max_length=120, required=False, help_text="Page, paragraph or time in the source.")
    quotation = serializers.CharField(max_length=300, required=False)

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
    as_worded = serializers.CharField(max_length=300, required=False)
    stance = serializers.ChoiceField(choices=vocabulary.Stance.choices, required=False)
    negated = serializers.BooleanField(required=False)
    low = serializers.IntegerField(min_value=0, max_value=10**12, required=False, allow_null=True)
    high = serializers.IntegerField(min_value=0, max_value=10**12, required=False, allow_null=True)
    qualifier = serializers.ChoiceField(choices=vocabulary.Qualifier.choices, required=False)
    unit = serializers.CharField(max_length=60, required=False)
    made_on = serializers.CharField(max_length=60, required=False, help_text="EDTF.")
    claimants = PartySaid(many=True, allow_empty=False, **MOST)
    relays = PartySaid(many=True, required=False, **MOST)
    subjects = PartySaid(many=True, required=False, **MOST)
    sources = Cited(many=True, allow_empty=False, **MOST)

    OTHERS = ("claimants", "relays", "subjects", "sources")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        own = {name: value for name, value in attrs.items() if name not in self.OTHERS}
        refuse_impossible(Claim(**own), but=("key", "event"))
        return attrs


class CorrectionSaid(Strict):
    """New values for plain fields of the entry, or of one claim of the event."""

    claim = serializers.SlugField(max_length=120, required=False, help_text="Key of the claim, for one claim of an event.")  # fmt: skip
    fields = serializers.DictField(allow_empty=False, help_text="By name, the value that each field should have.")  # type: ignore[assignment]  # REST framework takes declared fields out of the class


class SourceSaid(Strict):
    """A source for the event, or for one claim of it."""

    claim = serializers.SlugField(max_length=120, required=False, help_text="Key of the claim that it supports.")
    source = Cited()  # type: ignore[assignment]


class ProposalSaid(Strict):
    """A proposal about one public entry: exactly one of `claim`, `correction` and `source`, as `kind` says."""

    kind = serializers.ChoiceField(choices=ProposalKind.choices)
    entry = EntryNamed()
    reason = serializers.CharField(max_length=2000, help_text="Why: for the editors.")
    claim = ClaimSaid(required=False)
    correction = CorrectionSaid(required=False)
    source = SourceSaid(required=False)  # type: ignore[assignment]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kind, entry = attrs["kind"], attrs["entry"]
        for other in ProposalKind.values:
            if (other in attrs) != (other == kind):
                said = f"A {kind} needs it." if other == kind else f"It does not go with the kind {kind}."
                raise serializers.ValidationError({other: said})
        if kind != ProposalKind.CORRECTION and entry["kind"] != EntryKind.EVENT:
            raise serializers.ValidationError({"entry": {"kind": f"A {kind} is proposed for an event."}})
        if kind != ProposalKind.CLAIM and (claim := attrs[kind].get("claim")):
            self.refuse_foreign_claim(kind, entry, claim)
        if kind == ProposalKind.CORRECTION:
            attrs["correction"]["fields"] = self.corrected(entry["kind"], attrs["correction"])
        return attrs

    def refuse_foreign_claim(self, kind: str, entry: dict[str, str], claim: str) -> None:
        if entry["kind"] != EntryKind.EVENT or not public(PublishedClaim).filter(pk=claim, event=entry["key"]).exists():
            raise serializers.ValidationError({kind: {"claim": "The entry has no public claim with this key."}})

    def corrected(self, kind: str, correction: dict[str, Any]) -> dict[str, Any]:
        """The values, each clean by the rules of its column."""
        model: type[Model] = Claim if correction.get("claim") else ENTRIES[kind]
        known = CORRECTABLE_OF_CLAIM if correction.get("claim") else CORRECTABLE.get(kind, ())
        clean, faults = {}, {}
        for name, value in correction["fields"].items():
            try:
                if name not in known:
                    raise Invalid(f"It cannot be corrected like this. These can: {', '.join(known) or 'none'}.")
                clean[name] = cleaned(model._meta.get_field(name), value)
            except Invalid as fault:
                faults[str(name)[:60]] = " ".join(fault.messages)
        if faults:
            raise serializers.ValidationError({"correction": {"fields": faults}})
        return clean


def cleaned(column: Any, value: Any) -> Any:
    """A JSON value as the column keeps it. Raises ValidationError."""
    if isinstance(column, BooleanField):
        right = isinstance(value, bool)
    elif isinstance(column, IntegerField):
        right = value is None or (isinstance(value, int) and not isinstance(value, bool))
    elif isinstance(column, DecimalField):
        right = value is None or (isinstance(value, int | float | str) and not isinstance(value, bool))
        value = value if value is None else str(value)
    else:
        right = isinstance(value, str) and len(value) <= LONGEST_TEXT
    if not right:
        raise Invalid("It is of another type, or too long.")
    return column.clean(value, None)


def refuse_impossible(row: Model, but: tuple[str, ...]) -> None:
    """The desk's rules of one row, said before anything is written. Raises ValidationError by field."""
    try:
        row.clean_fields(exclude=but)
        row.validate_constraints(exclude=set(but))
    except Invalid as fault:
        raise serializers.ValidationError(
            fault.message_dict if hasattr(fault, "error_dict") else fault.messages
        ) from fault


def refuse_unknown(kind: EntryKind, key: str | None, field: str) -> None:
    if key is not None and not public(PUBLISHED[kind]).filter(pk=key).exists():
        raise serializers.ValidationError({field: f"There is no public {kind} with this key."})


def faults(errors: Any, path: str = "") -> dict[str, str]:
    """What a serializer refuses, by the path of the field: `claim.sources.0.url`."""
    if isinstance(errors, Mapping):
        found: dict[str, str] = {}
        for name, below in errors.items():
            here = path if name in ("non_field_errors", "__all__") else f"{path}.{name}".strip(".")
            found |= faults(below, here)
        return found
    if isinstance(errors, list | tuple):
        if all(isinstance(fault, str) for fault in errors):
            return {path: " ".join(map(str, errors))}
        found = {}
        for place, below in enumerate(errors):
            found |= faults(below, f"{path}.{place}".strip(".")) if below else {}
        return found
    return {path: str(errors)}
