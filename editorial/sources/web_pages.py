"""Reading public web pages: each address is checked before it is called, that of a redirect, too."""

from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from django.conf import settings

from conflict.message import Refusal
from conflict.message import gettext as _
from editorial.webhooks import addresses, http_client
from editorial.webhooks.addresses import AddressRefused
from editorial.webhooks.http_client import NoAnswer

REDIRECTS = 5
LONGEST_ADDRESS = 2_000
LARGEST_PAGE = 3_000_000  # bytes
PATIENCE = 8.0  # seconds for one address
MOVED = (301, 302, 303, 307, 308)


class NotRead(Refusal):
    """The page could not be read; the message gives the cause."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """A page as it was received, from where the redirects led."""

    address: str
    status: int
    content_type: str
    content: bytes
    is_whole: bool
    dated: str = ""  # when an archive captured it, by its own account


def read(address: str, *, accept: str = "*/*", most: int = LARGEST_PAGE, patience: float = PATIENCE) -> WebPage:
    """Read a public page. Raises NotRead."""
    here = urldefrag(address.strip()).url
    headers = {"User-Agent": user_agent(), "Accept": accept, "Accept-Encoding": "identity"}
    for _again in range(REDIRECTS + 1):
        try:
            aim = addresses.checked(addresses.target(here, longest=LONGEST_ADDRESS, may_be_plain=True))
            page = http_client.get(aim, headers, most, altogether=patience)
        except (AddressRefused, NoAnswer) as fault:
            raise NotRead(str(fault)) from fault
        leads_to = page.headers.get("Location")
        if page.status not in MOVED or not leads_to:
            kind = page.headers.get_content_type()
            dated = page.headers.get("Memento-Datetime", "")
            return WebPage(here, page.status, kind, page.content, page.is_whole, dated)
        here = urldefrag(urljoin(here, leads_to)).url
    raise NotRead(_("The address leads on to others more than %(most)s times.") % {"most": REDIRECTS})


def user_agent() -> str:
    """Name under which pages are read: whoever runs them can see who asks, and where to complain."""
    return (
        f"Conflict-Chronology/1 ({settings.SECURITY_CONTACT})" if settings.SECURITY_CONTACT else "Conflict-Chronology/1"
    )
