"""Citation of an entry, with its version and a permanent link to that version."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings

from conflict import text as texts
from conflict.public.entry_urls import page_about
from conflict.record.models import PublishedEntry
from conflict.vocabulary import ClaimKind
from conflict.wording import days, figures, review_states
from conflict.wording.localized_texts import label_of, localized
from conflict.wording.messages import gettext as _
from conflict.wording.messages import pgettext

BIBTEX = {
    **{sign: rf"\{sign}" for sign in "{}&%#$_"},
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
}


@dataclass(frozen=True, slots=True)
class Reference:
    title: str
    version: int
    published_at: datetime
    address: str
    key: str
    review: str
    accounts: str = ""
    """Who gives the figures, and in which sources, to be credited with them."""

    def plain(self) -> str:
        sentence = _("“%(title)s”, %(work)s, version %(version)d, %(date)s, %(review)s. %(address)s") % {
            "work": settings.CHRONOLOGY.name,
            "review": self.review,
            "title": self.title,
            "version": self.version,
            "date": days.day(self.published_at.date()),
            "address": self.address,
        }
        return f"{sentence} {self.accounts}".strip()

    @property
    def note(self) -> str:
        return f"{self.review}. {self.accounts}" if self.accounts else self.review

    def bibtex(self) -> str:
        work = _for_bibtex(settings.CHRONOLOGY.name)
        lines = {
            "author": f"{{{work}}}",
            "title": f"{{{_for_bibtex(self.title)}}}",
            "howpublished": work,
            "publisher": work,
            "version": str(self.version),
            "year": str(self.published_at.year),
            "date": f"{self.published_at:%Y-%m-%d}",
            "url": self.address,
            "note": _for_bibtex(self.note),
        }
        return f"@misc{{{self.key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in lines.items()) + "}\n"

    def ris(self) -> str:
        lines = [
            ("TY", "DATA"),
            ("AU", settings.CHRONOLOGY.name),
            ("TI", texts.line(self.title)),
            ("T2", settings.CHRONOLOGY.name),
            ("PB", settings.CHRONOLOGY.name),
            ("PY", f"{self.published_at.year}"),
            ("ET", f"Version {self.version}"),
            ("DA", f"{self.published_at:%Y/%m/%d}"),
            ("UR", self.address),
            ("N1", texts.line(self.note)),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)


def _for_bibtex(words: str) -> str:
    return "".join(BIBTEX.get(character, character) for character in texts.line(words))


CITED = frozenset({"event", "actor", "location", "period"})
FORMATS = {
    "plain": ("text/plain; charset=utf-8", Reference.plain),
    "bibtex": ("application/x-bibtex; charset=utf-8", Reference.bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", Reference.ris),
}


def reference(site: str, kind: str, row: PublishedEntry, body: Mapping[str, Any] | None = None) -> Reference:
    """Reference to a version of an entry. `body` is its text in the reader's language; read from the row if not given."""
    address = f"{site}{page_about('version', kind, row.key, row.version)}"
    review = {"state": row.review_state, "on": row.reviewed_on.isoformat() if row.reviewed_on else None}
    accounts = ""
    if kind == "event":
        accounts = _accounts(localized(msgspec.json.decode(row.body)) if body is None else body)
    return Reference(
        label_of(row), row.version, row.changed_at, address, row.key, review_states.words(review), accounts
    )


def context(site: str, kind: str, row: PublishedEntry, body: Mapping[str, Any]) -> dict[str, Any]:
    """Template context of a page that says how to cite its entry."""
    cited = reference(site, kind, row, body)
    return {"reference": cited, "citation_text": cited.plain()}


def _accounts(event: Mapping[str, Any]) -> str:
    """“Figures by the CSP [333], the army [332].”, or nothing if nobody gives one."""
    lines: dict[str, None] = {}
    for claim in event["claims"]:
        if claim["kind"] == ClaimKind.FIGURE and claim["claimant"]:
            who = figures.joined([party["name"] for party in claim["claimant"]])
            lines[" ".join([who, *(cited["source"]["name"] for cited in claim["citations"])])] = None
    return (
        _("Figures by %(accounts)s.") % {"accounts": pgettext("between parts of a sentence", "; ").join(lines)}
        if lines
        else ""
    )
