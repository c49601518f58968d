"""`manage.py launch`: name of `run_demo` before version 0.2, kept for one release."""

from typing import Any

from conflict.management.commands import run_demo


class Command(run_demo.Command):
    help = "Earlier name of `run_demo`."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stderr.write(
            "`manage.py launch` is now called `manage.py run_demo`; the old name goes with the next release."
        )
        super().handle(*args, **options)
