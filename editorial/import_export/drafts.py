"""Drafts: rows of a foreign data set in the desk's terms, before anything is written."""

import calendar
import hashlib
from datetime import date, timedelta
from decimal import Decimal

import msgspec
from django.conf import settings

from conflict.chronology import CIVILIAN, OTHER, Camp
from conflict.models import keys
from conflict.text import straight
from conflict.vocabulary import (
    LONGEST_KEY,
    ActorKind,
    EventKind,
    LocationKind,
    Measure,
    ParticipantRole,
    PlacePrecision,
    Qualifier,
    Side,
    SourceKind,
)

ONE_DAY = timedelta(days=1)


class Draft(msgspec.Struct, frozen=True, gc=False):
    """Base struct, as a file has millions: created 20 times faster than a frozen dataclass, and not tracked by the GC."""


class ActorDraft(Draft, frozen=True):
    key: str
    name: str
    kind: ActorKind = ActorKind.ARMED_GROUP
    is_foreign: bool = False

    @property
    def family(self) -> str:
        """Civilian for civilians, foreign where the row says so; any other new actor is left for an editor to assign."""
        if self.kind == ActorKind.CIVILIANS:
            return CIVILIAN
        return _foreign() if self.is_foreign else OTHER


def _foreign() -> str:
    """The chronology's family of foreign forces, if it has one."""
    families = settings.CHRONOLOGY.families.values()
    return next((str(family.key) for family in families if family.camp == Camp.FOREIGN), OTHER)


class PlaceDraft(Draft, frozen=True):
    key: str
    name: str
    kind: LocationKind
    country: str
    parent: "PlaceDraft | None" = None
    point: tuple[Decimal, Decimal] | None = None
    precision: PlacePrecision | None = None


class SourceDraft(Draft, frozen=True):
    key: str
    kind: SourceKind
    title: str
    publisher: ActorDraft | None = None
    published_on: str = ""
    is_resolved: bool = True
    note: str = ""
    url: str = ""


class PartDraft(Draft, frozen=True):
    actor: ActorDraft
    role: ParticipantRole = ParticipantRole.TAKING_PART
    side: Side | None = None


class ClaimDraft(Draft, frozen=True):
    """A figure, claimed by the compiler by default; `name` identifies it among the event's claims across releases."""

    name: str
    statement: str
    as_worded: str
    low: int | None
    high: int | None
    qualifier: Qualifier = Qualifier.EXACT
    subject: ActorDraft | str | None = None
    best: int | None = None
    cites_reports: bool = False
    part_of: str = ""  # name of the claim that this is a part of
    measure: Measure = Measure.KILLED
    claimant: ActorDraft | str | None = None


class Days(Draft, frozen=True):
    """EDTF text and the half-open run of days that it means, known here without parsing it."""

    text: str
    starts_on: date
    ends_before: date


class EventDraft(Draft, frozen=True):
    external_id: str
    title: str
    summary: str
    kind: EventKind
    days: Days
    as_written: str
    place: PlaceDraft
    place_precision: PlacePrecision
    parts: tuple[PartDraft, ...]
    claims: tuple[ClaimDraft, ...]
    sources: tuple[SourceDraft, ...]
    country: str


def clipped(words: str, longest: int) -> str:
    return words if len(words) <= longest else f"{words[: longest - 1].rstrip()}…"


def digest(*parts: object) -> str:
    """Stable digest of ten hexadecimal digits; capitals, spaces and the shape of apostrophes do not matter."""
    text = "\x1f".join([" ".join(straight(str(part)).casefold().split()) for part in parts])
    return hashlib.blake2s(text.encode(), digest_size=5).hexdigest()


def slug(words: str, longest: int = 60) -> str:
    """Words as part of a key; never empty."""
    return keys.slug(straight(words), longest) or "unnamed"


def key(*parts: str) -> str:
    made = "-".join(parts)
    if len(made) > LONGEST_KEY:
        raise ValueError(f"The key {made} is longer than {LONGEST_KEY} characters.")
    return made


def country(name: str) -> PlaceDraft:
    """Draft of a country, shared by all data sets."""
    return PlaceDraft(key("country", slug(name)), clipped(name, 200), LocationKind.COUNTRY, clipped(name, 120))


def division(dataset: str, parent: PlaceDraft, name: str, kind: LocationKind) -> PlaceDraft:
    """Draft of a country's division; divisions of the same name differ by what they lie within."""
    distinction = digest(parent.key, name)
    return PlaceDraft(key(dataset, "place", slug(name), distinction), clipped(name, 200), kind, parent.country, parent)


def outlet(name: str) -> ActorDraft:
    """Draft of a medium, shared by all data sets."""
    return ActorDraft(key("outlet", slug(name), digest(name)), clipped(name, 200), ActorKind.MEDIA)


def one_day(day: date) -> Days:
    return Days(day.isoformat(), day, day + ONE_DAY)


def about(day: date) -> Days:
    return Days(f"{day.isoformat()}~", day, day + ONE_DAY)


def days(start: date, end: date) -> Days:
    """From one day to another, both included."""
    if start == end:
        return one_day(start)
    return Days(f"{start.isoformat()}/{end.isoformat()}", start, end + ONE_DAY)


def week_of(day: date) -> Days:
    """Monday to Sunday of the week in which the day lies."""
    monday = day - timedelta(days=day.weekday())
    return days(monday, monday + timedelta(days=6))


def months(start: date, end: date) -> Days:
    """The whole months in which the two days lie."""
    first = start.replace(day=1)
    before = end.replace(day=calendar.monthrange(end.year, end.month)[1]) + ONE_DAY
    text = f"{start:%Y-%m}" if (start.year, start.month) == (end.year, end.month) else f"{start:%Y-%m}/{end:%Y-%m}"
    return Days(text, first, before)


def year_of(day: date) -> Days:
    return Days(f"{day.year:04}", date(day.year, 1, 1), date(day.year + 1, 1, 1))
