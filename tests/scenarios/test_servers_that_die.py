"""The public side with two replicas: it survives the loss of the primary, and never shows an older log than before."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from typing import NamedTuple

import pytest
from django.conf import settings

from tests import clusters, sites
from tests.clusters import Cluster, wait_for
from tests.scenarios.test_what_survives import approved, approved_and_published  # noqa: F401

TOKEN = "a-token-of-the-monitoring"


class World(NamedTuple):
    primary: Cluster
    replicas: list[Cluster]
    site: sites.Site
    pooled: sites.Site  # the same, of which the threads of a process share connections
    worker: sites.Worker

    def publish(self) -> int:
        """One more step at the end of the log; the number. As far as readers can tell; the chain is not theirs."""
        with self.primary.connect() as server:
            server.execute("SET session_replication_role = replica")
            return server.execute(
                "INSERT INTO record_publication SELECT number + 1, entry_kind, key, version + 1, action, change_kind,"
                " reason, successor, batch, published_at, document, document_sha256, sha256,"
                " encode(sha256(sha256::bytea), 'hex') FROM record_publication ORDER BY number DESC LIMIT 1"
                " RETURNING number"
            ).fetchone()[0]

    def caught_up(self, replica: Cluster) -> bool:
        return head(replica) == head(self.primary)


def head(server: Cluster) -> int:
    with server.connect() as connection:
        return connection.execute("SELECT max(number) FROM record_publication").fetchone()[0]


@pytest.fixture
def world(approved_and_published) -> Iterator[World]:  # noqa: F811
    with ExitStack() as opened:
        primary = opened.enter_context(clusters.furnished())
        replicas = []
        for _ in range(2):
            replicas.append(primary.replicate(opened.enter_context(clusters.folder())))
            opened.callback(replicas[-1].stop)
        urls = primary.urls()
        reader = settings.LOGINS["public"]["USER"]
        urls["PUBLIC_DATABASE_URL"] = ",".join(server.url(reader) for server in (*replicas, primary))
        site, pooled = (
            opened.enter_context(sites.served(**urls, DATABASE_POOL=size, METRICS_TOKEN=TOKEN)) for size in ("0", "2")
        )
        worker = opened.enter_context(sites.worker(**urls))
        yield World(primary, replicas, site, pooled, worker)


@pytest.mark.django_db(transaction=True)
class TestReadersWithTwoReplicas:
    def test_never_see_the_log_go_backwards_and_read_on_without_the_primary(self, world):
        site, pooled, (first, second) = world.site, world.pooled, world.replicas
        began = head(world.primary)
        assert set(site.heads()) == set(pooled.heads()) == {began}
        wait_for(lambda: site.get("/readyz").text == "ready\n")  # a worker reports, too

        # The counts of both workers are added up, and each server's lag is told.
        scraped = [one.get("/metrics", Authorization=f"Bearer {TOKEN}").text for one in (site, pooled)]
        for text in scraped:
            assert 'chronology_requests_total{kind="api",status="200"} 12.0' in text
            assert f"chronology_log_head {began}.0" in text
            assert len(re.findall(r"chronology_replica_lag{.*} 0.0", text)) == 3
        assert re.search(r'chronology_pool{database="public",state="size"} [1-9]', scraped[1])

        # One replica stops replaying: whoever has seen the new publication is not shown the old log, by any worker.
        with first.connect() as server:
            server.execute("SELECT pg_wal_replay_pause()")
        published = world.publish()
        wait_for(lambda: world.caught_up(second))
        wait_for(lambda: site.get("/api/v1/").head == published)
        assert set(site.heads()) == {published}
        assert head(first) == began

        # Both stop. The last state goes on being shown, but a client that has seen more is answered by the primary.
        with second.connect() as server:
            server.execute("SELECT pg_wal_replay_pause()")
        newest = world.publish()
        assert set(site.heads(4)) == {published}
        assert site.get(f"/api/v1/changes/?after={newest}").head == newest
        assert set(site.heads(4)) == {newest}  # and from then on everybody is
        assert site.get("/api/v1/", Record_Head="999999999").head == newest  # which nobody can have seen

        for replica in world.replicas:
            with replica.connect() as server:
                server.execute("SELECT pg_wal_replay_resume()")
        wait_for(lambda: world.caught_up(first) and world.caught_up(second))

        # The primary is killed. Website and API go on; the desk says what is the matter.
        world.primary.kill()

        assert set(site.heads(4)) == set(pooled.heads(4)) == {newest}
        assert site.get("/").status == 200
        assert site.get("/events/2013-01-10-konna/").status == 200
        assert "Konna" in site.get("/api/v1/events/").text
        desk = site.get("/admin/", Cookie=f"__Host-session={'a' * 32}")
        assert (desk.status, desk.headers["Retry-After"]) == (503, "60")
        assert "Temporarily unavailable" in desk.text
        assert site.get("/", Cookie=f"__Host-session={'a' * 32}").status == 200
        ready = site.get("/readyz")
        assert (ready.status, ready.text) == (200, "degraded\n")
        wait_for(lambda: "The worker cannot reach the database" in world.worker.log)

        # A client that says it has seen more than is left is not shown less.
        assert site.get("/api/v1/", Record_Head=str(newest + 1)).status == 503

        # And one of the replicas: the other one is left.
        first.kill()

        assert set(site.heads(4)) == set(pooled.heads(4)) == {newest}
        assert site.get("/").status == 200

        # The primary comes back as it is.
        world.primary.start()

        published = world.publish()
        wait_for(lambda: site.get("/api/v1/").head == pooled.get("/api/v1/").head == published)
        for desk in (site, pooled):
            assert desk.get("/admin/", Cookie=f"__Host-session={'a' * 32}").status == 200  # the door

        # The worker, which has lived through all of this, goes on, and stops when it is told to.
        wait_for(lambda: "The worker reaches the database again" in world.worker.log)
        first.start()
        wait_for(lambda: site.get("/readyz").text == "ready\n")
        assert world.worker.stop() == 0
