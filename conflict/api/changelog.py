"""Public changelog of the API, as a page and as a feed: what is added, changed, deprecated or removed, newest first.

Whatever a client may notice gets an entry here. An entry is never reworded, since feed readers tell entries apart by it.
"""

from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from conflict.public.cache import headers
from conflict.public.deprecations import PLURALS_OF_CLAIMS

ADDED, CHANGED, DEPRECATED = "Added", "Changed", "Deprecated"


class Change(NamedTuple):
    on: date
    kind: str
    text: str

    @property
    def anchor(self) -> str:
        return f"c{sha256(self.text.encode()).hexdigest()[:10]}"

    @property
    def said(self) -> SafeString:
        """The text as HTML: what stands between backticks is code."""
        parts = enumerate(self.text.split("`"))
        return format_html_join(
            "", "{}", ((format_html("<code>{}</code>", part) if n % 2 else part,) for n, part in parts)
        )


CHANGES = (
    Change(
        PLURALS_OF_CLAIMS.since.date(),
        DEPRECATED,
        "Proposals: the fields `claimants`, `relays` and `subjects` of a claim are named `claimant`, `relayed_by` and `subject`, "
        f"as in what the API answers. The old names work until {PLURALS_OF_CLAIMS.until:%d %B %Y}.",
    ),
    Change(
        date(2026, 12, 1),
        CHANGED,
        "Events: `disputed` leaves deprecated and replaced claims out, and finds events whose claims are contradicted, denied or "
        "disputed by a claim of another event, as their pages say.",
    ),
    Change(
        date(2026, 11, 30),
        CHANGED,
        "Events asked for with `after` or `before` and without `ordering`: what certainly happened within the dates comes first, "
        "on all pages, then what only may have. The field `sure` says how many rows of a page are of the first kind. With "
        "`ordering=chronology` the order is as before.",
    ),
    Change(
        date(2026, 11, 30),
        ADDED,
        "Proposals of the kind `objection`: what is wrong with an entry or one claim, on what ground.",
    ),
    Change(
        date(2026, 11, 30),
        ADDED,
        "`reconciliation/`: which entries the names in a table mean, for OpenRefine (Reconciliation Service API 0.2).",
    ),
    Change(
        date(2026, 11, 30),
        ADDED,
        "Events, actors, locations and sources: `identifiers` and `same_as`, what they are in other systems, and the filter "
        "`identifier`. Documents have a new schema.",
    ),
    Change(
        date(2026, 11, 30),
        ADDED,
        "Claims of the kinds `date` (with `when`), `place` and `participant`, and findings on these: rivals of the event's own "
        "make it disputed. Actors: `reliability` as an outlet. Sources: `archived_on`, `archived_status`, `archived_sha256`.",
    ),
    Change(
        date(2026, 11, 30),
        ADDED,
        "`totals/`: how many are said to have been killed in the events that a filter finds, by year and month, with who says so.",
    ),
    Change(
        date(2026, 11, 30),
        ADDED,
        "Events: `headline`, the sentence that says who gives which figure of its dead. Actors: `pronoun`, of a person.",
    ),
    Change(date(2026, 11, 30), ADDED, "Events: the filter `episode`, for an event and all that is part of it."),
    Change(
        date(2026, 11, 30),
        ADDED,
        "Events: `date_match=possible`, for what may have happened within the dates or outside.",
    ),
    Change(
        date(2026, 11, 30),
        ADDED,
        "Kinds of actors `militia` and `communal_militia`, kind of location `waters`. In the dyadic shape they are political and "
        "identity militias; an armed group of no family now counts as a rebel group there. In the georeferenced shape, "
        "`where_prec` is 7 for international waters and airspace, and `date_prec` 2 for about a day.",
    ),
)


def feed(request: HttpRequest) -> HttpResponse:
    """The changelog as an Atom feed."""
    address = request.build_absolute_uri(reverse("api:changelog"))
    atom = Atom1Feed(
        title=f"{settings.CHRONOLOGY.name}: changes of the API",
        link=address,
        description=None,
        language="en",
        feed_url=request.build_absolute_uri(),
    )
    for change in CHANGES:
        at = datetime.combine(change.on, time(), UTC)
        atom.add_item(
            title=f"{change.kind}: {change.text.split('. ')[0].rstrip('.')}",
            link=f"{address}#{change.anchor}",
            description=change.text,
            unique_id=f"{address}#{change.anchor}",
            pubdate=at,
            updateddate=at,
            categories=(change.kind,),
        )
    return headers.of_the_software(
        HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    )
