"""The public page of a draft, by the public templates: what readers would see if it were published now."""

from collections.abc import Callable, Mapping
from typing import Any

from csp.decorators import csp_replace
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from conflict import text as texts
from conflict.documents.references import Reference, references
from conflict.documents.schema_upgrades import lifted
from conflict.models import ENTRIES, Entry
from conflict.public import queries
from conflict.public.entry_pages import actor, event, location, notice, period, source
from conflict.public.entry_urls import page_of_entry
from conflict.public.page_frame import frame
from conflict.public.pagination import POSITION
from conflict.public.query_strings import Parameters, RefusedParameters
from conflict.record.models import PUBLISHED, PublishedEntry
from conflict.record.projection.bodies import BodyContext, body
from conflict.record.projection.rows import entry_row
from conflict.vocabulary import ReviewState
from editorial.admin import versions
from editorial.admin.page_changes import reviewed_page
from editorial.admin.template_pages import entry_of
from editorial.models import Submission, SubmittedEntry
from editorial.workflow import dependencies

Context = Callable[[HttpRequest, Parameters, versions.Document, Any], dict[str, Any]]


def _notices(request: HttpRequest, asked: Parameters, shown: versions.Document, row: Any) -> dict[str, Any]:
    """Preview of a notice, which has no page of its own, as in the list of notices."""
    return notice.context([shown])


# By kind of entry: the template of its public page, and the function that this page shows it by.
PAGES: dict[str, tuple[str, Context]] = {
    "actor": ("pages/actor.html", actor.context),
    "location": ("pages/place.html", location.context),
    "source": ("pages/source.html", source.context),
    "period": ("pages/period.html", period.context),
    "event": ("pages/event.html", event.context),
    "notice": ("pages/notices.html", _notices),
}


def preview_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    entry = entry_of(desk, request, object_id)
    given = request.GET.copy()
    submission = (given.pop("submission", None) or [""])[-1]
    unmarked = bool(given.pop("unmarked", None))
    document = _proposed(entry, submission) if submission else _drafted(entry)
    if document is None:
        messages.info(request, _("It is kept from the public, so there is no page of it to preview."))
        return HttpResponseRedirect(desk.address("change", entry.pk))
    request.head = queries.newest()  # type: ignore[attr-defined]  # as on readers' pages
    before = _before(entry, submission) if submission and not unmarked else None
    more = {"submission": submission, "is_marked": before is not None}
    response = _page(request, given, entry, document, more)
    if submission:
        earlier = _page(request, given, entry, before, more).text if before is not None else ""
        response.content = reviewed_page(response.text, earlier, _addresses_of_drafts(document)).encode()
    return shown_within(response)  # the page of a submission


def _page(
    request: HttpRequest, given: Any, entry: Any, document: versions.Document, more: Mapping[str, Any]
) -> HttpResponse:
    """The public page that the entry would have with this document."""
    shown, row = body_of_draft(entry, document)
    template, context = PAGES[entry.entry_kind]
    try:
        as_readers_see = context(request, Parameters(given, POSITION), shown, row)
    except RefusedParameters as refused:
        raise Http404(str(refused)) from refused
    return render(
        request,
        "pages/preview.html",
        {
            **frame(request),
            **as_readers_see,
            **_drafts_named(shown),
            "addresses": {},
            "page_template": template,
            "named": row.label,
            "back": reverse(f"admin:conflict_{entry.entry_kind}_change", args=[entry.pk]),
            **more,
        },
    )


def shown_within(response: HttpResponse) -> HttpResponse:
    """Let pages of this site show the response in a frame."""
    framed = csp_replace({"frame-ancestors": ["'self'"]})(xframe_options_sameorigin(lambda _: response))
    framed(HttpRequest())
    return response


def _drafted(entry: Entry) -> versions.Document | None:
    key = (entry.entry_kind, entry.key)
    return versions.drafted([key]).get(key)


def _proposed(entry: Entry, submission: str) -> versions.Document:
    """The text of the entry in this submission, exactly as proposed."""
    number = texts.primary_key(submission)
    found = SubmittedEntry.objects.filter(submission=number, entry_kind=entry.entry_kind, key=entry.key).first()
    if found is None or not found.text:
        raise Http404(_("The submission proposes no text of this entry."))
    return lifted(entry.entry_kind, found.text)


def _before(entry: Entry, submission: str) -> versions.Document | None:
    """Body of the entry that was public before this submission; None if none was."""
    key = (entry.entry_kind, entry.key)
    batch = Submission.objects.values_list("batch", flat=True).get(pk=submission)
    return (versions.published([key]) if batch is None else versions.before(batch, [key])).get(key)


def body_of_draft(entry: Entry, document: versions.Document) -> tuple[versions.Document, Any]:
    """Public body that the entry would have with this document, and its row; neither is stored.

    Labels and places come from the record; where it has none yet, from the desk.
    """
    key = (entry.entry_kind, entry.key)
    row = entry_row(entry.entry_kind, document, _clocks(entry))
    if "path" in row:
        row["path"] = [above.key for above in _above(entry)]
    around = BodyContext({key: document}, {key: row})
    around.labels = {**versions.names([document]), **_labels_above(entry), **around.labels}
    around.places = {**_places(document), **around.places}
    return body(entry.entry_kind, document, row, around), PUBLISHED[entry.entry_kind](**row)


def _clocks(entry: Entry) -> dict[str, Any]:
    public: PublishedEntry | None = PUBLISHED[entry.entry_kind]._default_manager.filter(key=entry.key).first()
    now = timezone.now()
    version, first = (public.version + 1, public.first_published_at) if public else (1, now)
    return {"version": version, "publication_id": 0, "first_published_at": first, "changed_at": now} | {
        "review_state": ReviewState.NOT_YET.value,
        "reviewed_on": None,
    }


def _above(entry: Any) -> list[Any]:
    """A place or period with its ancestors, widest first."""
    found = [entry]
    while (above := found[0].parent) is not None and above not in found:
        found.insert(0, above)
    return found


def _labels_above(entry: Any) -> dict[Reference, str]:
    return {Reference(above.entry_kind, above.key): str(above) for above in _above(entry)} if _is_nested(entry) else {}


def _is_nested(entry: Any) -> bool:
    return hasattr(entry, "parent_id")


def _places(document: versions.Document) -> dict[str, dict[str, Any]]:
    """Coordinates of the places that the document names, as the record would have them."""
    wanted = {("location", reference.key) for reference in references(document) if reference.kind == "location"}
    return {
        key: {
            "latitude": place["latitude"],
            "longitude": place["longitude"],
            "precision": place["coordinate_precision"],
        }
        for (_, key), place in versions.drafted(wanted - dependencies.public(wanted)).items()
        if place["latitude"] is not None
    }


def _addresses_of_drafts(document: versions.Document) -> dict[str, str]:
    """Addresses at the desk of what the document names and no reader can open yet, by the address that it will have."""
    named = dependencies.named_by([document])
    return {
        page_of_entry(kind, key): reverse(f"admin:conflict_{kind}_change", args=[pk])
        for kind, keys in dependencies.by_kind(named - dependencies.public(named))
        for pk, key in ENTRIES[kind].objects.filter(key__in=keys).values_list("pk", "key")
    }


def _drafts_named(shown: versions.Document) -> dict[str, Any]:
    """Template context for referenced entries that are not public: their names, and the sources to list."""
    missing = dependencies.named_by([shown])
    missing -= dependencies.public(missing)
    drafts = versions.drafted(missing)
    cited = [draft for (kind, _), draft in sorted(drafts.items()) if kind == "source"]
    found: dict[str, Any] = {
        "not_public": [str(draft.get("title") or draft.get("name") or draft["key"]) for draft in drafts.values()]
    }
    if cited and "claims" in shown:
        found["sources"] = [*event.cited(shown), *cited]
    return found
