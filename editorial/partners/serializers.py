"""Strict serializers for proposals, using the vocabulary and rules of the desk's own tables."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.db.models import BooleanField, DecimalField, IntegerField, Model
from rest_framework import serializers

from conflict.documents import SHAPES
from conflict.documents.claims import Claim as ClaimShape
from conflict.documents.parts import DocumentSerializer
from conflict.models import ENTRIES, Claim, Notice
from conflict.public import queries
from conflict.record.models import PUBLISHED, PublishedClaim
from conflict.vocabulary import LONGEST_KEY, EntryKind
from editorial.models.dispute import Ground
from editorial.models.partner import ProposalKind
from editorial.partners.part_serializers import AffiliationSaid, Cited, ClaimSaid, ParticipationSaid, PlaceSaid, Strict

# Plain values that a correction may not name. What relates entries to each other is proposed in words.
NOT_CORRECTABLE = frozenset(
    ("key", "geonames_id", "position", "heading_origin", "resolved", "number", "access", "rank", "rank_reason")
)
LONGEST_TEXT = 10_000
OF_ONE_CLAIM = (ProposalKind.CORRECTION, ProposalKind.SOURCE, ProposalKind.OBJECTION)  # or of the whole entry
# Of which kind of entry each is proposed; a correction of any, and an objection to any.
OF = {
    ProposalKind.CLAIM: EntryKind.EVENT,
    ProposalKind.SOURCE: EntryKind.EVENT,
    ProposalKind.PARTICIPATION: EntryKind.EVENT,
    ProposalKind.PLACE: EntryKind.EVENT,
    ProposalKind.AFFILIATION: EntryKind.ACTOR,
}


class EntryNamed(Strict):
    """A public entry."""

    kind = serializers.ChoiceField(choices=EntryKind.choices)
    key = serializers.SlugField(max_length=LONGEST_KEY)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if not queries.rows(PUBLISHED[attrs["kind"]]).filter(pk=attrs["key"]).exists():
            raise serializers.ValidationError({"key": f"There is no public {attrs['kind']} with this key."})
        return attrs


class CorrectionSaid(Strict):
    """New values for plain fields of the entry, or of one claim of the event."""

    claim = serializers.SlugField(max_length=LONGEST_KEY, required=False, help_text="Key of the claim, for one claim of an event.")  # fmt: skip
    fields = serializers.DictField(allow_empty=False, help_text="By name, the value that each field should have.")  # type: ignore[assignment]  # REST framework takes declared fields out of the class


class SourceSaid(Strict):
    """A source for the event, or for one claim of it."""

    claim = serializers.SlugField(
        max_length=LONGEST_KEY, required=False, help_text="Key of the claim that it supports."
    )
    source = Cited()  # type: ignore[assignment]


class ObjectionSaid(Strict):
    """An error in the entry, or in one claim of the event. Taken up, it is a dispute that readers see."""

    claim = serializers.SlugField(max_length=LONGEST_KEY, required=False, help_text="Key of the claim, for one claim of an event.")  # fmt: skip
    ground = serializers.ChoiceField(choices=Ground.choices)
    statement = serializers.CharField(max_length=2000, help_text="What is wrong, and why: for the editors.")
    source = serializers.SlugField(max_length=LONGEST_KEY, required=False, help_text="Key of a public source that contradicts it.")  # type: ignore[assignment]  # fmt: skip

    def validate_source(self, key: str) -> str:
        if not queries.sources().filter(pk=key).exists():
            raise serializers.ValidationError("There is no public source with this key.")
        return key


class ProposalSaid(Strict):
    """A proposal about one public entry, with exactly the part that `kind` names."""

    kind = serializers.ChoiceField(choices=ProposalKind.choices)
    entry = EntryNamed()
    reason = serializers.CharField(max_length=2000, help_text="Why: for the editors.")
    claim = ClaimSaid(required=False)
    correction = CorrectionSaid(required=False)
    source = SourceSaid(required=False)  # type: ignore[assignment]
    participation = ParticipationSaid(required=False)
    place = PlaceSaid(required=False)
    affiliation = AffiliationSaid(required=False)
    objection = ObjectionSaid(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kind, entry = attrs["kind"], attrs["entry"]
        for other in ProposalKind.values:
            if (other in attrs) != (other == kind):
                message = f"A {kind} needs it." if other == kind else f"It does not go with the kind {kind}."
                raise serializers.ValidationError({other: message})
        if (of := OF.get(kind)) and entry["kind"] != of:
            raise serializers.ValidationError({"entry": {"kind": f"This is proposed for an {of}: a {kind}."}})
        if kind == ProposalKind.AFFILIATION and attrs[kind]["actor"] == entry["key"]:
            raise serializers.ValidationError({kind: {"actor": "An actor cannot be affiliated with itself."}})
        if kind in OF_ONE_CLAIM and (claim := attrs[kind].get("claim")):
            self.refuse_foreign_claim(kind, entry, claim)
        if kind == ProposalKind.CORRECTION:
            attrs["correction"]["fields"] = self.corrected(entry["kind"], attrs["correction"])
        return attrs

    def refuse_foreign_claim(self, kind: str, entry: dict[str, str], claim: str) -> None:
        if (
            entry["kind"] != EntryKind.EVENT
            or not queries.rows(PublishedClaim).filter(pk=claim, event=entry["key"]).exists()
        ):
            raise serializers.ValidationError({kind: {"claim": "The entry has no public claim with this key."}})

    def corrected(self, kind: str, correction: dict[str, Any]) -> dict[str, Any]:
        """The values, each clean by the rules of its column."""
        model: type[Model] = Claim if correction.get("claim") else ENTRIES[kind]
        known = correctable(model, ClaimShape if model is Claim else SHAPES[kind])
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


def correctable(model: type[Model], shape: type[DocumentSerializer]) -> tuple[str, ...]:
    """Names of the document's plain fields that are columns of the desk; a notice has none that a partner corrects."""
    if model is Notice:
        return ()
    columns = {column.name for column in model._meta.concrete_fields if not column.is_relation}
    return tuple(name for name in shape().get_fields() if name in columns - NOT_CORRECTABLE)


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


def faults(errors: Any, path: str = "") -> dict[str, str]:
    """Errors of a serializer by the path of the field: `claim.sources.0.url`."""
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
