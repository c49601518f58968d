"""Migrations killed (-9) repeatedly: the next run continues, and ends with the same tables as an undisturbed one.

`make drills`. Kills after a number of migrations were recorded, and a random moment later: inside one, between two,
or while triggers are installed.
"""

import os
import random
import subprocess
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

import psycopg  # noqa: E402
from django.conf import settings  # noqa: E402

from tests import clusters  # noqa: E402
from tests.clusters import Cluster  # noqa: E402
from tests.sites import ENVIRONMENT  # noqa: E402

MIGRATE = ("manage.py", "migrate", "--database=owner", "-v0")
KILLED_AFTER = (1, 5, 12, 20, 30, 45, 60, 80)  # migrations recorded
AFTERWARDS = (["migrate", "--check", "--database=owner"], ["create_roles"], ["load_chronology"], ["publish_baseline"],
              ["verify_record"], ["check_desk"])  # fmt: skip


def run(cluster: Cluster, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, *arguments], cwd=settings.BASE_DIR, env={**ENVIRONMENT, **cluster.urls()}, check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip


def recorded(cluster: Cluster) -> int:
    try:
        with cluster.connect() as connection:
            return connection.execute("SELECT count(*) FROM django_migrations").fetchone()[0]
    except psycopg.errors.UndefinedTable:
        return 0


def kill_one(cluster: Cluster, at_least: int, draw: random.Random) -> int | None:
    """How many migrations were recorded when it was killed; None where it came to its end."""
    process = subprocess.Popen([sys.executable, *MIGRATE], cwd=settings.BASE_DIR, env={**ENVIRONMENT, **cluster.urls()})
    while process.poll() is None:
        if recorded(cluster) >= at_least:
            time.sleep(draw.random() * 0.3)
            process.kill()
            process.wait()
            return recorded(cluster)
        time.sleep(0.01)
    return None


def schema(cluster: Cluster) -> str:
    with clusters.folder() as place:
        cluster.dump_schema(place / "schema")
        text = (place / "schema").read_text()
    return "\n".join(line for line in text.splitlines() if "restrict " not in line)  # a random word of pg_dump's


def main() -> None:
    draw = random.Random(1)  # noqa: S311
    with clusters.running() as quiet:
        run(quiet, *MIGRATE)
        expected = schema(quiet)
    with clusters.running() as cluster:
        killed = [at for after in KILLED_AFTER if (at := kill_one(cluster, after, draw)) is not None]
        run(cluster, *MIGRATE)
        found = schema(cluster)
        for command in AFTERWARDS:
            run(cluster, "manage.py", *command)
    if found != expected:
        sys.exit("The tables of a migration that was killed differ from those of one that was not.")
    print(f"Killed {len(killed)} times, after {killed} migrations; then complete, and the same tables.")  # noqa: T201


if __name__ == "__main__":
    main()
