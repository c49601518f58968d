"""Figures for Prometheus: what this server's processes have answered, and how database, worker and log stand.

What has to be asked of a database is asked at the scrape, in threads: one that hangs costs its own figures only.
"""

import math
import secrets
from collections.abc import Callable, Iterator

import psutil
from django.conf import settings
from django.db import connections
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from conflict.ops.counters import PREFIX, counters, folder
from conflict.ops.health import Question, answer_of
from conflict.ops.worker_state import worker_state
from conflict.postgres.replicas.base import DatabaseWrapper as ReadersServers
from conflict.public.head import head

Sample = tuple[dict[str, str], float]


class Gauge:
    """A figure that is asked for at each scrape: one sample, or one for each set of labels."""

    def __init__(self, name: str, says: str, ask: Callable[[], list[Sample]]) -> None:
        self.name, self.says = PREFIX + name, says
        self.question = Question(ask)


gauges: list[Gauge] = []  # other packages add theirs


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever shows METRICS_TOKEN as a bearer token; for anybody else there is nothing at this address."""
    given = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not secrets.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode()):
        raise Http404
    counters()
    asked = CollectorRegistry()
    asked.register(AskedNow())
    return HttpResponse(generate_latest(_counted()) + generate_latest(asked), content_type=CONTENT_TYPE_LATEST)


def _counted() -> CollectorRegistry:
    where = folder()
    if where is None:
        return REGISTRY  # a single process
    for file in where.glob("gauge_live*.db"):
        number = int(file.stem.rsplit("_", 1)[1])
        if not psutil.pid_exists(number):
            multiprocess.mark_process_dead(number, str(where))
    found = CollectorRegistry()
    multiprocess.MultiProcessCollector(found, str(where))
    return found


class AskedNow(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        answers = [(gauge, gauge.question.begin()) for gauge in gauges]
        answered = GaugeMetricFamily(
            f"{PREFIX}figure_answered", "Whether a figure could be asked for.", labels=["figure"]
        )
        for gauge, answer in answers:
            try:
                samples: list[Sample] = answer_of(answer)
            except Exception:
                answered.add_metric([gauge.name], 0)
                continue
            answered.add_metric([gauge.name], 1)
            if samples:
                family = GaugeMetricFamily(gauge.name, gauge.says, labels=list(samples[0][0]))
                for labels, value in samples:
                    family.add_metric(list(labels.values()), value)
                yield family
        yield answered


def one(value: float) -> list[Sample]:
    return [({}, value)]


def _worker_age() -> list[Sample]:
    age = worker_state().heartbeat
    return one(math.inf if age is None else age)


def _lag() -> list[Sample]:
    public = connections["public"]
    if not isinstance(public, ReadersServers):
        return []
    public.out_of_service()  # asks each of them
    newest = max(server.head for server in public.servers)
    return [
        ({"server": server.name}, math.inf if server.is_down else newest - server.head) for server in public.servers
    ]


gauges += [
    Gauge("log_head", "Number of the last publication, as readers see it.", lambda: one(head().number)),
    Gauge("worker_age_seconds", "Since a worker last reported; infinite if none is registered.", _worker_age),
    Gauge(
        "oldest_job_seconds", "For which the oldest job that is due has waited.", lambda: one(worker_state().oldest_job)
    ),
    Gauge("replica_lag", "Publications by which a server of the readers' is behind; infinite if it is down.", _lag),
]
