"""Checks of the addresses of sources: a few an hour, each host once, and seldom the same one."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q

from conflict.models import Source
from conflict.vocabulary import UNPUBLISHED_ACCESS
from editorial.models import AddressCheck
from editorial.sources import web_pages
from editorial.sources.web_pages import NotRead

GONE = (404, 410)
AGAIN = timedelta(days=30)
AGAIN_AFTER_FAILURE = timedelta(days=2)
PAUSE = 1.0  # seconds between two requests
ENOUGH = 1_000  # bytes: that it answers is all that is asked


def check_due(at: datetime, pause: Callable[[float], object] = time.sleep) -> int:
    """Check the addresses that are due, as many as the settings allow in an hour; returns their number."""
    most = ceil(settings.CHECK_ADDRESSES_PER_DAY / 24)
    checked, hosts = 0, set[str]()
    for source in due(at)[: most * 10] if most else ():
        host = urlsplit(source.url).hostname or ""
        if host in hosts:
            continue
        if checked:
            pause(PAUSE)
        hosts.add(host)
        check(source, at)
        checked += 1
        if checked >= most:
            break
    return checked


def due(at: datetime) -> "list[Source]":
    """Sources with an address that was never checked, or long ago; those that failed sooner. None that are restricted."""
    checks = AddressCheck.objects.current().filter(source=OuterRef("pk"))
    fresh = Q(failures=0, checked_at__gt=at - AGAIN) | Q(failures__gt=0, checked_at__gt=at - AGAIN_AFTER_FAILURE)
    sources = (
        Source.objects.exclude(url="").exclude(access__in=UNPUBLISHED_ACCESS).filter(~Exists(checks.filter(fresh)))
    )
    return list(sources.order_by(F("address_check__checked_at").asc(nulls_first=True), "pk")[:1_000])


def check(source: Source, at: datetime) -> AddressCheck:
    """Ask for the page, and note how it went. What keeps machines out (403, 429) says nothing about readers."""
    status, fault = None, ""
    try:
        status = web_pages.read(source.url, most=ENOUGH).status
    except NotRead as not_read:
        fault = str(not_read)
    before = AddressCheck.objects.current().filter(source=source).first()
    has_failed = status is None or status in GONE or status >= 500
    failures = (before.failures if before else 0) + 1 if has_failed else 0
    noted, _ = AddressCheck.objects.update_or_create(
        source=source,
        defaults={
            "address": source.url,
            "checked_at": at,
            "status": status,
            "fault": fault,
            "failures": min(failures, 1_000),
        },
    )
    return noted
