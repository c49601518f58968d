"""Serializers that describe the served body of an entry: the document, and the fields that the record adds.

They build no bodies.
"""

from rest_framework import serializers

from conflict import dates, vocabulary
from conflict.documents import claims, entries
from conflict.documents.parts import Party, Ref
from conflict.documents.translations import TranslationsField
from conflict.identifiers import SCHEMES


class NoticeShown(serializers.Serializer):
    """A public warning, as included in the entry to which it applies."""

    key = serializers.SlugField()
    kind = serializers.ChoiceField(choices=vocabulary.NoticeKind.choices)
    reason = serializers.CharField()
    origin = serializers.ChoiceField(choices=vocabulary.NoticeOrigin.choices)
    raised_on = serializers.CharField(help_text="EDTF; empty if the day is not known.", allow_blank=True)
    review_by = serializers.DateField(allow_null=True)
    resolved_on = serializers.DateField(allow_null=True)
    resolution = serializers.CharField(allow_blank=True)
    translations = TranslationsField()


class Clocks(serializers.Serializer):
    """Position in the log, and timestamps of the publication (not of the event)."""

    version = serializers.IntegerField(help_text="Counts the publications of this entry, from 1.")
    publication = serializers.IntegerField(help_text="Number of the current version in the publication log.")
    first_published_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField(
        help_text="Last change of substance; new terms and coordinates do not move it."
    )


class Review(serializers.Serializer):
    state = serializers.ChoiceField(choices=vocabulary.ReviewState.choices)
    on = serializers.DateField(allow_null=True, help_text="When a second person had read it; null while nobody has.")


class SameAs(serializers.Serializer):
    """Entry of another system that means the same thing."""

    scheme = serializers.ChoiceField(choices=[(scheme.key, scheme.label) for scheme in SCHEMES.values()])
    value = serializers.CharField()
    url = serializers.CharField(allow_blank=True, help_text="Its address there; empty where there is none.")


class Identified(serializers.Serializer):
    same_as = SameAs(many=True, help_text="The same in other systems, with addresses.")


class Served(Clocks):
    review = Review(help_text="Whether a second person has read what is public now.")
    schema = serializers.IntegerField(help_text="Number of the document's shape.")
    notices = NoticeShown(many=True)


class Estimate(serializers.Serializer):
    """Range of the figures claimed for one measure, subject and scope. Computed; not an editorial decision."""

    measure = serializers.ChoiceField(choices=vocabulary.Measure.choices, allow_blank=True)
    unit = serializers.CharField(allow_blank=True, help_text="As the claims have it; of persons, who they are.")
    scope = serializers.ChoiceField(choices=vocabulary.ClaimScope.choices, help_text="What the figures cover.")
    scope_when = serializers.CharField(allow_blank=True, help_text="EDTF; the days covered, if not the event's.")
    subject = Party(many=True)
    low = serializers.IntegerField(allow_null=True, help_text="Null where a claim gives only an upper figure.")
    best = serializers.IntegerField(allow_null=True, help_text="The claimant's own, where only one figure is given.")
    high = serializers.IntegerField(allow_null=True)
    is_open_above = serializers.BooleanField(help_text="Somebody said “at least” or “dozens”: it may be more.")
    in_words = serializers.ListField(child=serializers.ChoiceField(choices=sorted(vocabulary.QUALIFIERS_IN_WORDS)))
    claims = serializers.ListField(child=serializers.SlugField())
    claimants = serializers.IntegerField(help_text="Number of different claimants.")
    figures = serializers.IntegerField(help_text="Number of different figures that they give.")
    side = serializers.ChoiceField(
        choices=vocabulary.Side.choices, allow_blank=True, help_text="On which side of the event the subject stood."
    )
    camp = serializers.CharField(
        allow_blank=True,
        help_text="The camp that all of the subject belongs to: persons of two camps are not the same.",
    )
    is_person = serializers.BooleanField(help_text="The subject is one person by name.")


class Total(serializers.Serializer):
    """Total of an event's figures for one measure.

    Each person is counted once, as far as the claims say who is part of whom.
    """

    measure = serializers.ChoiceField(choices=vocabulary.Measure.choices)
    low = serializers.IntegerField(allow_null=True, help_text="Those who cannot be the same persons.")
    best = serializers.IntegerField(allow_null=True, help_text="As decided, or as claimants give it; never computed.")
    high = serializers.IntegerField(allow_null=True, help_text="All, if nobody is counted twice.")
    is_open_above = serializers.BooleanField()
    may_overlap = serializers.BooleanField(help_text="Nobody says whether some of the figures count the same persons.")
    in_words = serializers.IntegerField(help_text="Figures without a number (“dozens”), which count nothing here.")
    events = serializers.IntegerField()


class Coordinates(serializers.Serializer):
    latitude = serializers.CharField(help_text="WGS 84, degrees north, as a decimal.")
    longitude = serializers.CharField(help_text="WGS 84, degrees east, as a decimal.")
    precision = serializers.ChoiceField(choices=vocabulary.PlacePrecision.choices, allow_blank=True)


class RelatedClaim(serializers.Serializer):
    """Relation to another claim, read as “that claim `kind` this one”."""

    kind = serializers.ChoiceField(choices=vocabulary.ClaimRelationKind.choices)
    claim = Ref()


class ClaimShown(claims.Claim):
    """A claim within its event."""

    claimant_side = serializers.ChoiceField(
        choices=vocabulary.Side.choices, allow_blank=True, help_text="On which side of the event its claimants stood."
    )
    related_from = RelatedClaim(
        many=True, help_text="How other claims bear on this one; deprecated claims of other events are left out."
    )
    notices = NoticeShown(many=True)


class Claim(ClaimShown, Clocks):
    """A claim on its own, with its event."""

    event = Ref()
    event_when = serializers.CharField(allow_blank=True, help_text="EDTF; when the event happened.")


class FindingShown(claims.Finding, Clocks):
    """A finding on its own, with its event."""

    id = serializers.CharField(help_text="Its address among the findings: the event's key, a point, its own key.")
    event = Ref()


class Event(entries.Event, Served, Identified):
    claims = ClaimShown(many=True)
    estimates = Estimate(many=True)
    totals = Total(many=True)
    headline = serializers.CharField(
        allow_blank=True, help_text="The dead in English sentences that name their claimants; empty without a figure."
    )
    coordinates = Coordinates(allow_null=True, help_text="Of the location; null where none are known.")
    precision = serializers.ChoiceField(
        choices=[precision.value for precision in dates.Precision], allow_null=True, help_text="Of the date."
    )


class Actor(entries.Actor, Served, Identified):
    pass


class Location(entries.Location, Served, Identified):
    latitude = serializers.DecimalField(max_digits=8, decimal_places=5, coerce_to_string=True, allow_null=True)
    longitude = serializers.DecimalField(max_digits=8, decimal_places=5, coerce_to_string=True, allow_null=True)
    within = Ref(many=True, help_text="What it lies within, from the top down.")


class Source(entries.Source, Served, Identified):
    pass


class Period(entries.Period, Served):
    pass


class Notice(entries.Notice, Served):
    pass


OUTCOMES = ("upheld", "rejected", "withdrawn")


class Dispute(Clocks):
    """Public part of a challenge to an entry or a claim: the notice shown to readers, and how it was settled."""

    key = serializers.SlugField(help_text="Of the notice that tells readers.")
    target = Ref(allow_null=True, help_text="The entry or claim that is disputed.")
    said = serializers.CharField(help_text="What readers are told while it is open.")
    origin = serializers.ChoiceField(choices=vocabulary.NoticeOrigin.choices)
    is_open = serializers.BooleanField()
    opened_on = serializers.CharField(help_text="EDTF; empty where it is not known.", allow_blank=True)
    settled_on = serializers.DateField(allow_null=True)
    outcome = serializers.ChoiceField(
        choices=OUTCOMES, allow_null=True, help_text="Null while it is open, and where it was not settled by the desk."
    )
    reason = serializers.CharField(allow_blank=True, help_text="Why it was settled so, as readers are told.")


class Publication(serializers.Serializer):
    """One step of the publication log. `sha256` is the hash of the canonical header: all fields but `salt`, `document` and itself."""

    number = serializers.IntegerField()
    entry_kind = serializers.ChoiceField(choices=vocabulary.EntryKind.choices)
    key = serializers.SlugField()
    version = serializers.IntegerField()
    action = serializers.ChoiceField(choices=["publish", "withdraw", "redact"])
    change_kind = serializers.ChoiceField(choices=vocabulary.ChangeKind.choices)
    reason = serializers.CharField()
    successor = serializers.CharField(allow_blank=True, help_text="Key of the entry that took its place.")
    batch = serializers.IntegerField(help_text="Number of the first publication made together with this one.")
    published_at = serializers.DateTimeField()
    document_sha256 = serializers.CharField(
        allow_blank=True, help_text="Of the salt, followed by the document's canonical text."
    )
    prev_sha256 = serializers.CharField(help_text="The `sha256` of the publication before; 64 zeros for the first.")
    schema = serializers.IntegerField(help_text="Number of the header's shape.")
    writers = serializers.IntegerField(required=False, help_text="How many people wrote what is new; from schema 2.")
    readers = serializers.IntegerField(required=False, help_text="How many others read it and stand by it.")
    publishers = serializers.IntegerField(required=False, help_text="How many people had it published.")
    sha256 = serializers.CharField()
    salt = serializers.CharField(
        allow_blank=True, help_text="From schema 3; removed with the document, so that no guess at it can be confirmed."
    )
    document = serializers.DictField(
        allow_null=True,
        help_text="The document as it was published; null for a withdrawal, or where the law removed it.",
    )


class Difference(serializers.Serializer):
    field = serializers.CharField(
        help_text="Names of fields and keys of children, from the document down, with slashes."
    )
    change = serializers.ChoiceField(choices=["added", "removed", "changed"])
    old = serializers.JSONField(help_text="Null where it was added.")
    new = serializers.JSONField(help_text="Null where it was removed.")


class Change(Publication):
    """One step of the log, with its changes. Applied in order, these maintain an exact replica."""

    changes = Difference(many=True, help_text="Against the text that was public before; empty for a new entry.")


class NetChange(Publication):
    """Net change to an entry between two releases: its latest step, compared with the earlier release."""

    change = serializers.ChoiceField(choices=["added", "changed", "withdrawn"])
    version_before = serializers.IntegerField(allow_null=True, help_text="Null where it was not public.")
    changes = Difference(many=True, help_text="Field by field, for what changed.")


class Comparison(serializers.Serializer):
    """Changes between two versions of one entry."""

    entry_kind = serializers.ChoiceField(choices=vocabulary.EntryKind.choices)
    key = serializers.SlugField()
    version = serializers.IntegerField()
    since = serializers.IntegerField(
        allow_null=True, help_text="Null where the first version is compared with nothing."
    )
    changes = Difference(many=True)
