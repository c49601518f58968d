"""`python -m tests.drills.rollback`: from two past versions to this one and back, with `upgrade` and `rollback`.

Each past commit is checked out into a folder of its own, and its database is made and filled by its own code. This
version upgrades it and rolls it back; then the old code verifies the record and serves. Figures are written to
var/rollback.json. The commits are those before the last migrations of the record and of the desk, unless named.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402

from tests import clusters, sites  # noqa: E402
from tests.clusters import wait_for  # noqa: E402
from tests.drills.steps import free_port  # noqa: E402
from tests.sites import ENVIRONMENT, Site  # noqa: E402

ROOT: Path = settings.BASE_DIR


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True).stdout.strip()


def past_commits() -> list[str]:
    """The parents of the last two commits of main that changed a newest migration; numbers on branches may differ."""
    changed = git("log", "--first-parent", "--format=%h", "-2", "--", "*/max_migration.txt").splitlines()
    return [f"{commit}^1" for commit in changed]


def manage(place: Path, *arguments: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=place, capture_output=True, text=True, check=False,
        env={**ENVIRONMENT, "PYTHONPATH": str(place), "PATH": os.defpath, **variables},
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{place}: {arguments}: {done.stdout}\n{done.stderr}")
    return done.stdout


def old_code(commit: str) -> Path:
    place = Path(tempfile.mkdtemp(prefix="rollback-"))
    archive = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", place], input=archive, check=True)
    return place


def served_pages(place: Path, urls: dict[str, str]) -> dict[str, int]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", "--port", str(port)], cwd=place,
        env={**ENVIRONMENT, "PYTHONPATH": str(place), **urls}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(lambda: sites.listens(port), seconds=300)
        site = Site(port, process)
        return {path: site.get(path).status for path in ("/", "/api/v1/events/", "/account/sign-in/", "/readyz")}
    finally:
        process.terminate()
        process.wait(40)


def drill(commit: str, *, empty: bool = False) -> dict[str, object]:
    place = old_code(commit)
    try:
        with ExitStack() as opened:
            server = opened.enter_context(clusters.running())
            urls = server.urls()
            commands = [("migrate", "--database=owner", "--verbosity=0"), ("create_roles",)]
            if not empty:
                commands += [("load_chronology",), ("publish_baseline",)]
            for command in commands:
                manage(place, *command, **urls)
            before = manage(place, "verify_record", **urls).strip().splitlines()[-1]
            upgraded = manage(ROOT, "upgrade", **urls)
            undone = manage(ROOT, "rollback", str(place), **urls)
            manage(place, "migrate", "--database=owner", "--verbosity=0", **urls)
            manage(place, "create_roles", **urls)
            after = manage(place, "verify_record", **urls).strip().splitlines()[-1]
            return {
                "migrations undone": undone.count("Undoing"),
                "upgrade": upgraded.strip().splitlines()[-1],
                "the log's end is the same": before == after,
                "the old code answers": served_pages(place, urls),
            }
    finally:
        shutil.rmtree(place, ignore_errors=True)


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("commits", nargs="*")
    arguments.add_argument("--empty", action="store_true", help="without a chronology")
    wanted, told = arguments.parse_args(), {}
    for commit in wanted.commits or past_commits():
        name = git("log", "-1", "--format=%h %s", commit)
        told[name] = drill(commit, empty=wanted.empty)
        print(name, json.dumps(told[name]), flush=True)  # noqa: T201
    (ROOT / "var" / "rollback.json").write_text(json.dumps(told, indent=2))
    for name, one in told.items():
        assert one["the log's end is the same"], name
        assert set(one["the old code answers"].values()) == {200}, name  # type: ignore[attr-defined]


if __name__ == "__main__":
    main()
