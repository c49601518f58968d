"""Possible duplicates: new events of a file that the desk may already have, its own or from another data set."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import starmap
from typing import Any, NamedTuple

from django.db import connection

from conflict import earth
from conflict.message import Message, joined, ngettext
from conflict.message import gettext as _
from conflict.vocabulary import POINTED, Measure, ParticipantRole
from editorial.import_export.drafts import EventDraft
from editorial.import_export.matcher import NEAR, Matcher
from editorial.import_export.names import marks_of

LONGEST = timedelta(days=4)  # longer events overlap too many others to be meaningful by day and place alone
LONGEST_WITH_SIGNS = timedelta(days=31)  # and these even if they have figures and actors in common
AROUND = timedelta(days=1)
FARTHEST, CLOSE = 20, 5  # km: with equal figures and an actor in common; with figures that agree and both actors
MOST = 5
# Events that overlap the row's days or adjoin them, at its place or near it, with their figures of the dead of all of it.
# Those that a later claim revised are among them: other data sets keep the earlier figure.
FIND = """
    SELECT row.number, event.key, event.title, lower(event.span), upper(event.span),
           place.key = row.place, place.latitude, place.longitude,
           ARRAY(SELECT ARRAY[coalesce(claim.low, 0), coalesce(claim.best, claim.low), coalesce(claim.high, claim.best, claim.low)]
                   FROM conflict_claim claim
                  WHERE claim.event_id = event.id AND claim.measure = %s AND claim.rank <> 'deprecated'
                    AND claim.scope = 'event' AND NOT claim.negated AND claim.stance IN ('asserts', 'confirms')
                    AND coalesce(claim.best, claim.low) > 0
                    AND NOT EXISTS (SELECT FROM conflict_claimparty party
                                     WHERE party.claim_id = claim.id AND party.role = 'subject')),
           ARRAY(SELECT ARRAY[actor.key, actor.name] FROM conflict_participation part
                   JOIN conflict_actor actor ON actor.id = part.actor_id
                  WHERE part.event_id = event.id AND part.role <> 'associated' ORDER BY part.id)
      FROM unnest(%s::int[], %s::date[], %s::date[], %s::int[], %s::float8[], %s::text[], %s::float8[], %s::float8[])
           AS row(number, first, before, longest, far, place, latitude, longitude)
      JOIN conflict_event event ON event.span && daterange(row.first, row.before)
      JOIN conflict_location place ON place.id = event.location_id
     WHERE upper(event.span) - lower(event.span) <= row.longest
       AND (place.key = row.place
            OR abs(place.latitude - row.latitude) <= row.far
               AND abs(place.longitude - row.longitude) * cos(radians(row.latitude)) <= row.far)
       AND place.kind NOT IN ('country', 'region', 'cercle')
       AND NOT EXISTS (SELECT FROM record_tombstone stone WHERE stone.entry_kind = 'event' AND stone.key = event.key)
       AND NOT EXISTS (SELECT FROM editorial_externalid known WHERE known.event_id = event.id AND known.dataset = %s)
     ORDER BY row.number, event.key
"""


@dataclass(frozen=True, slots=True)
class Alike:
    key: str
    title: str
    why: Message


class _Event(NamedTuple):
    """An event of the desk that is close to a row in time and place."""

    key: str
    title: str
    starts_on: date
    ends_before: date
    is_same_place: bool
    latitude: Any
    longitude: Any
    dead: list[list[int]]  # low, best and high of each account of all killed
    actors: list[list[str]]  # key and name


class _Dead(NamedTuple):
    """Those killed, in an account of the row and in one of the event that agree; nobody if none do."""

    here: "_Count"
    there: "_Count"

    @property
    def is_equal(self) -> bool:
        return self.here.best == self.there.best


class _Count(NamedTuple):
    low: int = 0
    best: int = 0
    high: int = 0

    def agrees_with(self, other: "_Count") -> bool:
        """True if the best figure of one lies within the range of the other."""
        return self.low <= other.best <= self.high or other.low <= self.best <= other.high

    def __str__(self) -> str:
        return f"{self.low}–{self.high}" if self.low < self.high else str(self.best)


def possible_duplicates(
    drafts: Iterable[tuple[EventDraft, str]], matcher: Matcher, source: str
) -> dict[str, list[Alike]]:
    """Events at about the same time and place, from any other origin, by external id.

    Those of the same few days within NEAR; and those a day before or after, farther away, or told of a longer time, if
    figures and actors speak for it. `drafts` come with the keys of their places; events of `source` itself are already
    distinct.
    """
    listed = [(draft, place) for draft, place in drafts if _is_definite(draft)]
    if not listed:
        return {}
    rows = [
        (number, *_reach(draft), place, *(draft.place.point or (None, None)))
        for number, (draft, place) in enumerate(listed)
    ]
    columns: list[Any] = [list(column) for column in zip(*rows, strict=True)]
    found: dict[str, list[tuple[Any, Alike]]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(FIND, [Measure.KILLED.value, *columns, source])
        for number, *event in cursor.fetchall():
            draft = listed[number][0]
            if alike := _compared(draft, _Event(*event), matcher):
                found[draft.external_id].append(alike)
    return {
        external_id: [alike for _rank, alike in sorted(alikes, key=lambda ranked: ranked[0])[:MOST]]
        for external_id, alikes in found.items()
    }


def _is_definite(draft: EventDraft) -> bool:
    return draft.place_precision in POINTED and draft.days.ends_before - draft.days.starts_on <= _longest(draft)


def _longest(draft: EventDraft) -> timedelta:
    return LONGEST_WITH_SIGNS if _counts(draft) else LONGEST


def _reach(draft: EventDraft) -> tuple[date, date, int, float]:
    """Days, length in days and degrees within which events are compared. Without any dead, only close ones can be alike."""
    around, far = (AROUND, FARTHEST) if _counts(draft) else (timedelta(0), NEAR)
    days = draft.days
    return days.starts_on - around, days.ends_before + around, _longest(draft).days, far / earth.DEGREE


def _counts(draft: EventDraft) -> list[_Count]:
    """Accounts of all killed, if anybody was."""
    return [
        _Count(claim.low or 0, best, claim.high or best)
        for claim in draft.claims
        if claim.measure == Measure.KILLED and claim.subject is None and (best := claim.best or claim.low)
    ]


def _compared(draft: EventDraft, event: _Event, matcher: Matcher) -> tuple[Any, Alike] | None:
    """The event and its place in the list of those alike; None if too little speaks for it."""
    days = draft.days
    is_overlapping = event.starts_on < days.ends_before and days.starts_on < event.ends_before
    kilometres = _kilometres(draft, event)
    is_short = max(days.ends_before - days.starts_on, event.ends_before - event.starts_on) <= LONGEST
    is_close = is_overlapping and is_short and kilometres <= NEAR
    dead = _dead_in_both(draft, event)
    actors = _actors_in_both(draft, event, matcher)
    if kilometres > FARTHEST or not (is_close or _is_likely(dead, len(actors), kilometres)):
        return None
    why = [_time_between(draft, event, is_overlapping=is_overlapping), _way_between(kilometres)]
    if dead:
        why.append(_in_words(dead))
    if actors:
        why.append(_("%(names)s in both") % {"names": ", ".join(actors)})
    rank = (not is_close, not dead, not actors, kilometres, event.key)
    return rank, Alike(event.key, event.title, joined(why, ", "))


def _is_likely(dead: _Dead | None, actors: int, kilometres: float) -> bool:
    """True if both sides are the same and the figures equal, or agree nearby; or one side, and more than one died."""
    if dead is None or not actors:
        return False
    return (actors > 1 and (dead.is_equal or kilometres <= CLOSE)) or (dead.is_equal and dead.here.best > 1)


def _kilometres(draft: EventDraft, event: _Event) -> float:
    if event.is_same_place or draft.place.point is None or event.latitude is None:
        return 0
    latitude, longitude = draft.place.point
    return earth.distance((float(latitude), float(longitude)), (float(event.latitude), float(event.longitude)))


def _dead_in_both(draft: EventDraft, event: _Event) -> _Dead | None:
    """The accounts that agree best."""
    found = [
        _Dead(here, there)
        for here in _counts(draft)
        for there in starmap(_Count, event.dead)
        if here.agrees_with(there)
    ]
    return max(found, key=lambda dead: (dead.is_equal, dead.here.best), default=None)


def _actors_in_both(draft: EventDraft, event: _Event, matcher: Matcher) -> list[str]:
    """Names of the event's actors that the row names too, as the same entry or by a like name."""
    named = [part.actor for part in draft.parts if part.role != ParticipantRole.ASSOCIATED]
    keys = {matcher.actor_key(actor) for actor in named}
    marks = frozenset().union(*(marks_of(actor.name) for actor in named))
    found = (name for key, name in event.actors if key in keys or marks & marks_of(name))
    return list(dict.fromkeys(found))


def _in_words(dead: _Dead) -> Message:
    if dead.is_equal:
        count = dead.here.best
        return ngettext("%(count)s dead in both", "%(count)s dead in both", count) % {"count": count}
    return _("%(here)s dead here, %(there)s there") % {"here": str(dead.here), "there": str(dead.there)}


def _time_between(draft: EventDraft, event: _Event, *, is_overlapping: bool) -> Message:
    days = draft.days
    if is_overlapping:
        is_same = (event.starts_on, event.ends_before) == (days.starts_on, days.ends_before)
        return _("at the same time") if is_same else _("at a time that overlaps")
    return _("one day earlier") if event.ends_before <= days.starts_on else _("one day later")


def _way_between(kilometres: float) -> Message:
    if kilometres < 1:
        return _("at the same place")
    return _("%(count)s km away") % {"count": round(kilometres)}
