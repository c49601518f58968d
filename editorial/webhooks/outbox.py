"""Messages about publications: their numbers in the log, their entries, and their addresses.

Written in the transaction of the publication, so that message and publication commit together. However
many entries are published at once, an address gets one message, and fetches them from the feed of changes.
"""

import json
import secrets
import string
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse

from conflict.record.log import instant
from conflict.record.models import Publication
from editorial.models import Delivery, Webhook
from editorial.webhooks import queue

PUBLISHED, TEST = "record.published", "webhook.test"
NAMED = 20  # entries of one message
LETTERS = string.ascii_letters + string.digits


def announce(publications: Sequence[Publication], at: datetime) -> None:
    """Store a message for every webhook concerned. Call this in the transaction of the publication."""
    waiting = []
    for webhook in Webhook.objects.active().order_by("pk"):
        if wanted := [publication for publication in publications if wants(webhook, publication)]:
            waiting.append(
                Delivery(
                    webhook=webhook,
                    message_id=new_message_id(),
                    body=body(wanted),
                    first_number=wanted[0].number,
                    last_number=wanted[-1].number,
                    created_at=at,
                    next_attempt_at=at,
                )
            )
    Delivery.objects.bulk_create(waiting)
    queue.enqueue(delivery.webhook_id for delivery in waiting)


def wants(webhook: Webhook, publication: Publication) -> bool:
    return (not webhook.kinds or publication.entry_kind in webhook.kinds) and (
        not webhook.actions or publication.action in webhook.actions
    )


def body(publications: Sequence[Publication]) -> str:
    """Body of the message; its size does not depend on the publications."""
    first, last = publications[0], publications[-1]
    return _message(
        PUBLISHED,
        last.published_at,
        {
            "first_number": first.number,
            "last_number": last.number,
            "count": len(publications),
            "changes": site() + reverse("api:changes") + f"?after={first.number - 1}",
            "entries": [
                {
                    "number": publication.number,
                    "action": str(publication.action),
                    "change_kind": str(publication.change_kind),
                    "entry": {"kind": str(publication.entry_kind), "key": publication.key},
                    "version": publication.version,
                    "sha256": publication.sha256,
                }
                for publication in publications[:NAMED]
            ],
            "entries_left_out": max(0, len(publications) - NAMED),
        },
    )


def test_body(at: datetime) -> str:
    return _message(TEST, at, {"changes": site() + reverse("api:changes")})


def new_message_id() -> str:
    return "msg_" + "".join(secrets.choice(LETTERS) for _ in range(27))


def site() -> str:
    """Public URL of this site, from the first allowed host. Empty if there is none, which makes links relative."""
    host = settings.ALLOWED_HOSTS[0].lstrip(".") if settings.ALLOWED_HOSTS else ""
    if not host or "*" in host:
        return ""
    if settings.LOOPBACK and not settings.HTTPS:
        return f"http://{host}:{settings.PORT}"
    return f"https://{host}"


def _message(kind: str, at: datetime, data: dict[str, Any]) -> str:
    return json.dumps({"type": kind, "timestamp": instant(at), "data": data}, ensure_ascii=False, separators=(",", ":"))
