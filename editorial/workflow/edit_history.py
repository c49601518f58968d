"""Edit history of the desk, written by triggers: its rows by entry."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from pghistory.models import Context

from conflict import models as desk
from conflict.models import ENTRIES
from conflict.models.entry import AUTOMATIC
from conflict.record.models import Action, Publication
from conflict.record.review_state import review_state
from conflict.vocabulary import ChangeKind, EntryKind, ReviewState
from editorial.models import HistoryCheckpoint, ImportRun
from editorial.workflow.authorship import Edit, LastRows, Row, authors

DIRECT: dict[str, dict[type[Model], str]] = {
    EntryKind.ACTOR: {desk.ActorName: "actor_id", desk.Affiliation: "actor_id"},
    EntryKind.LOCATION: {desk.LocationName: "location_id"},
    EntryKind.SOURCE: {},
    EntryKind.PERIOD: {},
    EntryKind.EVENT: {
        desk.EventLocation: "event_id",
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


def label(model: type[Model]) -> str:
    return model._meta.label_lower


# By table: the columns that reference a row's parents, and the parents' tables.
PARENTS: dict[str, dict[str, str]] = defaultdict(dict)
for _kind, _children in DIRECT.items():
    for _child, _column in _children.items():
        PARENTS[label(_child)][_column] = label(ENTRIES[_kind])
    for _child, _column, _parent in INDIRECT.get(_kind, ()):
        PARENTS[label(_child)][_column] = label(_parent)

BY_AN_IMPORT = Q(pgh_context__metadata__has_key="import_run")  # of rows of the history


def history_of(model: type[Model]) -> QuerySet[Model]:
    """The history rows of a tracked model, written by trigger."""
    return model._meta.get_field("history_row").related_model._default_manager.all()  # type: ignore[union-attr]


def history_of_entry(kind: str, pk: int) -> Iterable[tuple[type[Model], QuerySet[Model]]]:
    """Every tracked table that holds something of the entry, with the entry's rows in it."""
    yield ENTRIES[kind], history_of(ENTRIES[kind]).filter(pgh_obj_id=pk)
    found: dict[type[Model], Q] = {}
    for model, column in DIRECT[kind].items():
        found[model] = Q(**{column: pk})
    for model, column, parent in INDIRECT.get(kind, ()):
        parents = list(_ever(parent, DIRECT[kind][parent], [pk]))  # a subquery in a choice of several is no index's
        found[model] = found.get(model, Q()) | Q(**{f"{column}__in": parents})
    for model, condition in found.items():
        yield model, history_of(model).filter(condition)


def changed_by(kind: str, user: int) -> QuerySet[Any, int]:
    """Ids of the entries that a person has changed at the desk, or something in them, whatever became of it."""
    context = Context.objects.filter(metadata__user=user).values("pk")
    found = [history_of(ENTRIES[EntryKind(kind)]).filter(pgh_context__in=context).values_list("pgh_obj_id", flat=True)]
    for model, column in DIRECT[kind].items():
        rows = history_of(model).filter(pgh_context__in=context, **{f"{column}__isnull": False})
        found.append(rows.values_list(column, flat=True))
    for model, column, parent in INDIRECT.get(kind, ()):
        parents = history_of(model).filter(pgh_context__in=context, **{f"{column}__isnull": False}).values(column)
        found.append(history_of(parent).filter(pgh_obj_id__in=parents).values_list(DIRECT[kind][parent], flat=True))
    return found[0].union(*found[1:]) if len(found) > 1 else found[0]


def changed_since(rows: QuerySet[Any], moment: datetime) -> QuerySet[Any]:
    """Those parts of entries, such as claims, that were added or changed after a moment, or something in them."""
    changed: Any = Q(Exists(history_of(rows.model).filter(pgh_obj=OuterRef("pk"), pgh_created_at__gt=moment)))
    for child, column, parent in chain.from_iterable(INDIRECT.values()):
        if parent is rows.model:
            changed |= Exists(history_of(child).filter(**{column: OuterRef("pk")}, pgh_created_at__gt=moment))
    return rows.filter(changed)


def last_rows() -> dict[str, int]:
    """Last row number of each history table; taken when something is published, under the log's lock."""
    newest = ", ".join(
        f"(SELECT coalesce(max(pgh_id), 0) FROM {history_of(model).model._meta.db_table})" for model in TRACKED
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {newest}")
        return dict(zip((label(model) for model in TRACKED), cursor.fetchone(), strict=True))


def authors_of(entries: Iterable[tuple[str, str]]) -> set[int]:
    """Ids of the authors of what no second person has read in these entries; queries do not grow with their number.

    Changes made outside any account, by a maintenance command or in the database, have no author: the person
    who proposes them answers for them.
    """
    keys: dict[str, list[str]] = defaultdict(list)
    for kind, key in entries:
        keys[kind].append(key)
    people: set[int] = set()
    for kind, of_kind in keys.items():
        bases = bases_of(kind, of_kind)
        pks = dict(ENTRIES[EntryKind(kind)].objects.filter(key__in=of_kind).values_list("pk", "key"))
        was_public = any(last_rows for of_entry in bases.values() for last_rows in of_entry)
        if not was_public and (alone := _only_writers(kind, list(pks))) is not None:
            people |= alone
            continue
        of_rows: dict[Row, list[LastRows]] = {(label(ENTRIES[kind]), pk): bases[key] for pk, key in pks.items()}
        people |= authors(of_rows, edits_of(kind, list(pks)), PARENTS)
    return people


def authors_of_public(kind: str, key: str) -> set[int]:
    """Ids of the authors of what is public of the entry and no second person has read; drafts are ignored."""
    pk = ENTRIES[EntryKind(kind)].objects.filter(key=key).values_list("pk", flat=True).first()
    if pk is None:
        return set()
    written = Publication.objects.of(kind, key).filter(action=Action.PUBLISH).exclude(change_kind=ChangeKind.REVIEWED)
    batch = written.newest_first().values_list("batch", flat=True).first()
    checkpoint = HistoryCheckpoint.objects.filter(batch=batch).first() if batch else None
    edits = edits_of(kind, [pk])
    if checkpoint is not None:
        edits = [edit for edit in edits if edit.number <= checkpoint.last_rows.get(edit.table, 0)]
    return authors({(label(ENTRIES[kind]), pk): bases_of(kind, [key])[key]}, edits, PARENTS)


def bases_of(kind: str, keys: Collection[str]) -> dict[str, list[LastRows]]:
    """Base of each entry, by key, from which its authors are counted: the last history rows at the time.

    First its last text that a second person has read, and nothing if there is none, then every text published since.
    An entry that was reviewed without change was read as it was public: edits made meanwhile are not in it.
    """
    steps = Publication.objects.filter(entry_kind=kind, key__in=keys, action=Action.PUBLISH).order_by("version")
    batches: dict[str, list[int | None]] = {key: [None] for key in keys}
    for step in steps.defer("document"):
        of_entry = batches[step.key]
        if step.change_kind != ChangeKind.REVIEWED:
            of_entry.append(step.batch)
        if review_state(step) == ReviewState.REVIEWED:
            del of_entry[:-1]
    found = HistoryCheckpoint.objects.in_bulk({batch for of_entry in batches.values() for batch in of_entry} - {None})
    return {
        key: [found[batch].last_rows if batch in found else {} for batch in of_entry]
        for key, of_entry in batches.items()
    }


def edits_of(kind: str, pks: Collection[int]) -> list[Edit]:
    """All edits of these entries and of anything that was ever part of them; queries do not grow with their number.

    A part that was moved comes with its whole history, and a citation with that of its source.
    """
    return [edit for model, ids in _ever_part_of(kind, pks).items() for edit in _edits(model, ids)]


def _only_writers(kind: str, pks: Collection[int]) -> set[int] | None:
    """The people who made every single edit of these entries, as in an import; None where others made some of them, or
    something was deleted. Read without what was edited, in a fraction of the time.
    """
    done = {
        row
        for model, ids in _ever_part_of(kind, pks).items()
        for row in history_of(model)
        .filter(pgh_obj_id__in=list(ids))
        .order_by()
        .values_list("pgh_context_id", "pgh_label")
        .distinct()
    }
    contexts = _contexts(context for context, _ in done)
    people = {contexts[context].people for context, _ in done}
    return set(people.pop()) if len(people) == 1 and all(made != "delete" for _, made in done) else None


def _ever_part_of(kind: str, pks: Collection[int]) -> dict[type[Model], set[int]]:
    """Ids of all rows that were ever part of these entries, and of the sources that they ever cited, by table."""
    rows: dict[type[Model], set[int]] = defaultdict(set)
    rows[ENTRIES[EntryKind(kind)]].update(pks)
    for model, column in DIRECT[kind].items():
        rows[model].update(_ever(model, column, pks))
    for model, column, parent in INDIRECT.get(kind, ()):
        rows[model].update(_ever(model, column, rows[parent]))
    if citations := rows.get(desk.Citation):
        cited = history_of(desk.Citation).filter(pgh_obj_id__in=list(citations)).order_by()
        rows[desk.Source].update(cited.values_list("source_id", flat=True).distinct())
    return {model: ids for model, ids in rows.items() if ids}


def _ever(model: type[Model], column: str, parents: Collection[int]) -> Iterable[int]:
    """Rows that ever referenced one of these as their parent."""
    if not parents:
        return ()
    named = history_of(model).filter(**{f"{column}__in": list(parents)})
    return named.order_by().values_list("pgh_obj_id", flat=True).distinct()


def _edits(model: type[Model], pks: Iterable[int]) -> Iterator[Edit]:
    rows = history_of(model).filter(pgh_obj_id__in=list(pks)).order_by("pgh_id")
    found = list(rows.values(*_columns(model), "pgh_id", "pgh_obj_id", "pgh_label", "pgh_context_id"))
    contexts = _contexts(row["pgh_context_id"] for row in found)
    for row in found:
        by, run = contexts[row.pop("pgh_context_id")]
        number, pk, done = row.pop("pgh_id"), row.pop("pgh_obj_id"), row.pop("pgh_label")
        yield Edit(label(model), pk, number, done == "delete", row, by, run)


class _By(NamedTuple):
    """Author of an edit: the account, and for an import the people who uploaded and confirmed it."""

    people: frozenset[int]
    import_run: int | None


def _contexts(keys: Iterable[Any]) -> dict[Any, _By]:
    """Authors of the edits in these contexts. Read apart: an import writes thousands of rows in one."""
    named = dict(Context.objects.filter(pk__in=set(keys) - {None}).values_list("pk", "metadata"))
    runs = {run for metadata in named.values() if (run := metadata.get("import_run")) is not None}
    imported = {
        pk: {uploader, confirmer} - {None}
        for pk, uploader, confirmer in ImportRun.objects.filter(pk__in=runs).values_list(
            "pk", "previewed_by", "settled_by"
        )
    }
    return defaultdict(
        lambda: _By(frozenset(), None),
        {
            pk: _By(_people(metadata) | imported.get(run := metadata.get("import_run"), set()), run)
            for pk, metadata in named.items()
        },
    )


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields if field.attname not in AUTOMATIC]


def _people(context: Mapping[str, Any]) -> frozenset[int]:
    user = context.get("user")
    return frozenset() if user is None else frozenset([int(user)])
