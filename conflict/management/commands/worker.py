"""`manage.py worker`: run what is due at a time, such as scheduled publications, until a signal ends it."""

from typing import Any

from django.core.management.base import BaseCommand

from conflict.ops import worker_process


class Command(BaseCommand):
    help = "Runs what is due at a time: every minute, the publications scheduled for it. One worker is enough; two do no harm."

    def handle(self, *args: Any, **options: Any) -> None:
        worker_process.work()
