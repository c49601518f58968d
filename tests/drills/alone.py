"""`python -m tests.drills.alone`: one person with every role tries to publish a text alone, at a running site, over HTTP.

Eve signs in through the forms and has no other way in. Each way in `tests.drills.ways_alone` is tried on an event of its
own, and then read as an outsider would: nothing that only she wrote may be public, unless log and page say that it was
published in an emergency and not reviewed. Bob and the chief are colleagues who act when they are asked to, over HTTP too.
What was tried and what the desk said stands in var/alone.json.
"""

import argparse
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402

from conflict.record.review_state import EMERGENCY_MARK  # noqa: E402
from tests import clusters, sites  # noqa: E402
from tests.drills.browser import Browser, Page  # noqa: E402
from tests.drills.servers import manage  # noqa: E402

PASSWORD = "a-long-secret-of-the-drill"
SINGLE = ("contributor", "reviewer", "managing editor", "administrator")
COLLEAGUES = {
    "bob": ("contributor", "reviewer"),
    "chief": ("managing editor",),
    "dan": ("reviewer",),
    "tom": ("reviewer",),
}
LOOKED_AT = (
    "/", "/fr/", "/chronology/", "/disputes/", "/notices/", "/changes/", "/sources/", "/actors/", "/feeds/events.atom",
    "/feeds/corrections.atom", "/api/v1/", "/api/v1/notices/", "/api/v1/disputes/", "/api/v1/claims/", "/api/v1/sources/",
    "/api/v1/events/?format=csv", "/api/v1/actors/", "/events/{key}/", "/fr/events/{key}/", "/events/{key}/versions/",
    "/api/v1/events/{key}/", "/api/v1/events/{key}/versions/", "/events/{key}/cite/plain/", "/embed/events/{key}/",
    "/report/event/{key}/", "/search/?q={mark}", "/api/v1/events/?search={mark}", "/search/suggestions/?q={mark}",
)  # fmt: skip


class Unreached(AssertionError):
    """The way was never really tried: a step that has to work did not."""


@dataclass
class Way:
    """One attempt: who is there, the event it is about, and the text that must stay unread."""

    number: int
    name: str
    port: int
    people: dict[str, Browser]
    rows: dict[str, int]  # numbers of rows at the desk, as addresses show them
    manage: Any
    said: list[str] = field(default_factory=list)
    someone_read: bool = False  # a colleague approved something, or she what a colleague wrote
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def eve(self) -> Browser:
        return self.people["eve"]

    @property
    def bob(self) -> Browser:
        return self.people["bob"]

    @property
    def chief(self) -> Browser:
        return self.people["chief"]

    @property
    def key(self) -> str:
        return f"way-{self.number}"

    @property
    def other(self) -> str:
        """A second public event of this way."""
        return f"way-{self.number}-other"

    @property
    def mark(self) -> str:
        return f"ALO{self.number:04}"  # has the form of an identifier, too

    @property
    def page(self) -> str:
        return f"/admin/conflict/event/{self.rows[self.key]}/"

    def note(self, page: Page) -> Page:
        if page.said:
            self.said.append(page.said[:300])
        elif page.status >= 400:
            self.said.append(str(page.status))
        if page.status >= 500:
            raise Unreached(f"{self.name}: status {page.status}")
        return page

    def must(self, page: Page, what: str) -> Page:
        if page.status != 302:
            raise Unreached(f"{self.name}: {what} did not work: {page.status} {page.said}")
        return page

    def publish_due(self) -> None:
        """Run what the worker runs every minute; it complains of what it could not publish."""
        try:
            self.said.append(self.manage("publish_due"))
        except SystemExit as refused:
            self.said.append(str(refused)[:300])

    def write(self, who: Browser | None = None, **changes: Any) -> None:
        """Save the event's form; by Eve, and with the text alone as its title, unless told otherwise."""
        who, path = who or self.eve, f"{self.page}change/"
        self.must(self.note(who.post(path, who.form(path, **(changes or {"title": self.mark})))), "saving")

    def propose(self, who: Browser | None = None, *entries: str) -> int:
        who, named = who or self.eve, [*(entries or [f"event:{self.key}"])]
        path = f"/admin/editorial/submission/propose/?{urlencode_entries(named)}"
        shown = who.form(path)
        page = who.post(
            "/admin/editorial/submission/propose/",
            {
                "shown": shown.get("shown", []),
                "entry": named,
                "submit": "yes",
                "reason": "Better.",
                "change_kind": "correction",
            },
        )
        return number_in(self.must(self.note(page), "proposing").location)

    def newest(self, kind: str = "submission", who: Browser | None = None) -> int:
        return number_in((who or self.chief).get(f"/admin/editorial/{kind}/").text, kind)

    def act(self, who: Browser, submission: int, verb: str, **given: Any) -> Page:
        page = f"/admin/editorial/submission/{submission}/"
        digest = who.form(f"{page}change/").get("digest", "")
        given = {"digest": digest[0] if isinstance(digest, list) else digest, "note": "Because.", **given}
        if who is not self.eve and verb == "approve":
            self.someone_read = True
        return self.note(who.post(f"{page}do/{verb}/", given))

    def approved(self, submission: int, who: str = "bob") -> int:
        """Bob reads and approves; that has to work, or what follows proves nothing."""
        page = self.act(self.people[who], submission, "approve")
        if "pproved" not in page.said:
            raise Unreached(f"{self.name}: the colleague could not approve: {page.said}")
        return submission

    def push(self, submission: int, who: Browser | None = None) -> None:
        """Every verb that might lead to readers."""
        for verb, given in (
            ("claim_review", {}), ("tick", {"entry": f"event:{self.key}"}), ("approve", {}), ("publish", {}),
            ("schedule", {"publish_at": "2099-01-01 09:00"}),
        ):  # fmt: skip
            self.act(who or self.eve, submission, verb, **given)


def urlencode_entries(entries: list[str]) -> str:
    return "&".join(f"entry={quote(entry)}" for entry in entries)


def number_in(text: str, kind: str = "submission") -> int:
    found = re.search(rf"/admin/editorial/{kind}/(\d+)/", text)
    if found is None:
        raise Unreached(f"No {kind} is named: {text[:200]}")
    return int(found[1])


def leaks(way: Way, reader: Browser, since: int) -> Iterator[str]:
    """What an outsider finds of it: steps of the log since, and pages that say it."""
    is_told, steps = False, json.loads(reader.get(f"/api/v1/changes/?after={since}&page_size=200").text)["results"]
    for step in steps:
        name = f"publication {step['number']} ({step['entry_kind']} {step['key']}, {step['change_kind']})"
        if way.mark in json.dumps(step, ensure_ascii=False):
            says_so = EMERGENCY_MARK in step["reason"] and step["readers"] == 0
            is_told |= says_so or (step["change_kind"] == "reviewed" and way.someone_read)
            if not is_told:
                yield f"{name} has the text and says that {step['readers']} read it"
        elif step["readers"] and not way.someone_read:
            yield f"{name} says that somebody read it, and nobody did"
    for address in LOOKED_AT:
        path = address.format(key=way.key, mark=way.mark)
        text = reader.get(path).text
        is_asked = way.mark in path  # the page repeats what it was asked
        if not is_told and not is_asked and way.mark in text:
            yield f"{path} says it"
        if is_asked and way.key in text.replace(f"{way.key}-other", "") and not is_told:
            yield f"{path} finds the event by it"
    if (
        is_told
        and not way.someone_read
        and way.mark in (page := reader.get(f"/events/{way.key}/").text)
        and "emergency" not in page
    ):
        yield "the page says it, and not that it was published in an emergency"


def head(reader: Browser) -> int:
    return int(json.loads(reader.get("/api/v1/").text)["head"]["number"])


def set_up(names: list[str], file: Path) -> None:
    """Accounts, and two public events for each way, reviewed and published by others than Eve."""
    from conflict.models import Event
    from conflict.vocabulary import ChangeKind
    from editorial.accounts.roles import Role, install_roles
    from editorial.models import User
    from editorial.workflow import review, submissions
    from editorial.workflow.submissions import EntryChange
    from tests.desk import MORNING, an_event, at_the_desk_of

    groups = install_roles()
    roles = {
        "eve": SINGLE,
        "olga": ("contributor",),
        **COLLEAGUES,
        **{f"only-{role.split()[0]}": (role,) for role in SINGLE},
    }
    people = {}
    for name, held in roles.items():
        people[name] = User.objects.create_user(name, password=PASSWORD, is_staff=True)
        people[name].groups.set([groups[Role(role)] for role in held])
    User.objects.create_superuser("root", password=PASSWORD)
    with at_the_desk_of(people["olga"]):
        events = [an_event(f"way-{number}{end}") for number in range(len(names)) for end in ("", "-other")]
    new = submissions.submit(
        entries=[
            *(EntryChange(*one) for one in (("actor", "malian-army"), ("location", "konna"), ("period", "war"), ("source", "cite-1"))),
            *(EntryChange("event", event.key) for event in events),
        ],
        by=people["olga"], at=MORNING, title="", reason="New.", change_kind=ChangeKind.NEW,
    )  # fmt: skip
    fresh = {name: User.objects.get(username=name) for name in people}
    review.approve(submission=new, by=fresh["bob"], at=MORNING)
    review.publish(submission=type(new).objects.get(pk=new.pk), by=fresh["chief"], at=MORNING)
    rows = {event.key: event.pk for event in Event.objects.all()}
    rows |= {f"claim {event.key}": event.claims.get().pk for event in events}
    rows |= {f"user {user.username}": user.pk for user in User.objects.all()}
    rows |= {f"source {event.citations.get().source.key}": event.citations.get().source_id for event in events[:1]}
    rows |= {"period war": events[0].period_id or 0}
    file.write_text(json.dumps(rows))


def run(only: str) -> dict[str, Any]:
    from tests.drills.ways_alone import WAYS

    chosen = [way for way in WAYS if re.search(only, way.__name__)]
    results: dict[str, Any] = {}
    with clusters.running() as cluster, clusters.folder() as folder:
        urls = {
            **cluster.urls(),
            "SECOND_FACTOR": "0",
            "VAR_DIR": str(folder / "var"),
            "API_REQUESTS_PER_MINUTE": "1000000",
        }
        manage("manage.py", "migrate", "--database=owner", "--verbosity=0", **urls)
        manage("manage.py", "create_roles", **urls)
        manage("-m", "tests.drills.alone", "--set-up", str(folder / "rows.json"), "--only", only, **urls)
        rows = json.loads((folder / "rows.json").read_text())
        with sites.served(threads=4, **urls) as site, sites.worker(**urls):
            people = {name: Browser(site.port, name, PASSWORD) for name in ("eve", "root", *COLLEAGUES)}
            people |= {
                name: Browser(site.port, name, PASSWORD) for name in (f"only-{role.split()[0]}" for role in SINGLE)
            }
            reader = Browser(site.port)
            ways, first = [], head(reader)
            for number, try_it in enumerate(chosen):
                way = Way(
                    number, try_it.__name__, site.port, people, rows, lambda *given: manage("manage.py", *given, **urls)
                )
                since = head(reader)
                try:
                    try_it(way)
                    found = [*leaks(way, reader, since)]
                except Exception as fault:  # told with the others
                    found = [f"not tried: {fault!r}"]
                ways.append(way)
                read_what_waits(way)
                results[way.name] = {"tried": (try_it.__doc__ or "").strip(), "said": way.said, "leaks": found}
                print(f"{number + 1:3} {'LEAK' if found else 'held'}  {way.name}  {found or ''}", flush=True)  # noqa: T201
            ways[-1].publish_due()
            for way in ways:  # what was scheduled has had its time
                way.someone_read = True
                results[way.name]["leaks"] += [
                    leak for leak in leaks(way, reader, first) if leak not in results[way.name]["leaks"]
                ]
        said = manage("manage.py", "verify_record", "--eyes", **urls)
        results["verify_record --eyes"] = {"said": said.strip().splitlines(), "leaks": []}
    return results


def read_what_waits(way: Way) -> None:
    """Bob reads what was published in an emergency, so that the limit on those keeps no other way from being tried."""
    address = "/admin/editorial/submission/unread/?state=emergency"
    values = re.findall(r'name="read" value="([^"]+)"', way.bob.get(address).text)
    if values:
        way.bob.post(address, {"read": values})


def main() -> None:
    from tests.drills.ways_alone import WAYS

    arguments = argparse.ArgumentParser()
    arguments.add_argument("--only", default="", help="Pattern of the names of ways.")
    arguments.add_argument("--set-up", type=Path)
    given = arguments.parse_args()
    if given.set_up:
        set_up([way.__name__ for way in WAYS if re.search(given.only, way.__name__)], given.set_up)
        return
    results = run(given.only)
    out = settings.BASE_DIR / "var" / "alone.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n")
    failed = {name: found["leaks"] for name, found in results.items() if found["leaks"]}
    print(f"{len(results) - 1} ways tried, {len(failed)} did not hold; see {out}.")  # noqa: T201
    if failed:
        raise SystemExit(json.dumps(failed, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    from tests.drills import alone  # the module that the ways know, not this run of it

    alone.main()
