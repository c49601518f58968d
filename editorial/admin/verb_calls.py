"""Verb calls from desk pages: the clock is read here, and refusals become messages."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils.functional import Promise

from conflict.record import clock
from conflict.record.closure import ClosureRefused
from conflict.record.publisher import PublishingRefused
from editorial.admin import database_errors
from editorial.models import User
from editorial.workflow.exceptions import FourEyes, NotPermitted, WorkflowRefused

Call = Callable[[datetime], object]
Made = TypeVar("Made")


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
        if (message := database_errors.sentence(error)) is None:
            raise
        messages.error(request, message)
    else:
        messages.success(request, str(done))
        return True
    return False


def made_by(request: HttpRequest, call: Callable[[datetime], Made], done: str | Promise) -> Made | None:
    """The result of the verb, called as by `perform`; None if it was refused."""
    made: list[Made] = []
    perform(request, lambda at: made.append(call(at)), done)
    return made[0] if made else None


def user_of(request: HttpRequest) -> User:
    """The account that is signed in. Raises PermissionDenied."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user
