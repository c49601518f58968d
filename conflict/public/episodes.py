"""Episodes: an event and all that is part of it, at any depth."""

import msgspec

from conflict.public import queries
from conflict.record.models import PublishedReference
from conflict.vocabulary import EventRelationKind


class _Ref(msgspec.Struct):
    key: str


class _Relation(msgspec.Struct):
    kind: str
    event: _Ref


class _Event(msgspec.Struct):
    relations: list[_Relation]


EVENT = msgspec.json.Decoder(_Event)


def episode(key: str) -> set[str]:
    """Keys of the event and its parts."""
    found, ahead = {key}, {key}
    while ahead:
        naming = PublishedReference.objects.filter(from_kind="event", event__in=ahead).values("from_key")
        rows = queries.events().filter(pk__in=naming).values_list("key", "body")
        ahead = {part for part, body in rows if _is_part_of(body, ahead)} - found
        found |= ahead
    return found


def _is_part_of(body: str, wholes: set[str]) -> bool:
    relations = EVENT.decode(body).relations
    return any(one.kind == EventRelationKind.PART_OF and one.event.key in wholes for one in relations)
