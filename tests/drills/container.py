"""`python -m tests.drills.container`: build deploy/Containerfile without a daemon, and run what comes out of it.

Needs root and Debian's buildah. Where no registry is reached, the Python image is replaced by one that debootstrap makes
of Debian 13, which has the same Python. The container upgrades a database, serves, and is asked by its own health check.
Figures are written to var/container.json.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402

from tests import clusters, sites  # noqa: E402
from tests.clusters import wait_for  # noqa: E402
from tests.drills.steps import free_port  # noqa: E402
from tests.sites import ENVIRONMENT, HOST, Site  # noqa: E402

ROOT: Path = settings.BASE_DIR
FILE = ROOT / "deploy" / "Containerfile"
BASE = re.findall(r"^FROM (\S+)", FILE.read_text(), re.MULTILINE)[0]
NAME = "conflict-chronology-drill"
CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


def buildah(*arguments: str | Path, check: bool = True) -> str:
    done = subprocess.run(
        ["buildah", "--storage-driver", "vfs", *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )
    if check and done.returncode:
        raise SystemExit(f"buildah {arguments}: {done.stdout[-3000:]}\n{done.stderr[-3000:]}")
    return done.stdout.strip()


def stand_in(system: Path) -> None:
    """An image under the name of the Python image, of a Debian 13 in this folder."""
    if not (system / "usr/bin/python3").exists():
        wanted = ["--variant=minbase", "--include=python3,python3-venv,ca-certificates"]
        subprocess.run(["debootstrap", *wanted, "trixie", system, "http://deb.debian.org/debian"], check=True)
    python = system / "usr/local/bin/python"
    python.unlink(missing_ok=True)
    python.symlink_to("/usr/bin/python3")
    container = buildah("from", "scratch")
    buildah("add", "--quiet", container, system, "/")
    buildah("config", "--env", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", container)
    buildah("commit", "--quiet", "--rm", container, BASE)


@contextmanager
def trusted() -> Iterator[list[str]]:
    """Options by which pip within the build trusts whom this machine trusts."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as conf:
        conf.write(f"[global]\ncert = {CERTIFICATES}\n")
        conf.flush()
        yield ["--volume", f"{CERTIFICATES}:{CERTIFICATES}:ro", "--volume", f"{conf.name}:/etc/pip.conf:ro"]


def run(container: str, command: list[str], home: Path, **variables: str) -> list[str]:
    given = [part for name, value in variables.items() for part in ("--env", f"{name}={value}")]
    return [
        "buildah", "--storage-driver", "vfs", "run", "--isolation", "chroot", "--volume", f"{home}:{home}", *given,
        container, "--", *command,
    ]  # fmt: skip


def main() -> None:
    if shutil.which("buildah") is None:
        sys.exit("buildah is not installed: apt-get install buildah debootstrap.")
    told: dict[str, object] = {}
    began = time.monotonic()
    if subprocess.run(["buildah", "--storage-driver", "vfs", "pull", "--quiet", BASE], capture_output=True, check=False).returncode:  # fmt: skip
        stand_in(Path(os.environ.get("SYSTEM") or tempfile.mkdtemp(prefix="debian-")))
        told["base image"] = "made of Debian 13: no registry is reached"
    with trusted() as options:
        buildah("bud", "--isolation", "chroot", "--quiet", *options, "--file", FILE, "--tag", NAME, ".")
    told["built, seconds"] = round(time.monotonic() - began)
    image = json.loads(buildah("inspect", "--type", "image", NAME))["OCIv1"]["config"]
    container = buildah("from", NAME)
    try:
        with clusters.running(unix_socket_permissions="0777") as server:
            server.home.chmod(0o711)  # the container's user is neither this one nor the server's
            public = {name: value for name, value in ENVIRONMENT.items() if name in ("SECRET_KEY", "ALLOWED_HOSTS", "BEHIND_PROXY")}  # fmt: skip
            urls = server.urls()
            upgraded = subprocess.run(run(container, ["python", "manage.py", "upgrade"], server.home, **public, **urls), capture_output=True, text=True, check=False)  # fmt: skip
            if upgraded.returncode:
                raise SystemExit(upgraded.stdout + upgraded.stderr)
            told["upgrade"] = upgraded.stdout.strip().splitlines()[-1]
            del urls["OWNER_DATABASE_URL"]
            port = free_port()
            command = [str(port) if word == "8000" else word for word in image["Cmd"]]
            serving = subprocess.Popen(run(container, command, server.home, **public, **urls))
            try:
                wait_for(lambda: sites.listens(port), seconds=180)
                site = Site(port, serving)
                told["answers"] = {path: site.get(path).status for path in ("/", "/api/v1/events/", "/account/sign-in/", "/readyz")}  # fmt: skip
                check = FILE.read_text().split("HEALTHCHECK", 1)[1].split("CMD ", 1)[1].splitlines()[0]
                asked = [word.replace("8000", str(port)) for word in json.loads(check)]
                told["health check"] = subprocess.run(run(container, asked, server.home, ALLOWED_HOSTS=HOST), check=False).returncode  # fmt: skip
            finally:
                serving.terminate()
                serving.wait(60)
    finally:
        buildah("rm", container, check=False)
    print(json.dumps(told, indent=2))  # noqa: T201
    (ROOT / "var" / "container.json").write_text(json.dumps(told, indent=2))
    assert set(told["answers"].values()) == {200}  # type: ignore[attr-defined]
    assert told["health check"] == 0


if __name__ == "__main__":
    main()
