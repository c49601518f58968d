"""`manage.py worker`: run scheduled tasks, such as publications, until stopped by a signal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from conflict.ops import worker_process


class Command(BaseCommand):
    help = "Runs what is due at a time: every minute, the publications scheduled for it. One worker is enough; two do no harm."

    requires_system_checks: list[str] = []  # they would load every page of the site

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--beside", type=int, metavar="PID", help="end when the process that started it is gone")

    def handle(self, *args: Any, beside: int | None, **options: Any) -> None:
        worker_process.work(beside)
