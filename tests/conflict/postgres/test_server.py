"""The embedded server: starts on first use, is shared, and stops with its last user."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from conflict.postgres import data_directory, watchdog
from conflict.postgres.server import EmbeddedServer

USE_IT = """
import sys
from pathlib import Path
from conflict.postgres.server import server_in
print(server_in(Path(sys.argv[1]), durable=False).socket_folder(), flush=True)
sys.stdin.readline()
"""

# Connects once more for every line that it is sent, until an empty one.
USE_IT_AGAIN = """
import sys
from pathlib import Path
from conflict.postgres.server import server_in
print(server_in(Path(sys.argv[1]), durable=False).socket_folder(), flush=True)
while sys.stdin.readline().strip():
    print(server_in(Path(sys.argv[1]), durable=False).socket_folder(), flush=True)
"""

# Leaves beside it a program that it started, as `make run` does its worker.
USE_IT_WITH_A_CHILD = """
import subprocess, sys
import django; django.setup()
from pathlib import Path
from conflict.ops.worker_process import WorkerProcess
from conflict.postgres.server import server_in
print(server_in(Path(sys.argv[1]), durable=False).socket_folder(), flush=True)
companion = WorkerProcess()
companion.command = [sys.executable, "-c", "import time; time.sleep(60)"]
companion.keep_alive()
print(companion.process.pid, flush=True)
sys.stdin.readline()
"""
BROKEN_OFF = """
import os, signal, subprocess, sys, time
from pathlib import Path
from conflict.postgres.server import server_in

class Interrupted(subprocess.Popen):
    def __init__(self, command, *rest, **options):
        super().__init__(command, *rest, **options)
        if "pg_ctl" in str(command[0]):
            while not (Path(sys.argv[1]) / "data" / "server.log").exists():  # until it really starts
                time.sleep(0.005)
            os.kill(os.getpid(), int(sys.argv[2]))

subprocess.Popen = Interrupted
server_in(Path(sys.argv[1]), durable=False).socket_folder()
"""


class User:
    """A process that uses the server until it is told to leave, or killed."""

    def __init__(self, folder: Path, program: str = USE_IT) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", program, str(folder)],
            cwd=settings.BASE_DIR,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.socket_folder = self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate("\n", timeout=30)

    def is_killed(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=30)


@pytest.fixture
def folder() -> Iterator[Path]:
    """A place any user may pass through, as a checkout in /srv would be; pytest's own are private."""
    above = Path(tempfile.mkdtemp())
    above.chmod(0o711)
    yield above / "postgres"
    assert is_gone(above / "postgres")
    shutil.rmtree(above)


@pytest.fixture
def user(folder: Path) -> Iterator[User]:
    user = User(folder)
    yield user
    user.is_killed()


def is_gone(folder: Path) -> bool:
    """True once nothing listens and neither server nor keeper is left; waits a little for it."""
    give_up_at = time.monotonic() + 10
    while time.monotonic() < give_up_at:
        if not folder.exists() or (not watchdog.is_listening(folder) and not processes_of(folder)):
            return True
        time.sleep(0.05)
    return False


def processes_of(folder: Path) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter(["cmdline", "status"]):
        words = process.info["cmdline"] or []
        if process.info["status"] != psutil.STATUS_ZOMBIE and any(word.startswith(str(folder)) for word in words[-1:]):
            found.append(process)
    return found


def wait_until_dead(process: psutil.Process) -> None:
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)


class TestTheServer:
    def test_starts_with_its_first_user(self, folder, user):
        assert user.socket_folder
        assert watchdog.is_listening(folder)

    def test_is_stopped_and_gone_when_the_last_user_has_left(self, folder, user):
        user.leave()

        assert not watchdog.is_listening(folder)
        assert is_gone(folder)

    def test_is_shared_and_outlives_whoever_started_it(self, folder, user):
        second = User(folder)

        user.leave()

        assert second.socket_folder == user.socket_folder
        assert watchdog.is_listening(folder)
        second.leave()
        assert is_gone(folder)

    def test_is_stopped_when_its_last_user_is_killed(self, folder, user):
        user.is_killed()

        assert is_gone(folder)

    def test_is_not_held_by_a_program_that_its_user_started(self, folder):
        user = User(folder, USE_IT_WITH_A_CHILD)
        child = psutil.Process(int(user.process.stdout.readline()))

        user.process.stdin.close()
        user.process.wait(30)

        assert child.is_running()
        assert is_gone(folder)
        child.kill()
        user.process.stdout.close()

    @pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda how: how.name)
    def test_is_stopped_when_the_one_that_starts_it_is_broken_off(self, folder, how):
        subprocess.run(
            [sys.executable, "-c", BROKEN_OFF, str(folder), str(int(how))],
            cwd=settings.BASE_DIR,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=60,
        )

        assert (folder / "data" / "server.log").exists()
        assert is_gone(folder)

    def test_starts_again_on_what_a_killed_server_left_behind(self, folder, user):
        number = watchdog.postmaster(folder)
        assert number is not None
        os.kill(number, signal.SIGKILL)
        user.is_killed()
        assert (folder / "data" / "postmaster.pid").exists()

        second = User(folder)

        assert watchdog.is_listening(folder)
        second.leave()
        assert is_gone(folder)

    def test_that_is_killed_is_started_again_by_the_next_connection(self, folder):
        user = User(folder, USE_IT_AGAIN)
        number = watchdog.postmaster(folder)
        killed = psutil.Process(number)
        killed.kill()
        wait_until_dead(killed)

        user.process.stdin.write("again\n")
        user.process.stdin.flush()
        assert user.process.stdout.readline().strip() == user.socket_folder

        assert watchdog.is_listening(folder)
        assert watchdog.postmaster(folder) != number
        user.leave()
        assert is_gone(folder)

    def test_starts_when_the_number_it_left_belongs_to_another_program(self, folder, user):
        user.leave()
        (folder / "data" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder / 'data'}\n0\n5432\n\n\n\nready\n")

        second = User(folder)

        assert watchdog.is_listening(folder)
        second.leave()

    def test_gets_a_new_keeper_when_the_old_one_was_killed(self, folder, user):
        [old] = [process for process in processes_of(folder) if "watchdog.py" in " ".join(process.cmdline())]
        old.kill()
        wait_until_dead(old)

        second = User(folder)
        user.is_killed()
        second.is_killed()

        assert is_gone(folder)

    def test_listens_where_only_its_own_user_can_go(self, user):
        assert Path(user.socket_folder).stat().st_mode & 0o077 == 0

    def test_of_two_checkouts_are_two(self, folder, user):
        other = User(folder.with_name("other"))

        assert other.socket_folder != user.socket_folder
        user.leave()
        assert watchdog.is_listening(folder.with_name("other"))
        other.leave()
        assert is_gone(folder.with_name("other"))

    def test_refuses_data_of_another_major_version(self, folder, user):
        user.leave()
        (folder / "data" / "PG_VERSION").write_text("12\n")

        with pytest.raises(Exception, match=r"holds data of PostgreSQL 12, but the installed server is .* 18"):
            EmbeddedServer(folder).socket_folder()

    @pytest.mark.parametrize("sign", list('"$`\\'))
    def test_says_at_once_that_its_programs_do_not_work_in_such_a_path(self, folder, sign):
        with pytest.raises(
            ImproperlyConfigured, match=r"do not work in .* Move or rename the folder, or set DATABASE_URL"
        ):
            data_directory.prepare(folder / f"a{sign}b")
        assert not (folder / f"a{sign}b").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="PostgreSQL minds only root")
class TestRunByRoot:
    def test_it_runs_as_nobody(self, folder, user):
        number = watchdog.postmaster(folder)

        assert number is not None
        assert psutil.Process(number).username() == data_directory.TENANT_OF_ROOT

    def test_it_lives_elsewhere_rather_than_open_a_private_folder(self, folder, monkeypatch, caplog):
        folder.parent.chmod(0o700)
        standby = Path(tempfile.mkdtemp()) / "standby"
        standby.parent.chmod(0o711)
        monkeypatch.setattr(data_directory, "STANDBY", standby)

        home = data_directory.prepare(folder)

        assert folder.is_symlink()
        assert home.parent == standby
        assert folder.parent.stat().st_mode & 0o777 == 0o700
        assert str(home) in caplog.text
        shutil.rmtree(standby.parent)
