"""Changes: every step of the publication log, day by day, every version of every entry, and what differs between two."""

from collections.abc import Iterable
from itertools import groupby, pairwise
from typing import Any

from django.http import HttpRequest, HttpResponse

from conflict.documents.schema_upgrades import lifted
from conflict.documents.translations import mark_current
from conflict.pages import errors, queries
from conflict.pages.difference import differences, flat
from conflict.pages.page_view import page, shown
from conflict.pages.parameters import Parameters, query_string
from conflict.public.wording.texts import chosen, localized
from conflict.record.models import Action, Publication
from conflict.vocabulary import ChangeKind, EntryKind

PAGE_SIZE = 100
FAR = 10**15
VERSIONS_TOLD = 10  # of an entry, on its own page


@page("kind", "of", "before")
def changes(request: HttpRequest, asked: Parameters) -> HttpResponse:
    kind, of = asked.choice("kind", ChangeKind), asked.choice("of", EntryKind)
    before = asked.number("before", at_least=1, at_most=FAR)
    asked.refuse_faults()
    steps = queries.log().newest_first().defer("document")
    if kind:
        steps = steps.filter(change_kind=kind)
    if of:
        steps = steps.filter(entry_kind=of)
    if before:
        steps = steps.filter(number__lt=before)
    rows = list(steps[: PAGE_SIZE + 1])
    older = query_string(asked.given, before=str(rows[PAGE_SIZE - 1].number)) if len(rows) > PAGE_SIZE else ""
    rows = rows[:PAGE_SIZE]
    context = {"days": by_day(rows, labels(rows)), "older": older, "kind": kind, "of": of}
    return shown(request, "changes.html", {**context, "kinds": ChangeKind, "entry_kinds": EntryKind, "before": before})


@page("day", "after")
def as_of(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """The chronology as it was public at the end of a day."""
    end, after = asked.day("day", end=True), asked.text("after", 120)
    asked.refuse_faults()
    steps = queries.log().filter(entry_kind=EntryKind.EVENT).order_by("key", "-version").distinct("key")
    if end:
        steps = steps.filter(published_at__date__lt=end)
    if after:
        steps = steps.filter(key__gt=after)
    rows = list(steps[: PAGE_SIZE + 1])
    following = query_string(asked.given, after=rows[PAGE_SIZE - 1].key) if len(rows) > PAGE_SIZE else ""
    events = [(step, _localized(step)) for step in rows[:PAGE_SIZE] if step.document]
    head = queries.log().filter(published_at__date__lt=end).newest_first().first() if end else None
    context = {"events": events, "following": following, "day": asked.given.get("day", ""), "last_step": head}
    return shown(request, "as_of.html", context)


@page()
def versions(request: HttpRequest, asked: Parameters, kind: str, key: str) -> HttpResponse:
    """All versions of an entry, also of one withdrawn."""
    steps = list(queries.log().of(kind, key).newest_first())
    if not steps:
        raise errors.Unknown(kind, key)
    title = labels(steps).get((kind, key)) or _title(steps)
    return shown(request, "versions.html", {"steps": steps, "kind": kind, "key": key, "title": title})


@page()
def version(request: HttpRequest, asked: Parameters, kind: str, key: str, number: int) -> HttpResponse:
    """One version as it was published, for good."""
    step = _step(kind, key, number)
    newest = queries.log().of(kind, key).newest_first().defer("document").first()
    document = lifted(kind, step.document) if step.document else None
    context = {"step": step, "kind": kind, "key": key, "newest": newest, "title": _title([step]) or key}
    return shown(request, "version.html", {**context, "lines": list(flat(document)) if document else []})


@page()
def difference(request: HttpRequest, asked: Parameters, kind: str, key: str, number: int) -> HttpResponse:
    """What a version changed of the one before."""
    step = _step(kind, key, number)
    earlier = queries.log().of(kind, key).filter(version__lt=step.version).newest_first().first()
    old, new = _text(earlier) if earlier else {}, _text(step)
    context = {"step": step, "earlier": earlier, "kind": kind, "key": key, "title": _title([step, earlier]) or key}
    return shown(request, "difference.html", {**context, "lines": differences(old, new)})


def history(kind: str, key: str) -> list[dict[str, Any]]:
    """The newest versions, each with what it changed of the one before."""
    steps = list(queries.log().of(kind, key).newest_first()[: VERSIONS_TOLD + 1])
    told = [
        {"step": step, "lines": differences(_text(before), _text(step)) if step.document and before.document else []}
        for step, before in pairwise(steps)
    ]
    rest = steps[-1:] if len(steps) <= VERSIONS_TOLD else []
    return [*told, *({"step": step, "lines": []} for step in rest)]


def _localized(step: Publication) -> dict[str, Any]:
    """The document in the reader's language, where it was translated then."""
    document = lifted(step.entry_kind, step.document or "")
    mark_current(step.entry_kind, document)
    shown: dict[str, Any] = localized(document)
    return shown


def _text(step: Publication) -> dict[str, Any]:
    return lifted(step.entry_kind, step.document) if step.document else {}


def labels(steps: Iterable[Publication]) -> dict[tuple[str, str], str]:
    """Labels of the day of the entries that the steps are about; those withdrawn are left out."""
    keys: dict[str, set[str]] = {}
    for step in steps:
        keys.setdefault(step.entry_kind, set()).add(step.key)
    return {
        (kind, key): chosen(label, labels)
        for kind, of_kind in keys.items()
        for key, label, labels in queries.entries(kind).filter(key__in=of_kind).values_list("key", "label", "labels")
    }


def by_day(steps: list[Publication], names: dict[tuple[str, str], str]) -> list[dict[str, Any]]:
    days = []
    for moment, of_day in groupby(steps, lambda step: step.published_at.date()):
        shown_steps = [{"step": step, "title": names.get((step.entry_kind, step.key), step.key)} for step in of_day]
        days.append({"day": moment, "steps": shown_steps})
    return days


def _step(kind: str, key: str, number: int) -> Publication:
    step = queries.log().of(kind, key).filter(version=number).first()
    if step is None:
        raise errors.Unknown(kind, key)
    return step


def _title(steps: Iterable[Publication | None]) -> str:
    """The entry's own name in the first of these versions that has a text."""
    for step in steps:
        if step and step.document and step.action == Action.PUBLISH:
            document = _localized(step)
            return document.get("title") or document.get("name") or document.get("reason") or step.key
    return ""
