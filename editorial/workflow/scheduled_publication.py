"""Publication at a later time: an approved submission is scheduled, and published when it is due."""

import logging
from datetime import datetime, timedelta
from time import monotonic

from django.db import OperationalError, transaction

from conflict.message import gettext as _
from conflict.message import pgettext
from conflict.record.closure import ClosureRefused
from conflict.record.publisher import PublishingRefused
from editorial.models import Submission, User
from editorial.models.stages import Stage
from editorial.workflow import emergencies, permissions
from editorial.workflow.exceptions import FAULT, ApprovalVoid, NotDue, WorkflowRefused
from editorial.workflow.review import open_again, publish_approved
from editorial.workflow.submissions import locked, record_audit, require_stage

log_of_faults = logging.getLogger(__name__)


@transaction.atomic
def schedule(*, submission: Submission, by: User, at: datetime, publish_at: datetime) -> Submission:
    """Schedule an approved submission for later publication; it is checked again then."""
    submission = locked(submission)
    permissions.require(permissions.may_publish(by), by, _("publish"))
    emergencies.refuse_held(by, at)
    require_stage(submission, Stage.APPROVED, pgettext("submission", "scheduled"))
    if publish_at <= at:
        raise WorkflowRefused(_("That moment has passed: choose a later one, or publish now."))
    submission.publish_at, submission.failure = publish_at, ""
    submission.save()
    record_audit("schedule", by, at, _("for %(when)s") % {"when": publish_at.isoformat(" ", "minutes")}, submission)
    return submission


def publish_due(*, at: datetime) -> list[Submission]:
    """Publish submissions due by now. A failed one stays approved and records the reason."""
    due = list(Submission.objects.due(at).oldest_first())
    begun = monotonic()
    for submission in due:
        try:
            publish_approved(submission, None, at + timedelta(seconds=monotonic() - begun))
        except NotDue:
            continue
        except ApprovalVoid as void:
            open_again(submission, None, at, str(void))
        except (WorkflowRefused, PublishingRefused, ClosureRefused) as refusal:
            _fail(submission, at, str(refusal))
        except OperationalError:
            raise  # the database is away: still scheduled, tried again the next time
        except Exception as fault:
            # One that cannot be published must not keep the others waiting for ever.
            log_of_faults.exception("Submission %s could not be published at its time.", submission.pk)
            _fail(submission, at, _(FAULT) % {"fault": type(fault).__name__})
    return due


@transaction.atomic
def _fail(submission: Submission, at: datetime, why: str) -> None:
    scheduled = submission.publish_at
    submission = locked(submission)
    if submission.stage != Stage.APPROVED or submission.publish_at != scheduled:
        return  # a person or another worker was faster: the failure no longer applies
    submission.publish_at, submission.failure = None, why
    submission.save()
    record_audit("publication_failed", None, at, why, submission)
