"""State of the workers, by the heartbeats that workers leave in the database, on the database's own clock."""

from typing import NamedTuple

from django.db import connections

from conflict.ops.worker_process import SILENT_AFTER

# The minute of the last periodic task stays when the worker itself has signed off.
STATE = """
    SELECT (SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers),
           (SELECT extract(epoch FROM now()) - max(defer_timestamp) FROM procrastinate_periodic_defers),
           (SELECT extract(epoch FROM now() - min(coalesce(job.scheduled_at, event.at)))
            FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id
            WHERE job.status = 'todo' AND event.type = 'deferred' AND coalesce(job.scheduled_at, now()) <= now())
"""


class WorkerState(NamedTuple):
    """Seconds since the last heartbeat, since the last sign of any worker, and for which the oldest job has waited."""

    heartbeat: float | None  # None if no worker is registered
    last_sign: float | None  # None if there never was one
    oldest_job: float

    @property
    def is_silent(self) -> bool:
        return self.heartbeat is None or self.heartbeat > SILENT_AFTER

    @property
    def warning(self) -> str:
        if self.last_sign is None:
            return "No worker has ever run here: nothing scheduled is published. Start `manage.py worker`."
        return (
            f"No worker has reported for {self.last_sign / 60:.0f} minutes: nothing scheduled is published. "
            "Start `manage.py worker`, or read why it is away in its log."
        )


def worker_state() -> WorkerState:
    with connections["default"].cursor() as cursor:
        cursor.execute(STATE)
        heartbeat, minute, oldest_job = (None if value is None else float(value) for value in cursor.fetchone())
    signs = [seconds for seconds in (heartbeat, minute) if seconds is not None]
    return WorkerState(heartbeat, min(signs, default=None), oldest_job or 0.0)
