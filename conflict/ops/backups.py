"""Backups: a folder with a dump of the database and the data to check a restore against.

With BACKUP_RECIPIENT the dump is encrypted while it is written, to a key that this machine does not hold: by age for a
recipient such as `age1…`, by OpenSSL for the file of a certificate.

The dump contains everything except sessions: drafts, accounts and the audit trail too, so only the folder's owner can
read it. Logins belong to the server, not the database: `restore` creates them like `create_roles`, with the passwords
from the settings.

Nothing deletes old backups: whoever stores them decides how many stay.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader

from conflict.ops import postgres_programs
from conflict.ops.health import known_migrations
from conflict.ops.postgres_programs import BackupRefused
from conflict.record import log
from conflict.record.consistency import rebuild, verification
from conflict.record.models import Publication

DUMP, MANIFEST = "database.dump", "manifest.json"
# Suffix of the encrypted dump, and what decrypts it where the key is.
ENCRYPTED = {
    ".age": "age --decrypt --identity KEY --output {dump} {dump}.age",
    ".cms": "openssl cms -decrypt -binary -inform DER -inkey KEY -in {dump}.cms -out {dump}",
}
LEFT_OUT = ("django_session",)  # nobody should be logged in again by a restore
Step = Callable[[str], None]


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
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        return _make(folder, at, step)
    except OSError as fault:
        raise BackupRefused(
            f"The backup in {folder} is not whole, and no good: {fault.strerror}. Remove it."
        ) from fault


def _make(folder: Path, at: datetime, step: Step) -> Manifest:
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
        dump_sha256 = postgres_programs.dump(
            folder / DUMP,
            *("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"),
            *(f"--exclude-table-data={table}" for table in LEFT_OUT),
        )
    manifest = Manifest(
        made_at=at.isoformat(),
        server=server,
        dump_sha256=dump_sha256,
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
    _refuse_encrypted(folder)
    if _sha256(folder / DUMP) != manifest.dump_sha256:
        raise BackupRefused(f"{folder / DUMP} is damaged: its hash is not the one in {MANIFEST}. Nothing was restored.")
    _refuse_newer(manifest)
    _refuse_what_is_there()
    connections.close_all()
    step("restoring the database")
    postgres_programs.run(
        "pg_restore",
        *("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"),
        f"--dbname={connections['owner'].get_connection_params()['dbname']}",
        str(folder / DUMP),
    )
    if missing := ({".".join(name) for name in MigrationLoader(None).graph.nodes} - set(manifest.migrations)):
        step(f"migrating from the older version of the backup ({len(missing)} migrations)")
        call_command("migrate", database="owner", verbosity=0, interactive=False)
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


def _refuse_encrypted(folder: Path) -> None:
    if (folder / DUMP).exists():
        return
    for suffix, command in ENCRYPTED.items():
        if (folder / f"{DUMP}{suffix}").exists():
            raise BackupRefused(
                f"The dump is encrypted. Decrypt it where its key is, and try again:\n"
                f"{command.format(dump=folder / DUMP)}"
            )


def _refuse_newer(manifest: Manifest) -> None:
    ours = {app for app, _ in known_migrations()}
    unknown = sorted(
        name
        for name in manifest.migrations
        if name.split(".")[0] in ours and tuple(name.split(".", 1)) not in known_migrations()
    )
    if unknown:
        raise BackupRefused(
            f"The backup was made by a newer version of this software: this one does not know {unknown[-1]}. "
            "Restore it with the version that made it, or a newer one. Nothing was restored."
        )


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


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
