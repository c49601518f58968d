"""Bibliographic data of a source from its DOI or its address.

Of a DOI the registrar knows them (Crossref, DataCite and others answer at doi.org, in the form of CSL JSON); of a page,
the page itself: the tags that Google Scholar, OpenGraph and Dublin Core read, and schema.org.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from bs4 import BeautifulSoup

from conflict import dates, identifiers
from conflict.message import gettext as _
from conflict.models.source import refuse_bad_doi
from conflict.text import line
from conflict.vocabulary import SourceKind
from editorial.sources import web_pages
from editorial.sources.web_pages import NotRead

RESOLVER = "https://doi.org/"
CSL = "application/vnd.citationstyles.csl+json"
DOI_WITHIN = re.compile(r"\b10\.\d{4,9}/[^\s\"<>?#]+")
LONGEST = {"title": 500, "authors": 300, "container": 300, "pages": 40, "language": 20, "url": 1000, "doi": 200}
KINDS = {
    "article-journal": SourceKind.ARTICLE,
    "journal-article": SourceKind.ARTICLE,
    "paper-conference": SourceKind.ARTICLE,
    "proceedings-article": SourceKind.ARTICLE,
    "posted-content": SourceKind.ARTICLE,
    "thesis": SourceKind.BOOK,
    "dissertation": SourceKind.BOOK,
    "book": SourceKind.BOOK,
    "monograph": SourceKind.BOOK,
    "edited-book": SourceKind.BOOK,
    "chapter": SourceKind.CHAPTER,
    "book-chapter": SourceKind.CHAPTER,
    "dataset": SourceKind.DATASET,
    "report": SourceKind.REPORT,
    "article-newspaper": SourceKind.NEWS,
    "newsarticle": SourceKind.NEWS,
    "reportagenewsarticle": SourceKind.NEWS,
}
# By field: names of <meta>, the most telling first
TAGS = {
    "title": ("citation_title", "dc.title", "og:title", "twitter:title"),
    "authors": ("citation_author", "dc.creator", "author", "article:author", "parsely-author"),
    "container": ("citation_journal_title", "citation_inbook_title"),
    "published_on": (
        *("citation_publication_date", "citation_date", "article:published_time", "dc.date", "dc.date.issued"),
        *("dcterms.created", "parsely-pub-date", "date", "pubdate"),
    ),
    "outlet": ("citation_publisher", "dc.publisher", "og:site_name", "application-name"),
    "language": ("citation_language", "dc.language", "og:locale"),
    "doi": ("citation_doi", "dc.identifier", "prism.doi"),
    "isbn": ("citation_isbn",),
}
Found = dict[str, str]


def look_up(typed: str) -> Found:
    """Fields of a source by its DOI or address: those that are known, and `outlet`, the publisher's name in words.

    Raises NotRead.
    """
    typed = line(typed)
    bare = identifiers.doi(typed)
    if is_doi(bare):
        return _of_doi(bare)
    if not typed.lower().startswith(("http://", "https://")):
        raise NotRead(_("This is neither a DOI nor an address that begins with https://."))
    page = web_pages.read(typed, accept="text/html,application/xhtml+xml,*/*;q=0.5")
    if page.status >= 400:
        raise NotRead(_("The page answers with status %(status)s.") % {"status": page.status})
    if "html" not in page.content_type:
        return {"url": typed}
    found = _of_page(page.content)
    if is_doi(found.get("doi", "")):
        try:
            return {**found, **_of_doi(found["doi"]), "url": typed}
        except NotRead:
            return {**found, "url": typed}
    found.pop("doi", None)
    return {**found, "url": typed}


def is_doi(text: str) -> bool:
    try:
        refuse_bad_doi(text)
    except Exception:  # a validator's error says no more than no
        return False
    return True


def _of_doi(doi: str) -> Found:
    page = web_pages.read(f"{RESOLVER}{quote(doi, safe='/.()-_:;')}", accept=CSL)
    if page.status == 404:
        raise NotRead(_("No registrar knows the DOI %(doi)s.") % {"doi": doi})
    try:
        record = json.loads(page.content)
    except ValueError as fault:
        raise NotRead(
            _("The registrar of the DOI gave no data: status %(status)s.") % {"status": page.status}
        ) from fault
    return {"doi": doi, **of_csl(record)} if isinstance(record, dict) else {"doi": doi}


def of_csl(record: Mapping[str, Any]) -> Found:
    """Fields of a source from CSL JSON, in which registrars answer."""
    parts: list[Any] = next(iter((record.get("issued") or {}).get("date-parts") or [[]]), []) or []
    numbers = [str(part).zfill(2) for part in parts if part is not None]
    authors = [
        " ".join(filter(None, (one.get("given"), one.get("family")))) or one.get("literal") or one.get("name") or ""
        for one in record.get("author") or []
        if isinstance(one, dict)
    ]
    return _kept(
        {
            "kind": KINDS.get(str(record.get("type")), ""),
            "title": _unmarked(record.get("title")),
            "authors": ", ".join(filter(None, authors)),
            "container": _unmarked(record.get("container-title")),
            "pages": _first(record.get("page")),
            "published_on": "-".join(numbers),
            "outlet": _first(record.get("publisher")),
            "language": _first(record.get("language")),
            "isbn": _first(record.get("ISBN")),
            "url": _first(record.get("URL")) if "doi.org/" not in _first(record.get("URL")) else "",
        }
    )


def _of_page(content: bytes) -> Found:
    soup = BeautifulSoup(content, "html.parser")
    tags: dict[str, list[str]] = {}
    for tag in soup.find_all("meta"):
        name, value = tag.get("name") or tag.get("property") or "", tag.get("content") or ""
        if name and value:
            tags.setdefault(str(name).lower(), []).append(line(str(value)))
    fields: Found = {}
    for field, names in TAGS.items():
        values = next((tags[name] for name in names if name in tags), [])
        fields[field] = ", ".join(dict.fromkeys(values)) if field == "authors" else (values or [""])[0]
    fields["kind"] = SourceKind.NEWS if "article" in tags.get("og:type", ()) else SourceKind.WEBSITE
    for statement in _schema_org(soup):
        for field, value in statement.items():
            fields[field] = (value or fields.get(field, "")) if field == "kind" else fields.get(field) or value
    if not fields["title"] and soup.title:
        fields["title"] = line(soup.title.get_text())
    html: Any = soup.find("html")
    fields["language"] = fields["language"] or (str(html.get("lang") or "") if html else "")
    if (doi := DOI_WITHIN.search(fields["doi"])) is not None:
        fields["doi"] = doi[0].rstrip(".")
    return _kept(fields)


def _schema_org(soup: BeautifulSoup) -> Iterator[Found]:
    """Statements of the page in JSON-LD that are about an article or a report."""
    for script in soup.find_all("script", type="application/ld+json"):
        try:
            statements = json.loads(script.get_text())
        except ValueError:
            continue
        graph = statements.get("@graph", [statements]) if isinstance(statements, dict) else statements
        for one in graph if isinstance(graph, list) else ():
            if isinstance(one, dict) and ("headline" in one or "datePublished" in one):
                yield {
                    "kind": KINDS.get(_first(one.get("@type")).lower(), ""),
                    "title": _first(one.get("headline") or one.get("name")),
                    "authors": ", ".join(_names(one.get("author"))),
                    "published_on": _first(one.get("datePublished")),
                    "outlet": next(iter(_names(one.get("publisher"))), ""),
                    "language": _first(one.get("inLanguage")),
                }


def _names(people: Any) -> list[str]:
    each = people if isinstance(people, list) else [people]
    return [name for one in each if (name := _first(one.get("name")) if isinstance(one, dict) else _first(one))]


def _unmarked(value: Any) -> str:
    """A title without the markup that publishers deposit: `<i>Jama’at</i> &amp; others`."""
    return line(BeautifulSoup(_first(value), "html.parser").get_text())


def _first(value: Any) -> str:
    while isinstance(value, list):
        value = value[0] if value else ""
    return line(str(value)) if isinstance(value, str | int) else ""


def _kept(found: Mapping[str, Any]) -> Found:
    """The fields that say something, each in the form and length of its column."""
    kept = {name: str(value)[: LONGEST.get(name, 300)].strip() for name, value in found.items() if value}
    kept["published_on"] = _day(kept.get("published_on", ""))
    if "language" in kept:
        kept["language"] = kept["language"].split("_")[0].split("-")[0].lower()[:20]
    return {name: value for name, value in kept.items() if value}


def _day(written: str) -> str:
    """A date as EDTF, from how pages and registrars write it; empty if it is none."""
    text = written.replace("/", "-")[:10]
    for length in (10, 7, 4):
        with suppress(dates.ImpossibleDate):
            if len(text) >= length:
                return dates.parse(text[:length]).text
    return ""
