"""The publication that a page's counts go by."""

from django.http import HttpRequest

from conflict.public.cache.change_tracker import tracker
from conflict.public.cache.reads import current_head
from conflict.public.head import Head


def ground_of(request: HttpRequest) -> Head:
    """The last publication that was more than a rewording, as of the head that the page states."""
    stated = getattr(request, "head", None)
    return tracker.under(Head(stated.number, stated.sha256) if stated else current_head())
