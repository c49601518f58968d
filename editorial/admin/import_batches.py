"""The page of an import's batches: titles, a sample of each, and two buttons for all of them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from conflict.record.closure import ClosureRefused
from conflict.record.publisher import PublishingRefused
from editorial.accounts import reauthentication
from editorial.import_export import batches
from editorial.import_export.exceptions import ImportRefused
from editorial.models import ImportRun
from editorial.models.stages import Stage
from editorial.workflow import permissions
from editorial.workflow.exceptions import NotPermitted, WorkflowRefused


def context(request: HttpRequest, run: ImportRun) -> dict[str, Any]:
    user: Any = request.user
    found = batches.batches(run)
    waiting = [batch for batch in found if batch.is_open]
    may = [batch for batch in waiting if permissions.may_approve(user, batch.submission)]
    return {
        "batches": found,
        "events": sum(len(batch.events) for batch in found),
        "stages": batches.by_stage(found),
        "to_approve": [batch for batch in may if not batch.by_hand],
        "wrote_part": bool(waiting) and not may,
        "to_publish": [batch for batch in found if batch.submission.stage == Stage.APPROVED]
        if permissions.may_publish(user)
        else [],
    }


def act(request: HttpRequest, run: ImportRun) -> HttpResponse:
    """Approve or publish everything shown on the page."""
    user: Any = request.user
    page = reverse("admin:editorial_importrun_batches", args=[run.pk])
    try:
        if "publish" in request.POST:
            reauthentication.require(request)
            now, later = batches.publish_all(run=run, by=user, at=timezone.now())
            if now:
                messages.success(
                    request,
                    ngettext("Published: %(count)s batch.", "Published: %(count)s batches.", now) % {"count": now},
                )
            if later:
                messages.success(
                    request,
                    ngettext(
                        "%(count)s batch is published by the worker within a minute.",
                        "%(count)s batches are published by the worker within a minute.",
                        later,
                    )
                    % {"count": later},
                )
        else:
            parts = (one.partition(":") for one in request.POST.getlist("read"))
            read = {int(key): digest for key, _, digest in parts if key.isascii() and key.isdecimal()}
            approved, refused = batches.approve_all(run=run, by=user, at=timezone.now(), read=read)
            for reason in refused[:5]:
                messages.warning(request, reason)
            if approved:
                messages.success(
                    request,
                    ngettext("Approved: %(count)s batch.", "Approved: %(count)s batches.", approved)
                    % {"count": approved},
                )
    except NotPermitted as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except (ImportRefused, WorkflowRefused, PublishingRefused, ClosureRefused) as refusal:
        messages.error(request, str(refusal))
    return HttpResponseRedirect(page)
