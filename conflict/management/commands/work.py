"""`manage.py work`: name of `worker` before version 0.2, kept for one release."""

from typing import Any

from conflict.management.commands import worker


class Command(worker.Command):
    help = "Earlier name of `worker`."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stderr.write("`manage.py work` is now called `manage.py worker`; the old name goes with the next release.")
        super().handle(*args, **options)
