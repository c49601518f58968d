"""Load the chronology's fixtures onto an empty desk."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from conflict.models import ENTRIES
from editorial.exchange.chronology import documents_in
from editorial.exchange.documents import DocumentsRefused, Loader


class Command(BaseCommand):
    help = "Load a folder of fixtures (documents as JSON) onto the desk. Does nothing when the desk is not empty."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", type=Path, default=settings.BASE_DIR / "fixtures" / "mali-war")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        if any(model.objects.exists() for model in ENTRIES.values()):
            self.stdout.write("The desk already holds entries; nothing was loaded.")
            return
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}.")
        try:
            counts = Loader().load(documents_in(folder))
        except DocumentsRefused as refusal:
            raise CommandError(f"Nothing was loaded:\n{refusal}") from refusal
        self.stdout.write("Loaded " + ", ".join(f"{number} {kind}s" for kind, number in counts.items()) + ".")
