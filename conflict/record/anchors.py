"""Anchors of the log: its head's hash, timestamped by RFC 3161 authorities, so that others vouch for when it was there.

The hash that an authority signs is the head's own `sha256`. So `openssl ts -verify -digest` checks an anchor without
this software.
"""

import logging
import urllib.request
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings
from django.utils.translation import gettext as _
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder

from conflict.documents import canonical_text
from conflict.record import log, timestamp_tokens
from conflict.record.models import Anchor, Publication
from conflict.record.timestamp_tokens import UnusableTimestamp

EVERY = timedelta(hours=23)  # tried hourly: a day after the last one, whatever the minute
OVERDUE = timedelta(hours=48)
PATIENCE = 20  # seconds for one authority
LARGEST = 64 * 1024  # bytes of a response
AT_LEAST = 2  # authorities: one alone could be bribed, broken into or closed

logger = logging.getLogger(__name__)


def host(authority: str) -> str:
    return urlsplit(authority).hostname or authority


def anchor_head() -> dict[str, Anchor | UnusableTimestamp | None]:
    """Have each configured authority timestamp the head; returns what came of it by URL, None if it did so before.

    An authority that fails keeps neither the others nor anything else from going on.
    """
    head = log.head()
    outcomes: dict[str, Anchor | UnusableTimestamp | None] = {}
    for authority in settings.TIMESTAMP_AUTHORITIES if head else []:
        if head is None or Anchor.objects.filter(authority=host(authority), sha256=head.sha256).exists():
            outcomes[authority] = None
            continue
        try:
            outcomes[authority] = _stamped(authority, head)
        except UnusableTimestamp as failure:
            logger.warning("The log was not anchored: %s", failure)
            outcomes[authority] = failure
    return outcomes


def is_due(at: datetime) -> bool:
    """True if an authority has given no timestamp for a day."""
    recent = set(Anchor.objects.filter(stamped_at__gt=at - EVERY).values_list("authority", flat=True))
    return any(host(authority) not in recent for authority in settings.TIMESTAMP_AUTHORITIES)


def _stamped(authority: str, head: Publication) -> Anchor:
    header = canonical_text(log.header(head)).encode()
    request = TimestampRequestBuilder().data(header).hash_algorithm(HashAlgorithm.SHA256).build()
    received = _asked(authority, request.as_bytes())
    try:
        response = timestamp_tokens.decoded(received)
        chain = timestamp_tokens.chain_of(response, timestamp_tokens.roots())
        timestamp_tokens.verify(response, chain, head.sha256, request.nonce)
    except UnusableTimestamp as wrong:
        raise UnusableTimestamp(f"The timestamp of {authority} is of no use: {wrong}") from wrong
    anchor, _created = Anchor.objects.get_or_create(
        authority=host(authority),
        sha256=head.sha256,
        defaults={
            "number": head.number,
            "stamped_at": response.tst_info.gen_time,
            "token": received,
            "certificates": "".join(one.public_bytes(Encoding.PEM).decode() for one in chain),
        },
    )
    return anchor


def _asked(authority: str, body: bytes) -> bytes:
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
    request = urllib.request.Request(authority, body, headers)  # noqa: S310  # the setting admits http and https
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            received: bytes = answer.read(LARGEST + 1)
    except (OSError, HTTPException) as failure:
        raise UnusableTimestamp(f"{authority} cannot be reached: {failure}") from failure
    if len(received) > LARGEST:
        raise UnusableTimestamp(f"{authority} sent more than {LARGEST} bytes, which is no timestamp.")
    return received


def faults(of: Sequence[Anchor] | None = None) -> Iterator[str]:
    """Sentences on anchors that do not verify, or that are of a head the log does not have. Asks nobody else."""
    trusted = timestamp_tokens.roots()
    for anchor in Anchor.objects.order_by("pk").iterator() if of is None else of:
        where = f"The anchor of publication {anchor.number} by {anchor.authority}"
        if not Publication.objects.filter(number=anchor.number, sha256=anchor.sha256).exists():
            yield f"{where} is of the hash {anchor.sha256[:12]}…, which the log no longer has: it was cut or rewritten since {anchor.stamped_at:%Y-%m-%d %H:%M} UTC."
        try:
            response = timestamp_tokens.decoded(bytes(anchor.token))
            timestamp_tokens.verify(response, timestamp_tokens.chain_of(response, trusted), anchor.sha256)
        except UnusableTimestamp as wrong:
            yield f"{where} is of no use: {wrong}"
            continue
        if response.tst_info.gen_time != anchor.stamped_at:
            yield f"{where} was made at {response.tst_info.gen_time}, not at {anchor.stamped_at}."


def fingerprint(anchor: Anchor) -> str:
    """SHA-256 of the root certificate, to be compared with the one that the authority publishes."""
    return x509.load_pem_x509_certificates(anchor.certificates.encode())[-1].fingerprint(SHA256()).hex()


def shortcomings(at: datetime) -> list[str]:
    """Parts missing of the proof by authorities: too few configured, or one that has not timestamped for two days."""
    wanted = settings.TIMESTAMP_AUTHORITIES
    if len(wanted) < AT_LEAST:
        return [
            _("%(number)d timestamp authorities are configured; the log should be anchored with at least two.")
            % {"number": len(wanted)}
        ]
    due = Publication.objects.filter(published_at__lt=at - OVERDUE).newest_first().values_list("number", flat=True)
    number = due.first() or 0
    reached = set(Anchor.objects.filter(number__gte=number).values_list("authority", flat=True)) if number else set()
    return [
        _("%(authority)s has not timestamped the log up to publication %(number)d, which is two days old.")
        % {"authority": host(authority), "number": number}
        for authority in (wanted if number else [])
        if host(authority) not in reached
    ]


def listed(anchors: Sequence[Anchor]) -> list[dict[str, Any]]:
    """The anchors as shown: the files' name, who, when, and how to check."""
    return [{"anchor": anchor, "verify": command(anchor), "fingerprint": fingerprint(anchor)} for anchor in anchors]


def command(anchor: Anchor) -> str:
    """The command that checks the anchor with OpenSSL alone."""
    return f"openssl ts -verify -digest {anchor.sha256} -in {anchor.name}.tsr -CAfile {anchor.name}.pem"
