"""Gain from each step beyond one machine, as ratios of one run: a cache in front, replicas.

`make drills`; the figures are written to var/steps.json. Needs nginx for the first; what is not installed is left out and
said.
"""

import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402

from tests import clusters, sites  # noqa: E402
from tests.clusters import Cluster, wait_for  # noqa: E402
from tests.drills.soak import program  # noqa: E402
from tests.sites import Site  # noqa: E402

PAGES = 120
NGINX = """
daemon off; pid {home}/pid; error_log {home}/error.log; worker_processes 1;
events {{}}
http {{
  access_log off; client_body_temp_path {home}/b; proxy_temp_path {home}/t; fastcgi_temp_path {home}/f;
  uwsgi_temp_path {home}/u; scgi_temp_path {home}/s;
  proxy_cache_path {home}/cache keys_zone=pages:10m; proxy_cache pages; proxy_cache_revalidate on;
  proxy_cache_lock on; proxy_cache_use_stale error timeout updating http_503; proxy_cache_background_update on;
  server {{ listen 127.0.0.1:{port}; location / {{
    proxy_pass http://127.0.0.1:{to}; proxy_set_header Host $host; proxy_set_header X-Forwarded-Proto https;
  }} }}
}}
"""


def median_ms(site: Site, paths: list[str]) -> float:
    times = []
    for path in paths:
        began = time.perf_counter()
        answer = site.get(path)
        times.append(time.perf_counter() - began)
        assert answer.status == 200, (path, answer.status)
    return statistics.median(times) * 1000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def nginx(to: int) -> Iterator[Site]:
    with clusters.folder() as home:
        port = free_port()
        (home / "conf").write_text(NGINX.format(home=home, port=port, to=to))
        process = subprocess.Popen([str(shutil.which("nginx")), "-c", str(home / "conf"), "-p", str(home)])
        try:
            site = Site(port, process)
            wait_for(lambda: sites.listens(port))
            yield site
        finally:
            process.terminate()
            process.wait()


def caches(urls: dict[str, str], paths: list[str], told: dict[str, object]) -> None:
    if not shutil.which("nginx"):
        told["a cache in front"] = "nginx is not installed"
        return
    with sites.served(**urls) as site:
        rendered = median_ms(site, paths)
        with nginx(site.port) as front:
            median_ms(front, paths)
            told["page: rendered / from a cache in front"] = round(rendered / median_ms(front, paths), 1)
            os.killpg(site.process.pid, signal.SIGKILL)
            told["pages that a cache in front shows while the site is down"] = sum(
                front.get(path).status == 200 for path in paths
            ) / len(paths)


def committed(server: Cluster) -> int:
    with server.connect() as connection:
        return int(
            connection.execute("SELECT sum(xact_commit) FROM pg_stat_database WHERE datname = 'chronology'").fetchone()[
                0
            ]
        )


def replicas(primary: Cluster, urls: dict[str, str], told: dict[str, object]) -> None:
    with clusters.folder() as place:
        replica = primary.replicate(place)
        reader = settings.LOGINS["public"]["USER"]
        several = urls | {"PUBLIC_DATABASE_URL": f"{replica.url(reader)},{primary.url(reader)}"}
        path = "/api/v1/events/?page_size=20"
        try:
            with sites.served(**urls) as alone, sites.served(**several) as site:
                one, two = [], []
                for _ in range(10):
                    one.append(median_ms(alone, [path] * 10))
                    two.append(median_ms(site, [path] * 10))
                told["answer of the API: with a replica / without"] = round(
                    statistics.median(two) / statistics.median(one), 2
                )
                time.sleep(1.5)  # statistics are written every second
                before = committed(primary), committed(replica)
                median_ms(site, [path] * 200)
                time.sleep(1.5)
                on_primary, on_replica = (
                    committed(server) - was for server, was in zip((primary, replica), before, strict=True)
                )
                told["readers' transactions on the primary, of all"] = round(on_primary / (on_primary + on_replica), 2)
                primary.kill()
                told["answers in the ten seconds after the primary was killed"] = answers(lambda: site.get(path).status)
                told["the same without a replica"] = answers(lambda: alone.get(path).status)
        finally:
            replica.stop()


def answers(ask: Callable[[], int], seconds: float = 10) -> dict[str, int]:
    found: dict[str, int] = {}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        status = str(ask())
        found[status] = found.get(status, 0) + 1
        time.sleep(0.02)
    return found


def main() -> None:
    told: dict[str, object] = {}
    with clusters.running() as primary:
        urls = {**primary.urls(), "API_REQUESTS_PER_MINUTE": "1000000"}
        for command in (
            ["migrate", "--database=owner", "-v0"],
            ["create_roles"],
            ["load_chronology"],
            ["publish_baseline"],
        ):
            program("manage.py", *command, **urls)
        with primary.connect() as connection:
            keys = [
                key
                for (key,) in connection.execute("SELECT key FROM record_publishedevent ORDER BY key LIMIT %s", [PAGES])
            ]
        caches(urls, [f"/events/{key}/" for key in keys], told)
        replicas(primary, urls, told)
    out = settings.BASE_DIR / "var" / "steps.json"
    out.parent.mkdir(exist_ok=True)
    Path(out).write_text(json.dumps(told, indent=1) + "\n")
    json.dump(told, sys.stdout, indent=1)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
