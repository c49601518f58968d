"""Who wrote what of an entry, by its history: the ground of four eyes, whatever a form says."""

from collections.abc import Iterable

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
    return {model._meta.label_lower: history_of(model).aggregate(last=Max("pgh_id"))["last"] or 0 for model in TRACKED}


def authors_since_publication(kind: str, key: str) -> set[int]:
    """Ids of the people who changed any part of the entry since its last published version.

    All authors there ever were, for an entry that was never published. Changes made outside
    any account (the initial load, a maintenance command without `--as`) count for nobody.
    """
    pk = ENTRIES[kind].objects.filter(key=key).values_list("pk", flat=True).first()
    if pk is None:
        return set()
    mark = _mark_of_last_publication(kind, key)
    people: set[int] = set()
    for model, rows in history_of_entry(kind, pk):
        later = rows.filter(pgh_id__gt=mark.get(model._meta.label_lower, 0))
        who = later.values_list("pgh_context__metadata__user", flat=True).distinct().order_by()
        people |= {int(user) for user in who if user is not None}
    return people


def _mark_of_last_publication(kind: str, key: str) -> dict[str, int]:
    batch = Publication.objects.of(kind, key).newest_first().values_list("batch", flat=True).first()
    mark = HistoryMark.objects.filter(batch=batch).first() if batch else None
    return mark.marks if mark else {}
