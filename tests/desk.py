"""People and entries shared by tests of the desk."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pghistory
from django.test import Client

from conflict.models import Actor, Citation, Claim, ClaimParty, Event, Location, Participation, Period, Source
from editorial.accounts.roles import Role, install_roles
from editorial.models import User

MORNING = datetime(2026, 3, 1, 9, tzinfo=UTC)


def person(name: str, role: Role, **fields: Any) -> User:
    """An account on the desk with this role."""
    user = User.objects.create_user(name, password="secret-of-the-test", is_staff=True, **fields)
    user.groups.add(install_roles()[role])
    return User.objects.get(pk=user.pk)


def just_signed_in(client: Client, user: User) -> None:
    """The session says that the person showed who they are a moment ago."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()


@contextmanager
def at_the_desk_of(user: User) -> Iterator[None]:
    """What is changed within counts as this person's work, as in a request."""
    with pghistory.context(user=user.pk):
        yield


def an_event(key: str = "2013-01-10-konna") -> Event:
    """A draft that is ready to be published, with all that it names."""
    army = Actor.objects.get_or_create(key="malian-army", defaults={"name": "Malian Army", "kind": "armed_force"})[0]
    konna = Location.objects.get_or_create(key="konna", defaults={"name": "Konna", "kind": "town"})[0]
    war = Period.objects.get_or_create(key="war", defaults={"title": "War", "position": 1})[0]
    cited = Source.objects.get_or_create(key="cite-1", defaults={"kind": "unresolved", "resolved": False, "number": 1})[
        0
    ]
    event: Event = Event.objects.create(
        key=key, title="Konna falls", kind="battle", when="2013-01-10", location=konna, period=war
    )
    Participation.objects.create(event=event, actor=army, role="defender")
    Citation.objects.create(event=event, source=cited)
    claim = Claim.objects.create(
        event=event,
        key=f"{key}-46",
        kind="figure",
        measure="killed",
        statement="46 dead.",
        low=46,
        high=46,
        qualifier="exact",
    )
    ClaimParty.objects.create(claim=claim, role="claimant", described_as="a witness")
    Citation.objects.create(claim=claim, source=cited)
    return event
