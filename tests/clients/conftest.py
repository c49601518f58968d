"""Third-party programs, in an environment of their own, against a live site.

`make test` makes `.venv-clients` from requirements/clients.txt and names it in CLIENTS: then everything here runs. Where
pytest is started by hand and the environment was never made, everything here is skipped.
"""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache

from tests.conflict.api.conftest import konna  # noqa: F401  # the worlds that the API's own tests ask about
from tests.conflict.api.test_compatibility import war  # noqa: F401

NAMED = os.environ.get("CLIENTS")
PROGRAMS = settings.BASE_DIR / (NAMED or ".venv-clients/bin")
HOW = "Make them with: make .venv-clients/stamp"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def programs() -> Path:
    """The folder of the programs."""
    if (PROGRAMS / "python").exists():
        return PROGRAMS
    if NAMED:
        pytest.fail(f"{PROGRAMS} has no programs to try the API with. {HOW}")
    pytest.skip(f"The programs of others are not installed. {HOW}")


@pytest.fixture
def run(programs: Path, tmp_path: Path) -> Run:
    """`run("ftm", "validate", …)`, `run("python", "-c", …)`: one of the programs, in a folder of its own."""

    def ran(name: str, *arguments: str | Path, folder: Path = tmp_path, **variables: str) -> object:
        return subprocess.run(
            [programs / name, *arguments],
            cwd=folder,
            env={"PATH": f"{programs}:{os.defpath}", "HOME": str(tmp_path), "PYTHONWARNINGS": "ignore", **variables},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return ran  # type: ignore[return-value]


@pytest.fixture
def site(live_server: object) -> str:
    """Where the API can be asked over a network."""
    cache.clear()
    return f"{live_server.url}/api/v1"  # type: ignore[attr-defined]
