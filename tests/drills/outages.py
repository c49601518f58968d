"""`python -m tests.drills.outages --seconds 15 45 300`: take each part away under a load of twenty requests a second.

The whole database, the primary alone, Redis (each killed, and stopped so that it hangs) and the worker. Readers, the desk
and `/readyz` are counted apart, with the longest wait of each. Figures are written to var/outages.json, the site's log to
var/outages.log. Fails if readers lost a request while a replica was there, if `/readyz` ever took more than two seconds,
or if a part did not come back.
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

import django
import psutil

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402

from tests import clusters, redis_server, sites  # noqa: E402
from tests.clusters import Cluster, wait_for  # noqa: E402
from tests.drills.servers import manage  # noqa: E402
from tests.drills.steps import free_port  # noqa: E402
from tests.sites import HOST  # noqa: E402

RATE = 20
SESSION = f"__Host-session={'a' * 32}"
ASKED = [
    *(
        ("readers", path)
        for path in ("/", "/api/v1/events/?page_size=5", "/actors/", "/api/v1/", "/map/", "/places/") * 2
    ),
    *[("desk", "/admin/")] * 6,
    *[("readyz", "/readyz")] * 2,
]


@dataclass
class Load:
    port: int
    counts: dict[str, Counter[str]] = field(
        default_factory=lambda: {kind: Counter() for kind in ("readers", "desk", "readyz")}
    )
    longest: Counter[str] = field(default_factory=Counter)
    on: bool = True

    def ask(self, kind: str, path: str) -> None:
        headers = {"Host": HOST, "X-Forwarded-Proto": "https"} | ({"Cookie": SESSION} if kind == "desk" else {})
        began = time.monotonic()
        try:
            with urllib.request.urlopen(
                urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers), timeout=30
            ) as answer:
                answer.read()
                status = str(answer.status)
        except urllib.error.HTTPError as refusal:
            status = str(refusal.code)
        except OSError as fault:
            status = type(fault).__name__
        self.counts[kind][status] += 1
        self.longest[kind] = max(self.longest[kind], round(time.monotonic() - began, 2))

    def run(self) -> None:
        number, threads = 0, []
        while self.on:
            threads.append(threading.Thread(target=self.ask, args=ASKED[number % len(ASKED)]))
            threads[-1].start()
            number += 1
            time.sleep(1 / RATE)
        for thread in threads:
            thread.join()


@dataclass
class Part:
    name: str
    take: Callable[[], object]
    give_back: Callable[[], object]
    readers_go_on: bool


def tree(number: int) -> list[psutil.Process]:
    top = psutil.Process(number)
    return [top, *top.children(recursive=True)]


def freeze(server: Cluster, number: int) -> None:
    for process in tree(server.number):
        process.send_signal(number)


class Stage:
    """A site with a replica, a Redis and a worker."""

    def __init__(self, opened: ExitStack) -> None:
        self.primary = opened.enter_context(clusters.running())
        urls = self.primary.urls()
        manage("manage.py", "migrate", "--database=owner", "--verbosity=0", **urls)
        manage("manage.py", "create_roles", **urls)
        manage("manage.py", "load_chronology", **urls)
        manage("manage.py", "publish_baseline", **urls)
        self.replica = self.primary.replicate(opened.enter_context(clusters.folder()))
        opened.callback(self.replica.stop)
        reader = settings.LOGINS["public"]["USER"]
        self.urls = {
            **urls,
            "PUBLIC_DATABASE_URL": f"{self.replica.url(reader)},{self.primary.url(reader)}",
            "DATABASE_POOL": "4",
        }
        self.redis = opened.enter_context(redis_server.running(free_port()))
        self.urls["CACHE_URL"] = self.redis.url
        log = opened.enter_context((settings.BASE_DIR / "var" / "outages.log").open("wb"))
        self.site = opened.enter_context(sites.served(threads=4, log=log, **self.urls))
        self.workers = opened.enter_context(ExitStack())
        self.start_worker()

    def start_worker(self) -> None:
        self.worker = self.workers.enter_context(sites.worker(**self.urls))

    def kill_database(self) -> None:
        self.primary.kill()
        self.replica.kill()

    def start_database(self) -> None:
        self.primary.start()
        self.replica.start()

    def freeze_database(self, number: int) -> None:
        freeze(self.primary, number)
        freeze(self.replica, number)

    def parts(self) -> list[Part]:
        return [
            Part("database", self.kill_database, self.start_database, readers_go_on=False),
            Part("primary", self.primary.kill, self.primary.start, readers_go_on=True),
            Part("primary, hanging", lambda: freeze(self.primary, signal.SIGSTOP), lambda: freeze(self.primary, signal.SIGCONT), readers_go_on=True),
            Part("database, hanging", lambda: self.freeze_database(signal.SIGSTOP), lambda: self.freeze_database(signal.SIGCONT), readers_go_on=False),
            Part("redis", self.redis.kill, self.redis.start, readers_go_on=True),
            Part("redis, hanging", lambda: self.redis.process.send_signal(signal.SIGSTOP), lambda: self.redis.process.send_signal(signal.SIGCONT), readers_go_on=True),
            Part("worker", lambda: self.worker.process.kill(), self.start_worker, readers_go_on=True),
        ]  # fmt: skip

    def is_whole(self) -> bool:
        return self.site.get("/readyz").text == "ready\n" and self.site.get("/admin/", Cookie=SESSION).status == 200


def drill(stage: Stage, part: Part, seconds: int) -> dict[str, object]:
    wait_for(stage.is_whole, seconds=180)
    load = Load(stage.site.port)
    running = threading.Thread(target=load.run)
    running.start()
    time.sleep(10)  # until every page has been made once
    part.take()
    time.sleep(seconds)
    part.give_back()
    began = time.monotonic()
    wait_for(stage.is_whole, seconds=60)
    back = round(time.monotonic() - began, 1)
    load.on = False
    running.join()
    told = {kind: dict(counts) for kind, counts in load.counts.items()}
    wrong = []
    if part.readers_go_on and set(load.counts["readers"]) != {"200"}:
        wrong.append("readers lost requests")
    if load.longest["readyz"] > 2.5:  # two seconds, and this machine's own
        wrong.append(f"/readyz took {load.longest['readyz']} s")
    if stage.worker.process.poll() is not None:
        wrong.append("the worker ended")
    return {**told, "longest": dict(load.longest), "whole again after": back, "wrong": wrong}


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--seconds", type=int, nargs="+", default=[15, 45])
    arguments.add_argument("--parts", nargs="+")
    wanted = arguments.parse_args()
    told, wrong = {}, []
    with ExitStack() as opened:
        stage = Stage(opened)
        for seconds in wanted.seconds:
            for part in stage.parts():
                if wanted.parts and part.name not in wanted.parts:
                    continue
                name = f"{part.name}, {seconds} s"
                told[name] = drill(stage, part, seconds)
                wrong += [f"{name}: {fault}" for fault in told[name]["wrong"]]  # type: ignore[attr-defined]
                print(name, json.dumps(told[name]), flush=True)  # noqa: T201
    (settings.BASE_DIR / "var" / "outages.json").write_text(json.dumps(told, indent=2))
    if wrong:
        sys.exit("\n".join(wrong))


if __name__ == "__main__":
    main()
