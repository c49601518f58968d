"""PostgreSQL killed at every step of a publication, or its disk full: all or nothing, with automatic recovery."""

import gc
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from conflict.postgres import data_directory
from editorial.accounts.roles import Role
from tests import clusters, processes
from tests.clusters import Cluster
from tests.desk import person
from tests.scenarios.test_what_survives import KILLED_AT, approved, approved_and_published  # noqa: F401

LOOK = """
import json, sys
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch
from django.db import DatabaseError, OperationalError, connections
from django.db.backends.postgresql.base import DatabaseWrapper
from django.utils import timezone
from conflict.record.consistency import rebuild, verification
from conflict.record.models import Publication, PublishedEvent
from editorial.models import Submission, User
from editorial.workflow import review

def state():
    stage = Submission.objects.values_list("stage", flat=True)[0]
    return [stage, Publication.objects.count(), PublishedEvent.objects.count()]

def publish():
    review.publish(submission=Submission.objects.get(), by=User.objects.get(username="chief"), at=timezone.now())

def faults():
    return [str(fault) for fault in (*verification.faults_in_the_log(), *rebuild.differences())]
"""
ROOT = settings.BASE_DIR
ASK_ON = """
import django; django.setup()
from django.test import Client
client = Client(headers={"host": "chronology.example"})
print(client.get("/api/v1/nothing/", secure=True).status_code, client.get("/healthz", secure=True).status_code)
"""
KILLS = (
    LOOK
    + """
from tests.clusters import Cluster
server = Cluster(Path(sys.argv[1]))
steps = json.loads(sys.argv[2])

def dying(where):
    module, name = where.rsplit(".", 1)
    original = getattr(__import__(module, fromlist=[name]), name)
    def killed(*given, **named):
        server.kill()
        return original(*given, **named)
    return patch(where, killed)

def at_the_commit(before):
    commit = DatabaseWrapper._commit
    def killed(self):
        if not before:
            commit(self)
        server.kill()
        if not before:
            raise OperationalError("The connection is lost.")
        commit(self)
    return patch.object(DatabaseWrapper, "_commit", killed)

told = {}
ways = {**{name: dying(where) for name, where in steps.items()}, "before the commit": at_the_commit(True), "after it": at_the_commit(False)}
for name, way in ways.items():
    try:
        with way:
            publish()
        told[name] = ["no error"]
    except DatabaseError as error:
        told[name] = [type(error).__name__]
    connections.close_all()
    server.start()
    told[name] += state()
print(json.dumps([told, faults()]))
"""
)
FULL = (
    LOOK
    + """
import logging
from django.test import Client
from django.urls import reverse
from tests.desk import just_signed_in
logging.disable()
disk = Path(sys.argv[1])
client = Client(raise_request_exception=False, headers={"host": "chronology.example"})
chief = User.objects.get(username="chief")
client.force_login(chief)
just_signed_in(client, chief)
submission = Submission.objects.get()
act = reverse("admin:editorial_submission_act", args=[submission.pk, "publish"])
given = {"digest": submission.digest}

told = {}
with (disk / "filler").open("wb", buffering=0) as filler:
    try:
        while True:
            filler.write(bytes(65536))
    except OSError:
        pass
answer = client.post(act, given, secure=True)
told["refused"] = [answer.status_code, answer.headers.get("Location"), answer.content.decode()]
told["meanwhile"] = [*state(), *(client.get(path, secure=True).status_code for path in ("/", "/api/v1/events/", "/readyz"))]
(disk / "filler").unlink()
told["again"] = [client.post(act, given, secure=True).status_code, *state()]
print(json.dumps([told, faults()]))
"""
)

RELEASE = """
import sys
from pathlib import Path
from django.conf import settings
import manage
from conflict.api import exports

settings.RELEASES_DIR = Path(sys.argv[1])
exports.AT_ONCE = 1  # so that the table is still being copied when the disk is full
opened = Path.open

def on_a_full_disk(self, mode="r", *rest, **options):
    if self.name == "events.jsonl" and "w" in mode:
        return opened(Path("/dev/full"), mode, buffering=0)
    return opened(self, mode, *rest, **options)

Path.open = on_a_full_disk
sys.argv = ["manage.py", "release", "2026.1"]
manage.main()
"""


@pytest.mark.django_db(transaction=True)
class TestAPublicationWhosePostgresIsKilled:
    def test_is_whole_or_not_at_all_and_can_be_done_again(self, approved):  # noqa: F811
        with clusters.furnished() as cluster:
            done = processes.program(KILLS, str(cluster.home), json.dumps(KILLED_AT), **cluster.urls())

        assert done.returncode == 0, done.stderr
        told, faults = json.loads(done.stdout)
        nothing = ["OperationalError", "approved", 0, 0]
        assert told == {
            **dict.fromkeys(KILLED_AT, nothing),
            "before the commit": nothing,
            "after it": ["OperationalError", "published", 5, 1],  # it was not heard, and happened
        }
        assert faults == []


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("Only root may mount a small disk.")
    with clusters.folder() as place:
        mounting = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(place)]
        mounted = subprocess.run(mounting, capture_output=True, text=True, check=False)
        if mounted.returncode != 0:
            pytest.skip(f"No small disk can be mounted here: {mounted.stderr.strip()}")
        try:
            data_directory.tenant().own(place)
            yield place
        finally:
            subprocess.run(["umount", "--lazy", str(place)], check=True)


def move(cluster: Cluster, disk: Path) -> None:
    """The tables and indexes; the server's write-ahead log stays where there is space."""
    space = disk / "tables"
    space.mkdir()
    data_directory.tenant().own(space)
    with cluster.connect(database="postgres") as server:
        server.execute(f"CREATE TABLESPACE small LOCATION '{space}'")
        server.execute(f"ALTER DATABASE {clusters.DATABASE} SET TABLESPACE small")


@pytest.mark.django_db(transaction=True)
class TestAFullDisk:
    def test_refuses_to_publish_says_so_and_loses_nothing(self, approved):  # noqa: F811
        with small_disk(80) as disk, clusters.furnished() as cluster:
            move(cluster, disk)

            done = processes.program(FULL, str(disk), **cluster.urls(), SECOND_FACTOR="0")

        assert done.returncode == 0, done.stderr
        told, faults = json.loads(done.stdout)
        status, elsewhere, page = told["refused"]
        assert (status, elsewhere) == (503, None)
        assert "The server has no space left on its disk. Nothing of what you asked for was saved" in page
        assert told["meanwhile"] == ["approved", 0, 0, 200, 200, 200]
        assert told["again"] == [302, "published", 5, 1]
        assert faults == []

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="No /dev/full on this machine.")
    def test_ends_a_release_with_a_sentence_and_leaves_nothing_of_it(self, approved_and_published, tmp_path):  # noqa: F811
        done = processes.program(RELEASE, str(tmp_path))

        assert done.returncode == 1
        assert done.stderr == "Error: there is no space left on the disk for what was to be written.\n"
        assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
class TestAFullDiskOfTheServer:
    @pytest.fixture
    def full(self, settings, monkeypatch):
        """Where uploads and downloads are written for a moment."""
        with small_disk(1) as disk:
            settings.FILE_UPLOAD_TEMP_DIR = str(disk)
            monkeypatch.setattr(tempfile, "tempdir", str(disk))
            with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
                while True:
                    filler.write(bytes(4096))
            yield disk
            gc.collect()  # what could not be written cannot be closed properly either: while its disk is there

    def test_refuses_an_upload_in_a_sentence(self, full, client):
        client.force_login(person("author", Role.CONTRIBUTOR))
        client.raise_request_exception = False
        file = SimpleUploadedFile("table.csv", b"x" * 4_000_000)  # more than is held in memory

        answer = client.post("/admin/editorial/importrun/add/", {"file": file})

        assert answer.status_code == 503
        assert "The server has no space left on its disk." in answer.content.decode()

    def test_refuses_a_download_and_answers_everything_else(self, full, client):
        client.raise_request_exception = False

        answer = client.get("/api/v1/events/?format=parquet")

        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert "no space left" in answer.json()["message"]
        assert client.get("/api/v1/events/").status_code == 200

    def test_of_the_log_stops_nobody(self):
        program = [sys.executable, "-c", ASK_ON]
        with Path("/dev/full").open("wb") as nowhere:
            done = subprocess.run(
                program, cwd=ROOT, env={**processes.environment(), "ACCESS_LOG": "1"},
                stdout=subprocess.PIPE, stderr=nowhere, text=True, check=False,
            )  # fmt: skip

        assert done.stdout.split() == ["404", "200"]
