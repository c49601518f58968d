"""Public pages of reports: the form, and the receipt. Neither is cached, and neither shows what anybody wrote."""

from datetime import datetime, timedelta

from django.core.cache import caches
from django.db import connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from conflict.public import queries
from conflict.public.page_frame import frame
from conflict.public.throttles import ReadThrottle
from conflict.record import clock
from conflict.wording.localized_texts import label_of
from conflict.wording.typography import typeset
from editorial.models import Report
from editorial.reports.forms import ReportForm
from editorial.workflow import reports

EACH, ALL = 5, 120  # reports within an hour from one address, and from everybody together
HOUR = timedelta(hours=1)


def is_allowed(request: HttpRequest, at: datetime) -> bool:
    """Count one more report from this address, stored only as a keyed hash.

    Counted in the database, for all processes together, as failed logins are; one at a time until the transaction ends,
    since of many at once each would find the same count.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('reports'))")
    if Report.objects.filter(received_at__gt=at - HOUR).count() >= ALL:
        return False
    counts, name = caches["desk"], f"report-{at:%Y%m%d%H}-{ReadThrottle().address_of(request)}"
    return counts.add(name, 1, HOUR.total_seconds()) or counts.incr(name) <= EACH


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """Form for a report about one entry or claim."""
    about = _target(kind, key)
    form = ReportForm(request.POST if request.method == "POST" else None, instance=about)
    if request.method != "POST":
        return _form_page(request, form, about, 200)
    if not form.is_valid():
        return _form_page(request, form, about, 400)
    with transaction.atomic():
        if is_allowed(request, at := clock.now()):
            receipt = reports.receive(form.save(commit=False), at=at, language=get_language() or "")
            return HttpResponseRedirect(reverse("report-receipt", args=[receipt]))
    return _form_page(request, form, about, 429)


def sent_again(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    """The form with what was typed, for a browser that has lost the cookie it came with."""
    about = _target(kind, key)
    return _form_page(request, ReportForm(initial=request.POST.dict(), instance=about), about, 403)


report.sent_again = sent_again  # type: ignore[attr-defined]  # read by the CSRF failure view


def _target(kind: str, key: str) -> Report:
    try:
        return reports.target(kind, key)
    except reports.UnknownTarget as unknown:
        raise Http404 from unknown


def _form_page(request: HttpRequest, form: ReportForm, about: Report, status: int) -> HttpResponse:
    context = {"form": form, "about": about, "entry": _entry(about), "waiting": Report.objects.waiting().count()}
    return _shown(request, "pages/report.html", {**context, "status": status}, status)


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """State of one report and the desk's answer, for whoever has its address."""
    found = reports.find(token)
    if found is None:
        raise Http404
    return _shown(request, "pages/report_receipt.html", {"report": found, "entry": _entry(found)}, 200)


def _entry(about: Report) -> dict[str, str]:
    """The entry as it is public today; a withdrawn one is named by its key."""
    row = queries.entry(about.entry_kind, about.key)
    return {"kind": about.entry_kind, "key": about.key, "name": label_of(row) if row else about.key}


def _shown(request: HttpRequest, template: str, context: dict[str, object], status: int) -> HttpResponse:
    request.head = queries.newest()  # type: ignore[attr-defined]
    around = {**frame(request), "canonical": ""}
    response = typeset(render(request, template, {**around, **context}, status=status))
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    if status == 429:
        response["Retry-After"] = "3600"
    return response
