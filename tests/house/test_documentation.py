"""README.md and docs/ mention every setting, command and make target, and none that does not exist."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand

from conflict.vocabulary import EntryKind, PartyRole
from tests import docs

SETTINGS = (settings.BASE_DIR / "conflict" / "settings.py").read_text()
MAKEFILE = (settings.BASE_DIR / "Makefile").read_text()
TARGETS = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
PARTS = {"help", "port", "for-run", "for-tests", "for-bench"}  # targets that others need
ROOTS = ("conflict", "editorial", "tests", "templates", "fixtures", "docs", "requirements", "deploy", ".ci")
LARGEST_README = 8_000
LARGEST_PICTURE = 150_000


def our_commands() -> dict[str, BaseCommand]:
    apps = {name: str(app) for name, app in get_commands().items()}
    return {
        name: load_command_class(app, name)
        for name, app in apps.items()
        if app.split(".")[0] in {"conflict", "editorial"}
    }


def is_an_earlier_name(command: BaseCommand) -> bool:
    return command.help.startswith("Earlier name of")


class TestTheSettings:
    def test_are_in_the_tables_and_the_tables_name_no_others(self):
        read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', SETTINGS))
        documented = re.findall(r"^\| `([A-Z_]+)` ", docs.page("settings"), re.MULTILINE)

        assert read
        assert sorted(documented) == sorted(read)


class TestTheCommands:
    def test_are_all_explained(self):
        commands = {name for name, command in our_commands().items() if not is_an_earlier_name(command)}

        missing = {name for name in commands if not re.search(rf"(`|manage\.py ){name}\b", docs.everything())}

        assert commands
        assert missing == set()

    def test_that_had_other_names_are_in_the_changelog(self):
        changelog = (settings.BASE_DIR / "CHANGELOG.md").read_text()
        earlier = {name for name, command in our_commands().items() if is_an_earlier_name(command)}

        assert {name for name in earlier if f"`{name}`" not in changelog} == set()

    def test_that_are_shown_exist_and_take_the_options_that_are_shown(self):
        commands, wrong = our_commands(), []
        shown = re.findall(r"manage\.py ([a-z_]+)([^\n`#]*)", docs.everything())

        for name, rest in shown:
            if name not in get_commands():
                wrong.append(f"manage.py {name}")
            elif name in commands:
                options = commands[name].create_parser("manage.py", name)._option_string_actions
                wrong += [f"{name} {option}" for option in re.findall(r"--[a-z-]+", rest) if option not in options]

        assert len(shown) > 20
        assert wrong == []

    def test_that_are_shown_of_make_exist(self):
        named = set(re.findall(r"\bmake ((?:[a-z]+-)*[a-z]+)(?= +#| +[A-Z]+=|`|$)", docs.everything(), re.MULTILINE))

        assert named
        assert named - TARGETS == set()

    def test_that_make_runs_without_settings_start(self):
        """Those that set up Django themselves; a benchmark that cannot be imported is noticed months later."""
        environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}

        for program in ("tests.benchmarks", "tests.drills.starts"):
            subprocess.run(
                [sys.executable, "-m", program, "--help"],
                cwd=settings.BASE_DIR, env=environment, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip

    def test_of_make_are_all_explained(self):
        text = docs.everything()

        assert {target for target in TARGETS - PARTS if f"make {target}" not in text} == set()


class TestTheGlossary:
    def test_defines_every_kind_of_entry_and_every_part_in_a_claim(self):
        defined = set(re.findall(r"^\| \*\*(.+)\*\* \|", docs.page("glossary"), re.MULTILINE))

        assert {*EntryKind.values, *PartyRole.values} - defined == set()

    def test_defines_each_word_once_and_in_order(self):
        for table in docs.page("glossary").split("\n## ")[1:]:
            words = re.findall(r"^\| \*\*(.+)\*\* \|", table, re.MULTILINE)

            assert words == sorted(set(words))


class TestThePages:
    def test_are_all_linked_from_the_readme(self):
        linked = set(docs.links(docs.README))

        assert {f"docs/{path.name}" for path in docs.FOLDER.glob("*.md")} - linked == set()

    @pytest.mark.parametrize("path", docs.PAGES, ids=lambda path: path.name)
    def test_link_only_to_what_is_there(self, path):
        broken = []
        for link in docs.links(path):
            if re.match(r"[a-z]+:", link):
                continue
            file, _, anchor = link.partition("#")
            target = (path.parent / file).resolve() if file else path
            if not target.exists() or (anchor and anchor not in docs.anchors(target)):
                broken.append(link)

        assert broken == []

    def test_name_only_files_that_are_there(self):
        named = re.findall(rf"`((?:{'|'.join(map(re.escape, ROOTS))})/[\w./-]*)`", docs.everything())
        named += re.findall(r"`([\w-]+\.(?:toml|py|md))`", docs.everything())

        places = (settings.BASE_DIR, settings.OWN_CHRONOLOGY)
        gone = {name for name in named if not any((place / name).exists() for place in places)}

        assert len(named) > 60
        assert gone == set()

    def test_all_have_one_title(self):
        titles = {path.name: len(re.findall(r"^# ", docs.prose(path.read_text()), re.MULTILINE)) for path in docs.PAGES}

        assert {name for name, count in titles.items() if count != 1} == set()

    def test_say_nothing_twice(self):
        """A paragraph that stands on two pages is kept right on one of them only."""
        where: dict[str, list[str]] = {}
        for path in docs.PAGES:
            for paragraph in re.split(r"\n\s*\n|\n(?=\||- |\d+\. )", docs.prose(path.read_text())):
                text = " ".join(paragraph.split())
                if len(text) > 100 and not re.match(r"[|: -]+$", text):
                    where.setdefault(text, []).append(path.name)

        assert len(where) > 200
        assert {text: names for text, names in where.items() if len(set(names)) > 1} == {}


class TestTheReadme:
    def test_is_short_enough_to_be_read(self):
        assert docs.README.stat().st_size <= LARGEST_README

    def test_shows_a_picture_that_loads_quickly(self):
        (picture,) = [link for link in docs.links(docs.README) if re.search(r"\.(png|webp)$", link)]

        assert (settings.BASE_DIR / picture).stat().st_size <= LARGEST_PICTURE
