"""In which events a claim was ever published: a function of the log alone, of all of its steps."""

from collections.abc import Sequence

from django.db import connection

from conflict.record.models import Action, Publication, PublishedClaimHome

NOTED = """
    INSERT INTO record_publishedclaimhome (claim, event)
    SELECT DISTINCT claim.key, step.key
    FROM record_publication step, jsonb_to_recordset(step.document::jsonb -> 'claims') AS claim(key text)
    WHERE step.entry_kind = 'event' AND step.document IS NOT NULL AND step.number BETWEEN %s AND %s
    ON CONFLICT DO NOTHING
"""


def note(publications: Sequence[Publication]) -> None:
    """Note the claims of these publications, which are one stretch of the log. What the law removed is forgotten."""
    forget = [step.key for step in publications if step.action == Action.REDACT and step.entry_kind == "event"]
    if forget:
        PublishedClaimHome.objects.filter(event__in=forget).delete()
    with connection.cursor() as cursor:
        cursor.execute(NOTED, [publications[0].number, publications[-1].number])


def remake() -> None:
    """All of it anew, from the whole log."""
    PublishedClaimHome.objects.all()._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute(NOTED, [1, 2**62])
