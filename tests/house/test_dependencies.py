"""What is imported is declared: nothing works only because another package happens to need it as well."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

from django.conf import settings

PROJECT = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
RUN = PROJECT["dependencies"]
OPTIONAL = PROJECT["optional-dependencies"]
TEST = [*RUN, *OPTIONAL["test"]]
MAYBE = [one for extra, requirements in OPTIONAL.items() if extra != "test" for one in requirements]
OTHERS = ("tests/benchmarks/peers/",)  # a program of others, in an environment of its own
OURS = {"conflict", "editorial", "tests"}
REQUIREMENT = re.compile(r"([A-Za-z0-9._-]+)(?:\[([a-z0-9_,\- ]+)\])?")


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def declared(requirements: list[str]) -> set[str]:
    """The distributions that are named, and those that a named extra of one of them stands for."""
    found = set()
    for requirement in requirements:
        name, extras = REQUIREMENT.match(requirement).groups()  # type: ignore[union-attr]
        found.add(plain(name))
        for extra in (extras or "").split(",") if extras else ():
            needed = metadata.requires(name) or []
            found |= {
                plain(REQUIREMENT.match(one)[1]) for one in needed if re.search(rf"extra == .{extra.strip()}.", one)
            }  # type: ignore[index]
    return found


@cache
def distributions() -> dict[str, list[str]]:
    return dict(metadata.packages_distributions())


def imported(path: Path) -> set[str]:
    """Top-level names of the modules that are not Python's own, and not ours."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(str(node.module))
    return {name.split(".")[0] for name in names} - sys.stdlib_module_names - OURS


def undeclared(folders: list[str], requirements: list[str]) -> dict[str, set[str]]:
    may = declared(requirements)
    found = {}
    for path in (path for folder in folders for path in sorted((settings.BASE_DIR / folder).rglob("*.py"))):
        if str(path.relative_to(settings.BASE_DIR)).startswith(OTHERS):
            continue
        if bad := {name for name in imported(path) if not may & {plain(of) for of in distributions().get(name, [])}}:
            found[str(path.relative_to(settings.BASE_DIR))] = bad
    return found


def test_what_the_software_imports_is_among_its_dependencies():
    assert declared(RUN) >= {"django", "psycopg-pool"}
    assert undeclared(["conflict", "editorial"], [*RUN, *MAYBE]) == {}


def test_what_the_tests_import_is_among_theirs():
    assert undeclared(["tests"], TEST) == {}
