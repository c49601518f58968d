"""Checks of addresses that this server calls: public only, so that none can be used to reach into our network."""

import ipaddress
import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from conflict.message import Refusal
from conflict.message import gettext as _

LONGEST = 500
VISIBLE = re.compile(r"[\x21-\x7e]+")
HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")
TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")  # an IPv4 address within, reached through a NAT64 gateway
UNICAST = ipaddress.IPv6Network("2000::/3")
HERE = ("localhost", "127.0.0.1", "::1")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Sequence[str]]


class AddressRefused(Refusal):
    """The address is not allowed; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class Target:
    """A parsed address, and once checked, the only IP addresses it may be called at."""

    is_secure: bool
    host: str
    port: int
    path: str
    numbers: tuple[str, ...] = ()


def target(url: str, *, longest: int = LONGEST, may_be_plain: bool = False) -> Target:
    """Parse the address without resolving it. Raises AddressRefused; no message repeats path or query."""
    if len(url) > longest:
        raise AddressRefused(_("The address is longer than %(most)s characters.") % {"most": longest})
    if not VISIBLE.fullmatch(url) or "\\" in url:
        raise AddressRefused(
            _(
                "The address has spaces, signs or letters that addresses do not have: write them percent-encoded, and the host in its xn-- form."
            )
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise AddressRefused(_("The address cannot be read: check host and port.")) from fault
    host = (parts.hostname or "").rstrip(".")
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(_("The address has a name or password before the host: leave it out, calls are signed."))
    if parts.fragment:
        raise AddressRefused(_("The address has a part after #, which is never sent: leave it out."))
    if not HOST.fullmatch(host):
        raise AddressRefused(_("The address names no host."))
    local = settings.LOOPBACK and host in HERE
    if parts.scheme != "https" and not ((local or may_be_plain) and parts.scheme == "http"):
        raise AddressRefused(_("The address does not begin with https://."))
    usual = {"https": 443, "http": 80}[parts.scheme]
    port = port if port is not None else usual
    if not local and port not in (443, usual) and port < 1024:
        raise AddressRefused(
            _("Port %(port)s belongs to another service: use 443, or one from 1024 on.") % {"port": port}
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", host, port, path)


def resolve(host: str, port: int) -> list[str]:
    """IP addresses of a name, from the system's resolver. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def checked(aim: Target, resolving: Resolve = resolve) -> Target:
    """The target, with the IP addresses it may be called at. Raises AddressRefused if any of them is not public."""
    try:
        numbers = resolving(aim.host, aim.port)
    except (OSError, UnicodeError) as fault:
        raise AddressRefused(_("The name %(host)s cannot be resolved.") % {"host": aim.host}) from fault
    if not numbers:
        raise AddressRefused(_("The name %(host)s cannot be resolved.") % {"host": aim.host})
    local = settings.LOOPBACK and aim.host in HERE
    for number in numbers:
        place = ipaddress.ip_address(number)
        if not (place.is_loopback if local else is_public(place)):
            raise AddressRefused(
                _("%(host)s is at %(number)s, which is not a public address.") % {"host": aim.host, "number": number}
            )
    return Target(aim.is_secure, aim.host, aim.port, aim.path, tuple(numbers))


def is_public(place: Address) -> bool:
    """True for a globally routable address that cannot be a machine of our own network."""
    if isinstance(place, ipaddress.IPv6Address):
        if place in TRANSLATED:
            return is_public(ipaddress.IPv4Address(int(place) & 0xFFFFFFFF))
        if place not in UNICAST or place.sixtofour or place.teredo or place.scope_id:
            return False  # also IPv4-mapped, site-local and link-local addresses
    return place.is_global and not (place.is_multicast or place.is_reserved)
