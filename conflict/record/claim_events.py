"""Events in which a claim was ever published: a function of the whole log."""

from collections.abc import Sequence

from django.db import connection

from conflict.record.models import Action, Publication, PublishedClaimHome

PUBLIC_NOW = """
    INSERT INTO record_publishedclaimhome (claim, event)
    SELECT key, event_id FROM record_publishedclaim WHERE event_id = ANY(%s)
    ON CONFLICT DO NOTHING
"""
EARLIER = """
    SELECT claim.key AS claim, step.key AS event
    FROM record_publication step, jsonb_to_recordset(step.document::jsonb -> 'claims') AS claim(key text)
    WHERE step.entry_kind = 'event' AND step.document IS NOT NULL
    AND NOT EXISTS (SELECT FROM record_publishedevent event WHERE event.publication_id = step.number)
"""
LACKING = f"""
    SELECT key, event_id FROM record_publishedclaim public
    WHERE NOT EXISTS (SELECT FROM record_publishedclaimhome WHERE claim = public.key AND event = public.event_id)
    UNION
    SELECT claim, event FROM ({EARLIER}) earlier
    WHERE NOT EXISTS (SELECT FROM record_publishedclaimhome home WHERE home.claim = earlier.claim AND home.event = earlier.event)
"""
SUPERFLUOUS = f"""
    SELECT claim, event FROM record_publishedclaimhome home
    WHERE NOT EXISTS (SELECT FROM record_publishedclaim WHERE key = home.claim AND event_id = home.event)
    EXCEPT SELECT claim, event FROM ({EARLIER}) earlier
"""

Home = tuple[str, str]


def note(publications: Sequence[Publication]) -> None:
    """Record the claims of the events among these, once the record has them.

    Claims removed for legal reasons are forgotten.
    """
    events = [step.key for step in publications if step.entry_kind == "event"]
    forget = [step.key for step in publications if step.action == Action.REDACT and step.entry_kind == "event"]
    if forget:
        PublishedClaimHome.objects.filter(event__in=forget).delete()
    if events:
        with connection.cursor() as cursor:
            cursor.execute(PUBLIC_NOW, [events])


def wrong(most: int) -> tuple[list[Home], list[Home]]:
    """Up to this many claim-event pairs that the record lacks, or has although the log does not."""
    with connection.cursor() as cursor:
        cursor.execute(f"{LACKING} LIMIT %s", [most])
        lacking = cursor.fetchall()
        cursor.execute(f"{SUPERFLUOUS} LIMIT %s", [most])
        return lacking, cursor.fetchall()


def remake() -> None:
    """Rebuild all pairs: from the record, where it matches the log, and from the log for earlier versions."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM record_publishedclaimhome WHERE (claim, event) IN ({SUPERFLUOUS})")
        cursor.execute(f"INSERT INTO record_publishedclaimhome (claim, event) {LACKING}")
