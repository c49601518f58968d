"""Presence at the form of an entry: who else has just changed it, and who has it open."""

from datetime import datetime, timedelta
from typing import Any

from django.core.cache import caches
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from conflict.models import Entry
from editorial.admin import history

RECENT = timedelta(minutes=15)


def sentences(entry: Entry, user: Any, at: datetime) -> list[str]:
    """One about each other person; this one is noted as present."""
    changed, opened = _changed_by(entry, user, at), _opened_by(entry, user, at)
    return [
        *(
            _("%(name)s changed this %(ago)s ago and may still be at it.")
            % {"name": name, "ago": timesince(moment, at)}
            for name, moment in sorted(changed.items())
        ),
        *(
            _("%(name)s opened this form %(ago)s ago and may be editing it.")
            % {"name": name, "ago": timesince(moment, at)}
            for name, moment in sorted(opened.items())
            if name not in changed
        ),
    ]


def _changed_by(entry: Entry, user: Any, at: datetime) -> dict[str, datetime]:
    latest: dict[str, datetime] = {}
    if entry.modified_at < at - RECENT:  # reading its whole history would find nothing
        return {}
    for change in history.since(entry, at - RECENT):
        if change.who not in (str(user), str(history.BY_THE_SYSTEM)):
            latest[change.who] = max(change.at, latest.get(change.who, change.at))
    return latest


def _opened_by(entry: Entry, user: Any, at: datetime) -> dict[str, datetime]:
    """People whose form told of itself in the last minutes, with the moment that they opened it."""
    place = f"presence-{entry.entry_kind}-{entry.pk}"
    seen: dict[str, tuple[datetime, datetime]] = caches["desk"].get(place) or {}
    seen = {name: moments for name, moments in seen.items() if moments[1] > at - RECENT}
    first, _last = seen.get(str(user), (at, at))
    caches["desk"].set(place, seen | {str(user): (first, at)}, timeout=RECENT.total_seconds())
    return {name: first for name, (first, _last) in seen.items() if name != str(user)}
