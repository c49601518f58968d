"""Rewriting of the whole log by its owner, who has every right in the database: consistent in itself, and another log."""

from django.db import connection

from conflict.documents import commitment
from conflict.documents.canonical_json import FIRST_PREVIOUS
from conflict.record import log
from conflict.record.consistency import rebuild
from conflict.record.models import Publication


def rewrite_the_log() -> None:
    """Change the first reason and every name “a”, and chain everything anew."""
    previous = FIRST_PREVIOUS
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE record_publication DISABLE TRIGGER USER")
        for step in Publication.objects.in_order():
            if step.number == 1:
                step.reason = "As it had always been."
            if step.document:
                step.document = step.document.replace('"name":"a"', '"name":"Another"')
                step.document_sha256 = commitment(step.salt, step.document)
            step.prev_sha256 = previous
            step.sha256 = previous = log.chained_sha256(step)
            step.save()
        cursor.execute("ALTER TABLE record_publication ENABLE TRIGGER USER")
    rebuild.rebuild()
