"""Pages of changes: the log by day, the versions of an entry, the differences between two."""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse

from conflict.pages import errors
from conflict.pages.page_view import page, render_page
from conflict.public import keyset, queries, recent_changes, versions
from conflict.public.filters import PublicationFilters
from conflict.public.keyset import Cursor
from conflict.public.parameters import Number, Term, TypedDay
from conflict.public.query_strings import Parameters, query_string
from conflict.public.total_order import Ordering
from conflict.record.models import Action, Publication
from conflict.vocabulary import ChangeKind, EntryKind
from conflict.wording.localized_texts import chosen

PAGE_SIZE = 100
FAR = 10**15
NEWEST_FIRST = Ordering(("number",), is_descending=True)


@page({"kind": Term("", ChangeKind), "of": Term("", EntryKind), "since": TypedDay(), "before": Number("", 1, FAR)})
def changes(request: HttpRequest, asked: Parameters) -> HttpResponse:
    kind, of, before = asked["kind"], asked["of"], asked["before"]
    steps = queries.log().defer("document")
    since = asked["since"] and (asked["since"].starts_on or asked["since"].sorts_on)
    if since:
        steps = steps.filter(published_at__gte=datetime(since.year, since.month, since.day, tzinfo=UTC))
    steps = PublicationFilters.narrow(steps, {"change_kind": kind and [kind], "kind": of and [of]})
    page = keyset.page(steps, NEWEST_FIRST, Cursor((before,)) if before else None, PAGE_SIZE, keyset.as_objects)
    older = query_string(asked.given, before=str(page.next.position[0])) if page.next else ""
    context: dict[str, Any] = {"days": by_day(page.rows, labels(page.rows)), "older": older, "kind": kind, "of": of}
    if since:
        context["sentence"] = recent_changes.sentence(since, recent_changes.changes_since(since))
    context["since"] = asked["since"].text if since else ""
    return render_page(
        request, "changes.html", {**context, "kinds": ChangeKind, "entry_kinds": EntryKind, "before": before}
    )


@page()
def all_versions(request: HttpRequest, asked: Parameters, kind: str, key: str) -> HttpResponse:
    """All versions of an entry, even a withdrawn one."""
    steps = list(queries.log().of(kind, key).newest_first())
    if not steps:
        raise errors.Unknown(kind, key)
    title = labels(steps).get((kind, key)) or _title(steps)
    return render_page(request, "versions.html", {"steps": steps, "kind": kind, "key": key, "title": title})


@page()
def version(request: HttpRequest, asked: Parameters, kind: str, key: str, number: int) -> HttpResponse:
    """One version, permanently, as it was published."""
    step = _step(kind, key, number)
    newest = queries.log().of(kind, key).newest_first().defer("document").first()
    document = versions.text_of(step)
    names = versions.names_then(step, document)
    shown = versions.sections(kind, None, versions.in_own_language(kind, document), names, own_language=True)
    context = {"step": step, "kind": kind, "key": key, "newest": newest, "title": _title([step]) or key}
    return render_page(request, "version.html", {**context, "sections": shown})


@page()
def difference(request: HttpRequest, asked: Parameters, kind: str, key: str, number: int) -> HttpResponse:
    """Show the changes that a version made to the one before."""
    step = _step(kind, key, number)
    earlier = queries.log().of(kind, key).filter(version__lt=step.version).newest_first().first()
    old, new = versions.text_of(earlier), versions.text_of(step)
    context = {"step": step, "earlier": earlier, "kind": kind, "key": key, "title": _title([step, earlier]) or key}
    shown = versions.sections(kind, old, new, versions.names_then(step, old, new))
    return render_page(request, "difference.html", {**context, "sections": shown})


def labels(steps: Iterable[Publication]) -> dict[tuple[str, str], str]:
    """Current labels of the entries to which these steps apply; withdrawn ones are left out."""
    keys: dict[str, set[str]] = {}
    for step in steps:
        keys.setdefault(step.entry_kind, set()).add(step.key)
    notices = queries.notices().filter(key__in=keys.pop(EntryKind.NOTICE.value, ()))
    names = {(EntryKind.NOTICE.value, body["key"]): body["reason"] for body in queries.bodies(notices)}
    return names | {
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
    """Name of the entry in the first of these versions that has a text."""
    for step in steps:
        if step and step.document and step.action == Action.PUBLISH:
            document = versions.in_own_language(step.entry_kind, versions.text_of(step)) or {}
            return document.get("title") or document.get("name") or document.get("reason") or step.key
    return ""
