"""Imported packages are declared, and declared ones locked, for every supported Python and platform."""

import ast
import re
import sys
import tomllib
from functools import cache
from importlib import metadata
from pathlib import Path

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from conflict.ops import sbom

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


def machine(python: str, system: str, processor: str) -> dict[str, str]:
    """The markers of one kind of machine, as PEP 508 names them."""
    return {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": "posix",
        "platform_machine": processor,
        "platform_python_implementation": "CPython",
        "platform_system": system.capitalize(),
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": system,
    }


def unlocked(lock: str, requirements: list[str], environment: dict[str, str]) -> set[str]:
    """Requirements, and those of what they bring, for which the lock has no pin, or several, or one that does not do."""
    pins: dict[str, list[str]] = {}
    for pin in sbom.locked((settings.BASE_DIR / "requirements" / lock).read_text()):
        if pin.holds(environment):
            pins.setdefault(canonicalize_name(pin.name), []).append(pin.version)
    missing, seen = set(), set()
    todo = [(Requirement(one), "") for one in requirements]
    while todo:
        requirement, extra = todo.pop()
        name = canonicalize_name(requirement.name)
        if requirement.marker and not requirement.marker.evaluate({**environment, "extra": extra}):
            continue
        versions = pins.get(name, [])
        if len(versions) != 1 or not requirement.specifier.contains(versions[0], prereleases=True):
            missing.add(str(requirement))
        for part in ("", *requirement.extras):
            if (name, part) not in seen:
                seen.add((name, part))
                todo += [(Requirement(one), part) for one in requires(name)]
    return missing


def requires(name: str) -> list[str]:
    try:
        return metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return []  # for another kind of machine


class TestTheLock:
    @pytest.mark.parametrize("processor", ["x86_64", "aarch64", "arm64"])
    @pytest.mark.parametrize("system", ["linux", "darwin"])
    @pytest.mark.parametrize("python", ["3.11.0", "3.11.2", "3.11.14", "3.12.0", "3.13.0", "3.14.0"])
    @pytest.mark.parametrize(("lock", "requirements"), [("run.txt", RUN), ("test.txt", TEST)])
    def test_has_all_that_is_needed_on_every_python_and_machine(self, lock, requirements, python, system, processor):
        assert unlocked(lock, requirements, machine(python, system, processor)) == set()

    def test_without_what_one_python_needs_is_found_out(self, monkeypatch):
        monkeypatch.setitem(
            globals(),
            "requires",
            lambda name: ["async-timeout>=9; python_full_version < '3.11.3'"] if name == "redis" else [],
        )

        assert unlocked("run.txt", ["redis"], machine("3.11.2", "linux", "x86_64")) == {
            'async-timeout>=9; python_full_version < "3.11.3"'
        }
        assert unlocked("run.txt", ["redis"], machine("3.11.3", "linux", "x86_64")) == set()
