"""Jinja2 environment of the readers' pages: dates, figures, terms and references in the reader's language.

Their templates are compiled to Python: Django's own, which the desk uses, took several times as long for the same page.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache, partial
from html import escape
from typing import Any

import jinja2
import msgspec
from django.conf import settings
from django.template.defaultfilters import date as written_date
from django.template.defaultfilters import linebreaksbr
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from jinja2.runtime import ChainableUndefined, Context

from conflict import dates
from conflict import text as texts
from conflict.families import hue
from conflict.identifiers import SCHEMES
from conflict.public import claim_groups, claim_relations
from conflict.public.cache import counts
from conflict.public.entry_urls import page_about, page_of, page_of_entry
from conflict.public.snippets import snippet
from conflict.public.template_constants import LanguageEnvironment
from conflict.public.word_changes import word_changes
from conflict.record.models import PublishedEntry, PublishedEvent
from conflict.wording import days, evidence, figures, headlines, persons, review_states
from conflict.wording.articles import led_up_to, with_article
from conflict.wording.localized_texts import (
    Translation,
    chosen,
    in_language,
    in_other_languages,
    label_of,
    lang,
    localized,
)
from conflict.wording.messages import gettext as _
from conflict.wording.messages import language, ngettext, pgettext
from conflict.wording.terms import capital, term

FOLDERS = ("api", "errors", "pages")  # of `templates/`: those in Jinja2


class Environment(LanguageEnvironment):
    """Environment in which a name after a dot is looked up among a dictionary's keys before its methods."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)


def environment(**options: Any) -> Environment:
    """The environment, as named in the settings."""
    folders = {name: jinja2.FileSystemLoader(settings.BASE_DIR / "templates" / name) for name in FOLDERS}
    made = Environment(
        **{
            **options,
            "loader": jinja2.PrefixLoader(folders),
            "undefined": ChainableUndefined,
            "extensions": ["jinja2.ext.i18n"],
            "keep_trailing_newline": True,
            "cache_size": -1,
        }
    )
    made.policies["ext.i18n.trimmed"] = True
    made.newstyle_gettext = True  # type: ignore[attr-defined]  # the messages below fill in what is between braces
    made.filters |= FILTERS
    made.globals |= {**FUNCTIONS, "chronology": settings.CHRONOLOGY}
    made.constant = {name: FUNCTIONS[name] for name in CONSTANT}
    return made


def _filled(message: str, filling: Mapping[str, Any]) -> SafeString:
    if "%" in message:
        message %= {name: conditional_escape(value) for name, value in filling.items()}
    return SafeString(message)  # a text of our own, filled with what is escaped


def _message(text: str, /, **filling: Any) -> SafeString:
    return _filled(_(text), filling)


def _message_in_context(context: str, text: str, /, **filling: Any) -> SafeString:
    return _filled(pgettext(context, text), filling)


def _counted_message(one: str, many: str, number: int, /, **filling: Any) -> SafeString:
    return _filled(ngettext(one, many, number), filling)


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


@jinja2.pass_context
def reviewed_entries(context: Context) -> counts.Reviewed:
    """Number of entries read by a second person, out of all."""
    if context.get("asks_nothing"):
        return counts.Reviewed(0, 0)  # the database may hang
    return counts.reviewed()


def url(name: str, *keys: Any) -> str:
    return _url(name, keys, language())


@lru_cache(maxsize=1_000)
def _url(name: str, keys: tuple[Any, ...], _language: str | None) -> str:
    return reverse(name, args=keys)


def colon() -> str:
    """The sign between a label and what it labels; French sets a space before it."""
    return pgettext("sign after a label", ":")


def day(moment: str | date | datetime) -> str:
    """A calendar day, from a date or from a timestamp of the record."""
    if isinstance(moment, str):
        moment = date.fromisoformat(moment[:10])
    return days.day(moment.date() if isinstance(moment, datetime) else moment)


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


def with_code(text: str) -> SafeString:
    """Text in which `backticks` mark code."""
    return SafeString(re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text)))  # the text is escaped


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


def other_names(entry: PublishedEntry) -> SafeString:
    """Spellings, acronyms and translations of an entry, except the name in use."""
    labels = {name: Translation(name, tag) for tag, name in json.loads(entry.labels).items()}
    others = (labels.get(name, name) for name in entry.names.split(" · ") if name != label_of(entry))
    return format_html_join(" · ", "<span{}>{}</span>", ((lang(name), name) for name in others))


def piece(entry: PublishedEntry, words: str) -> SafeString:
    """Piece of the entry's text around these words, in its language; empty if it has no text."""
    body = localized(msgspec.json.decode(entry.body))
    text = next((body[field] for field in ("summary", "description", "introduction", "note") if body.get(field)), "")
    return format_html("<span{}>{}</span>", lang(text), snippet(text, words)) if text else SafeString()


def dead(event: PublishedEvent | Mapping[str, Any]) -> list[headlines.Headline]:
    """Headlines about the dead of an event, given as a row or as its body, for lists."""
    if isinstance(event, Mapping):
        return headlines.headlines(event)
    return [headlines.Headline(*line) for line in msgspec.json.decode(event.card)["headlines"][language()]]


def address(reference: Mapping[str, str]) -> str:
    """URL of the page of a reference; empty for a party described in words."""
    return page_of_entry(reference["kind"], reference.get("key", ""))


def how_sure(value: str, terms: str) -> SafeString:
    """A standing or grade, linked to the evidence that it stands for."""
    link = f'<a class="sure" href="{page_of("how-sure")}#{terms.lower()}-{value}">{escape(term(value, terms))}</a>'
    return SafeString(link)  # the vocabulary has no signs to escape


def party(who: Mapping[str, str], families: Mapping[str, str] | None = None) -> SafeString:
    """A party by name: a link with the colour of its family, or the words that describe it."""
    return SafeString(_party(who, families or {}))  # what is not ours is escaped


def _party(who: Mapping[str, str], families: Mapping[str, str]) -> str:
    name, marked = isolated(who["name"]), lang(who["name"])
    if who["kind"] == "described":
        return f'<span class="described"{marked}>{name}</span>'
    family = families.get(who["key"]) if who["kind"] == "actor" else None
    coloured = f'class="actor {hue(family)}" ' if family else ""
    return f'<a {coloured}href="{escape(address(who))}"{marked}>{name}</a>'


def isolated(name: str) -> str:
    """A name, escaped, and isolated from the surrounding text direction if it is written from right to left."""
    return f"<bdi>{escape(name)}</bdi>" if texts.RIGHT_TO_LEFT.search(name) else escape(name)


def options(offered: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """HTML options from hundreds of (value, label) pairs, without the end tags, which HTML does not need."""
    said = (
        f'<option value="{escape(value)}"{lang(label)}{" selected" if value == chosen else ""}>{escape(label)}'
        for value, label in offered
    )
    return SafeString("".join(said))  # both are escaped


def parties(them: Iterable[Mapping[str, str]], families: Mapping[str, str] | None = None) -> SafeString:
    return SafeString(", ".join([_party(who, families or {}) for who in them]))  # as above


def marks(citations: Iterable[Mapping[str, Any]]) -> SafeString:
    """Citation marks after a sentence, each a link to the source below."""
    links = [
        f'<a class="mark" href="#source-{escape(source["key"])}">{escape(mark(source["name"]))}</a>'
        for source in (citation["source"] for citation in citations)
    ]
    return SafeString("".join(links))  # both are escaped


def mark(name: str) -> str:
    """Short mark of a source: its number in brackets, or the beginning of its title."""
    return name if name.startswith("[") else f"[{name if len(name) <= 18 else name[:16].rstrip() + '…'}]"


def bearing(claim: dict[str, Any], here: Mapping[str, Any]) -> list[dict[str, Any]]:
    return claim_relations.bearing(claim, here or {})


def months_open(notice: Mapping[str, Any], at: date | None = None) -> str:
    """Duration for which a notice has been open, from its date to the log's head: “open for 26 months”."""
    if not notice["raised_on"] or at is None:
        return ""
    months = dates.months_until(notice["raised_on"], at)
    return (
        ngettext("open for %(count)s month", "open for %(count)s months", months) % {"count": months}
        if months > 0
        else ""
    )


FILTERS: dict[str, Callable[..., Any]] = {
    "address": address,
    "bare_figure": figures.claimed,
    "bearing": bearing,
    "capital": capital,
    "chosen": chosen,
    "claimant_side": headlines.side,
    "date": written_date,
    "day": day,
    "dead": dead,
    "elsewhere": elsewhere,
    "evidence_for": evidence.evidence_for,
    "field_of": field_of,
    "figure": figures.counted,
    "finding_figure": claim_groups.finding_figure,
    "hue": hue,
    "in_language": in_language,
    "in_other_languages": in_other_languages,
    "json_script": json_script,
    "label_of": label_of,
    "lang": lang,
    "linebreaksbr": linebreaksbr,
    "many": many,
    "mark": mark,
    "months_open": months_open,
    "number": figures.number,
    "other_names": other_names,
    "review": review_states.words,
    "static": static,  # its argument is known when a template is compiled, and so is its result
    "term": term,
    "when": days.words,
    "when_placed": days.placed,
    "when_short": partial(days.words, short=True),
    "with_article": with_article,
    "with_code": with_code,
}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    "_": _message,
    "claimed_by": persons.claimed_by,
    "colon": colon,
    "get_language": get_language,
    "gettext": _message,
    "how_sure": how_sure,
    "led_up_to": led_up_to,
    "marks": marks,
    "named_in": persons.named_in,
    "ngettext": _counted_message,
    "options": options,
    "page_about": page_about,
    "page_of": page_of,
    "page_of_entry": page_of_entry,
    "parties": parties,
    "party": party,
    "pgettext": _message_in_context,
    "piece": piece,
    "reviewed_entries": reviewed_entries,
    "said_about": persons.said_about,
    "url": url,
    "word_changes": word_changes,
}
# Functions whose result depends on nothing but what they are given and the language.
CONSTANT = ("_", "colon", "gettext", "page_of", "pgettext")
