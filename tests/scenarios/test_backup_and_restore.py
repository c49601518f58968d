"""Backup drill: `restore` loads a backup into a fresh database, verifies and compares it, and refuses a damaged one."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from django.db import connections
from psycopg import sql

from conflict.models import ENTRIES
from conflict.ops.backups import DUMP, MANIFEST
from conflict.record.models import Publication
from conflict.vocabulary import ChangeKind
from editorial.accounts.roles import Role
from editorial.models import AuditEntry
from editorial.workflow import review, submissions
from editorial.workflow.submissions import EntryChange
from tests import processes
from tests.desk import MORNING, an_event, at_the_desk_of, person

FRESH = "chronology_drill"
LOOK = """
import json
from conflict.record.models import PublishedEvent
from editorial.models import AuditEntry, User
from django.contrib.sessions.models import Session
print(json.dumps({
    "events": list(PublishedEvent.objects.using("public").values_list("key", flat=True)),
    "people": sorted(User.objects.values_list("username", flat=True)),
    "audit_entries": AuditEntry.objects.count(), "sessions": Session.objects.count(),
}))
"""


@pytest.fixture
def published(client) -> None:
    """A publication that other processes see, by people one of whom is signed in."""
    author, reviewer, chief = (
        person("author", Role.CONTRIBUTOR),
        person("reviewer", Role.REVIEWER),
        person("chief", Role.MANAGING_EDITOR),
    )
    client.force_login(author)
    with at_the_desk_of(author):
        an_event()
    entries = [
        EntryChange(kind, entry.key) for kind, model in ENTRIES.items() for entry in model.objects.in_key_order()
    ]
    submission = submissions.submit(
        entries=entries, by=author, at=MORNING, title="Konna", reason="First account.", change_kind=ChangeKind.NEW
    )
    review.approve(submission=submission, by=reviewer, at=MORNING)
    review.publish(submission=submission, by=chief, at=MORNING)


@pytest.fixture
def fresh_database():
    """An empty database beside the test's."""
    with connections["default"].cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(FRESH)))
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(FRESH)))
    yield FRESH
    with connections["default"].cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(FRESH)))


def backup(folder: Path):
    return processes.run("manage.py", "backup", str(folder))


def restore(folder: Path, database: str):
    return processes.run("manage.py", "restore", str(folder), database=database)


@pytest.mark.django_db(transaction=True)
class TestTheDrill:
    def test_brings_everything_back_but_the_sessions(self, published, fresh_database, tmp_path):
        head, entries = Publication.objects.newest_first()[0], AuditEntry.objects.count()
        made = backup(tmp_path / "one")
        assert made.returncode == 0, made.stderr

        done = restore(tmp_path / "one", fresh_database)

        assert done.returncode == 0, done.stderr
        assert f"{head.number} publications verified" in done.stdout
        assert head.sha256 in done.stdout
        found = json.loads(processes.program(LOOK, database=fresh_database).stdout)
        assert found == {
            "events": ["2013-01-10-konna"],
            "people": ["author", "chief", "reviewer"],
            "audit_entries": entries,
            "sessions": 0,
        }

        again = restore(tmp_path / "one", fresh_database)

        assert again.returncode == 1
        assert "is not empty" in again.stderr

    def test_refuses_what_is_damaged_or_in_the_way(self, published, fresh_database, tmp_path):
        folder = tmp_path / "one"
        assert backup(folder).returncode == 0

        over = backup(folder)
        whole = (folder / DUMP).read_bytes()
        (folder / DUMP).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        damaged = restore(folder, fresh_database)
        (folder / DUMP).write_bytes(whole)
        manifest = json.loads((folder / MANIFEST).read_text())
        (folder / MANIFEST).write_text(json.dumps({**manifest, "head_sha256": "0" * 64}))
        another = restore(folder, fresh_database)

        assert "no backup is overwritten" in over.stderr
        assert "is damaged" in damaged.stderr
        assert "What was restored is not what was backed up" in another.stderr

    def test_is_readable_by_its_owner_alone(self, published, tmp_path):
        folder = tmp_path / "one"

        assert backup(folder).returncode == 0

        assert (folder.stat().st_mode & 0o777, (folder / DUMP).stat().st_mode & 0o777) == (0o700, 0o600)

    @pytest.mark.parametrize("program", ["age", "openssl"])
    def test_is_encrypted_to_a_key_that_the_machine_does_not_hold(self, published, fresh_database, tmp_path, program):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed.")
        key, folder = tmp_path / "key", tmp_path / "backup"
        recipient = a_recipient(program, key)

        made = processes.run("manage.py", "backup", str(folder), BACKUP_RECIPIENT=recipient)

        assert made.returncode == 0, made.stderr
        (sealed,) = folder.glob(f"{DUMP}.*")
        assert not sealed.read_bytes().startswith(b"PGDMP")
        refused = processes.run("manage.py", "restore", str(folder), database=FRESH)
        assert refused.returncode == 1
        (command,) = [line for line in refused.stderr.splitlines() if line.startswith(program)]

        subprocess.run(command.replace(" KEY ", f" {key} ").split(), check=True)

        restored = processes.run("manage.py", "restore", str(folder), database=FRESH)
        assert restored.returncode == 0, restored.stderr

    def test_names_the_version_that_a_newer_backup_needs(self, published, fresh_database, tmp_path):
        folder = tmp_path / "backup"
        processes.run("manage.py", "backup", str(folder))
        manifest = json.loads((folder / MANIFEST).read_text())
        manifest["migrations"].append("record.9999_of_next_year")
        (folder / MANIFEST).write_text(json.dumps(manifest))

        refused = processes.run("manage.py", "restore", str(folder), database=FRESH)

        assert refused.returncode == 1
        assert "made by a newer version" in refused.stderr
        assert "record.9999_of_next_year" in refused.stderr

    @pytest.mark.skipif(os.getuid() != 0, reason="Only root can mount a small disk.")
    def test_says_so_when_its_disk_is_full(self, published, tmp_path):
        small = tmp_path / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", small], check=False).returncode:
            pytest.skip("This machine mounts nothing.")
        try:
            refused = processes.run("manage.py", "backup", str(small / "backup"))
        finally:
            subprocess.run(["umount", small], check=True)

        assert refused.returncode == 1
        assert "No space left on device" in refused.stderr
        assert "Traceback" not in refused.stderr


def a_recipient(program: str, key: Path) -> str:
    """A new key in `key`; what encrypts to it."""
    if program == "age":
        said = subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True, text=True).stderr
        return said.split()[-1]
    certificate = key.with_suffix(".pem")
    subprocess.run(
        [*["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=backups", "-days", "2", "-keyout"], key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    return str(certificate)
