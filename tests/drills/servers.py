"""`python -m tests.drills.servers`: the software on every PostgreSQL that is installed, directly and behind pgbouncer.

On each: the tables, the roles, a chronology published, pages and API served, a sign-in, a worker. The embedded server
and those of Debian under /usr/lib/postgresql; the server's time zone and locale are not the software's. Figures are
written to var/servers.json, with the versions that are supported and were not found here. `--versions 15` tries some.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402

from conflict.postgres import data_directory  # noqa: E402
from conflict.postgres.names import SUPERUSER  # noqa: E402
from tests import clusters, sites  # noqa: E402
from tests.clusters import DATABASE, Cluster, wait_for  # noqa: E402
from tests.drills.steps import free_port  # noqa: E402
from tests.sites import ENVIRONMENT  # noqa: E402

SUPPORTED = ["15", "16", "17", "18"]
UNKNOWN_TO_15 = {"io_method"}
PGBOUNCER = """
[databases]
{database} = host={home} port=5432 dbname={database}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {home}/users.txt
pool_mode = transaction
default_pool_size = 6
max_client_conn = 200
logfile = {home}/pgbouncer.log
pidfile = {home}/pgbouncer.pid
"""
LOOK = """
import django; django.setup()
from django.db import connections
with connections["public"].cursor() as cursor:
    cursor.execute("SHOW statement_timeout"); print(cursor.fetchone()[0], end=" ")
    cursor.execute("SHOW default_transaction_read_only"); print(cursor.fetchone()[0])
"""


class Installed(Cluster):
    """A server of the programs in one folder; its time zone and locale are other ones than ours."""

    def __init__(self, home: Path, programs: Path) -> None:
        super().__init__(home)
        self.folder = programs

    @property
    def programs(self) -> Path:
        return self.folder

    def initialise(self) -> None:
        self._run(
            "initdb", "-D", self.data, "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C"
        )

    def configure(self, **more: str) -> None:
        super().configure(**more)
        path = self.data / "postgresql.conf"
        lines = [line for line in path.read_text().splitlines() if line.split(" ")[0] not in UNKNOWN_TO_15]
        path.write_text("\n".join([*lines, "timezone = 'Africa/Bamako'", "lc_messages = 'C'"]) + "\n")


def installed() -> dict[str, Path]:
    found = [data_directory.programs(), *sorted(Path("/usr/lib/postgresql").glob("*/bin"))]
    said = [
        subprocess.run([path / "postgres", "--version"], capture_output=True, text=True, check=True) for path in found
    ]
    return {one.stdout.split()[2]: path for one, path in zip(said, found, strict=True)}


@contextmanager
def bouncing(server: Cluster) -> Iterator[int]:
    port, path, users = free_port(), server.home / "pgbouncer.ini", server.home / "users.txt"
    path.write_text(PGBOUNCER.format(home=server.home, port=port, database=DATABASE))
    users.write_text("".join(f'"{login["USER"]}" ""\n' for login in settings.LOGINS.values()))
    for written in (path, users):
        data_directory.tenant().own(written)
    process = subprocess.Popen(["/usr/sbin/pgbouncer", "-q", "-u", data_directory.TENANT_OF_ROOT, path])
    try:
        wait_for(lambda: sites.listens(port))
        yield port
    finally:
        process.terminate()
        process.wait()


def manage(*arguments: str, **variables: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=settings.BASE_DIR, env={**ENVIRONMENT, "PATH": os.defpath, **variables}, capture_output=True, text=True, check=False)  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{arguments}: {done.stdout}\n{done.stderr}")
    return done.stdout


def try_all(urls: dict[str, str]) -> dict[str, object]:
    manage("manage.py", "load_chronology", **urls)
    manage("manage.py", "publish_baseline", **urls)
    verified = manage("manage.py", "verify_record", **urls).strip().splitlines()[-1]
    with sites.served(**urls) as site, sites.worker(**urls):
        pages = {
            path: site.get(path).status
            for path in (
                "/",
                "/map/",
                "/search/?q=Gao",
                "/api/v1/events/?page_size=5",
                "/account/sign-in/",
                "/api/v1/events/?format=csv",
            )
        }
        wait_for(lambda: site.get("/readyz").text == "ready\n", seconds=60)
    return {"pages": pages, "verified": verified, "role": manage("-c", LOOK, **urls).split()}


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--versions", nargs="*", default=SUPPORTED)
    wanted = arguments.parse_args().versions
    found = {version: path for version, path in installed().items() if version.split(".")[0] in wanted}
    missing = [version for version in wanted if version not in {one.split(".")[0] for one in found}]
    told: dict[str, object] = dict.fromkeys(missing, "not installed here")
    print(f"Not installed here: {', '.join(missing) or 'none'}.", flush=True)  # noqa: T201
    for version, programs in found.items():
        for way in ("directly", "pgbouncer"):
            if way == "pgbouncer" and not Path("/usr/sbin/pgbouncer").exists():
                told[f"{version} {way}"] = "not installed"
                continue
            with ExitStack() as opened:
                server = Installed(opened.enter_context(clusters.folder()), programs)
                server.initialise()
                server.configure()
                server.start()
                opened.callback(server.stop)
                server.create_database()
                urls = server.urls()
                manage("manage.py", "migrate", "--database=owner", "--verbosity=0", **urls)
                with server.connect() as line:  # as a managed server would: roles that somebody else made
                    line.execute(f"ALTER ROLE {settings.LOGINS['owner']['USER']} CREATEROLE")
                    line.execute(
                        f"GRANT {settings.LOGINS['public']['USER']} TO {settings.LOGINS['owner']['USER']} WITH ADMIN OPTION"
                    )
                manage("manage.py", "create_roles", **urls)
                if way == "pgbouncer":
                    port = opened.enter_context(bouncing(server))
                    for name in ("DATABASE_URL", "PUBLIC_DATABASE_URL"):
                        user = urls[name].split("//")[1].split("@")[0]
                        urls[name] = f"postgres://{user}@127.0.0.1:{port}/{DATABASE}"
                    urls["PGBOUNCER"] = "1"
                told[f"{version} {way}"] = try_all(urls)
                print(version, way, json.dumps(told[f"{version} {way}"]), flush=True)  # noqa: T201
    (settings.BASE_DIR / "var" / "servers.json").write_text(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
