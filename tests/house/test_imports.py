"""Imports point one way: the contracts in pyproject.toml hold, and no modules import each other."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

from django.conf import settings


def modules():
    for package in ("conflict", "editorial"):
        for path in sorted((settings.BASE_DIR / package).rglob("*.py")):
            if "migrations" not in path.parts:
                parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
                yield ".".join(part for part in parts if part != "__init__"), path


def imported(path):
    """Names that the module imports anywhere, in its functions and for type checking too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, "") for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((str(node.module), name.name) for name in node.names)


def test_the_import_contracts_are_kept():
    lint = Path(sys.executable).with_name("lint-imports")

    done = subprocess.run([lint, "--no-cache"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_no_modules_import_each_other_even_within_functions():
    known = dict(modules())
    imports = {
        module: {f"{name}.{part}" if f"{name}.{part}" in known else name for name, part in imported(path)}
        & known.keys()
        for module, path in known.items()
    }

    assert imports["editorial.site"] >= {"editorial.admin.site_pages"}
    TopologicalSorter(imports).prepare()  # raises CycleError with the circle
