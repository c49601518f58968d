"""Publishing at its time: by the worker's task, and by the command."""

import io
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any

import psutil
import pytest
from django.conf import settings
from django.core.management import call_command
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from conflict.ops.worker_process import WorkerProcess
from conflict.record.models import Publication
from editorial import tasks
from editorial.models.stages import Stage
from editorial.workflow import review
from tests.desk import MORNING


@pytest.fixture
def due(approved, chief):
    """Scheduled for a moment that has come."""
    review.schedule(
        submission=approved, by=chief, at=MORNING, publish_at=MORNING + timedelta(minutes=1)
    )  # long ago by the clock
    return approved


class TestTheTask:
    def test_is_due_every_minute(self):
        app.perform_import_paths()

        crons = {periodic.task.name: periodic.cron for periodic in app.periodic_registry.periodic_tasks.values()}
        assert crons["editorial.tasks.publish_due"] == "* * * * *"

    def test_publishes_what_is_due(self, due):
        tasks.publish_due(timestamp=0)

        due.refresh_from_db()
        assert (due.stage, Publication.objects.count()) == (Stage.PUBLISHED, 5)

    def test_waits_in_the_queue_only_once(self):
        with app.replace_connector(InMemoryConnector()) as queue:
            queue.open()
            task: Any = tasks.publish_due
            task.defer(timestamp=0)

            with pytest.raises(Exception, match="queueing lock"):
                task.defer(timestamp=60)


class TestTheCommand:
    def test_publishes_what_is_due_and_says_so(self, due):
        said = io.StringIO()

        call_command("publish_due", stdout=said)

        due.refresh_from_db()
        assert due.stage == Stage.PUBLISHED
        assert "Published submission" in said.getvalue()

    def test_says_what_was_refused_and_fails(self, due, draft):
        type(draft).objects.filter(pk=draft.pk).update(title="Changed since")
        said = io.StringIO()

        with pytest.raises(SystemExit):
            call_command("publish_due", stderr=said)

        assert "edited after its approval" in said.getvalue()

    def test_has_nothing_to_say_when_nothing_is_due(self, approved):
        said = io.StringIO()

        call_command("publish_due", stdout=said, stderr=said)

        assert said.getvalue() == ""


class TestTheCompanion:
    def test_is_started_again_when_it_was_killed_and_ends_with_its_parent(self, monkeypatch):
        monkeypatch.setattr("conflict.ops.worker_process._become_a_worker", lambda parent: time.sleep(60))
        companion = WorkerProcess()
        companion.keep_alive()
        first = companion.number
        assert first is not None

        os.kill(first, signal.SIGKILL)
        psutil.Process(first).wait()
        companion.keep_alive()
        second = companion.number
        companion.stop()

        assert second != first
        assert not psutil.pid_exists(second or 0)

    def test_ends_when_its_parent_is_killed(self):
        """In a process of its own: a program that forks a worker and dies at once."""
        program = (
            "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; import django; django.setup();"
            "from conflict.ops import worker_process;"
            "import asyncio;"
            "worker_process._work = lambda: asyncio.sleep(60);"
            "c = worker_process.WorkerProcess(); c.keep_alive(); print(c.number, flush=True);"
            "os.kill(os.getpid(), 9)"
        )
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
        )

        number = int(done.stdout)

        give_up_at = time.monotonic() + 10
        while psutil.pid_exists(number) and time.monotonic() < give_up_at:
            if psutil.Process(number).status() == psutil.STATUS_ZOMBIE:
                break
            time.sleep(0.1)
        assert not psutil.pid_exists(number) or psutil.Process(number).status() == psutil.STATUS_ZOMBIE
