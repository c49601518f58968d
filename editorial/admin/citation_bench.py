"""Citations bench: one source after the other, with what cites it, until none is unresolved, dead or without a copy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.forms import RadioSelect
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict import identifiers
from conflict import text as texts
from conflict.models import Actor, Citation, Source
from conflict.record.models import Tombstone
from conflict.vocabulary import SourceKind
from editorial.admin import submission_proposal
from editorial.admin.pagination import counted
from editorial.admin.template_pages import render_page
from editorial.admin.verb_calls import perform
from editorial.analysis import similar_sources
from editorial.models import AddressCheck, SubmittedEntry
from editorial.sources import bibliography, captures
from editorial.sources.web_pages import NotRead
from editorial.workflow import merges, permissions, references
from editorial.workflow.submissions import MOST_AT_ONCE

FIELDS = (
    *("title", "kind", "published_on", "publisher", "authors", "container", "pages", "language", "url", "doi", "isbn"),
    *("archived_url", "archived_on", "archived_status", "archived_sha256", "note", "resolved"),
)
SHOWN = 40  # citations on one page
WITHDRAWN = Tombstone.objects.filter(entry_kind=Source.entry_kind).values("key")
BY_NUMBER = (F("number").asc(nulls_last=True), "key")


@dataclass(frozen=True, slots=True)
class Queue:
    """Sources that wait for the same work."""

    name: str
    label: Any
    waiting: Q


QUEUES = {
    queue.name: queue
    for queue in (
        Queue("unresolved", gettext_lazy("not resolved"), Q(resolved=False)),
        Queue("dead", gettext_lazy("address does not answer"), Q(pk__in=AddressCheck.objects.dead().values("source"))),
        Queue("uncopied", gettext_lazy("without an archived copy"), ~Q(url="") & Q(archived_url="")),
    )
}


@dataclass(frozen=True, slots=True)
class Use:
    """One citation: what cites the source, in which words, and where to edit it."""

    citation: Citation
    of: str
    about: str
    words: str
    address: str


def queue_view(desk: Any, request: HttpRequest) -> HttpResponse:
    """The first source of a queue, or the list of sources if none waits."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    queue = _queue(request)
    first = _waiting(desk, request, queue).first()
    if first is None:
        messages.info(request, _("No source waits: %(queue)s.") % {"queue": queue.label})
        return HttpResponseRedirect(reverse("admin:conflict_source_changelist"))
    return HttpResponseRedirect(_address(first, queue))


def bench_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    """One source: what cites it, its fields, and the way to the next."""
    with transaction.atomic():
        source = desk.get_object(request, object_id)
        if source is None:
            raise Http404(_("There is no such source."))
        may_change = desk.has_change_permission(request, source)
        if not (may_change if request.method == "POST" else desk.has_view_permission(request, source)):
            raise PermissionDenied
        queue = _queue(request)
        typed = _typed(request)
        form_class = desk.get_form(request, source, change=True, fields=FIELDS, form=desk.form)
        form, found = form_class(instance=source), {}
        if request.method == "POST":
            if "submit" in request.POST and permissions.may_submit(request.user):  # type: ignore[arg-type]
                return submission_proposal.page_for(request, desk.admin_site, _to_submit(desk, request))
            if "same_as" in request.POST:
                return _merged(desk, request, source, queue)
            if {"look_up", "capture"} & request.POST.keys():
                found = _found(request, typed)
                form = form_class(initial={**typed, **found}, instance=source)
                form.initial["edition"] = request.POST.get("edition", "")  # nothing was saved
            else:
                posted = request.POST.copy()
                posted.update(
                    {name: typed[name] for name in ("doi", "url") if typed.get(name) and not posted.get(name)}
                )
                posted.setdefault("kind", source.kind)  # of an unresolved one, no choice stands for it
                if "resolve" in posted:
                    posted["resolved"] = "on"
                form = form_class(posted, instance=source)
                if form.is_valid():
                    desk.save_model(request, form.save(commit=False), form, change=True)
                    desk.log_change(request, source, desk.construct_change_message(request, form, ()))
                    messages.success(request, _("%(source)s was saved.") % {"source": source})
                    return HttpResponseRedirect(_onward(desk, request, source, queue))
                source = desk.get_queryset(request).get(pk=source.pk)
    begins_with_title = _begins_with_title(form, typed)
    if may_change:  # others have no fields
        kind = form.fields["kind"]  # chosen with one press
        kind.widget = RadioSelect(choices=[each for each in kind.choices if each[0] not in ("", SourceKind.UNRESOLVED)])
        form.fields["title"].widget.attrs["autofocus"] = begins_with_title
    context = _context(desk, request, source, form, queue, found) | {"begins_with_title": begins_with_title}
    return render_page(desk, request, "admin/conflict/source/bench.html", context)


def _begins_with_title(form: Any, typed: Mapping[str, str]) -> bool:
    """The address or DOI is known, and the title is what comes next."""
    shown = form.initial | typed
    return bool((shown.get("url") or shown.get("doi")) and not shown.get("title"))


def _context(
    desk: Any, request: HttpRequest, source: Source, form: Any, queue: Queue, found: Mapping[str, Any]
) -> dict[str, Any]:
    citations, checks = Citation.objects.filter(source=source), AddressCheck.objects.filter(source=source)
    return {
        "title": _("Citations of %(source)s") % {"source": source},
        "media": desk.media + form.media,
        "object": source,
        "form": form,
        "queue": queue,
        "queues": [(each, counted(_waiting(desk, request, each))) for each in QUEUES.values()],
        "next": _address(following, queue) if (following := _next(desk, request, source, queue)) else "",
        "uses": list(_uses(citations)),
        "number": citations.count(),
        "check": checks.current().first(),
        "is_dead": checks.dead().exists(),
        "alike": similar_sources.similar(source, found, request.user),
        "is_public": source.public_version is not None,  # type: ignore[attr-defined]  # annotated by the admin
        "may_change": desk.has_change_permission(request, source),
        "may_merge": permissions.may_retract(request.user),  # type: ignore[arg-type]
        "may_submit": permissions.may_submit(request.user),  # type: ignore[arg-type]
        "to_submit": len(_to_submit(desk, request)),
        "looked_up": bool({"look_up", "capture"} & request.POST.keys()),
        "outlet": found.get("outlet", ""),
        "looks_up": settings.LOOK_UP_SOURCES,
    }


def _queue(request: HttpRequest) -> Queue:
    return QUEUES.get(request.GET.get("queue", ""), QUEUES["unresolved"])


def _address(source: Source, queue: Queue) -> str:
    return f"{reverse('admin:conflict_source_bench', args=[source.pk])}?queue={queue.name}"


def _waiting(desk: Any, request: HttpRequest, queue: Queue) -> QuerySet[Any]:
    waiting: QuerySet[Any] = desk.get_queryset(request).filter(queue.waiting).exclude(key__in=WITHDRAWN)
    return waiting.order_by(*BY_NUMBER)


def _next(desk: Any, request: HttpRequest, source: Source, queue: Queue) -> Source | None:
    """The next of the queue after this source, from the beginning again at its end."""
    waiting = _waiting(desk, request, queue).exclude(pk=source.pk)
    after = Q(number=source.number, key__gt=source.key)
    if source.number is None:
        after = Q(number__isnull=True, key__gt=source.key)
    else:
        after |= Q(number__gt=source.number) | Q(number__isnull=True)
    return waiting.filter(after).first() or waiting.first()


def _onward(desk: Any, request: HttpRequest, source: Source, queue: Queue) -> str:
    if "resolve" not in request.POST:
        return _address(source, queue)
    following = _next(desk, request, source, queue)
    return _address(following, queue) if following else reverse("admin:conflict_source_changelist")


def _typed(request: HttpRequest) -> dict[str, Any]:
    """Fields as they were typed. A DOI or an address to look up is one of them, whatever the network says of it."""
    typed = {name: request.POST.get(name, "") for name in FIELDS if name in request.POST}
    asked = request.POST.get("look_up_by", "").strip()
    name = "doi" if bibliography.is_doi(doi := identifiers.doi(asked)) else "url" if "://" in asked else ""
    if name and not typed.get(name):
        typed[name] = doi if name == "doi" else asked
    return typed


def _found(request: HttpRequest, typed: Mapping[str, str]) -> dict[str, Any]:
    """Fields that the network knows of the source, and those that other sources of its site have in common."""
    found = _read(request)
    if "capture" in request.POST:
        return found
    common = similar_sources.common_to_site(_asked_by(request), request.user)
    if "kind" in common and found.get("kind") == SourceKind.WEBSITE:
        del found["kind"]  # a page that does not say what it is
    if outlet := found.get("outlet"):
        names = Q(name__iexact=outlet) | Q(names__name__iexact=outlet)
        if publisher := Actor.objects.filter(names).order_by("pk").first():
            found["publisher"] = publisher.pk
    found = {name: value for name, value in common.items() if not typed.get(name)} | found
    if labels := [str(Source._meta.get_field(name).verbose_name) for name in FIELDS if name in found]:  # type: ignore[union-attr]
        told = _("Found, and not saved yet: %(fields)s. Check it against the source.") % {"fields": ", ".join(labels)}
        messages.info(request, told)
    return found


def _read(request: HttpRequest) -> dict[str, Any]:
    """Fields that the network knows; a message says why it knows none."""
    if not settings.LOOK_UP_SOURCES:
        messages.error(request, _("This desk asks no other site: enter it by hand."))
        return {}
    try:
        return _captured(request) if "capture" in request.POST else dict(bibliography.look_up(_asked_by(request)))
    except NotRead as fault:
        messages.error(request, _("Nothing was found: %(fault)s Enter it by hand.") % {"fault": fault})
        return {}


def _asked_by(request: HttpRequest) -> str:
    """The text to look up: what was typed for it, else the DOI or address in the form."""
    return next((text for name in ("look_up_by", "doi", "url") if (text := request.POST.get(name, "").strip())), "")


def _captured(request: HttpRequest) -> dict[str, Any]:
    copy, original = request.POST.get("archived_url", ""), request.POST.get("url", "")
    capture = captures.read_capture(copy) if copy else captures.save_page_now(original)
    messages.info(request, _("The copy was read, and is not saved yet."))
    return {
        "archived_url": capture.address,
        "archived_on": capture.on or timezone.localdate(),
        "archived_status": capture.status,
        "archived_sha256": capture.sha256,
    }


def _uses(citations: QuerySet[Citation]) -> Iterator[Use]:
    related = (*references.CITING, "participation__actor", "affiliation__other")
    for citation in citations.select_related(*related).order_by("pk")[:SHOWN]:
        yield _use(citation)


def _use(citation: Citation) -> Use:
    if affiliation := citation.affiliation:
        return Use(citation, _("affiliation"), "", str(affiliation), _change("actor", affiliation.actor_id))
    if participation := citation.participation:
        event, words, of = participation.event, str(participation), _("participant")
        address = _change("participation", participation.pk)
    elif claim := citation.claim:
        event, words, of, address = claim.event, claim.statement, _("claim"), _change("claim", claim.pk)
    elif finding := citation.finding:
        event, words, of, address = finding.event, finding.reason, _("finding"), _change("finding", finding.pk)
    else:
        event = citation.event  # type: ignore[assignment]  # a constraint: one of them is cited by
        words, of, address = event.summary, _("event"), _change("event", event.pk)
    return Use(citation, of, f"{event.when} {event.title}".strip(), words, address)


def _change(model: str, pk: int) -> str:
    return reverse(f"admin:conflict_{model}_change", args=[pk])


def _to_submit(desk: Any, request: HttpRequest) -> list[Any]:
    """Resolved sources whose draft readers do not see yet, and that no submission has."""
    live = SubmittedEntry.objects.filter(is_live=True, entry_kind=Source.entry_kind).values("key")
    drafts = Q(public_version__isnull=True) | Q(modified_at__gt=F("published_at"))
    found = desk.get_queryset(request).filter(drafts, resolved=True).exclude(key__in=live).exclude(key__in=WITHDRAWN)
    return list(found.order_by(*BY_NUMBER)[:MOST_AT_ONCE])


def _merged(desk: Any, request: HttpRequest, source: Any, queue: Queue) -> HttpResponse:
    """Merge a draft into the source that it turned out to be, and go on; of a public one, open the page that proposes it."""
    other = desk.get_queryset(request).filter(pk=texts.primary_key(request.POST.get("same_as", ""))).first()
    if other is None:
        messages.error(request, _("That source is no longer on the desk."))
        return HttpResponseRedirect(_address(source, queue))
    if source.public_version is not None:
        return HttpResponseRedirect(f"{desk.address('retract', source.pk)}?into={other.pk}")
    following = _next(desk, request, source, queue)
    done = perform(
        request,
        lambda at: merges.merge_draft_source(source.key, other.key, by=request.user),  # type: ignore[arg-type]
        _("Merged: everything that cited it cites %(other)s.") % {"other": other},
    )
    return HttpResponseRedirect(_address(following or other, queue) if done else _address(source, queue))
