"""Load a chronology onto an empty desk: the fixtures beside its file, or what another site has published."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conflict.models import ENTRIES
from editorial.import_export.chronology import documents_in, documents_of_log
from editorial.import_export.documents import DocumentsRefused, Loader


class Command(BaseCommand):
    help = "Load a folder of fixtures (documents as JSON), or a log as JSON Lines, onto the desk. Does nothing when the desk is not empty."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", nargs="?", type=Path, default=settings.CHRONOLOGY.folder)

    def handle(self, *args: Any, source: Path, **options: Any) -> None:
        if any(model.objects.exists() for model in ENTRIES.values()):
            self.stdout.write("The desk already holds entries; nothing was loaded.")
            return
        if not source.exists():
            raise CommandError(f"There is no folder or file {source}.")
        try:
            counts = Loader().load(documents_in(source) if source.is_dir() else documents_of_log(source))
        except DocumentsRefused as refusal:
            raise CommandError(f"Nothing was loaded:\n{refusal}") from refusal
        if not any(counts.values()):
            self.stdout.write(f"{source} has no fixtures: the chronology begins empty.")
            return
        self.stdout.write("Loaded " + ", ".join(f"{number} {kind}s" for kind, number in counts.items()) + ".")
