"""Secrets and signatures by the Standard Webhooks convention: `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

from django.conf import settings

from editorial.models import Webhook

SECRET_PREFIX = "whsec_"  # noqa: S105  # by which the convention's libraries know a secret


def new_nonce() -> str:
    return secrets.token_hex(32)


def secret_of(nonce: str, pepper: str | None = None) -> bytes:
    """The secret that follows from a nonce and the pepper: a dump of the database holds only the first."""
    pepper = settings.KEY_PEPPER if pepper is None else pepper
    return hmac.new(pepper.encode(), f"webhook secret {nonce}".encode(), hashlib.sha256).digest()


def secret_text(nonce: str) -> str:
    """The secret as a partner gets it."""
    return SECRET_PREFIX + base64.b64encode(secret_of(nonce)).decode()


def headers(webhook: Webhook, message_id: str, body: bytes, at: datetime) -> dict[str, str]:
    """Headers signed for each attempt; also with the old secret while the partner changes over, and with those that
    follow from earlier peppers.
    """
    stamp = str(int(at.timestamp()))
    nonces = [webhook.nonce]
    if webhook.previous_until and at < webhook.previous_until:
        nonces.append(webhook.previous_nonce)
    secrets_in_force = [
        secret_of(nonce, pepper) for nonce in nonces for pepper in (None, *settings.KEY_PEPPER_FALLBACKS)
    ]
    signed = f"{message_id}.{stamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{_sealed(secret, signed)}" for secret in secrets_in_force),
    }


def _sealed(secret: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(secret, signed, "sha256")).decode()
