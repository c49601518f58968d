"""How to cite an entry: with its version and an address that will always show that version."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from conflict.public.wording import days
from conflict.public.wording.texts import named
from conflict.record.models import PublishedEntry

BIBTEX = {"{": "", "}": "", "\\": "", "&": r"\&", "%": r"\%", "#": r"\#"}


@dataclass(frozen=True, slots=True)
class Reference:
    title: str
    version: int
    published_at: datetime
    address: str
    key: str

    def plain(self) -> str:
        return _("“%(title)s”, Mali War: a reviewed chronology, version %(version)d, %(date)s. %(address)s") % {
            "title": self.title,
            "version": self.version,
            "date": days.day(self.published_at.date()),
            "address": self.address,
        }

    def bibtex(self) -> str:
        title = "".join(BIBTEX.get(character, character) for character in self.title)
        lines = {
            "title": f"{{{title}}}",
            "howpublished": "Mali War: a reviewed chronology",
            "version": str(self.version),
            "year": str(self.published_at.year),
            "date": f"{self.published_at:%Y-%m-%d}",
            "url": self.address,
        }
        return f"@misc{{{self.key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in lines.items()) + "}\n"

    def ris(self) -> str:
        lines = [
            ("TY", "DATA"),
            ("TI", self.title),
            ("T2", "Mali War: a reviewed chronology"),
            ("ET", f"Version {self.version}"),
            ("DA", f"{self.published_at:%Y/%m/%d}"),
            ("UR", self.address),
            ("ER", ""),
        ]
        return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)


CITED = frozenset({"event", "actor", "location", "period"})
FORMATS = {
    "plain": ("text/plain; charset=utf-8", Reference.plain),
    "bibtex": ("application/x-bibtex; charset=utf-8", Reference.bibtex),
    "ris": ("application/x-research-info-systems; charset=utf-8", Reference.ris),
}


def reference(site: str, kind: str, row: PublishedEntry) -> Reference:
    address = f"{site}{reverse('version', args=[kind, row.key, row.version])}"
    return Reference(named(row), row.version, row.changed_at, address, row.key)
