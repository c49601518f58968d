"""The recipes in docs/contributing.md are complete: applied to a copy of the tree, they work."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests import docs, processes

MOST_FILES = {"Recipe: add a measure": 8, "Recipe: add a field of an event that readers can filter by": 12}
PARTS = ("conflict", "editorial", "templates", "tests", "fixtures", "docs", "manage.py", "pyproject.toml", "README.md")
UNTOUCHED = ("__pycache__", ".*_cache", "benchmarks")
CHECKS = (
    "tests/house/recipe_checks.py",
    "tests/house/test_french.py",
    "tests/house/test_migrations.py",
    "tests/conflict/api/test_filters.py::TestAFilter::test_is_in_the_table_above",
    "tests/conflict/api/test_documentation.py",
)


class Tree:
    """A copy of the tree, in which recipes are followed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in PARTS:
            source = settings.BASE_DIR / name
            if source.is_dir():
                shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns(*UNTOUCHED))
            else:
                shutil.copy(source, folder / name)

    def files(self) -> dict[str, bytes]:
        paths = (path for path in self.folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in paths if "var" not in path.parts}

    def follow(self, recipe: str) -> set[str]:
        """Take every step of the recipe, in order; the files that it touched."""
        before = self.files()
        section = docs.page("contributing").partition(f"## {recipe}\n")[2].partition("\n## ")[0]
        blocks = re.findall(r"^( *)```(diff|sh)\n(.*?)^ *```$", section, re.DOTALL | re.MULTILINE)
        assert blocks
        for indent, kind, text in blocks:
            step = re.sub(rf"^{indent}", "", text, flags=re.MULTILINE)
            if kind == "sh":
                self.run("sh", "-ec", step.replace(".venv/bin/python", sys.executable))
            else:
                self.edit(step)
        after = self.files()
        return {path for path in after if before.get(path) != after[path]}

    def edit(self, step: str) -> None:
        """The first line names the file; `@@` stands between its changes."""
        name, _, changes = step.partition("\n")
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        for change in re.split(r"^@@\n", changes, flags=re.MULTILINE):
            lines = change.splitlines(keepends=True)
            old = "".join(line[1:] for line in lines if line[0] in " -")
            new = "".join(line[1:] for line in lines if line[0] in " +")
            assert text.count(f"\n{old}") == 1, f"{name} has these lines {text.count(old)} times:\n{old}"
            text = text.replace(f"\n{old}", f"\n{new}")
        path.write_text(text, encoding="utf-8")

    def run(self, *command: str, database: str = "") -> None:
        variables = {**os.environ, **processes.database_urls(database), "DEBUG": "1"}
        done = subprocess.run(
            command, cwd=self.folder, env=variables, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-3000:]}"


@pytest.mark.skipif(shutil.which("msgfmt") is None, reason="No msgfmt on this machine: apt-get install gettext.")
@pytest.mark.django_db
def test_the_recipes_are_complete_and_touch_few_files(tmp_path):
    tree = Tree(tmp_path)

    touched = {recipe: tree.follow(recipe) for recipe in MOST_FILES}
    tree.run(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *CHECKS, database="recipes")

    assert {recipe: sorted(paths) for recipe, paths in touched.items() if len(paths) > MOST_FILES[recipe]} == {}
