"""Reading over HTTP: API pages against peers and the limit, cached and revalidated responses, website pages."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

from tests.benchmarks import servers
from tests.benchmarks.client import Load, fetch
from tests.benchmarks.databases import ROOT, Database
from tests.benchmarks.measuring import Contender, Figure, interleaved, never_asked_before, ratio, same
from tests.benchmarks.peers import sqlite

OURS = "conflict.wsgi:application"
PAGE = "/api/v1/events/?page_size=100"
ORDINARY = "/events/"
LIMIT = "/"
WAGTAIL = "/api/v2/pages/?type=pages.EventPage&fields=*&limit=100&order=sorts_on"
WAGTAIL_AT_MOST = 35_000
API, SITE = "API, page of 100 whole events", "Website"


def measure(database: Database, *, rounds: int, seconds: float) -> Iterator[Figure]:
    with ExitStack() as running:
        start = running.enter_context
        ours = start(servers.granian(OURS, database.environment(), ready=PAGE))
        other_server = start(servers.gunicorn(OURS, database.environment(), ready=PAGE))
        ordinary = start(
            servers.granian(
                "tests.benchmarks.peers.ordinary:application", ordinary_environment(database), ready=ORDINARY
            )
        )
        limit = start(servers.granian("tests.benchmarks.peers.limit:application", database.environment(), ready=LIMIT))
        file = sqlite.ready(database)
        rows = f"/{file.stem}/events.json?_shape=objects&_size=100&_sort=sorts_on&_nocount=1"
        datasette = start(servers.datasette(file, ready=rows))
        wagtail = start(
            servers.granian(
                "tests.benchmarks.peers.pages.wsgi:application", wagtail_environment(database), ready=WAGTAIL
            )
        )
        current = {"If-None-Match": fetch(ours.port, PAGE).headers["etag"]}
        contenders = [
            Contender("uncached", ours.port, never_asked_before(PAGE, ours.port)),
            Contender("cached", ours.port, same(PAGE, ours.port)),
            Contender("304", ours.port, same(PAGE, ours.port, current)),
            Contender("gunicorn, uncached", other_server.port, never_asked_before(PAGE, other_server.port)),
            Contender("gunicorn, cached", other_server.port, same(PAGE, other_server.port)),
            Contender("limit", limit.port, same(LIMIT, limit.port)),
            Contender("Datasette", datasette.port, same(rows, datasette.port)),
        ]
        quick = interleaved(contenders, rounds=rounds, seconds=seconds)
        slow = interleaved(
            [
                Contender("uncached", ours.port, never_asked_before(PAGE, ours.port)),
                Contender("ordinary", ordinary.port, same(ORDINARY, ordinary.port)),
                Contender("Wagtail", wagtail.port, same(WAGTAIL, wagtail.port), connections=2),
            ],
            rounds=max(3, rounds // 2),
            seconds=max(seconds, 4.0),
        )
        yield ratio(API, "over the ordinary way (Django REST framework, model serializers)", slow, "uncached", "ordinary", at_least=15)  # fmt: skip
        yield ratio(API, "over Wagtail's API v2", slow, "uncached", "Wagtail")
        yield ratio(API, "over Datasette", quick, "uncached", "Datasette", at_least=3)
        yield ratio(API, "of the limit (the same SQL, straight to WSGI)", quick, "uncached", "limit", at_least=0.6)
        yield ratio(API, "kept answer over an uncached one", quick, "cached", "uncached", at_least=3)
        yield ratio(API, "kept answer over Datasette", quick, "cached", "Datasette", at_least=10)
        yield ratio(API, "304 over an uncached answer", quick, "304", "uncached", at_least=4)
        yield ratio(API, "Granian over gunicorn, uncached", quick, "uncached", "gunicorn, uncached")
        yield ratio(API, "Granian over gunicorn, kept", quick, "cached", "gunicorn, cached")
        yield from _small_answers(ours.port, other_server.port, rounds=rounds, seconds=seconds)
        yield from _website(ours.port, rounds=rounds, seconds=seconds)


def _small_answers(granian: int, gunicorn: int, *, rounds: int, seconds: float) -> Iterator[Figure]:
    one = "/api/v1/events/event-7/"
    results = interleaved(
        [
            Contender("gunicorn", gunicorn, never_asked_before(one, gunicorn)),
            Contender("granian", granian, never_asked_before(one, granian)),
            Contender("gunicorn, 304", gunicorn, same(PAGE, gunicorn, _current(gunicorn))),
            Contender("granian, 304", granian, same(PAGE, granian, _current(granian))),
        ],
        rounds=rounds,
        seconds=seconds,
    )
    yield ratio(API, "Granian over gunicorn, one event", results, "granian", "gunicorn")
    yield ratio(API, "Granian over gunicorn, 304", results, "granian, 304", "gunicorn, 304")


def _website(port: int, *, rounds: int, seconds: float) -> Iterator[Figure]:
    """Beside the API's answer with the same rows: pages at a new address of events that the process knows."""
    asked = {
        "chronology": never_asked_before("/chronology/", port),
        "60 events": never_asked_before("/api/v1/events/?page_size=60", port),
        "event page": never_asked_before("/events/event-7/", port),
        "event": never_asked_before("/api/v1/events/event-7/", port),
    }
    results = interleaved(
        [Contender(name, port, questions) for name, questions in asked.items()], rounds=rounds, seconds=seconds
    )
    yield ratio(SITE, "chronology, time over the API's", results, "chronology", "60 events", _time, at_most=2)
    yield ratio(SITE, "page of an event, time over the API's", results, "event page", "event", _time, at_most=2)
    kept = interleaved(
        [
            Contender("kept chronology", port, same("/chronology/", port)),
            Contender("chronology", port, never_asked_before("/chronology/", port)),
        ],
        rounds=rounds,
        seconds=seconds,
    )
    yield ratio(SITE, "kept chronology over one at a new address", kept, "kept chronology", "chronology")


def _time(done: Load) -> float:
    return 1 / done.rate


def _current(port: int) -> dict[str, str]:
    return {"If-None-Match": fetch(port, PAGE).headers["etag"]}


def ordinary_environment(database: Database) -> dict[str, str]:
    settings = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.peers.ordinary_settings"}
    return {**database.environment(), **settings}


def wagtail_environment(database: Database) -> dict[str, str]:
    """Its database, filled when it is not there; with fewer events than ours at the largest size, in its favour."""
    pages = Database(min(database.events, WAGTAIL_AT_MOST), database.seed, "_wagtail")
    settings = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.peers.pages.settings", "PYTHONPATH": str(ROOT)}
    if not pages.exists():
        attempt = Database(pages.events, database.seed, "_wagtail_unfinished")
        attempt.create()
        subprocess.run(
            [sys.executable, "-m", "tests.benchmarks.peers.pages.fill", str(pages.events), str(database.seed)],
            env={"PATH": os.defpath, **settings, "WAGTAIL_DATABASE_URL": attempt.urls()["OWNER_DATABASE_URL"]},
            cwd=ROOT,
            check=True,
        )
        attempt.rename(pages)
    return {**settings, "WAGTAIL_DATABASE_URL": pages.urls()["OWNER_DATABASE_URL"]}
