"""Keys: shown once when issued, checked in constant time, revocable. The stored form cannot be used as a key."""

import hashlib
import hmac
import secrets
import string
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from django.conf import settings
from django.core.cache import caches
from django.db import transaction

from conflict.message import gettext as _
from editorial.models import AuditEntry, Partner, PartnerKey, User
from editorial.models.partner import Scope
from editorial.workflow import permissions
from editorial.workflow.exceptions import WorkflowRefused

PREFIX_LETTERS = string.ascii_lowercase + string.digits
PREFIX_LENGTH = 10
LONGEST_SENT = 200
KEPT_SECONDS = 10  # another process may accept a revoked key for this long


class IssuedKey(NamedTuple):
    """A new key with its text, which exists nowhere else and is shown once."""

    key: PartnerKey
    text: str


def keyed_hash(prefix: str, secret: str, pepper: str | None = None) -> str:
    """Stored form of a secret: HMAC-SHA256 under the pepper, which is not in the database."""
    pepper = settings.KEY_PEPPER if pepper is None else pepper
    return hmac.new(pepper.encode(), f"{prefix}.{secret}".encode(), hashlib.sha256).hexdigest()


def is_right(key: PartnerKey | None, prefix: str, secret: str) -> bool:
    """Compare in constant time; an unknown prefix costs the same work.

    A key stored under an earlier pepper is stored anew under today's when it is used.
    """
    kept = key.secret_hmac if key else "0" * 64
    if hmac.compare_digest(kept, keyed_hash(prefix, secret)):
        return key is not None
    earlier = [keyed_hash(prefix, secret, pepper) for pepper in settings.KEY_PEPPER_FALLBACKS]
    if not any(hmac.compare_digest(kept, one) for one in earlier) or key is None:
        return False
    key.secret_hmac = keyed_hash(prefix, secret)
    PartnerKey.objects.filter(pk=key.pk, secret_hmac=kept).update(secret_hmac=key.secret_hmac)
    caches["process"].set(_place(prefix), key, KEPT_SECONDS)
    return True


def find_key(prefix: str) -> PartnerKey | None:
    """The key with this prefix, reloaded every few seconds."""
    kept: PartnerKey | None = caches["process"].get(_place(prefix))
    if kept is None:
        kept = PartnerKey.objects.filter(prefix=prefix).first()
        if kept is not None:
            caches["process"].set(_place(prefix), kept, KEPT_SECONDS)
    return kept


def note_use(key: PartnerKey, at: datetime) -> None:
    """Record the last use to the hour: enough to find idle keys, too little to track anybody."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    if key.last_used_at is None or key.last_used_at < hour:
        PartnerKey.objects.filter(pk=key.pk).update(last_used_at=hour)
        key.last_used_at = hour
        caches["process"].set(_place(key.prefix), key, KEPT_SECONDS)


@transaction.atomic
def issue(
    *,
    partner: Partner,
    by: User,
    at: datetime,
    scopes: Sequence[Scope],
    expires_on: date | None = None,
    networks: Sequence[str] = (),
) -> IssuedKey:
    """A new key for the partner. Raises NotPermitted, WorkflowRefused, ValidationError for a bad network."""
    permissions.require(permissions.may_manage_keys(by), by, _("manage keys of partners"))
    if expires_on and expires_on < at.date():
        raise WorkflowRefused(_("That day has passed: choose a later one, or none."))
    prefix = "".join(secrets.choice(PREFIX_LETTERS) for _ in range(PREFIX_LENGTH))
    secret = secrets.token_urlsafe(32)
    key = PartnerKey(
        partner=partner,
        prefix=prefix,
        secret_hmac=keyed_hash(prefix, secret),
        scopes=[scope.value for scope in scopes],
        networks=list(networks),
        created_at=at,
        created_by=by,
        expires_on=expires_on,
    )
    key.full_clean()
    key.save()
    _record_audit("issue_key", by, at, key)
    return IssuedKey(key, f"{prefix}.{secret}")


@transaction.atomic
def rotate(*, key: PartnerKey, by: User, at: datetime) -> IssuedKey:
    """Issue a new key with the same scopes; the old one works until it is revoked, so that the partner can switch."""
    permissions.require(permissions.may_manage_keys(by), by, _("manage keys of partners"))
    if key.revoked_at:
        raise WorkflowRefused(_("The key %(prefix)s is revoked: issue a new one.") % {"prefix": key.prefix})
    expires_on = None
    if key.expires_on:  # valid for as long as the old one was
        expires_on = at.date() + (key.expires_on - key.created_at.date())
    scopes = [Scope(scope) for scope in key.scopes]
    return issue(partner=key.partner, by=by, at=at, scopes=scopes, expires_on=expires_on, networks=key.networks)


@transaction.atomic
def revoke(*, key: PartnerKey, by: User, at: datetime) -> PartnerKey:
    """Revoke the key; other processes may accept it for KEPT_SECONDS more."""
    permissions.require(permissions.may_manage_keys(by), by, _("manage keys of partners"))
    key = PartnerKey.objects.select_for_update().get(pk=key.pk)
    if key.revoked_at:
        raise WorkflowRefused(_("The key %(prefix)s is revoked already.") % {"prefix": key.prefix})
    key.revoked_at, key.revoked_by = at, by
    key.save()
    _record_audit("revoke_key", by, at, key)
    transaction.on_commit(lambda: caches["process"].delete(_place(key.prefix)))
    return key


def _place(prefix: str) -> str:
    return f"partner-key-{prefix}"


def _record_audit(verb: str, by: User, at: datetime, key: PartnerKey) -> None:
    AuditEntry.objects.create(
        verb=verb,
        by=by,
        at=at,
        why=_("Key %(prefix)s of %(partner)s.") % {"prefix": key.prefix, "partner": key.partner},
    )
