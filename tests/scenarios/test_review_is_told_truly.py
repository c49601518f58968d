"""Every sentence about review, read as an outsider in both languages, against what the log says.

What is true is worked out here from `/api/v1/changes/` alone, by the rule that the method page gives.
"""

import csv
import json
import re
from datetime import timedelta
from io import StringIO
from typing import Any, NamedTuple

import pytest
from django.core.management import call_command

from conflict.documents import sha256
from conflict.models import Event
from conflict.public.citation import CITED
from conflict.record.models import Publication
from conflict.record.release_files import PACKAGE
from conflict.record.review_state import EMERGENCY_MARK
from conflict.vocabulary import ChangeKind, EntryKind
from editorial.accounts.roles import Role
from editorial.models import Ground, Submission
from editorial.workflow import disputes, publisher, readings, review, submissions
from editorial.workflow.submissions import EntryChange
from tests.desk import MORNING, an_event, at_the_desk_of, person
from tests.outsider import answered, crawl

pytestmark = pytest.mark.django_db

PLURALS = {"event": "events", "actor": "actors", "location": "places", "source": "sources", "period": "periods"}
RESOURCES = {**PLURALS, "location": "locations", "notice": "notices"}
MONTHS = {"en": "March", "fr": "mars"}
SAID = {
    "en": {
        "reviewed": "reviewed on {day} by a second person",
        "not_yet_reviewed": "not yet reviewed",
        "emergency": "published in an emergency and not yet reviewed",
    },
    "fr": {
        "reviewed": "relu le {day} par une deuxième personne",
        "not_yet_reviewed": "pas encore relu",
        "emergency": "publié en urgence et pas encore relu",
    },
}
OF_ALL = {
    "en": re.compile(r"(\d+) of (\d+) entr(?:y|ies) reviewed by a second person"),
    "fr": re.compile(r"(\d+) fiches? sur (\d+) relues? par une deuxième personne"),
}
AFFIRMING = {"en": "by a second person", "fr": "par une deuxième personne"}


class State(NamedTuple):
    state: str
    day: str
    is_public: bool

    def words(self, language: str) -> str:
        number = int(self.day[8:]) if self.day else 0
        return SAID[language][self.state].format(day=f"{number} {MONTHS[language]} 2026")


class Desk:
    """Events in every state of review, on several days; nothing happens on the first of a month."""

    def __init__(self) -> None:
        self.author, self.reader, self.chief = (
            person("ana", Role.CONTRIBUTOR),
            person("ben", Role.REVIEWER),
            person("cho", Role.MANAGING_EDITOR),
        )
        self.at = MORNING + timedelta(days=1)
        with at_the_desk_of(self.author):
            for name in (
                "never",
                "read",
                "hurried",
                "hurried-then-read",
                "corrected",
                "gone-in-a-hurry",
                "gone",
                "told-in-french",
                "hurried-again",
            ):
                an_event(name)
            Event.objects.filter(key="told-in-french").update(title="Only in English")
        publisher.publish_baseline(at=self.at)

    def later(self) -> Any:
        self.at += timedelta(hours=3)  # all of it within the time for which an emergency may wait
        return self.at

    def read(self, kind: EntryKind, key: str, *, withdrawn: bool = False) -> None:
        step = Publication.objects.of(kind, key).newest_first().first()
        digest = step.sha256 if withdrawn else sha256(step.document)
        readings.stand_by(entries=[readings.Read(kind, key, digest)], by=self.reader, at=self.later())

    def write(self, key: str, **fields: Any) -> Submission:
        with at_the_desk_of(self.author):
            Event.objects.filter(key=key).update(**(fields or {"summary": f"Told anew on {self.at:%d}."}))
        return submissions.submit(
            entries=[EntryChange("event", key)], by=self.author, at=self.later(), title="", reason="Better.", change_kind=ChangeKind.CORRECTION,
        )  # fmt: skip

    def publish(self, submission: Submission, *, hurry: bool = False) -> None:
        at = self.later()
        if hurry:
            review.publish_in_emergency(submission=submission, by=self.chief, at=at, why="Lives.")
            return
        review.approve(submission=submission, by=self.reader, at=at)
        review.publish(submission=Submission.objects.get(pk=submission.pk), by=self.chief, at=at)

    def withdraw(self, key: str, *, hurry: bool = False) -> None:
        gone = submissions.retract(kind="event", key=key, by=self.chief, at=self.later(), reason="Told twice.")
        self.publish(gone, hurry=hurry)

    def work(self) -> None:
        for key in ("read", "corrected", "hurried-again"):
            self.read(EntryKind.EVENT, key)
        self.read(EntryKind.ACTOR, "malian-army")
        self.publish(self.write("corrected"))
        for key in ("hurried", "hurried-then-read", "hurried-again"):
            self.publish(self.write(key), hurry=True)
        self.read(EntryKind.EVENT, "hurried-then-read")
        self.publish(self.write("told-in-french", translations={"fr": {"title": {"text": "En français", "of": ""}}}))
        self.withdraw("gone")
        self.withdraw("gone-in-a-hurry", hurry=True)
        disputes.dispute(kind="event", key="never", by=self.reader, at=self.later(), ground=Ground.OTHER, statement="Wrong.")  # fmt: skip


def true_states(client: Any) -> dict[tuple[str, str], State]:
    """By kind and key, what follows from the steps of the log: a text is read if a second person stood behind it."""
    states: dict[tuple[str, str], State] = {}
    steps = client.get("/api/v1/changes/?after=0&page_size=200").json()
    assert steps["next"] is None
    for step in steps["results"]:
        is_read = step["readers"] and step["change_kind"] not in ("baseline", "dispute")
        hurried = step["readers"] == 0 and step["change_kind"] not in ("baseline", "dispute")
        state = "reviewed" if is_read else "emergency" if hurried else "not_yet_reviewed"
        day = step["published_at"][:10] if is_read else ""
        states[step["entry_kind"], step["key"]] = State(state, day, step["action"] == "publish")
    return states


def plain(text: str) -> str:
    """Text of a page with ordinary blanks and without markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\u00a0", " ").replace("\u202f", " ").split())


def said_of_the_entry(page: str, language: str) -> str:
    heading = {"en": "Review", "fr": "Relecture"}[language]
    found = re.search(rf"<dt>{heading}</dt>\s*<dd>(.*?)</dd>", page, re.S)
    return plain(found[1]) if found else ""


def test_no_sentence_about_review_says_anything_else_than_the_log(client, settings, tmp_path):
    settings.RELEASES_DIR = tmp_path
    Desk().work()
    states = true_states(client)
    public = {entry: state for entry, state in states.items() if state.is_public}
    read = sum(state.state == "reviewed" for state in public.values())
    wrong: list[str] = []

    def check(what: str, said: Any, true: Any) -> None:
        if said != true:
            wrong.append(f"{what} says {said!r}; true is {true!r}")

    assert {state.state for state in public.values()} == set(SAID["en"])
    for language, front in (("en", ""), ("fr", "/fr")):
        pages = {address: text for address, (status, text) in crawl(client, 45, [f"{front}/", f"{front}/chronology/", f"{front}/changes/", f"{front}/notices/"]).items() if status == 200}  # fmt: skip
        counted = {address: found for address, text in pages.items() for found in OF_ALL[language].findall(plain(text))}
        assert len(counted) > 20
        for address, (some, of) in counted.items():
            check(address, (int(some), int(of)), (read, len(public)))
        for (kind, key), state in states.items():
            address = f"{front}/{PLURALS.get(kind, 'notices')}/{key}/"
            status, page = answered(client, address)
            if not state.is_public:
                check(address, (status, state.words(language) in plain(page)), (410, True))
                continue
            if kind in PLURALS:
                check(address, said_of_the_entry(page, language), state.words(language))
            if kind in CITED:
                cited = plain(answered(client, f"{address}cite/plain/")[1])
                check(f"{address} cited", state.words(language) in cited, True)
            if state.state != "reviewed":  # nothing on its page may sound as if it were
                rest = OF_ALL[language].sub("", plain(page))
                for of_an_earlier_step in (EMERGENCY_MARK, readings.REASON):
                    rest = rest.replace(of_an_earlier_step, "")
                check(f"{address} besides", AFFIRMING[language] in rest, False)
        feed = answered(client, f"{front}/feeds/events.atom")[1]
        for entry in re.findall(r"<entry>.*?</entry>", feed, re.S):
            key = re.search(r"/events/([^/]+)/", entry)[1]  # type: ignore[index]
            check(f"feed of {key}", states["event", key].words(language).lower() in plain(entry).lower(), True)
    for (kind, key), state in states.items():
        answer = client.get(f"/api/v1/{RESOURCES[kind]}/{key}/")
        true = 200 if state.is_public else 410, {"state": state.state, "on": state.day or None}
        check(f"API: {kind} {key}", (answer.status_code, answer.json()["review"]), true)
    table = client.get("/api/v1/events/?format=csv").getvalue().decode().splitlines()
    for row in csv.DictReader(table):
        check(f"table: {row['key']}", row["review"], states["event", row["key"]].state)
    check("API", client.get("/api/v1/").json()["reviewed"], {"entries": read, "of": len(public)})
    call_command("release", "2026.1", stdout=StringIO())
    package = json.loads((tmp_path / "2026.1" / PACKAGE).read_text())
    check("release", package["reviewed"], {"entries": read, "of": len(public)})
    check("release", f"{read} of {len(public)} entries reviewed by a second person" in package["citation"], True)
    assert wrong == []
