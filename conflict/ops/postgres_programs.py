"""PostgreSQL's own programs for backups, on the owner's connection; and what encrypts a dump while it is written."""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

from conflict.postgres import data_directory

PASSED_ON = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
PASSED_ON_OPTIONS = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "service": "PGSERVICE",
}


class BackupRefused(Exception):
    """The backup cannot be made or is not sound; the message gives the remedy."""


def dump(path: Path, *options: str) -> str:
    """Write the dump, encrypted if a recipient is set; the hash of what it is before that."""
    suffix, encrypt = _encryption(settings.BACKUP_RECIPIENT)
    target = path.with_name(path.name + suffix)
    target.touch(mode=0o600)
    command = [_found("pg_dump"), "--no-password", *options]
    digest = hashlib.sha256()
    with target.open("wb") as file, tempfile.TemporaryFile() as messages:
        dumping = subprocess.Popen(
            command, env=_environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=messages
        )
        sealing = subprocess.Popen(encrypt, stdin=subprocess.PIPE, stdout=file, stderr=messages) if encrypt else None
        assert dumping.stdout  # noqa: S101  # for the type checker: it is a pipe
        try:
            into: Any = sealing.stdin if sealing else file
            while piece := dumping.stdout.read(1 << 20):
                digest.update(piece)
                into.write(piece)
            into.flush()
            if sealing:
                into.close()
        except OSError as fault:  # the disk is full, or the one who encrypts has given up
            dumping.kill()
            refusal: OSError | None = fault
        else:
            refusal = None
        codes = [process.wait() for process in (dumping, sealing) if process]
        dumping.stdout.close()
        messages.seek(0)
        if refusal or any(codes):
            reason = messages.read().decode(errors="replace").strip()[-2000:]
            raise BackupRefused(f"The dump failed: {reason or (refusal and refusal.strerror)}. Remove {path.parent}.")
    return digest.hexdigest()


def _encryption(recipient: str) -> tuple[str, list[str]]:
    """Suffix of the encrypted file, and the command that encrypts what it reads; both empty without a recipient."""
    if not recipient:
        return "", []
    suffix, program = (".age", "age") if recipient.startswith("age1") else (".cms", "openssl")
    if (path := shutil.which(program)) is None:
        raise BackupRefused(
            f"BACKUP_RECIPIENT needs the program {program}, which is not installed. Nothing was dumped."
        )
    if suffix == ".age":
        return suffix, [path, "--encrypt", "--recipient", recipient]
    if not Path(recipient).is_file():
        raise BackupRefused(f"BACKUP_RECIPIENT is neither an age recipient nor the file of a certificate: {recipient}.")
    return suffix, [path, *["cms", "-encrypt", "-binary", "-stream", "-aes-256-cbc", "-outform", "DER"], recipient]


def run(program: str, *arguments: str) -> None:
    done = subprocess.run(
        [_found(program), "--no-password", *arguments],
        env=_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise BackupRefused(f"{program} failed: {done.stderr.strip()[-2000:]}")


def _environment() -> dict[str, str]:
    return {"PATH": os.defpath, "LC_ALL": "C", **_access()}


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
    output = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    return int(re.findall(r"\d+", output)[0])
