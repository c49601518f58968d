"""Watches and inboxes: what somebody keeps an eye on, and how far they have read it. Nothing of it leaves the desk."""

from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from conflict.models import ENTRIES, Affiliation, Claim, Finding, Participation
from conflict.text import line
from editorial.models import Dispute, Inbox, Proposal, Report, SavedFilter, Submission, User, Watch
from editorial.workflow import restricted_sources
from editorial.workflow.exceptions import WorkflowRefused, refuse_empty, refuse_too_long

LONGEST_NAME = 80
# Models whose lists can be narrowed, saved and watched, with the moment by which a row counts as new
WATCHABLE: dict[type[Model], str] = {
    **dict.fromkeys(ENTRIES.values(), "modified_at"),
    **dict.fromkeys((Claim, Finding, Participation), "event__modified_at"),
    Affiliation: "actor__modified_at",
    Submission: "submitted_at",
    Dispute: "opened_at",
    Report: "received_at",
    Proposal: "received_at",
}
LISTS = {f"{model._meta.app_label}_{model._meta.model_name}": model for model in WATCHABLE}


def inbox_of(user: User, at: datetime) -> Inbox:
    """The person's inbox; a new one begins now."""
    return Inbox.objects.get_or_create(user=user, defaults={"read_until": at})[0]


def read_inbox(*, user: User, at: datetime, by_email: bool) -> None:
    """Everything up to now has been seen."""
    Inbox.objects.update_or_create(user=user, defaults={"read_until": at, "by_email": by_email})


def watch_entry(*, kind: str, key: str, user: User, at: datetime) -> bool:
    """Begin to watch an entry, or stop; True if it is watched now."""
    if kind not in ENTRIES or not restricted_sources.visible(ENTRIES[kind].objects.filter(key=key), user).exists():
        raise WorkflowRefused(_("There is no such entry."))
    inbox_of(user, at)
    if Watch.objects.filter(user=user, entry_kind=kind, key=key).delete()[0]:
        return False
    Watch.objects.create(user=user, entry_kind=kind, key=key, since=at)
    return True


def watch_filter(*, saved: SavedFilter, user: User, at: datetime) -> bool:
    """Begin to watch a saved filter, or stop; True if it is watched now."""
    inbox_of(user, at)
    if Watch.objects.filter(user=user, saved_filter=saved).delete()[0]:
        return False
    Watch.objects.create(user=user, saved_filter=saved, since=at)
    return True


@transaction.atomic
def save_filter(*, name: str, listed: str, query: str, is_shared: bool, user: User) -> SavedFilter:
    """Save a narrowed list under a name, in place of this person's list of the same name."""
    if listed not in LISTS:
        raise WorkflowRefused(_("The filters of this list cannot be saved."))
    refuse_empty(name, _("Give the filter a name."))
    refuse_too_long(name, LONGEST_NAME)
    if not query:
        raise WorkflowRefused(_("Narrow the list first: there is no filter to save."))
    return SavedFilter.objects.update_or_create(
        owner=user, listed=listed, name=line(name), defaults={"query": query, "is_shared": is_shared}
    )[0]


def forget_filter(*, saved: SavedFilter, user: User) -> None:
    if saved.owner_id != user.pk:
        raise WorkflowRefused(_("The filter is somebody else's: only who saved it can delete it."))
    saved.delete()
