"""`manage.py follow`: name of `replicate` before version 0.2, kept for one release."""

from typing import Any

from conflict.management.commands import replicate


class Command(replicate.Command):
    help = "Earlier name of `replicate`."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stderr.write(
            "`manage.py follow` is now called `manage.py replicate`; the old name goes with the next release."
        )
        super().handle(*args, **options)
