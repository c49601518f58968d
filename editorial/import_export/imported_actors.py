"""Actors that a data set brought: it may call them otherwise later, and a later row may tell more of them."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q

from conflict.chronology import OTHER
from conflict.models import Actor, ActorName
from conflict.text import folded
from conflict.vocabulary import ActorKind, NameKind
from editorial.import_export.drafts import ActorDraft, digest
from editorial.models import ChoiceKind
from editorial.workflow.edit_history import BY_AN_IMPORT, history_of


class NewName(NamedTuple):
    """The name that a file gives to an actor of the desk, and the one that it has. Not taken over: an editor's stays."""

    key: str
    name: str
    present: str
    is_taken: bool

    @property
    def choice(self) -> str:
        return f"{self.key}: name: {digest(self.name)}"

    @property
    def asked(self) -> dict[str, Any]:
        """The question whether to take it over."""
        kept = f"name of {self.key}"
        return {
            "kept": kept,
            "old": self.present,
            "new": self.name,
            "choice": self.choice,
            "kind": str(ChoiceKind.KEPT),
        }


def new_name(draft: ActorDraft) -> NewName | None:
    """The name, if no import has given it to the actor yet. It is taken over where the present one comes from an import."""
    if draft.key.endswith(digest(draft.name)):  # an actor known by its name, not by an id
        return None
    rows = history_of(Actor).filter(BY_AN_IMPORT, key=draft.key).order_by()
    given = {folded(name) for name in rows.values_list("name", flat=True).distinct()}
    if folded(draft.name) in given:
        return None
    present = Actor.objects.values_list("name", flat=True).get(key=draft.key)
    return NewName(draft.key, draft.name, present, folded(present) in given)


def rename(names: Mapping[str, str]) -> None:
    """Give the actors with these keys their new names, and keep the present ones as former names."""
    for actor in Actor.objects.filter(key__in=names).in_key_order():
        former, actor.name = actor.name, names[actor.key]
        actor.save()
        ActorName.objects.get_or_create(actor=actor, name=former, defaults={"kind": NameKind.FORMER})


def tell_more(drafts: Iterable[ActorDraft]) -> None:
    """Give the kind, and the family of foreign ones, to actors of which earlier rows did not tell them and no person has."""
    told = {draft.key: draft for draft in sorted(drafts, key=says)}
    by_hand = history_of(Actor).filter(id=OuterRef("pk")).exclude(BY_AN_IMPORT)
    untold = Q(kind=ActorKind.UNSPECIFIED) | Q(
        key__in=[key for key, draft in told.items() if draft.is_foreign], family=OTHER
    )
    for actor in Actor.objects.filter(untold, ~Exists(by_hand), key__in=told).in_key_order():
        draft = told[actor.key]
        before = actor.kind, actor.family
        actor.kind = draft.kind.value if actor.kind == ActorKind.UNSPECIFIED else actor.kind
        actor.family = draft.family if actor.family == OTHER else actor.family
        if before != (actor.kind, actor.family):
            actor.save()


def says(draft: ActorDraft) -> tuple[bool, bool]:
    """How much the draft tells of its actor, to be compared with others."""
    return draft.kind != ActorKind.UNSPECIFIED, draft.is_foreign
