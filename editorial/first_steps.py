"""First steps of a new installation: from its file to the first public event, each told with whether it is done."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from conflict.models import Event, Period, Source
from conflict.record.models import PublishedEvent
from editorial.models import Submission, User
from editorial.models.stages import Stage


@dataclass(frozen=True, slots=True)
class FirstStep:
    title: str
    about: str
    is_done: bool
    address: str = ""  # empty if the user may not take the step


def first_steps(user: User) -> list[FirstStep]:
    """The steps, in their order; none once an event is public, or for somebody who sees no submissions."""
    if not user.has_perm("editorial.view_submission") or PublishedEvent.objects.exists():
        return []
    submissions = reverse("admin:editorial_submission_changelist")

    def adding(name: str) -> str:
        return reverse(f"admin:conflict_{name}_add") if user.has_perm(f"conflict.add_{name}") else ""

    people = User.objects.filter(is_active=True).count()
    accounts = reverse("admin:editorial_user_changelist") if user.has_perm("editorial.view_user") else ""
    return [
        FirstStep(
            _("Say which conflict this is"),
            _("This is “%(title)s”. Names, languages, families of actors, maps and licence stand in chronology.toml.")
            % {"title": settings.CHRONOLOGY.title},
            bool(settings.CHRONOLOGY.description),
        ),
        FirstStep(
            _("Give accounts to two people or more"),
            _("One writes, another approves. Roles say who may do what; an administrator gives them."),
            people > 1,
            accounts,
        ),
        FirstStep(
            _("Add the first source"),
            _("A report, an article, a statement: its title and kind are enough to begin."),
            Source.objects.exists(),
            adding("source"),
        ),
        FirstStep(
            _("Add the first period"),
            _("A phase of the conflict, such as its first year. Every event belongs to one."),
            Period.objects.exists(),
            adding("period"),
        ),
        FirstStep(
            _("Add the first event"),
            _("Title, kind, date and period, and below, under citations, the source. Figures are claims of somebody."),
            Event.objects.exists(),
            adding("event"),
        ),
        FirstStep(
            _("Submit them for review"),
            _("On the page of the event, choose “Submit for review” and tick what has to come with it."),
            Submission.objects.exists(),
            reverse("admin:conflict_event_changelist") if user.has_perm("conflict.view_event") else "",
        ),
        FirstStep(
            _("Let a second person approve it"),
            _("Nobody approves what they wrote. A reviewer signs in, reads the submission and approves it."),
            Submission.objects.filter(stage__in=(Stage.APPROVED, Stage.PUBLISHED)).exists(),
            submissions,
        ),
        FirstStep(
            _("Publish it"),
            _("A managing editor publishes what is approved. Then readers see it, and these steps go."),
            False,
            submissions,
        ),
    ]
