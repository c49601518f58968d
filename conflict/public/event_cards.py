"""Events as list items.

Most of a list consists of these, so their HTML is written in Python: a template took five times as long.
"""

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

import msgspec
from django.utils.safestring import SafeString

from conflict.public.entry_urls import page_of
from conflict.record.models.event import PublishedEventQuerySet
from conflict.record.projection.rows import UNDATED_SORTS_ON
from conflict.wording import days
from conflict.wording.localized_texts import lang, localized
from conflict.wording.messages import gettext as _
from conflict.wording.messages import language, ngettext
from conflict.wording.terms import capital, term

COLUMNS = (
    "key",
    "sorts_on",
    "period_id",
    "sources",
    "unresolved_sources",
    "is_disputed",
    "card",
)  # columns needed for event lists


def to_list(found: PublishedEventQuerySet) -> Any:
    """The events as named tuples of COLUMNS, which spares Django building model objects."""
    return found.values_list(*COLUMNS, named=True)


def card(row: Any, *, starts_period: bool = False) -> SafeString:
    """The event as an item of a list; `starts_period` is set for the first one of its period."""
    event: dict[str, Any] = localized(msgspec.json.decode(row.card))
    key, address, title = event["key"], page_of("event", event["key"]), escape(event["title"])
    doubt = f'<span class="doubt">{escape(_("year uncertain"))}</span>' if event["year_basis"] == "ambiguous" else ""
    place = _link("place", event["location"]) if event["location"] else ""
    return SafeString(  # what is not ours is escaped
        f'''<li class="event-row" id="{escape(key)}">
<p class="date">{escape(days.words(event["when"], short=True))}{doubt}</p>
<div class="told"><h3 class="title"><a{lang(event["title"])} href="{escape(address)}">{title}</a></h3>
{"".join(_figures(event, escape(address)))}<p class="meta">{"".join(_facts(event, row))}{_filed(event) if starts_period else ""}</p></div>
<p class="where">{place}</p></li>'''
    )


def _figures(event: dict[str, Any], address: str) -> Iterator[str]:
    for lead, rest in event["headlines"][language()]:
        yield f'<p class="figures"><a href="{address}#accounts"><strong>{escape(lead)}</strong></a><span>{escape(rest)}</span></p>'


def _filed(event: dict[str, Any]) -> str:
    period = event["period"]
    return f' <span class="filed">{_link("period", period)}</span>' if period else ""


def _link(page: str, to: dict[str, str]) -> str:
    return f'<a{lang(to["name"])} href="{escape(page_of(page, to["key"]))}">{escape(to["name"])}</a>'


def _facts(event: dict[str, Any], row: Any) -> Iterator[str]:
    """Short facts about the event, each as an HTML span with its CSS class; its standing leads to what that means."""
    for kind, words in _badges(event, row):
        shown_by = f' class="{kind}"' if kind else ""
        shown: str = escape(words)
        if kind == "standing":
            shown = f'<a class="sure" href="{page_of("how-sure")}#eventstanding-{event["standing"]}">{shown}</a>'
        yield f" <span{shown_by}>{shown}</span>"


def _badges(event: dict[str, Any], row: Any) -> Iterator[tuple[str, str]]:
    yield "", capital(term(event["kind"], "EventKind"))
    if event["standing"] != "stated":
        yield "standing", term(event["standing"], "EventStanding")
    if row.is_disputed and event["standing"] != "contested":
        yield "disputed", _("rival accounts")
    if claims := event["claims"]:
        yield "", ngettext("%(number)s claim", "%(number)s claims", claims) % {"number": claims}
    if row.sources:
        sources = ngettext("%(number)s source", "%(number)s sources", row.sources) % {"number": row.sources}
        unread = ngettext(
            " (%(number)s known by its number only)", " (%(number)s known by number only)", row.unresolved_sources
        ) % {"number": row.unresolved_sources}
        yield "", f"{sources}{unread}" if row.unresolved_sources else sources
    else:
        yield "", _("no source given")
    if notices := event["notices"]:
        yield "noticed", ngettext("%(number)s notice", "%(number)s notices", notices) % {"number": notices}


def by_year(rows: Iterable[Any], *, gaps: bool) -> list[dict[str, Any]]:
    """Rows grouped by year; with `gaps`, including years without any record in between."""
    years: list[dict[str, Any]] = []
    period = ""
    for row in rows:
        year = row.sorts_on.year if row.sorts_on != UNDATED_SORTS_ON else None
        if not years or years[-1]["year"] != year:
            missing = _between(years[-1]["year"], year) if years and gaps else None
            years.append({"year": year, "gap": missing, "cards": SafeString()})
        years[-1]["cards"] += card(row, starts_period=row.period_id != period)
        period = row.period_id or ""
    return years


def _between(earlier: int | None, later: int | None) -> tuple[int, int] | None:
    if earlier is None or later is None or later - earlier < 2:
        return None
    return earlier + 1, later - 1
