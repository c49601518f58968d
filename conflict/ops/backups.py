"""Backups: a folder with a dump of the database and the data to check a restore against.

The dump contains everything except sessions: drafts, accounts and the audit trail too, so only the folder's owner can
read it. Logins belong to the server, not the database: `restore` creates them like `create_roles`, with the passwords
from the settings.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connections, transaction

from conflict.postgres import data_directory
from conflict.record import log
from conflict.record.consistency import rebuild, verification
from conflict.record.models import Publication

DUMP, MANIFEST = "database.dump", "manifest.json"
LEFT_OUT = ("django_session",)  # nobody should be logged in again by a restore
PASSED_ON = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
PASSED_ON_OPTIONS = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "service": "PGSERVICE",
}
Step = Callable[[str], None]


class BackupRefused(Exception):
    """The backup cannot be made or is not sound; the message gives the remedy."""


@dataclass(frozen=True)
class Manifest:
    """Counts and hashes of a dump, compared after a restore."""

    made_at: str
    server: int
    dump_sha256: str
    number: int
    head_sha256: str
    migrations: list[str]


def make(folder: Path, *, at: datetime, step: Step = lambda what: None) -> Manifest:
    """Dump the database into a new folder, and record the head of the log in the dump.

    Raises BackupRefused if the folder is not empty, or pg_dump fails.
    """
    if folder.exists() and any(folder.iterdir()):
        raise BackupRefused(f"{folder} is not empty. Name a folder that does not exist yet; no backup is overwritten.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    dump = folder / DUMP
    connection = connections["owner"]
    with transaction.atomic(using="owner"), connection.cursor() as cursor:
        # The dump reads the same snapshot as the query for the head.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version_num')::int / 10000")
        snapshot, server = cursor.fetchone()
        cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
        migrations = [name for (name,) in cursor.fetchall()]
        head = Publication.objects.using("owner").newest_first().first()
        step("dumping the database")
        dump.touch(mode=0o600)
        _run(
            "pg_dump",
            *("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={dump}"),
            *(f"--exclude-table-data={table}" for table in LEFT_OUT),
        )
    manifest = Manifest(
        made_at=at.isoformat(),
        server=server,
        dump_sha256=_sha256(dump),
        number=head.number if head else 0,
        head_sha256=head.sha256 if head else "",
        migrations=migrations,
    )
    # Written last, in one step: a folder without it is an incomplete backup.
    attempt = folder / f"{MANIFEST}.new"
    attempt.write_text(json.dumps(asdict(manifest), indent=2) + "\n")
    attempt.rename(folder / MANIFEST)
    return manifest


def restore(folder: Path, *, step: Step = lambda what: None) -> Manifest:
    """Restore into the empty database named by the settings, then verify log and record.

    Raises BackupRefused if the backup is damaged, the database is not empty, or, listing the faults, if the restored
    data differ from the backup.
    """
    manifest = read(folder)
    step("checking the dump")
    if _sha256(folder / DUMP) != manifest.dump_sha256:
        raise BackupRefused(f"{folder / DUMP} is damaged: its hash is not the one in {MANIFEST}. Nothing was restored.")
    _refuse_what_is_there()
    connections.close_all()
    step("restoring the database")
    _run(
        "pg_restore",
        *("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"),
        f"--dbname={connections['owner'].get_connection_params()['dbname']}",
        str(folder / DUMP),
    )
    step("granting the roles")
    call_command("create_roles", verbosity=0)
    step("verifying the log")
    faults = list(verification.faults_in_the_log())[:20]
    head = log.head()
    if (head.number if head else 0, head.sha256 if head else "") != (manifest.number, manifest.head_sha256):
        faults.append(f"The log ends with publication {head.number if head else 0}, not with {manifest.number}.")
    if not faults:
        step("comparing the record")
        faults = list(rebuild.differences())[:20]
    if faults:
        raise BackupRefused("What was restored is not what was backed up:\n" + "\n".join(faults))
    return manifest


def read(folder: Path) -> Manifest:
    try:
        return Manifest(**json.loads((folder / MANIFEST).read_text()))
    except FileNotFoundError:
        raise BackupRefused(f"{folder} holds no whole backup: there is no {MANIFEST}.") from None
    except (ValueError, TypeError):
        raise BackupRefused(f"{folder / MANIFEST} cannot be read.") from None


def _refuse_what_is_there() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT current_database(), count(*) FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')"
        )
        name, tables = cursor.fetchone()
    if tables:
        raise BackupRefused(
            f"The database {name} is not empty ({tables} tables), and nothing is ever overwritten. "
            "Create a new one, and name it in OWNER_DATABASE_URL, DATABASE_URL and PUBLIC_DATABASE_URL."
        )


def _run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [_found(program), "--no-password", *arguments],
        env={"PATH": os.defpath, "LC_ALL": "C", **_access()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupRefused(f"{program} failed: {done.stderr.strip()[-2000:]}")


def _access() -> dict[str, str]:
    """Owner's connection as environment variables, which keeps the password out of the process list."""
    connection = connections["owner"]
    connection.get_connection_params()  # starts the embedded server and finds its socket
    given: dict[str, Any] = connection.settings_dict
    options = given.get("OPTIONS", {})
    return {
        **{variable: str(given[name]) for name, variable in PASSED_ON.items() if given.get(name)},
        **{variable: str(options[name]) for name, variable in PASSED_ON_OPTIONS.items() if options.get(name)},
    }


def _found(program: str) -> str:
    """Path of the oldest version that is not older than the server, among the system's programs and those of the wheel.

    An older one refuses to work with the server; a newer one may write what the server does not understand.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
        (server,) = cursor.fetchone()
    there = [shutil.which(program), shutil.which(program, path=str(data_directory.programs()))]
    fitting = sorted((_major(path), path) for path in there if path and _major(path) >= server)
    if not fitting:
        raise BackupRefused(
            f"No {program} for PostgreSQL {server} is installed. Install the client programs of that version."
        )
    return fitting[0][1]


def _major(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.findall(r"\d+", said)[0])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
