"""One claim as a card on its event's form: who says it, who carried it, whose losses, what, where it is said.

Everything that most claims need is typed in one place. Parties in words, further languages, several citations at once and
relations to claims of other events are edited on the claim's own page, and never lost by saving the card.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict.models import Actor, Citation, Claim, ClaimParty, ClaimRelation, Location, Source
from conflict.models.keys import key_of
from conflict.vocabulary import ClaimKind, ClaimRelationKind, PartyRole, Qualifier
from editorial.admin.card import CardForm, Cards
from editorial.admin.widgets import Autocomplete, NamedChoice, numbers
from editorial.model_names import choice_label
from editorial.workflow import restricted_sources

PARTIES = {
    "claimant": (PartyRole.CLAIMANT, gettext_lazy("Who says it")),
    "relay": (PartyRole.RELAY, gettext_lazy("Carried by")),
    "subject": (PartyRole.SUBJECT, gettext_lazy("Whose losses, or about whom")),
}


class ActorsInput(AutocompleteSelectMultiple):
    """Finds actors by any name. Does not ask for the names of those that came with the claim."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.loaded: dict[str, Actor] = {}

    def optgroups(self, name: str, value: Sequence[str], attrs: Any = None) -> Any:
        chosen = numbers(value)
        if not set(chosen) <= self.loaded.keys():
            return super().optgroups(name, chosen, attrs)
        options = [
            self.create_option(name, pk, choice_label(self.loaded[pk]), True, index) for index, pk in enumerate(chosen)
        ]
        return [(None, options, 0)]


class ShownInput(forms.MultipleHiddenInput):
    """The choices that the page showed. That it showed none is posted, too, or a form once refused passes for unchanged."""

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        return super().get_context(name, value or [""], attrs)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        return [value for value in super().value_from_datadict(data, files, name) or () if value]


class ActorsField(forms.ModelMultipleChoiceField):
    """Actors in one role. What the page showed is posted with it, so that only what the editor changed is changed."""

    hidden_widget = ShownInput

    def __init__(self, role: PartyRole, label: str | Promise, site: Any) -> None:
        widget = ActorsInput(ClaimParty._meta.get_field("actor"), site, attrs={"aria-label": label})
        super().__init__(Actor.objects.all(), required=False, widget=widget, label=label, show_hidden_initial=True)
        self.role = role

    def label_from_instance(self, obj: Any) -> str:
        return choice_label(obj)

    def clean(self, value: Any) -> list[Actor]:  # type: ignore[override]
        loaded = self.widget.loaded
        chosen = [str(pk) for pk in value or () if pk]
        if set(chosen) <= loaded.keys():
            return [loaded[pk] for pk in chosen]
        found = {str(actor.pk): actor for actor in super().clean(chosen)}
        return [found[pk] for pk in chosen]


class RelationsField(forms.ModelMultipleChoiceField):
    """Relations that a claim has, each with a box: unticked, it is taken away."""

    hidden_widget = ShownInput

    def __init__(self) -> None:
        super().__init__(
            ClaimRelation.objects.select_related("other"),
            required=False,
            widget=forms.CheckboxSelectMultiple,
            label=gettext_lazy("How it bears on others"),
            show_hidden_initial=True,
        )

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_kind_display()} {choice_label(obj.other)}"


NEW = re.compile(r"new-(\d{1,4})")


class RelatedClaimField(forms.ModelChoiceField):
    """Another claim of the event, or `new-0`, the first of the new cards on the page."""

    def clean(self, value: Any) -> Any:
        offered: Any = self.choices
        if NEW.fullmatch(str(value)) and value in dict(offered):
            return value
        return super().clean(value)


class ClaimCardForm(CardForm):
    """A claim with its parties, a new citation, and its relations to other claims."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.is_open:
            return
        parties = list(self.instance.parties.all()) if self.instance.pk else []
        for name, (role, _label) in PARTIES.items():
            actors = [party.actor for party in parties if party.role == role and party.actor is not None]
            self.initial[name] = [actor.pk for actor in actors]
            self.fields[name].widget.loaded = {str(actor.pk): actor for actor in actors}
            self.fields[name].show_hidden_initial = self.instance.pk is not None  # a new card showed nothing
        places = [party.location for party in parties if party.role == PartyRole.SUBJECT and party.location is not None]
        self.initial["place"] = places[0].pk if places else None
        self.fields["place"].widget.loaded = places[0] if places else None
        self._offer_relations()
        if "kind" in self.fields:
            self.fields["kind"].required = False

    def _offer_relations(self) -> None:
        """Boxes for the relations that the claim has."""
        relations = list(self.instance.relations.all()) if self.instance.pk else []
        field: Any = self.fields["relations"]
        field.queryset = field.queryset.filter(claim=self.instance.pk)
        field.choices = [(relation.pk, field.label_from_instance(relation)) for relation in relations]
        self.initial["relations"] = [relation.pk for relation in relations]
        if not relations:
            field.widget = forms.MultipleHiddenInput()

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        given = self.cleaned_data
        if not self.is_open:
            return given
        self._complete_figure(given)
        if not given.get("kind"):
            given["kind"] = self._kind_of(given)
        if given.get("locator") and not given.get("source"):
            self.add_error("source", _("Say in which source: a page or time alone leads nowhere."))
        if bool(given.get("relation")) != bool(given.get("related_to")):
            self.add_error("related_to", _("A relation needs both: how this claim bears on the other, and which one."))
        if self.event is not None:
            words = [str(given.get("measure") or given["kind"]), *self._claimants(given)]
            self.propose_key(Claim, f"{self.event.key}-{key_of(*words)}")
        return given

    @staticmethod
    def _kind_of(given: dict[str, Any]) -> ClaimKind:
        """Kind of a claim for which none was chosen, judged by what the claim gives."""
        if given.get("measure"):
            return ClaimKind.FIGURE
        if given.get("when"):
            return ClaimKind.DATE
        return ClaimKind.PLACE if given.get("place") else ClaimKind.OCCURRENCE

    def _complete_figure(self, given: dict[str, Any]) -> None:
        """“Exactly” fills both bounds; a single number without a qualifier is read as exact, and it is said."""
        numbers = {given.get("low"), given.get("high")} - {None}
        if len(numbers) != 1:
            return
        if not given.get("qualifier") and not self.errors:
            given["qualifier"] = Qualifier.EXACT
            self.figure_note = _(
                "Figure: %(numbers)s was read as exactly that; choose “about” or “at least” if the source says so."
            ) % {"numbers": numbers.copy().pop()}
        if given.get("qualifier") == Qualifier.EXACT:
            given["low"] = given["high"] = numbers.pop()

    def _claimants(self, given: dict[str, Any]) -> list[str]:
        return (
            [given["claimant_words"]] if given.get("claimant_words") else [a.name for a in given.get("claimant") or ()]
        )

    def _post_clean(self) -> None:
        super()._post_clean()
        if note := getattr(self, "figure_note", ""):
            self.notes.append(note)

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        for name, (role, _label) in PARTIES.items():
            self._save_parties(role, name)
        given = self.cleaned_data
        if "place" in self.changed_data:
            self._save_place(given.get("place"))
        if words := given.get("claimant_words"):
            self._add_party(PartyRole.CLAIMANT, described_as=words)
        if source := given.get("source"):
            Citation.objects.create(claim=self.instance, source=source, locator=given.get("locator", ""))
        if "relations" in self.changed_data:
            kept = {str(relation.pk) for relation in given.get("relations") or ()}
            self.instance.relations.filter(pk__in={str(pk) for pk in self._shown("relations")} - kept).delete()
        if isinstance(given.get("related_to"), Claim):
            self.relate(given["related_to"])

    def relate(self, other: Claim) -> None:
        """Record how this claim bears on the other, unless that is recorded already."""
        kind = self.cleaned_data["relation"]
        if not self.instance.relations.filter(kind=kind, other=other).exists():
            relation = ClaimRelation(claim=self.instance, kind=kind, other=other)
            relation.clean()
            relation.save()

    def _save_parties(self, role: PartyRole, name: str) -> None:
        """Add and remove what the editor added and removed, whatever else was changed meanwhile."""
        if name not in self.changed_data:
            return
        shown = {str(pk) for pk in self._shown(name)}
        chosen: dict[str, Actor] = {str(actor.pk): actor for actor in self.cleaned_data.get(name) or ()}
        if gone := shown - chosen.keys():
            self.instance.parties.filter(role=role, actor__in=gone).delete()
        present = {str(pk) for pk in self.instance.parties.filter(role=role).values_list("actor", flat=True)}
        for pk, actor in chosen.items():
            if pk not in shown | present:
                self._add_party(role, actor=actor)

    def _save_place(self, place: Location | None) -> None:
        """Replace the place that the card showed by this one."""
        if shown := self.initial.get("place"):
            self.instance.parties.filter(role=PartyRole.SUBJECT, location=shown).delete()
        if place and not self.instance.parties.filter(role=PartyRole.SUBJECT, location=place).exists():
            self._add_party(PartyRole.SUBJECT, location=place)

    def _shown(self, name: str) -> Iterable[Any]:
        """Actors that were on the page when it was opened."""
        field = self.fields[name]
        hidden = field.hidden_widget()
        posted: Iterable[Any] = hidden.value_from_datadict(self.data, self.files, self.add_initial_prefix(name)) or ()
        return posted

    def _add_party(self, role: PartyRole, **party: Any) -> None:
        ClaimParty.objects.create(
            claim=self.instance, role=role, position=self.instance.parties.filter(role=role).count(), **party
        )


class ClaimCards(Cards):
    """Claims of one event, which may bear on one another."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if not form.is_open:
            return
        rivals = [claim for claim in self.get_queryset() if claim.pk != form.instance.pk]
        form.fields["related_to"].queryset = self.get_queryset().exclude(pk=form.instance.pk)
        new = range(self.total_form_count() - self.initial_form_count()) if self.is_bound else ()
        form.fields["related_to"].choices = [
            ("", "–"),
            *((claim.pk, _called(claim)) for claim in rivals),
            *((f"new-{at}", _("New claim %(number)s") % {"number": at + 1}) for at in new),
        ]

    def clean(self) -> None:
        super().clean()
        for form, other in self._related_to_new():
            if other is form or not other.has_changed() or self._should_delete_form(other):  # type: ignore[attr-defined]
                form.add_error("related_to", _("That claim is empty: fill it in, or choose another."))

    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit)
        for form, other in self._related_to_new() if commit else ():
            form.relate(other.instance)
        return saved

    def _related_to_new(self) -> Iterator[tuple[ClaimCardForm, ClaimCardForm]]:
        """Cards that bear on a new card, each with that one."""
        form: Any
        for form in self.forms:
            if not self._should_delete_form(form) and (  # type: ignore[attr-defined]
                new := NEW.fullmatch(str(getattr(form, "cleaned_data", {}).get("related_to")))
            ):
                other: Any = self.extra_forms[int(new[1])]
                yield form, other


def _called(claim: Claim) -> str:
    """A claim among its rivals: who says it, and what."""
    return f"{', '.join(map(str, claim.claimants)) or '–'}: {claim}"


def card_form(site: Any, user: object) -> type[ClaimCardForm]:
    """Form of a card, with the inputs that lead to other entries of this site."""
    inputs: dict[str, Any] = {name: ActorsField(role, label, site) for name, (role, label) in PARTIES.items()}
    source = Citation._meta.get_field("source")
    inputs |= {
        "place": NamedChoice(
            Location.objects.all(),
            required=False,
            widget=Autocomplete(
                ClaimParty._meta.get_field("location"), site, attrs={"aria-label": gettext_lazy("Place it is about")}
            ),
            label=gettext_lazy("Place that it gives, or is about"),
        ),
        "claimant_words": forms.CharField(required=False, max_length=200, label=_("… or in words")),
        "source": NamedChoice(
            restricted_sources.visible(Source.objects.all(), user),
            required=False,
            widget=Autocomplete(source, site, attrs={"aria-label": _("Source to add")}),
            label=_("Add a source"),
        ),
        "locator": forms.CharField(required=False, max_length=120, label=_("Page, paragraph or time")),
        "relations": RelationsField(),
        "relation": forms.ChoiceField(choices=[("", "–"), *ClaimRelationKind.choices], required=False, label=_("It …")),
        "related_to": RelatedClaimField(Claim.objects.none(), required=False, label=_("… this claim")),
    }
    return type("ClaimCardForm", (ClaimCardForm,), inputs)
