"""Shape of the parts of an event: participations, claims and findings."""

from rest_framework import serializers

from conflict import vocabulary
from conflict.documents.parts import Citation, Part, Party, Ref, Text, TranslatedPart
from conflict.documents.translations import TranslationsField


class Participation(TranslatedPart):
    actor = Ref()
    role = serializers.ChoiceField(choices=vocabulary.ParticipantRole.choices)
    side = serializers.ChoiceField(choices=vocabulary.Side.choices, allow_blank=True)
    standing = serializers.ChoiceField(choices=vocabulary.Standing.choices)
    note = Text()
    citations = Citation(many=True)
    translations = TranslationsField(required=False)


class ClaimRelation(Part):
    """Read as: this claim `kind` that claim."""

    kind = serializers.ChoiceField(choices=vocabulary.ClaimRelationKind.choices)
    claim = Ref(source="other")


class EventRelation(Part):
    """Read as: this event `kind` that event."""

    kind = serializers.ChoiceField(choices=vocabulary.EventRelationKind.choices)
    event = Ref(source="other")


class Claim(Part):
    """One assertion about an event by its claimant, as worded, with its own citations.

    Zero, unknown and not stated are three values: `low` and `high` 0; qualifier `unknown` without numbers; neither
    number nor qualifier.
    """

    key = serializers.SlugField()
    kind = serializers.ChoiceField(choices=vocabulary.ClaimKind.choices)
    measure = serializers.ChoiceField(choices=vocabulary.Measure.choices, allow_blank=True)
    claimant = Party(many=True, source="claimants", help_text="Who says so; several for a joint statement.")
    relayed_by = Party(many=True, source="relays", help_text="Who carried it, nearest to the claimant first.")
    subject = Party(many=True, source="subjects", help_text="Whose losses, which place, who is meant.")
    holder = Party(many=True, source="holders", help_text="For control of a place: who is said to hold it, or not to.")
    statement = Text(help_text="What is claimed, in the desk's words.")
    as_worded = Text(help_text="The claimant's own words, short.")
    stance = serializers.ChoiceField(choices=vocabulary.Stance.choices)
    negated = serializers.BooleanField(help_text="The claim says that something was not so.")
    low = serializers.IntegerField(allow_null=True)
    high = serializers.IntegerField(allow_null=True)
    best = serializers.IntegerField(
        allow_null=True, help_text="The claimant's own best figure, where low and high are a range around it."
    )
    qualifier = serializers.ChoiceField(choices=vocabulary.Qualifier.choices, allow_blank=True)
    unit = Text(help_text="What is counted, where the measure does not say it: km, aircraft; of persons, who they are.")
    scope = serializers.ChoiceField(choices=vocabulary.ClaimScope.choices, help_text="What the figure covers.")
    scope_when = Text(help_text="EDTF; the days that the figure covers, where they are not the event's.")
    when = Text(help_text="EDTF; the date of the event, where that is what is claimed (kind `date`).")
    made_on = Text(help_text="EDTF; when the claim was made.")
    rank = serializers.ChoiceField(choices=vocabulary.Rank.choices)
    rank_reason = Text()
    relations = ClaimRelation(many=True)
    citations = Citation(many=True)
    translations = TranslationsField()


class Finding(Part):
    """The desk's recorded conclusion: a figure or a grade, the rule that set it, the reason."""

    key = serializers.SlugField()
    aspect = serializers.ChoiceField(choices=vocabulary.FindingAspect.choices)
    measure = serializers.ChoiceField(choices=vocabulary.Measure.choices, allow_blank=True)
    subject = Party(many=True, source="subjects")
    low = serializers.IntegerField(allow_null=True)
    best = serializers.IntegerField(allow_null=True)
    high = serializers.IntegerField(allow_null=True)
    grade = serializers.ChoiceField(choices=vocabulary.Grade.choices, allow_blank=True)
    rule = serializers.ChoiceField(choices=vocabulary.FindingRule.choices)
    reason = Text()
    claims = Ref(many=True, help_text="The claims it rests on.")
    citations = Citation(many=True)
    translations = TranslationsField()
