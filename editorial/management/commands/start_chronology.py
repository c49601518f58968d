"""Start a chronology of another conflict: a folder with its commented chronology.toml."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.template.loader import render_to_string

from conflict.chronology import FILE, Camp, Colour
from conflict.models.keys import key_of


class Command(BaseCommand):
    help = "Write a commented chronology.toml into a new or empty folder: the beginning of a chronology of your own."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--title", default="", help="name of the conflict, as readers know it")

    def handle(self, *args: Any, folder: Path, title: str, **options: Any) -> None:
        folder = folder.expanduser().resolve()
        if folder == settings.BASE_DIR:
            raise CommandError("Name a folder beside that of the software: make start FOLDER=../our-war")
        if (folder / FILE).exists():
            raise CommandError(f"{folder / FILE} exists already, and was left as it is.")
        key = key_of(folder.name)
        if not key:
            raise CommandError(f"The name of {folder} has no letter a to z and no digit. Choose another one.")
        values = {
            "key": key,
            "title": (title or key.replace("-", " ").capitalize()).replace("\\", "").replace('"', "’"),
            "camps": ", ".join(Camp.values),
            "colours": ", ".join(Colour.values),
        }
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_text(render_to_string("start/chronology.toml", values), encoding="utf-8")
        self.stdout.write(f"Wrote {folder / FILE}. Edit it, then run: make run CHRONOLOGY={folder}")
