"""Rival accounts of one event side by side, with suggested findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from conflict.documents.references import Reference, cited_sources, references
from conflict.estimates import identity
from conflict.models import Event
from conflict.public import claim_groups
from conflict.vocabulary import FindingAspect, Measure
from editorial.admin import versions
from editorial.admin.preview import body_of_draft
from editorial.admin.template_pages import entry_of, render_page
from editorial.analysis.houses import houses_of
from editorial.analysis.suggestions import Suggestion, suggestions
from editorial.workflow.encyclopaedias import articles_among


@dataclass(frozen=True)
class Suggested:
    """A suggestion, its subject in words, and the address of a new finding prefilled from it."""

    suggestion: Suggestion
    about: str
    address: str


def rivals_view(desk: Any, request: HttpRequest, object_id: str) -> HttpResponse:
    event = entry_of(desk, request, object_id)
    shown, _problems = body_of_draft(
        event, versions.drafted([(event.entry_kind, event.key)])[event.entry_kind, event.key]
    )
    may_conclude = request.user.has_perm("conflict.add_finding")
    context = {
        "title": _("Accounts of %(event)s") % {"event": event},
        "object": event,
        "matters": claim_groups.matters(shown),
        "addresses": {
            claim.key: reverse("admin:conflict_claim_change", args=[claim.pk]) for claim in event.claims.all()
        },
        "suggested": suggested(event, shown) if may_conclude else [],
        "findings": event.findings.order_by("key"),
    }
    return render_page(desk, request, "admin/conflict/event/rivals.html", context)


def suggested(event: Event, shown: Mapping[str, Any]) -> list[Suggested]:
    """Suggestions not yet covered by a finding, for the event as its draft is `shown`."""
    claims, findings = shown["claims"], shown["findings"]
    sources = cited_sources(references(claims))
    houses, articles = houses_of(sources), articles_among(sources)
    concluded = {(finding["aspect"], finding["measure"], identity(finding["subject"])) for finding in findings}
    graded = {finding["aspect"] for finding in findings if finding["aspect"] != FindingAspect.FIGURE}
    names = {
        Reference(party["kind"], party["key"]): party.get("name", "")
        for claim in claims
        for party in claim["subject"]
        if "key" in party
    }
    return [
        Suggested(suggestion, _about(suggestion, names), _prefilled(event, suggestion))
        for suggestion in suggestions(shown, houses, articles)
        if (suggestion.aspect, suggestion.measure, suggestion.subject) not in concluded
        and suggestion.aspect not in graded
    ]


def _about(suggestion: Suggestion, names: Mapping[Reference, str]) -> str:
    subject = ", ".join(names.get(Reference(kind, key)) or key for kind, key in suggestion.subject)
    measure = str(Measure(suggestion.measure).label) if suggestion.measure else ""
    return ", ".join(filter(None, (str(suggestion.aspect.label), measure, subject)))


def _prefilled(event: Event, suggestion: Suggestion) -> str:
    given = {
        "event": event.pk,
        "key": "-".join(
            filter(
                None,
                (
                    str(suggestion.aspect),
                    suggestion.measure.replace("_", "-"),
                    *(key for kind, key in suggestion.subject if kind != "described"),
                ),
            )
        )[:120].strip("-"),
        "aspect": suggestion.aspect.value,
        "measure": suggestion.measure,
        "low": suggestion.low,
        "best": suggestion.best,
        "high": suggestion.high,
        "grade": suggestion.grade.value,
        "rule": suggestion.rule.value,
        "reason": suggestion.reason,
        "on": ",".join(suggestion.claims),
        "about": ",".join(f"{kind}:{key}" for kind, key in suggestion.subject),
    }
    filled = {name: value for name, value in given.items() if value not in (None, "")}
    return f"{reverse('admin:conflict_finding_add')}?{urlencode(filled)}"
