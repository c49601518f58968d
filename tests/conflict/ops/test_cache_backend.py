"""The shared cache against a real Redis server: stored values, refusals, and failure of the server."""

import pickle
import socket

import pytest
import redis

from conflict.ops import cache_backend
from conflict.ops.cache_backend import SharedCache
from tests import processes, redis_server

ASK = """
import json, logging, sys
from django.core.cache import cache
from django.test import Client
logging.disable()
client = Client(raise_request_exception=False, headers={"host": "chronology.example"})
answers = []
for turn in range(3):
    answer = client.get("/api/v1/", secure=True)
    answers.append([answer.status_code, answer.headers["RateLimit-Remaining"]])
print(json.dumps([answers, client.get("/", secure=True).status_code]))
"""


@pytest.fixture(scope="module")
def server():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with redis_server.running(port) as found:
        yield found


@pytest.fixture
def cache(server):
    with redis.Redis.from_url(server.url) as client:
        client.flushall()
    return SharedCache(server.url, {})


@pytest.fixture
def raw(server):
    with redis.Redis.from_url(server.url) as client:
        yield client


class TestTheSharedCache:
    def test_is_one_for_all_processes(self, server, cache):
        another = SharedCache(server.url, {})

        cache.set("moments", [1.5, 2.5], 60)
        first, second = another.add("lock", value=True), cache.add("lock", value=True)
        cache.set("count", 1)
        another.incr("count")

        assert another.get("moments") == [1.5, 2.5]
        assert (first, second) == (True, False)
        assert cache.get("count") == 2
        assert another.get_many(["moments", "count", "lock", "none"]) == {
            "moments": [1.5, 2.5],
            "count": 2,
            "lock": True,
        }
        another.delete("moments")
        assert cache.get("moments", "gone") == "gone"

    def test_raises_a_number_and_never_lowers_it(self, server, cache, raw):
        another = SharedCache(server.url, {})

        for number in (7, 5, 12, 9):
            another.raise_to("head", number)

        assert cache.get("head") == 12
        raw.set(":1:head", b"nonsense")
        cache.raise_to("head", 3)
        assert cache.get("head") == 3

    def test_runs_nothing_that_somebody_else_wrote(self, cache, raw):
        class Harm:
            def __reduce__(self):
                return (pytest.fail, ("Somebody else's code ran.",))

        cache.set("ours", "kept")
        raw.set(":1:theirs", pickle.dumps(Harm()))
        raw.set(":1:broken", b"{")

        assert cache.get("ours") == "kept"
        assert [cache.get(key) for key in ("theirs", "broken")] == [None, None]

    def test_that_dies_is_missed_by_nobody_and_taken_up_again(self, server, cache, monkeypatch, caplog):
        cache.set("page", "as all saw it")
        server.kill()

        assert cache.get("page") is None
        cache.set("count", 1)
        assert cache.incr("count") == 2  # of this process alone
        assert [record.message for record in caplog.records if record.name == "conflict.ops.cache_backend"] == [
            "The shared cache is away, each process keeps its own meanwhile: ConnectionError"
        ]

        server.start()
        assert cache.get("count") == 2  # still its own: it is asked again after seconds
        monkeypatch.setattr(cache_backend.time, "monotonic", lambda: cache._away_until)
        assert cache.get("count") is None


@pytest.mark.django_db(transaction=True)
class TestASiteWithASharedCache:
    def test_counts_requests_over_processes_and_goes_on_without_it(self, server):
        environment = {"CACHE_URL": server.url, "API_REQUESTS_PER_MINUTE": "5"}

        first = processes.program(ASK, **environment)
        second = processes.program(ASK, **environment)
        server.kill()
        third = processes.program(ASK, **environment)
        server.start()

        assert first.stdout.strip() == '[[[200, "4"], [200, "3"], [200, "2"]], 200]', first.stderr
        assert second.stdout.strip() == '[[[200, "1"], [200, "0"], [429, "0"]], 200]', second.stderr
        assert third.stdout.strip() == '[[[200, "4"], [200, "3"], [200, "2"]], 200]', third.stderr
