"""Worker pool: results, and the remaining processes after the parent is killed."""

import subprocess
import sys

import psutil
import pytest
from django.conf import settings
from django.db import connection

from conflict.record.consistency import worker_pool
from tests.processes import environment

PIDS = """
import psutil, time
from conflict.record.consistency import worker_pool
import django; django.setup()
from django.db import connection
with worker_pool.mapping(2, connection.settings_dict) as mapped:
    list(mapped(abs, range(4)))
    print(*[child.pid for child in psutil.Process().children() if "spawn_main" in str(child.cmdline())], flush=True)
    time.sleep(60)
"""


class TestMapping:
    def test_is_done_by_this_process_where_one_is_asked_for(self):
        with worker_pool.mapping(1, {}) as mapped:
            assert list(mapped(str, [1, 2])) == ["1", "2"]

    @pytest.mark.django_db
    def test_keeps_the_order_of_what_was_given(self):
        with worker_pool.mapping(2, connection.settings_dict) as mapped:
            assert list(mapped(abs, range(-50, 0))) == list(range(50, 0, -1))
            assert list(mapped(abs, [])) == []

    @pytest.mark.django_db
    def test_passes_on_what_went_wrong(self):
        with worker_pool.mapping(2, connection.settings_dict) as mapped, pytest.raises(TypeError):
            list(mapped(abs, ["not a number"]))

    @pytest.mark.django_db
    def test_leaves_nobody_behind_where_it_is_killed(self):
        program = subprocess.Popen(
            [sys.executable, "-c", PIDS], cwd=settings.BASE_DIR, env=environment(), stdout=subprocess.PIPE, text=True
        )
        with program:
            assert program.stdout
            children = [psutil.Process(int(pid)) for pid in program.stdout.readline().split()]
            program.kill()

        assert len(children) == 1  # beside the program itself
        assert psutil.wait_procs(children, timeout=20)[1] == []
