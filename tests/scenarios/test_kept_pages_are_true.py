"""Cached pages equal freshly rendered ones after any step of publication, on any page; numbers kept at publication equal
new counts.
"""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.core.cache import cache

from conflict.public.cache import change_tracker, contents, fragments, responses
from conflict.public.cache import counts as kept_counts
from conflict.record.projection import counts
from tests import documents as doc
from tests.conflict.pages.conftest import CAST, WITNESS

PAGES = [
    "/", "/fr/", "/chronology/", "/fr/chronology/", "/chronology/?order=newest", "/chronology/?chart=killed", "/chronology/?kind=battle", "/map/", "/events/konna-dead/", "/fr/events/konna-taken/",
    "/events/konna-denied/", "/actors/", "/actors/army/", "/places/", "/places/konna/", "/periods/intervention/",
    "/periods/konna-battle/", "/sources/", "/sources/book/", "/notices/", "/disputes/", "/changes/", "/search/?q=Konna",
    "/feeds/events.atom", "/method/",
]  # fmt: skip
STANDING = {(kind, document["key"]): document for kind, document in CAST}


def again(entry_kind, key, **changes):
    """The entry as it is in the cast, with these changes."""
    return entry_kind, {**deepcopy(STANDING[entry_kind, key]), **changes}


TAKEN = STANDING["event", "konna-taken"]
DEAD = STANDING["event", "konna-dead"]
STEPS = {
    "kind": [again("event", "konna-taken", kind="battle", standing="claimed")],
    "its title": [again("event", "konna-taken", title="Konna is taken")],
    "somebody takes part": [
        again("event", "konna-taken", participants=[*TAKEN["participants"], doc.participant("france", "attacker")])
    ],
    "nobody does any more": [again("event", "konna-taken", participants=[])],
    "a claim more": [again("event", "konna-dead", claims=[*DEAD["claims"], doc.claim("five", low=5, claimant=[WITNESS])])],
    "another figure": [again("event", "konna-dead", claims=[{**DEAD["claims"][0], "low": 47, "high": 47}, *DEAD["claims"][1:]])],
    "sources gone": [again("event", "konna-dead", citations=[])],
    "another day": [again("event", "undated", **doc.dated("2016-05-01"))],
    "another place": [again("event", "konna-denied", location=doc.ref("location", "menaka"))],
    "a new event": [doc.event("new", "New", when="2013-01-12", place="konna", period="konna-battle")],
    "an actor's name and family": [again("actor", "mojwa", name="MUJAO", family="other")],
    "a place's name and coordinates": [again("location", "konna", name="Kona", latitude="15.00000")],
    "a period's title": [again("period", "konna-battle", title="Konna, January 2013")],
    "a warning on an event": [doc.notice("doubt", "Who says so?", kind="disputed", target=doc.ref("event", "konna-taken"))],
    "it settled": [
        doc.notice("doubt", "Who says so?", kind="disputed", target=doc.ref("event", "konna-taken"), resolved_on="2026-04-01", resolution="He does.")
    ],
    "a warning on all": [doc.notice("old", "It ends in 2015.")],
    "many at once": [again("event", "later", title=f"Signed {n}") if not n else doc.event(f"many-{n}") for n in range(30)],
}  # fmt: skip


@pytest.mark.django_db
def test_kept_pages_are_true_after_every_step(client):
    cache.clear()
    doc.published(CAST)
    told(client)
    false = []
    at = doc.NOON
    for name, entries in STEPS.items():
        at += timedelta(days=1)
        doc.published(entries, at=at)
        kept = told(client)
        forget()
        anew = told(client)
        false += [(name, page) for page in PAGES if kept[page] != anew[page]]
        false += [(name, number) for numbers in counts.wrong(9) for number in numbers]
    doc.withdrawn("event", "later", at)
    kept = told(client)
    forget()

    assert kept == told(client)
    assert counts.wrong(9) == ([], [])
    assert false == []


def told(client):
    return {page: (answer.status_code, answer.content) for page in PAGES for answer in [client.get(page)]}


def forget():
    """All that a process keeps; another process would begin like this."""
    cache.clear()
    for kept in (responses, contents, fragments):
        kept.store.clear()
    kept_counts.clear()
    change_tracker.tracker.__init__()
