"""Verb calls from desk pages: the clock is read here, and refusals become messages."""

from collections.abc import Callable
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import Promise

from conflict.record import clock
from conflict.record.closure import ClosureRefused
from conflict.record.publisher import PublishingRefused
from editorial.admin import database_errors
from editorial.workflow.exceptions import FourEyes, NotPermitted, WorkflowRefused

Call = Callable[[datetime], object]


def perform(request: HttpRequest, call: Call, done: str | Promise) -> bool:
    """Call the verb with the current time; show `done`, or the reason for a refusal. Raises PermissionDenied."""
    try:
        call(clock.now())
    except FourEyes as refused:
        messages.error(request, str(refused))
    except NotPermitted as refused:
        raise PermissionDenied(str(refused)) from refused
    except (WorkflowRefused, PublishingRefused, ClosureRefused) as refused:
        messages.error(request, str(refused))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    except DatabaseError as error:
        if (told := database_errors.sentence(error)) is None:
            raise
        messages.error(request, told)
    else:
        messages.success(request, str(done))
        return True
    return False
