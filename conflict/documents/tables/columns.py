"""Entries as flat rows: the columns of each kind, where their values come from, and their HXL tags."""

from collections.abc import Callable, Sequence
from enum import Enum
from operator import attrgetter
from typing import Any, NamedTuple

from django.conf import settings
from rest_framework.serializers import ChoiceField

from conflict.documents.entries import SHAPES
from conflict.vocabulary import EntryKind, Measure

Body = Any  # object with the values that the columns read, None for missing ones
Cell = str | int | bool | None
Value = str | Callable[[Body], Cell]

BETWEEN = "; "
UNREAD = "*"  # below a list, in a path: the items are counted and not read
KILLED = Measure.KILLED.value


class Kind(Enum):
    """Data types of columns, for typed formats. A column name has the same type in every table."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "boolean"
    DAY = "date"
    MOMENT = "datetime"


KINDS = {
    **dict.fromkeys(("version", "publication", "number", "position", "batch", "claims", "schema"), Kind.INTEGER),
    **dict.fromkeys(("writers", "readers", "publishers"), Kind.INTEGER),
    **dict.fromkeys(
        ("low", "best", "high", "killed_low", "killed_high", "geonames_id", "archived_status"), Kind.INTEGER
    ),
    **dict.fromkeys(("latitude", "longitude"), Kind.NUMBER),
    **dict.fromkeys(("resolved", "negated", "is_open"), Kind.FLAG),
    **dict.fromkeys(("starts_on", "ends_before", "review_by", "resolved_on", "settled_on"), Kind.DAY),
    **dict.fromkeys(("archived_on", "reliability_on"), Kind.DAY),
    **dict.fromkeys(("first_published_at", "changed_at", "published_at"), Kind.MOMENT),
}


class Column(NamedTuple):
    """A column.

    `value` is a dotted path into the body, with lists joined, or a function of the paths listed in `reads`.
    """

    name: str
    value: Value = ""
    tag: str = ""
    reads: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        if self.tag == "#meta+claims":  # keys of a finding's claims
            return Kind.TEXT
        return KINDS.get(self.name, Kind.TEXT)

    @property
    def paths(self) -> tuple[str, ...]:
        if self.name == "url":
            return ("id", "key")
        return self.reads if callable(self.value) else (self.value or self.name,)


Columns = Sequence[Column]


def _total_killed(event: Body) -> Body:
    """The total killed, from `conflict.totals`; None if nobody gives a figure."""
    for total in event.totals:
        if total.measure == KILLED:
            return total
    return None


def _killed(bound: str) -> Callable[[Body], Cell]:
    """Lower or upper bound of the total killed."""
    get = attrgetter(bound)

    def of(event: Body) -> Cell:
        total = _total_killed(event)
        return None if total is None else get(total)

    return of


def _killed_note(event: Body) -> Cell:
    """Reason why a bound of the total killed is empty, or what it leaves open."""
    total = _total_killed(event)
    if total is None:
        return "nobody gives a figure"
    notes = []
    if total.high is None:
        notes.append("no account gives a number")
    elif total.low is None:
        notes.append("no account gives a lower figure")
    if total.may_overlap:
        notes.append("figures may count the same persons: low without them, high with all")
    if total.is_open_above and total.high is not None:
        notes.append("an account says that it may be more")
    if total.in_words and total.high is not None:
        notes.append("figures in words alone are not counted")
    return BETWEEN.join(notes) or None


def _participants(event: Body) -> Cell:
    return BETWEEN.join([f"{part.actor.name} ({part.role})" for part in event.participants]) or None


def _belongs(actor: Body) -> Cell:
    above = [tie.actor.key for tie in actor.affiliations if tie.kind == "part_of"]
    return BETWEEN.join(above) or None


def _translated(*fields: str) -> "Columns":
    """One column per text and translation language: `title_fr`."""
    return [
        Column(f"{field}_{language}", f"translations.{language}.{field}.text", f"#description+{field}+i_{language}")
        for language in settings.ENTRY_LANGUAGES
        for field in fields
    ]


DATED = (
    Column("when", tag="#meta+date+edtf"),
    Column("starts_on", tag="#date+start"),
    Column("ends_before", tag="#date+end+before"),
)
REVIEW = Column("review", "review.state", "#status+review")


def _same_as(entry: Body) -> Cell:
    return BETWEEN.join([f"{one.scheme}:{one.value}" for one in entry.same_as]) or None


SAME_AS = Column("same_as", _same_as, "#meta+id+external", ("same_as.scheme", "same_as.value"))
CLOCKS = (
    Column("version", tag="#meta+version"),
    Column("publication", tag="#meta+publication"),
    Column("first_published_at", tag="#date+published"),
    Column("changed_at", tag="#date+updated"),
    Column("url", tag="#meta+url"),
)
NOT_EXPORTED = {"date_basis", "year_basis"}  # how the desk understood a date


def _of_vocabularies(kind: str, columns: Columns) -> Columns:
    """Columns of the kind's fields that are chosen from a vocabulary, but for those that already have one."""
    read = NOT_EXPORTED.union(*(column.paths for column in columns))
    return [
        Column(name, tag=f"#{kind}+{name.replace('_', '')}")
        for name, declared in SHAPES[kind]._declared_fields.items()
        if isinstance(declared, ChoiceField) and name not in read
    ]


TOTALS = tuple(f"totals.{name}" for name in ("measure", "low", "high", "is_open_above", "may_overlap", "in_words"))
DESCRIBING_EVENT = (
    Column("key", tag="#event+code"),
    Column("title", tag="#event+name"),
    Column("kind", tag="#event+type"),
    Column("standing", tag="#meta+confidence"),
    *DATED,
    Column("precision", tag="#meta+date+precision"),
    Column("location_key", "location.key", "#loc+code"),
    Column("location", "location.name", "#loc+name"),
    Column("location_precision", tag="#loc+precision"),
    Column("latitude", "coordinates.latitude", "#geo+lat"),
    Column("longitude", "coordinates.longitude", "#geo+lon"),
    Column("coordinate_precision", "coordinates.precision", "#geo+precision"),
    Column("period_key", "period.key", "#event+period+code"),
    Column("period", "period.name", "#event+period+name"),
    Column("participants", _participants, "#group+name+role", ("participants.actor.name", "participants.role")),
    Column("participant_keys", "participants.actor.key", "#group+code"),
    Column("killed_low", _killed("low"), "#affected+killed+min", TOTALS),
    Column("killed_high", _killed("high"), "#affected+killed+max", TOTALS),
    Column("killed_note", _killed_note, "#meta+killed+note", TOTALS),
    Column("killed_said", "headline", "#description+killed"),
    Column("claims", lambda event: len(event.claims), "#meta+claims+num", (f"claims.{UNREAD}",)),
    Column("sources", "citations.source.key", "#meta+source"),
    Column("notices", "notices.kind", "#meta+notices"),
    SAME_AS,
    Column("summary", tag="#description"),
    *_translated("title", "summary"),
)
EVENT = (*DESCRIBING_EVENT, *_of_vocabularies(EntryKind.EVENT, DESCRIBING_EVENT), REVIEW, *CLOCKS)
CLAIM = (
    Column("key", tag="#meta+id"),
    Column("event_key", "event.key", "#event+code"),
    Column("event", "event.name", "#event+name"),
    Column("event_when", tag="#meta+date+edtf"),
    Column("kind", tag="#indicator+type"),
    Column("when", tag="#meta+date+claimed"),
    Column("measure", tag="#indicator+name"),
    Column("claimant", "claimant.name", "#group+name+claimant"),
    Column("claimant_keys", "claimant.key", "#group+code+claimant"),
    Column("relayed_by", "relayed_by.name", "#group+name+relay"),
    Column("subject", "subject.name", "#group+name+subject"),
    Column("holder", "holder.name", "#group+name+holder"),
    Column("low", tag="#value+min"),
    Column("best", tag="#value+best"),
    Column("high", tag="#value+max"),
    Column("qualifier", tag="#meta+qualifier"),
    Column("unit", tag="#meta+unit"),
    Column("scope", tag="#indicator+scope"),
    Column("scope_when", tag="#meta+date+scope"),
    Column("stance", tag="#indicator+stance"),
    Column("negated", tag="#indicator+negated"),
    Column("rank", tag="#meta+rank"),
    Column("made_on", tag="#meta+date+made"),
    Column("statement", tag="#description"),
    Column("as_worded", tag="#description+worded"),
    Column("sources", "citations.source.key", "#meta+source"),
    *_translated("statement"),
    *CLOCKS,
)
FINDING = (
    Column("id", tag="#meta+id+address"),
    Column("key", tag="#meta+id"),
    Column("event_key", "event.key", "#event+code"),
    Column("event", "event.name", "#event+name"),
    Column("aspect", tag="#indicator+type"),
    Column("measure", tag="#indicator+name"),
    Column("subject", "subject.name", "#group+name+subject"),
    Column("low", tag="#value+min"),
    Column("best", tag="#value+best"),
    Column("high", tag="#value+max"),
    Column("grade", tag="#meta+confidence"),
    Column("rule", tag="#meta+rule"),
    Column("reason", tag="#description"),
    Column("claims", "claims.key", "#meta+claims"),
    *_translated("reason"),
    *CLOCKS,
)
ACTOR = (
    Column("key", tag="#group+code"),
    Column("name", tag="#group+name"),
    Column("kind", tag="#group+type"),
    Column("family", tag="#group+family"),
    Column("reliability", tag="#group+reliability"),
    Column("country", tag="#country+name"),
    *DATED,
    Column("names", "names.name", "#group+name+alt"),
    Column("reliability_reason", tag="#description+reliability"),
    Column("reliability_on", tag="#date+reliability"),
    SAME_AS,
    Column("part_of", _belongs, "#group+parent", ("affiliations.actor.key", "affiliations.kind")),
    Column("description", tag="#description"),
    *_translated("name", "description"),
    REVIEW,
    *CLOCKS,
)
LOCATION = (
    Column("key", tag="#loc+code"),
    Column("name", tag="#loc+name"),
    Column("kind", tag="#loc+type"),
    Column("parent_key", "parent.key", "#loc+parent+code"),
    Column("parent", "parent.name", "#loc+parent+name"),
    Column("country", tag="#country+name"),
    Column("latitude", tag="#geo+lat"),
    Column("longitude", tag="#geo+lon"),
    Column("coordinate_precision", tag="#geo+precision"),
    Column("coordinate_origin", tag="#geo+source"),
    Column("pcode", tag="#loc+code+pcode"),
    Column("geonames_id", tag="#loc+code+geonames"),
    SAME_AS,
    *DATED,
    Column("names", "names.name", "#loc+name+alt"),
    Column("description", tag="#description"),
    *_translated("name", "description"),
    REVIEW,
    *CLOCKS,
)
SOURCE = (
    Column("key", tag="#meta+source+code"),
    Column("kind", tag="#meta+source+type"),
    Column("resolved", tag="#meta+resolved"),
    Column("number", tag="#meta+source+num"),
    Column("title", tag="#meta+source+name"),
    Column("authors", tag="#meta+author"),
    Column("container", tag="#meta+container"),
    Column("pages", tag="#meta+pages"),
    Column("publisher_key", "publisher.key", "#org+code"),
    Column("publisher", "publisher.name", "#org+name"),
    Column("published_on", tag="#meta+date+edtf"),
    Column("source_url", "url", "#meta+url+source"),
    Column("archived_url", tag="#meta+url+archived"),
    Column("archived_on", tag="#date+archived"),
    Column("archived_status", tag="#meta+archived+status"),
    Column("archived_sha256", tag="#meta+archived+sha256"),
    Column("doi", tag="#meta+doi"),
    Column("isbn", tag="#meta+isbn"),
    SAME_AS,
    Column("language", tag="#meta+language"),
    Column("note", tag="#description"),
    REVIEW,
    *CLOCKS,
)
PERIOD = (
    Column("key", tag="#event+period+code"),
    Column("title", tag="#event+period+name"),
    Column("parent_key", "parent.key", "#event+period+parent"),
    Column("position", tag="#meta+position"),
    *DATED,
    Column("introduction", tag="#description"),
    *_translated("title", "introduction"),
    REVIEW,
    *CLOCKS,
)
NOTICE = (
    Column("key", tag="#meta+id"),
    Column("kind", tag="#meta+type"),
    Column("target_kind", "target.kind", "#meta+target+type"),
    Column("target_key", "target.key", "#meta+target+code"),
    Column("reason", tag="#description"),
    Column("origin", tag="#meta+origin"),
    Column("raised_on", tag="#meta+date+edtf"),
    Column("review_by", tag="#date+review"),
    Column("resolved_on", tag="#date+resolved"),
    Column("resolution", tag="#description+resolution"),
    *_translated("reason", "resolution"),
    REVIEW,
    *CLOCKS,
)
DISPUTE = (
    Column("key", tag="#meta+id"),
    Column("target_kind", "target.kind", "#meta+target+type"),
    Column("target_key", "target.key", "#meta+target+code"),
    Column("target", "target.name", "#meta+target+name"),
    Column("said", tag="#description"),
    Column("origin", tag="#meta+origin"),
    Column("is_open", tag="#status+open"),
    Column("opened_on", tag="#meta+date+edtf"),
    Column("settled_on", tag="#date+settled"),
    Column("outcome", tag="#status+outcome"),
    Column("reason", tag="#description+reason"),
    *CLOCKS,
)
PUBLICATION = tuple(
    Column(name, tag=f"#meta+{name.replace('_', '')}")
    for name in (
        *("number", "entry_kind", "key", "version", "action", "change_kind", "reason", "successor", "batch"),
        *(
            "published_at",
            "document_sha256",
            "prev_sha256",
            "schema",
            "writers",
            "readers",
            "publishers",
            "sha256",
            "salt",
        ),
    )
)
# Tables of the record. The first column of each is the key, and the last one the address.
OF_KIND: dict[str, Columns] = {
    "actor": ACTOR,
    "location": LOCATION,
    "source": SOURCE,
    "period": PERIOD,
    "event": EVENT,
    "claim": CLAIM,
    "notice": NOTICE,
}
