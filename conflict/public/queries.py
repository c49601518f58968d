"""The website's only access to the record, through a read-only database alias."""

from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

import msgspec
from django.conf import settings
from django.db import connections
from django.db.models import Model, QuerySet

from conflict.public.head import ALIAS, Head, head
from conflict.record.models import (
    PUBLISHED,
    Publication,
    PublishedActor,
    PublishedAffiliation,
    PublishedClaim,
    PublishedEntry,
    PublishedEvent,
    PublishedEventActor,
    PublishedEventLocation,
    PublishedLocation,
    PublishedNotice,
    PublishedPeriod,
    PublishedSource,
    Tombstone,
)
from conflict.record.models.actor import PublishedActorQuerySet
from conflict.record.models.claim import PublishedClaimQuerySet
from conflict.record.models.entry import PublishedQuerySet
from conflict.record.models.event import PublishedEventQuerySet
from conflict.record.models.location import PublishedLocationQuerySet
from conflict.record.models.notice import PublishedNoticeQuerySet
from conflict.record.models.period import PublishedPeriodQuerySet
from conflict.record.models.publication import PublicationQuerySet
from conflict.record.models.source import PublishedSourceQuerySet
from conflict.record.projection.rows import UNDATED_SORTS_ON
from conflict.record.review_state import READ, review_state
from conflict.record.successors import successors
from conflict.vocabulary import ReviewState
from conflict.wording.localized_texts import label_of, localized
from conflict.wording.messages import language

Body = dict[str, Any]


class Step(NamedTuple):
    """A version of an entry, as its history tells it."""

    version: int
    published_at: datetime
    change_kind: str
    reason: str


NO_YEAR = 2000  # of charts with nothing in them


def events() -> PublishedEventQuerySet:
    return PublishedEvent.objects.using(ALIAS).without_search()


def last_year() -> int:
    """Year of the last dated event; before there is one, the first year of the charts."""
    dated = events().exclude(sorts_on=UNDATED_SORTS_ON).order_by("-sorts_on", "-key")
    day = dated.values_list("sorts_on", flat=True).first()
    return day.year if day else settings.CHRONOLOGY.since or NO_YEAR


def claims() -> PublishedClaimQuerySet:
    return PublishedClaim.objects.using(ALIAS).defer("csv_line")


def actors() -> PublishedActorQuerySet:
    return PublishedActor.objects.using(ALIAS).without_search()


def locations() -> PublishedLocationQuerySet:
    return PublishedLocation.objects.using(ALIAS).without_search()


def sources() -> PublishedSourceQuerySet:
    return PublishedSource.objects.using(ALIAS).without_search()


def periods() -> PublishedPeriodQuerySet:
    return PublishedPeriod.objects.using(ALIAS).without_search()


def notices() -> PublishedNoticeQuerySet:
    return PublishedNotice.objects.using(ALIAS).without_search()


def log() -> PublicationQuerySet:
    return Publication.objects.using(ALIAS)


def newest() -> Publication | None:
    """Head of the log; None if nothing has been published."""
    now = head()
    return publication_at(now) if now.number else None


def published_at(at: Head) -> datetime:
    """Time of the publication at the head of the log."""
    return publication_at(at).published_at


@lru_cache(maxsize=8)
def publication_at(at: Head) -> Publication:
    """Load a publication without its text; cached, because publications never change."""
    columns = ", ".join(f'"{field.column}"' for field in Publication._meta.concrete_fields if field.name != "document")
    sql = f'SELECT {columns} FROM "{Publication._meta.db_table}" WHERE number = %s AND sha256 = %s'
    (publication,) = log().raw(sql, at)
    return publication


def history(kind: str, key: str, most: int) -> list[Publication]:
    """Newest publications of an entry. Like `entry`, raw SQL: every entry page asks for them."""
    sql = (
        f'SELECT * FROM "{Publication._meta.db_table}" WHERE entry_kind = %s AND key = %s ORDER BY number DESC LIMIT %s'
    )
    return list(log().raw(sql, [kind, key, most]))


def entries(kind: str) -> PublishedQuerySet[Any]:
    """Published entries of this kind."""
    return PUBLISHED[kind]._default_manager.using(ALIAS).without_search()  # type: ignore[attr-defined,no-any-return]


def entry(kind: str, key: str) -> PublishedEntry | None:
    """One published entry, without its search columns, and with the `step` of the log that made it what it is.

    Every entry page starts with this query, so it is raw SQL: building it, or having the ORM read it, took twice as long
    as the rest.
    """
    model = PUBLISHED[kind]
    names, sql = _by_key(model)
    with connections[ALIAS].cursor() as cursor:
        cursor.execute(sql, [key])
        values = cursor.fetchone()
    if values is None:
        return None
    row: Any = model.from_db(ALIAS, names, values[: len(names)])
    row.step = Step(row.version, *values[len(names) :])
    found: PublishedEntry = row
    return found


def tombstone(kind: str, key: str) -> Tombstone | None:
    """Tombstone of a withdrawn entry; None for one that is public or never was."""
    found: Tombstone | None = rows(Tombstone).filter(entry_kind=kind, key=key).first()
    return found


def successor(kind: str, key: str) -> str:
    """Key of what took the place of a withdrawn entry in the end; empty if nothing did."""
    return successors(kind, key, using=ALIAS).get(key, "")


@cache
def _by_key(model: type[PublishedEntry]) -> tuple[list[str], str]:
    """Names of the columns of the entry, and the query for them and for the step."""
    fields = [field for field in model._meta.concrete_fields if field.name not in ("search", "search_text", "csv_line")]
    columns = ", ".join(f'entry."{field.column}"' for field in fields)
    return (
        [field.attname for field in fields],
        f"""
        SELECT {columns}, step.published_at AS step_at, step.change_kind AS step_kind, step.reason AS step_reason
        FROM "{model._meta.db_table}" entry JOIN "{Publication._meta.db_table}" step ON step.number = entry.publication_id
        WHERE entry.key = %s
    """,
    )


def rows(model: type[Model]) -> QuerySet[Any]:
    """Rows of other tables: parties, participations, references, tombstones."""
    return model._default_manager.using(ALIAS)


def body(row: PublishedEntry | PublishedClaim) -> Body:
    """The served body of the entry, in the reader's language where translated."""
    kept: Body = localized(msgspec.json.decode(row.body))
    return kept


def bodies(found: QuerySet[Any]) -> list[Body]:
    """Bodies only, in the order of the query, without building model objects."""
    return [localized(msgspec.json.decode(text)) for text in found.values_list("body", flat=True)]


def naming(actor: str) -> QuerySet[Any]:
    """One row for each event that names the actor, with day and kind."""
    return rows(PublishedEventActor).filter(actor=actor)


def at_or_below(place: str) -> QuerySet[Any]:
    """One row for each event at the place, touching it or within it, with day and kind."""
    return rows(PublishedEventLocation).filter(location=place)


def standing_to(actor: str) -> QuerySet[Any]:
    """Keys of the actors affiliated with this one."""
    return PublishedAffiliation.objects.filter(other=actor).values("actor")


def with_its_units(actor: str) -> frozenset[str]:
    """Keys of the actor and all its parts."""
    return frozenset(actors().belonging_to(actor).values_list("key", flat=True))


def country(name: str) -> str:
    """Name of a country in the reader's language, as the entry of that state or land has it."""
    if not name or language() == settings.ORIGINAL_LANGUAGE:
        return name
    named = (entries(kind).filter(label=name).only("key", "label", "labels").first() for kind in ("actor", "location"))
    return next((label_of(row) for row in named if row), name)


def control_claims(place: str) -> list[Body]:
    """Bodies of the claims of control over the place, in the order of their events."""
    return bodies(claims().on_control_of(place).chronological())


def review_of(step: Publication) -> dict[str, Any]:
    """Review state of what this step made public or took away: read by a second person with it, or at a later step."""
    steps = rows(Publication).filter(READ, entry_kind=step.entry_kind, key=step.key, number__gte=step.number)
    read_at = steps.order_by("number").values_list("published_at", flat=True).first()
    if read_at is None:
        return {"state": review_state(step).value, "on": None}
    return {"state": ReviewState.REVIEWED.value, "on": read_at.astimezone(UTC).date().isoformat()}
