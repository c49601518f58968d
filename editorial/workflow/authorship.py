"""Who wrote what of an entry, by its history: the ground of four eyes, whatever a form says."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection
from django.db.models import Max, Model, Q, QuerySet

from conflict import models as desk
from conflict.models import ENTRIES
from conflict.record.models import Publication
from conflict.vocabulary import EntryKind
from editorial.models.audit import HistoryMark

DIRECT: dict[str, dict[type[Model], str]] = {
    EntryKind.ACTOR: {desk.ActorName: "actor_id", desk.Affiliation: "actor_id"},
    EntryKind.LOCATION: {desk.LocationName: "location_id"},
    EntryKind.SOURCE: {},
    EntryKind.PERIOD: {},
    EntryKind.EVENT: {
        desk.EventPlace: "event_id",
        desk.EventRelation: "event_id",
        desk.Participation: "event_id",
        desk.Claim: "event_id",
        desk.Finding: "event_id",
        desk.Citation: "event_id",
    },
    EntryKind.NOTICE: {desk.NoticeMention: "notice_id"},
}
# Children of children, by the column that names their parent. A parent may be gone; its history is not.
INDIRECT: dict[str, list[tuple[type[Model], str, type[Model]]]] = {
    EntryKind.ACTOR: [(desk.Citation, "affiliation_id", desk.Affiliation)],
    EntryKind.EVENT: [
        (desk.ClaimParty, "claim_id", desk.Claim),
        (desk.ClaimRelation, "claim_id", desk.Claim),
        (desk.FindingParty, "finding_id", desk.Finding),
        (desk.FindingBasis, "finding_id", desk.Finding),
        (desk.Citation, "claim_id", desk.Claim),
        (desk.Citation, "finding_id", desk.Finding),
        (desk.Citation, "participation_id", desk.Participation),
    ],
}
TRACKED: tuple[type[Model], ...] = tuple(
    {
        model: None
        for kind, entry in ENTRIES.items()
        for model in (entry, *DIRECT[kind], *(child for child, _, _ in INDIRECT.get(kind, ())))
    }
)


def history_of(model: type[Model]) -> QuerySet[Model]:
    """The history rows of a tracked model, written by trigger."""
    return model._meta.get_field("history_row").related_model._default_manager.all()  # type: ignore[union-attr]


def history_of_entry(kind: str, pk: int) -> Iterable[tuple[type[Model], QuerySet[Model]]]:
    """Every tracked table that holds something of the entry, with the entry's rows in it."""
    yield ENTRIES[kind], history_of(ENTRIES[kind]).filter(id=pk)
    found: dict[type[Model], Q] = {}
    for model, column in DIRECT[kind].items():
        found[model] = Q(**{column: pk})
    for model, column, parent in INDIRECT.get(kind, ()):
        parents = history_of(parent).filter(**{DIRECT[kind][parent]: pk}).values("id")
        found[model] = found.get(model, Q()) | Q(**{f"{column}__in": parents})
    for model, condition in found.items():
        yield model, history_of(model).filter(condition)


def marks() -> dict[str, int]:
    """How far each history table has come; taken when something is published, under the log's lock."""
    newest = ", ".join(
        f"(SELECT coalesce(max(pgh_id), 0) FROM {history_of(model).model._meta.db_table})" for model in TRACKED
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {newest}")
        return dict(zip((model._meta.label_lower for model in TRACKED), cursor.fetchone(), strict=True))


def authors_since_publication(kind: str, key: str) -> set[int]:
    """Ids of the people who changed any part of the entry since its last published version.

    All authors there ever were, for an entry that was never published. Changes made outside
    any account (the initial load, a maintenance command without `--as`) count for nobody.
    """
    return authors_since_their_publication([(kind, key)])


def authors_since_their_publication(entries: Iterable[tuple[str, str]]) -> set[int]:
    """The same for many entries, each since its own last version; as many queries for thousands as for one."""
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in entries:
        keys[kind].append(key)
    people: set[int] = set()
    for kind, of_kind in keys.items():
        marked = _marks_of_last_publications(kind, of_kind)
        pks = dict(ENTRIES[kind].objects.filter(key__in=of_kind).values_list("pk", "key"))
        marks_by_pk = {pk: marked.get(key, {}) for pk, key in pks.items()}
        for table, pk, user, last in _last_changes(kind, list(pks)):
            if last > marks_by_pk[pk].get(table, 0):
                people.add(int(user))
    return people


def _last_changes(kind: str, pks: list[int]) -> Iterator[tuple[str, int, Any, int]]:
    """(table, entry, person, number of the person's last history row there), for every part of these entries."""
    yield from _by_person(ENTRIES[kind], "id", pks, {pk: {pk} for pk in pks})
    for model, column in DIRECT[kind].items():
        yield from _by_person(model, column, pks, {pk: {pk} for pk in pks})
    for parent in dict.fromkeys(parent for _, _, parent in INDIRECT.get(kind, ())):
        owners: dict[int, set[int]] = defaultdict(set)  # a claim moved between events was a part of each
        column = DIRECT[kind][parent]
        for pk, owner in history_of(parent).filter(**{f"{column}__in": pks}).order_by().values_list("id", column):
            owners[pk].add(owner)
        for model, column, of_parent in INDIRECT[kind]:
            if of_parent is parent:
                yield from _by_person(model, column, list(owners), owners)


def _by_person(
    model: type[Model], column: str, wanted: list[int], owners: Mapping[int, set[int]]
) -> Iterator[tuple[str, int, Any, int]]:
    """History rows whose `column` is one of `wanted`; `owners` are the entries that each of these belongs to."""
    rows = history_of(model).filter(**{f"{column}__in": wanted}).exclude(pgh_context=None).order_by()
    grouped = rows.values_list(column, "pgh_context__metadata__user").annotate(last=Max("pgh_id"))
    for part, user, last in grouped:
        if user is not None:
            for pk in owners[part]:
                yield model._meta.label_lower, pk, user, last


def _marks_of_last_publications(kind: str, keys: list[str]) -> dict[str, dict[str, int]]:
    """By key: how far the history had come when the entry was last published."""
    batches = dict(
        Publication.objects.filter(entry_kind=kind, key__in=keys)
        .order_by()
        .values_list("key")
        .annotate(last=Max("batch"))
    )
    marks = HistoryMark.objects.in_bulk(set(batches.values()))
    return {key: marks[batch].marks for key, batch in batches.items() if batch in marks}
