"""References at the desk: rows that name an entry from outside, and how they come to name the one it is merged into."""

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import Model, Q

from conflict.models import (
    ENTRIES,
    Affiliation,
    Citation,
    ClaimParty,
    Event,
    EventLocation,
    EventRelation,
    FindingParty,
    Location,
    Notice,
    NoticeMention,
    Participation,
    Period,
    Source,
)
from conflict.models.citation import IN_EVENTS
from conflict.record.models import PublishedReference
from conflict.vocabulary import EntryKind


class Naming(NamedTuple):
    """A column that names an entry, the paths to the entry that the row is part of, and what else makes two rows equal."""

    model: type[Model]
    column: str
    owners: tuple[str, ...] = ("",)
    identity: tuple[str, ...] = ()


CITING = (*IN_EVENTS, "affiliation__actor")
SUPPORTED = ("event_id", "claim_id", "finding_id", "affiliation_id", "participation_id")
NAMINGS: dict[str, tuple[Naming, ...]] = {
    EntryKind.ACTOR: (
        Naming(Affiliation, "other", ("actor",), ("actor_id", "kind", "when", "role")),
        Naming(Participation, "actor", ("event",), ("event_id", "role")),
        Naming(ClaimParty, "actor", ("claim__event",), ("claim_id", "role")),
        Naming(FindingParty, "actor", ("finding__event",), ("finding_id",)),
        Naming(Source, "publisher"),
    ),
    EntryKind.LOCATION: (
        Naming(Location, "parent"),
        Naming(Event, "location"),
        Naming(EventLocation, "location", ("event",), ("event_id",)),
        Naming(ClaimParty, "location", ("claim__event",), ("claim_id", "role")),
        Naming(FindingParty, "location", ("finding__event",), ("finding_id",)),
    ),
    EntryKind.PERIOD: (Naming(Period, "parent"), Naming(Event, "period")),
    EntryKind.SOURCE: (Naming(Citation, "source", CITING, (*SUPPORTED, "locator")),),
    EntryKind.EVENT: (Naming(EventRelation, "other", ("event",), ("event_id", "kind")),),
}


class Named(NamedTuple):
    """A row that names the entry, and the entry that it is part of."""

    naming: Naming
    row: Any
    entry: Any


def found(kind: str, key: str, leave_out: Collection[str] = ()) -> list[Named]:
    """Rows that name the entry, except those in `leave_out` and notices of disputes, which are settled first."""
    namings = (*NAMINGS[kind], Naming(Notice, kind), Naming(NoticeMention, kind, ("notice",), ("notice_id",)))
    named = [one for naming in namings for one in _rows(naming, key)]
    return [
        one
        for one in named
        if one.entry.entry_kind != EntryKind.NOTICE
        or (one.entry.key not in leave_out and not hasattr(one.entry, "dispute"))
    ]


def entries_of(named: Iterable[Named]) -> list[Any]:
    """Entries that these rows are part of, each once."""
    return list({(one.entry.entry_kind, one.entry.key): one.entry for one in named}.values())


def in_public(kind: str, key: str) -> set[tuple[str, str]]:
    """Public entries that name it in public, whatever the desk says by now; without notices of disputes."""
    rows = PublishedReference.objects.filter(**{kind: key}).values_list("from_kind", "from_key")
    disputes = set(Notice.objects.exclude(dispute=None).values_list("key", flat=True))
    return {row for row in rows if row[0] != EntryKind.NOTICE or row[1] not in disputes}


def point_at(kind: str, successor: str, named: Collection[Named]) -> None:
    """Let the rows name the successor. A row that would then say what another says already goes; its citations stay."""
    target = ENTRIES[EntryKind(kind)].objects.get(key=successor)
    for one in named:
        rows: Any = one.naming.model._default_manager
        same = _same(one, target).first()
        if same is not None:
            _keep_citations(one.row, same)
        if same is not None or _is_part_of(one, target):
            rows.filter(pk=one.row.pk).delete()
        else:
            rows.filter(pk=one.row.pk).update(**{one.naming.column: target})
        if one.naming.model is Event and kind == EntryKind.LOCATION:
            EventLocation.objects.filter(event=one.row, location=target).delete()  # its own place by now


def lock(entries: Collection[tuple[str, str]]) -> None:
    """Lock the entries before any part of them is written."""
    for kind, model in ENTRIES.items():
        if keys := [key for of_kind, key in entries if of_kind == kind]:
            list(model.objects.filter(key__in=keys).order_by("pk").select_for_update(of=("self",)).values_list("pk"))


def _rows(naming: Naming, key: str) -> Iterator[Named]:
    paths = [path for path in naming.owners if path]
    rows: Any = naming.model._default_manager.filter(**{f"{naming.column}__key": key})
    if naming.model is Notice:
        rows = rows.select_related("dispute")
    for row in rows.select_related(*paths).order_by("pk") if paths else rows.order_by("pk"):
        yield Named(naming, row, next(filter(None, (_follow(row, path) for path in naming.owners))))


def _follow(row: Any, path: str) -> Any:
    for name in path.split("__") if path else ():
        row = row and getattr(row, name)
    return row


def _same(one: Named, target: Any) -> Any:
    """Other rows that say the same of the target, and for a further place also the event's own."""
    rows: Any = one.naming.model._default_manager
    if not one.naming.identity:
        return rows.none()
    same = Q(**{column: getattr(one.row, column) for column in one.naming.identity}, **{one.naming.column: target})
    return rows.filter(same).exclude(pk=one.row.pk).order_by("pk")


def _is_part_of(one: Named, target: Any) -> bool:
    """True for a row by which the target would name itself, or an event its own place as a further one."""
    owner: Any = one.entry
    if one.naming.model is EventLocation:
        return bool(Event.objects.filter(pk=owner.pk, location=target).exists())
    return one.naming.owners != ("",) and bool(owner == target)


def _keep_citations(row: Model, same: Model) -> None:
    """Citations of the row that goes support the one that says the same."""
    if not isinstance(row, (Affiliation, Participation)):
        return
    name = type(row).__name__.lower()
    for citation in Citation.objects.filter(**{name: row}).order_by("pk"):
        if not Citation.objects.filter(**{name: same}, source=citation.source_id, locator=citation.locator).exists():
            Citation.objects.filter(pk=citation.pk).update(**{name: same})
