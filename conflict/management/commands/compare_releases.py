"""`manage.py compare_releases OLDER NEWER`: changes in the newer release, one line per entry."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from conflict.api import releases
from conflict.public.exceptions import Refusal

SIGNS = {"added": "+", "changed": "~", "withdrawn": "-"}


class Command(BaseCommand):
    help = "Say which entries a release has, changed or lost against an earlier one, and in which fields."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("older", help="Name of a release.")
        parser.add_argument(
            "newer", nargs="?", default="latest", help="Name of a later one; the latest when not given."
        )
        parser.add_argument("--json", action="store_true", help="One JSON object a line, with old and new values.")

    def handle(self, *args: Any, older: str, newer: str, **options: Any) -> None:
        try:
            packages = releases.package_named(older), releases.package_named(newer)
            for package in packages:
                releases.refuse_of_another_log(package)
        except Refusal as refused:
            raise CommandError(refused.message) from refused
        start, end = (package["head"]["number"] for package in packages)
        rows = releases.since_then(start, end).order_by("entry_kind", "key").iterator(chunk_size=500)
        for (text,) in releases.net_changes(rows, ()):
            self.stdout.write(text.decode() if options["json"] else line(json.loads(text)))


def line(change: dict[str, Any]) -> str:
    fields = ", ".join(difference["field"] for difference in change["changes"])
    reason = fields or change["reason"]
    return f"{SIGNS[change['change']]} {change['entry_kind']} {change['key']}: {reason}"
