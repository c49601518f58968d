"""One event as lists show it.

A list is mostly made of these, so the words are found here and the template only puts them in their places: that is
three times as fast as finding them by its tags.
"""

from typing import Any

import msgspec
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conflict.pages import accounts, fragments
from conflict.pages.addresses import page_of
from conflict.pages.wording import days
from conflict.pages.wording.terms import capital, term
from conflict.record.models.event import PublishedEventQuerySet

COLUMNS = ("key", "sorts_on", "period_id", "sources", "is_disputed", "body")  # what a list needs of its events


def to_list(found: PublishedEventQuerySet) -> Any:
    """The same events as rows of COLUMNS, for which Django builds no objects."""
    return found.values_list(*COLUMNS, named=True)


def card(row: Any, *, starts_period: bool = False) -> SafeString:
    """The event as one line of a list; `starts_period` says where it is the first one of its period."""
    return fragments.rendered(
        "pages/parts/event_row.html",
        (row.body, row.sources, row.is_disputed, starts_period),
        lambda: _told(row, starts_period=starts_period),
    )


def _told(row: Any, *, starts_period: bool) -> dict[str, Any]:
    event: dict[str, Any] = msgspec.json.decode(row.body)
    place, period = event["location"], event["period"]
    return {
        "key": event["key"],
        "address": page_of("event", event["key"]),
        "title": event["title"],
        "when": days.words(event["when"], short=True),
        "year_is_uncertain": event["year_basis"] == "ambiguous",
        "killed": [(_killed(line["who"]), line["figure"], line["said"]) for line in accounts.headline(event)],
        "facts": list(_facts(event, row)),
        "period": (page_of("period", period["key"]), period["name"]) if starts_period and period else None,
        "place": (page_of("place", place["key"]), place["name"]) if place else None,
    }


def _killed(who: str) -> str:
    return _("Killed, %(who)s:") % {"who": who} if who else _("Killed:")


def _facts(event: dict[str, Any], row: Any) -> Any:
    """What is said of the event in a word or two each, with the class that it is shown by."""
    yield "", capital(term(event["kind"], "EventKind"))
    if event["standing"] != "stated":
        yield "standing", term(event["standing"], "EventStanding")
    if row.is_disputed and event["standing"] != "contested":
        yield "disputed", _("rival accounts")
    if claims := len(event["claims"]):
        yield "", ngettext("%(number)s claim", "%(number)s claims", claims) % {"number": claims}
    if row.sources:
        yield "", ngettext("%(number)s source", "%(number)s sources", row.sources) % {"number": row.sources}
    else:
        yield "", _("no source given")
    if notices := len(event["notices"]):
        yield "noticed", ngettext("%(number)s notice", "%(number)s notices", notices) % {"number": notices}
