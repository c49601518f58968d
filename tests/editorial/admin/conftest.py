"""People at the desk, and helpers that fill in desk forms as a browser would."""

from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.test import Client

from conflict.models import Affiliation, Finding, Notice
from editorial.models import Delivery, Ground, Partner, Report, User, Webhook
from editorial.workflow import disputes
from tests.desk import MORNING, just_signed_in

admin.autodiscover()  # tests are made of what is registered


class Form(HTMLParser):
    """The fields of a page's change form with their values, so that a test posts what a browser would."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._select = self._textarea = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "select":
            self._select = name
            self.values.setdefault(name, [] if "multiple" in given else "")
        elif tag == "option" and self._select and "selected" in given:
            chosen = given.get("value") or ""
            if isinstance(self.values[self._select], list):
                self.values[self._select].append(chosen)
            else:
                self.values[self._select] = chosen
        elif tag == "textarea":
            self._textarea = name
            self.values[name] = ""
        elif tag == "input" and name in self.values and given.get("type") == "hidden":
            before = self.values[name]
            self.values[name] = [*(before if isinstance(before, list) else [before]), given.get("value") or ""]
        elif tag == "input" and name and given.get("type") not in ("submit", "checkbox", "radio"):
            self.values[name] = given.get("value") or ""
        elif tag == "input" and name and given.get("type") in ("checkbox", "radio") and "checked" in given:
            self.values[name] = given.get("value") or "on"

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._textarea = ""

    def handle_data(self, data: str) -> None:
        if self._textarea:
            self.values[self._textarea] += data.removeprefix("\n").removeprefix("\r\n")


def filled_in(html: str, **changes: Any) -> dict[str, Any]:
    """What a browser would post of the page's form, with these fields changed."""
    values = {
        name: value
        for name, value in Form(html).values.items()
        if "__prefix__" not in name and name not in ("q", "action")
    }
    return values | changes


@pytest.fixture
def at_desk() -> Callable[[User], Client]:
    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        just_signed_in(client, user)
        return client

    return log_in


@pytest.fixture
def desk(at_desk, author) -> Client:
    """The contributor, logged in."""
    return at_desk(author)


@pytest.fixture
def cast(author, reviewer, chief, administrator) -> dict[str, User]:
    return {"contributor": author, "reviewer": reviewer, "managing editor": chief, "administrator": administrator}


@pytest.fixture
def things(published, draft, author, chief) -> dict[str, Any]:
    """One row of every kind that an address may ask for."""
    actor = draft.participations.get().actor
    other = type(actor).objects.create(key="mnla", name="MNLA", kind="armed_group")
    dispute = disputes.dispute(
        kind="event", key=draft.key, by=author, at=MORNING + timedelta(hours=1), ground=Ground.OTHER, statement="Wrong."
    )
    partner = Partner.objects.create(organisation="Archive", created_at=MORNING)
    webhook = Webhook.objects.create(
        partner=partner, url="https://archive.example/", nonce="1", created_at=MORNING, created_by=chief
    )
    return {
        "actor": actor,
        "affiliation": Affiliation.objects.create(actor=actor, other=other, kind="allied_with"),
        "claim": draft.claims.get(),
        "event": draft,
        "finding": Finding.objects.create(
            event=draft,
            key="dead",
            aspect="figure",
            measure="killed",
            best=46,
            rule="single_claim",
            reason="One count.",
        ),
        "location": draft.location,
        "notice": Notice.objects.first(),
        "participation": draft.participations.get(),
        "period": draft.period,
        "source": draft.citations.first().source,
        "submission": published,
        "dispute": dispute,
        "auditentry": published.audit_entries.first(),
        "report": Report.objects.create(
            kind="error",
            entry_kind="event",
            key=draft.key,
            version=1,
            ground="other",
            text="Wrong.",
            receipt_sha256="0" * 64,
            received_at=MORNING,
        ),
        "user": author,
        "group": Group.objects.first(),
        "partner": partner,
        "webhook": webhook,
        "delivery": Delivery.objects.create(
            webhook=webhook, message_id="msg_1", body="{}", created_at=MORNING, next_attempt_at=MORNING
        ),
    }
