"""Authentication by `Authorization: Key <prefix>.<secret>`; requests without it are public.

A revoked key is refused at once, by other processes within `keys.KEPT_SECONDS`.
"""

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from conflict.public.exceptions import Refusal
from conflict.public.throttles import ReadThrottle
from editorial.models import PartnerKey
from editorial.models.partner import Scope
from editorial.partners import keys

if TYPE_CHECKING:
    from rest_framework.views import APIView

SCHEME = "Key"
CHALLENGE = f'{SCHEME} realm="Conflict Chronology"'
SHAPE = re.compile(rf"([a-z0-9]{{{keys.PREFIX_LENGTH}}})\.([A-Za-z0-9_-]{{20,100}})")


class Unauthorized(Refusal):
    """The key is invalid: 401, with the scheme to use."""

    status_code = 401
    headers = {"WWW-Authenticate": CHALLENGE}


class Forbidden(Refusal):
    """The key is valid, but not for this: 403."""

    status_code = 403


class WrongKeys(ReadThrottle):
    """Limits the number of refused keys per address."""

    scope = "wrong-keys"

    def get_rate(self) -> str:
        return "30/min"

    def get_cache_key(self, request: Request, view: "APIView | None") -> str:
        return f"api-wrong-keys-{self.address_of(request)}"

    def refuse_many(self, request: Request) -> None:
        if not self.is_within(self.get_cache_key(request, None)):
            raise Throttled(self.wait())


@dataclass(frozen=True)
class Holder:
    """Holder of the key that a request carries; `request.auth` in the views."""

    key_id: int
    partner_id: int
    scopes: frozenset[str]

    @property
    def reads_as(self) -> str:
        """Name that its requests are counted under; empty if they count as anonymous."""
        return str(self.key_id) if Scope.READ in self.scopes else ""


class KeyAuthentication(BaseAuthentication):
    """Ignores other schemes, and credentials in the address."""

    def authenticate(self, request: Request) -> tuple[None, Holder] | None:
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            return None
        try:
            return None, self.holder(request, sent.strip())
        except Unauthorized:
            WrongKeys().refuse_many(request)
            raise

    def holder(self, request: Request, sent: str) -> Holder:
        shape = SHAPE.fullmatch(sent) if len(sent) <= keys.LONGEST_SENT else None
        if shape is None:
            raise Unauthorized("A key is written `Authorization: Key <prefix>.<secret>`.", code="invalid_key")
        key, now = keys.find_key(shape[1]), timezone.now()
        if not keys.is_right(key, shape[1], shape[2]) or key is None:
            raise Unauthorized("There is no such key. Copy it again, or ask the desk for another.", code="invalid_key")
        if key.revoked_at:
            raise Unauthorized("This key was revoked. Ask the desk for another.", code="key_revoked")
        if key.is_expired(now):
            message = f"This key expired on {key.expires_on:%Y-%m-%d}. Ask the desk for another."
            raise Unauthorized(message, code="key_expired")
        if not is_within(key, str(ReadThrottle().get_ident(request))):
            raise Forbidden("This key may not be used from your network.", code="foreign_network")
        keys.note_use(key, now)
        return Holder(key.pk, key.partner_id, frozenset(key.scopes))

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def is_within(key: PartnerKey, address: str) -> bool:
    """True if the key may be used from this address. An unreadable address is within no network."""
    if not key.networks:
        return True
    try:
        place = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(place, ipaddress.IPv6Address) and place.ipv4_mapped:
        place = place.ipv4_mapped
    return any(place in ipaddress.ip_network(network) for network in key.networks)
