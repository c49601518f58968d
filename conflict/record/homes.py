"""In which events a claim was ever published: a function of the log alone, of all of its steps."""

from collections.abc import Sequence

from django.db import connection

from conflict.record.models import Action, Publication, PublishedClaimHome

PUBLIC_NOW = """
    INSERT INTO record_publishedclaimhome (claim, event)
    SELECT key, event_id FROM record_publishedclaim WHERE event_id = ANY(%s)
    ON CONFLICT DO NOTHING
"""
EVER = """
    INSERT INTO record_publishedclaimhome (claim, event)
    SELECT key, event_id FROM record_publishedclaim
    UNION
    SELECT claim.key, step.key
    FROM record_publication step, jsonb_to_recordset(step.document::jsonb -> 'claims') AS claim(key text)
    WHERE step.entry_kind = 'event' AND step.document IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM record_publishedevent event WHERE event.publication_id = step.number)
"""


def note(publications: Sequence[Publication]) -> None:
    """Note the claims of the events among these, once the record has them. What the law removed is forgotten."""
    events = [step.key for step in publications if step.entry_kind == "event"]
    forget = [step.key for step in publications if step.action == Action.REDACT and step.entry_kind == "event"]
    if forget:
        PublishedClaimHome.objects.filter(event__in=forget).delete()
    if events:
        with connection.cursor() as cursor:
            cursor.execute(PUBLIC_NOW, [events])


def remake() -> None:
    """All of it anew: from the record where it is what the log says, and from what the log says of before."""
    PublishedClaimHome.objects.all()._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute(EVER)
