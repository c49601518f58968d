"""A public event, two partners with keys, and a client that uses one of the keys."""

import json
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.utils import timezone

from conflict.models import Actor, Event, Location
from conflict.vocabulary import ChangeKind
from editorial.models import Partner
from editorial.models.partner import Scope
from editorial.partners import keys
from editorial.workflow import publisher

EARLIER = datetime(2026, 1, 1, tzinfo=UTC)
ALL = (Scope.READ, Scope.PROPOSE)


@pytest.fixture(autouse=True)
def _nothing_remembered():
    cache.clear()


@pytest.fixture
def partner(db):
    return Partner.objects.create(
        organisation="Observatory of the Sahel", contact="keys@obs.example", created_at=EARLIER
    )


@pytest.fixture
def issue(partner, administrator):
    """`issue(scopes=[…])`: a key of the partner, with its text."""

    def made(of=None, scopes=ALL, at=None, **more):
        return keys.issue(partner=of or partner, by=administrator, at=at or timezone.now(), scopes=scopes, **more)

    return made


@pytest.fixture
def key(issue):
    return issue()


@pytest.fixture
def stranger(issue, db):
    """A key of another partner."""
    return issue(of=Partner.objects.create(organisation="Somebody else", created_at=EARLIER))


@pytest.fixture
def konna(published):
    return Event.objects.get(key="2013-01-10-konna")


def under(issued):
    return {"Authorization": f"Key {issued.text}"}


def a_claim(**changes):
    said = {
        "kind": "figure",
        "measure": "killed",
        "statement": "Twelve dead, zzproposed.",
        "low": 12,
        "high": 12,
        "qualifier": "exact",
        "claimant": [{"described_as": "a nurse of the hospital, zzproposed"}],
        "sources": [{"title": "Report zzproposed", "kind": "report", "url": "https://example.org/zzproposed"}],
        **changes,
    }
    return {
        "kind": "claim",
        "entry": {"kind": "event", "key": "2013-01-10-konna"},
        "reason": "A count of our own, zzproposed.",
        "claim": said,
    }


def a_correction(**fields):
    return {
        "kind": "correction",
        "entry": {"kind": "event", "key": "2013-01-10-konna"},
        "reason": "A slip.",
        "correction": {"fields": fields or {"title": "Konna is taken"}},
    }


def a_source(**more):
    return {
        "kind": "source",
        "entry": {"kind": "event", "key": "2013-01-10-konna"},
        "reason": "It speaks of it.",
        "source": {"source": {"title": "Konna, a report", "kind": "report", "locator": "p. 3"}, **more},
    }


REPORT = {"title": "Report zzproposed", "kind": "report"}
EVENT = {"kind": "event", "key": "2013-01-10-konna"}


def a_participation(**changes):
    said = {"actor": "mnla", "role": "attacker", "side": "attacking", "sources": [REPORT], **changes}
    return {"kind": "participation", "entry": EVENT, "reason": "They say so.", "participation": said}


def an_objection(**changes):
    said = {"ground": "other", "statement": "It never happened, zzproposed.", **changes}
    return {"kind": "objection", "entry": EVENT, "reason": "We were there.", "objection": said}


def a_place(**changes):
    return {"kind": "place", "entry": EVENT, "reason": "There.", "place": {"location": "mopti", "sources": [REPORT], **changes}}  # fmt: skip


def an_affiliation(**changes):
    said = {"actor": "mnla", "kind": "allied_with", "when": "2013", "sources": [REPORT], **changes}
    entry = {"kind": "actor", "key": "malian-army"}
    return {"kind": "affiliation", "entry": entry, "reason": "They signed.", "affiliation": said}


@pytest.fixture
def others(konna):
    """A further public actor, and a further public place."""
    for row in (
        Actor.objects.create(key="mnla", name="MNLA", kind="armed_group"),
        Location.objects.create(key="mopti", name="Mopti", kind="town"),
    ):
        publisher.publish_entry(entry=row, change_kind=ChangeKind.NEW, reason="Named.", at=timezone.now())


@pytest.fixture
def propose(client, key):
    """`propose(payload)`: the answer to it under the partner's key; headers may be changed."""

    def sent(payload, number="1", by=None, content_type="application/json", **headers):
        body = payload if isinstance(payload, str | bytes) else json.dumps(payload)
        said = {**under(by or key), "Idempotency-Key": number, **headers}
        return client.post("/api/v1/proposals/", body, content_type=content_type, headers={name: value for name, value in said.items() if value is not None})  # fmt: skip

    return sent
