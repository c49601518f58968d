"""Template tags for dates, figures, terms and references in the reader's language."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from conflict import dates
from conflict import text as texts
from conflict.chronology import Chronology
from conflict.families import hue
from conflict.identifiers import SCHEMES
from conflict.public import claim_groups
from conflict.public.cache import counts
from conflict.public.entry_urls import page_of, page_of_entry
from conflict.public.head import Head
from conflict.public.snippets import snippet
from conflict.public.word_changes import word_changes
from conflict.record.models import PublishedEntry, PublishedEvent
from conflict.wording import days, evidence, figures, headlines, persons, review_states
from conflict.wording.terms import capital, term
from conflict.wording.texts import (
    Translation,
    chosen,
    in_language,
    in_other_languages,
    label_of,
    lang,
    localized,
)

register = template.Library()
register.filter(term)
register.filter(capital)
register.filter(label_of)
register.filter(chosen)
register.filter(lang)
register.filter(in_language)
register.filter(in_other_languages)
register.filter(hue)
register.filter(evidence.evidence_for)


@register.filter
def elsewhere(entry: Mapping[str, Any]) -> list[dict[str, str]]:
    """The entry in other systems: name of the system, identifier, and address where there is a page."""
    return [
        {
            "system": SCHEMES[one["scheme"]].label,
            "value": one["value"],
            "address": one["url"] if one["url"].startswith("https:") else "",
        }
        for one in entry["same_as"]
        if one["scheme"] in SCHEMES
    ]


@register.simple_tag(takes_context=True)
def reviewed_entries(context: Mapping[str, Any]) -> counts.Reviewed:
    """Number of entries read by a second person, under the head that the page shows."""
    if context.get("asks_nothing"):
        return counts.Reviewed(0, 0)  # the database may hang
    shown_under = context.get("head")
    return counts.reviewed(Head(shown_under.number, shown_under.sha256) if shown_under else None)


@register.simple_tag
def review(state: Mapping[str, Any]) -> str:
    """Review state of one entry."""
    return review_states.words(state)


@register.simple_tag
def colon() -> str:
    """The sign between a label and what it labels; French sets a space before it."""
    return pgettext("sign after a label", ":")


@register.filter
def when(edtf: str) -> str:
    return days.words(edtf)


@register.filter
def when_short(edtf: str) -> str:
    return days.words(edtf, short=True)


@register.filter
def when_placed(edtf: str) -> str:
    return days.placed(edtf)


@register.filter
def day(moment: str | date | datetime) -> str:
    """A calendar day, from a date or from a timestamp of the record."""
    if isinstance(moment, str):
        moment = date.fromisoformat(moment[:10])
    return days.day(moment.date() if isinstance(moment, datetime) else moment)


@register.filter
def number(value: int) -> str:
    return figures.number(value)


@register.filter
def figure(claim: Mapping[str, Any]) -> str:
    return figures.counted(claim)


@register.filter
def bare_figure(claim: Mapping[str, Any]) -> str:
    return figures.claimed(claim)


@register.filter
def finding_figure(finding: Mapping[str, Any]) -> str:
    return claim_groups.finding_figure(finding)


@register.filter
def many(kind: str) -> str:
    """Plural name of a kind of entry, for readers."""
    return str(
        {
            "event": _("Events"),
            "actor": _("Actors"),
            "location": _("Places"),
            "source": _("Sources"),
            "period": _("Periods"),
            "notice": _("Notices"),
        }[kind]
    )


@register.filter
def with_code(text: str) -> SafeString:
    """Text in which `backticks` mark code."""
    return mark_safe(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))  # noqa: S308  # the text is escaped


@register.filter
def field_of(parameter: str) -> str:
    """Label of the form's field for a parameter; the parameter's own name if no form has one."""
    labels = {
        "q": _("Words"),
        "from": _("From"),
        "to": _("To"),
        "since": _("Since"),
        "day": _("Day"),
        "kind": _("Kind"),
        "of": _("What"),
        "actor": _("Actor"),
        "role": _("Role of the actor"),
        "dead_of": _("Whose dead"),
        "place": _("Place (and everything within)"),
        "period": _("Period"),
        "standing": _("How sure"),
    }
    return labels.get(parameter, parameter)


@register.filter
def other_names(entry: PublishedEntry) -> SafeString:
    """Spellings, acronyms and translations of an entry, except the name in use."""
    labels = {name: Translation(name, tag) for tag, name in json.loads(entry.labels).items()}
    others = (labels.get(name, name) for name in entry.names.split(" · ") if name != label_of(entry))
    return format_html_join(" · ", "<span{}>{}</span>", ((lang(name), name) for name in others))


@register.simple_tag
def piece(entry: PublishedEntry, words: str) -> SafeString:
    """Piece of the entry's text around these words, in its language; empty if it has no text."""
    body = localized(json.loads(entry.body))
    text = next((body[field] for field in ("summary", "description", "introduction", "note") if body.get(field)), "")
    return format_html("<span{}>{}</span>", lang(text), snippet(text, words)) if text else SafeString()


@register.filter
def dead(event: PublishedEvent | Mapping[str, Any]) -> list[headlines.Headline]:
    """Headlines about the dead of an event, given as a row or as its body, for lists."""
    body = event if isinstance(event, Mapping) else localized(json.loads(event.body))
    return headlines.headlines(body)


@register.filter
def get(mapping: Mapping[str, Any], key: str) -> Any:
    return mapping.get(key, "")


@register.filter
def claimant_side(claim: Mapping[str, Any]) -> str:
    return headlines.side(claim)


@register.filter
def address(reference: Mapping[str, str]) -> str:
    """URL of the page of a reference; empty for a party described in words."""
    return page_of_entry(reference["kind"], reference.get("key", ""))


register.simple_tag(page_of)


@register.simple_tag
def how_sure(value: str, terms: str) -> SafeString:
    """A standing or grade, linked to the evidence that it stands for."""
    return format_html(
        '<a class="sure" href="{}#{}-{}">{}</a>', page_of("how-sure"), terms.lower(), value, term(value, terms)
    )


register.simple_tag(word_changes)


register.simple_tag(persons.claimed_by)
register.simple_tag(persons.said_about)
register.simple_tag(persons.named_in)


@register.simple_tag
def entry_address(kind: str, key: str) -> str:
    return page_of_entry(kind, key)


@register.simple_tag
def party(who: Mapping[str, str], families: Mapping[str, str] | None = None) -> SafeString:
    """A party by name: a link with the colour of its family, or the words that describe it."""
    name = isolated(who["name"])
    if who["kind"] == "described":
        return format_html('<span class="described"{}>{}</span>', lang(who["name"]), name)
    family = (families or {}).get(who["key"], "") if who["kind"] == "actor" else ""
    if not family:
        return format_html('<a href="{}"{}>{}</a>', address(who), lang(who["name"]), name)
    return format_html('<a class="actor {}" href="{}"{}>{}</a>', hue(family), address(who), lang(who["name"]), name)


def isolated(name: str) -> str:
    """A name, isolated from the surrounding text direction if it is written from right to left."""
    return format_html("<bdi>{}</bdi>", name) if texts.NEEDS_JOINERS.search(name) else name


@register.simple_tag
def options(offered: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """HTML options from hundreds of (value, label) pairs, without the end tags, which HTML does not need."""
    said = (
        f'<option value="{escape(value)}"{lang(label)}{" selected" if value == chosen else ""}>{escape(label)}'
        for value, label in offered
    )
    return mark_safe("".join(said))  # noqa: S308  # both are escaped


@register.simple_tag
def parties(them: Iterable[Mapping[str, str]], families: Mapping[str, str] | None = None) -> SafeString:
    return format_html_join(", ", "{}", ((party(who, families),) for who in them))


@register.simple_tag
def marks(citations: Iterable[Mapping[str, Any]]) -> SafeString:
    """Citation marks after a sentence, each a link to the source below."""
    return format_html_join(
        "",
        '<a class="mark" href="#source-{}">{}</a>',
        ((citation["source"]["key"], mark(citation["source"]["name"])) for citation in citations),
    )


@register.filter
def mark(name: str) -> str:
    """Short mark of a source: its number in brackets, or the beginning of its title."""
    return name if name.startswith("[") else f"[{name if len(name) <= 18 else name[:16].rstrip() + '…'}]"


@register.filter
def bearing(claim: dict[str, Any], here: Mapping[str, Any]) -> list[dict[str, Any]]:
    return claim_groups.bearing(claim, here or {})


@register.filter
def months_open(notice: Mapping[str, Any], at: date | None = None) -> str:
    """Duration for which a notice has been open, from its date to the log's head: “open for 26 months”."""
    if not notice["raised_on"] or at is None:
        return ""
    raised = dates.parse(notice["raised_on"]).sorts_on
    months = (at.year - raised.year) * 12 + at.month - raised.month
    return (
        ngettext("open for %(count)s month", "open for %(count)s months", months) % {"count": months}
        if months > 0
        else ""
    )


@register.simple_tag
def chronology() -> Chronology:
    """The conflict that this installation documents: `{% chronology as chronology %}`, as base.html does."""
    documented: Chronology = settings.CHRONOLOGY
    return documented


@register.simple_tag
def language() -> str:
    return get_language() or "en"
