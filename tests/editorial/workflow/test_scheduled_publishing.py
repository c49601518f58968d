"""Scheduled publication, by the worker's task and by the command."""

import io
import sys
import threading
from datetime import timedelta
from typing import Any

import psutil
import pytest
from django.core.management import call_command
from procrastinate.contrib.django import app
from procrastinate.testing import InMemoryConnector

from conflict.ops.worker_process import WorkerProcess
from conflict.record.models import Publication
from editorial import tasks
from editorial.models.stages import Stage
from editorial.workflow import scheduled_publication
from tests import processes
from tests.desk import MORNING


@pytest.fixture
def due(approved, chief):
    """Scheduled for a moment that has come."""
    scheduled_publication.schedule(
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

    def test_publishes_nothing_that_was_scheduled_by_an_account_deactivated_since(self, due, chief):
        chief.is_active = False
        chief.save()

        tasks.publish_due(timestamp=0)

        due.refresh_from_db()
        assert (due.stage, Publication.objects.count()) == (Stage.APPROVED, 0)
        assert "somebody else has to schedule it" in due.failure

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


SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]


class TestTheCompanion:
    @pytest.fixture
    def companion(self):
        companion = WorkerProcess(pause=0)
        companion.command = SLEEPS
        yield companion
        companion.stop()

    def test_is_started_again_when_it_was_killed(self, companion):
        companion.keep_alive()
        first = companion.process
        first.kill()
        first.wait()

        companion.keep_alive()

        assert companion.process.pid != first.pid
        assert companion.process.poll() is None

    def test_is_not_started_at_every_look_where_it_cannot_run(self):
        companion = WorkerProcess()
        companion.command = [sys.executable, "-c", ""]
        companion.keep_alive()
        first = companion.process
        first.wait()

        companion.keep_alive()

        assert companion.process is first

    def test_is_not_started_again_once_it_was_stopped(self, companion):
        companion.keep_alive()
        first = companion.process
        companion.stop()

        companion.keep_alive()

        assert companion.process is first
        assert first.poll() is not None

    def test_is_left_by_no_stop_that_falls_into_a_start(self, companion):
        companion.command = [sys.executable, "-c", ""]
        looking = threading.Thread(target=lambda: [companion.keep_alive() for _ in range(200)])
        looking.start()

        companion.stop()
        looking.join()

        assert companion.process is None or companion.process.poll() is not None

    def test_ends_when_its_parent_is_killed(self):
        """In a process of its own: a program that starts a worker and dies at once."""
        program = (
            "import os, django; django.setup();"
            "from conflict.ops.worker_process import WorkerProcess;"
            "c = WorkerProcess(); c.keep_alive(); print(c.process.pid, flush=True);"
            "os.kill(os.getpid(), 9)"
        )
        killed = processes.run("-c", program)

        ended = psutil.pid_exists(int(killed.stdout)) and psutil.wait_procs([psutil.Process(int(killed.stdout))], 20)

        assert not ended or ended[1] == []
