"""Archived copies of sources: address, date, status and SHA-256 of the page as the archive keeps it."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate_to_datetime

from django.conf import settings

from conflict.message import gettext as _
from editorial.sources import web_pages
from editorial.sources.web_pages import NotRead

LARGEST = 30_000_000  # bytes of a capture: a hash of half a page is of no use
PATIENCE = 40.0  # seconds: an archive reads the page while one waits
WAYBACK = re.compile(r"(?P<site>https?://web\.archive\.org/web/)(?P<at>\d{14})(?:[a-z]{2}_)?(?P<of>/.+)")


@dataclass(frozen=True, slots=True)
class Capture:
    """An archived copy, as it was received."""

    address: str
    on: date | None
    status: int
    sha256: str


def save_page_now(address: str) -> Capture:
    """Have the archive that the settings name capture the address, and read the capture. Raises NotRead."""
    if not settings.SAVE_PAGE_NOW:
        raise NotRead(_("No archive is named in the settings: enter the address of a copy by hand."))
    answer = web_pages.read(f"{settings.SAVE_PAGE_NOW}{address}", most=1_000_000, patience=PATIENCE)
    if not WAYBACK.match(answer.address) or answer.status >= 400:
        raise NotRead(
            _("The archive made no copy (status %(status)s). Try again later, or enter the address of one by hand.")
            % {"status": answer.status}
        )
    return read_capture(answer.address)


def read_capture(address: str) -> Capture:
    """Read an archived copy; from the Wayback Machine as stored, without the frame around it. Raises NotRead."""
    known = WAYBACK.match(address)
    kept = f"{known['site']}{known['at']}id_{known['of']}" if known else address
    page = web_pages.read(kept, most=LARGEST, patience=PATIENCE)
    if not page.is_whole:
        raise NotRead(_("The copy is larger than %(megabytes)s MB: enter its SHA-256 by hand.") % {"megabytes": LARGEST // 10**6})  # fmt: skip
    shown = f"{known['site']}{known['at']}{known['of']}" if known else address
    return Capture(shown, _day(page.dated, known["at"] if known else ""), page.status, hashlib.sha256(page.content).hexdigest())  # fmt: skip


def _day(dated: str, stamp: str) -> date | None:
    """Day of the capture, by the archive's own account (RFC 7089) or by its address."""
    try:
        return parsedate_to_datetime(dated).date() if dated else date.fromisoformat(stamp[:8]) if stamp else None
    except ValueError:
        return None
