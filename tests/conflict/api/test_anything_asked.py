"""Requests generated from the API description, valid and invalid: responses match it, and never a server error.

`HYPOTHESIS_EXAMPLES=200 pytest …/test_anything_asked.py` sends more of them.
"""

import os
from typing import Any

import pytest
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from schemathesis import GenerationMode

from conflict.api import release_builder
from tests.documents import event, published, withdrawn

SHAPE = {"code", "message", "field", "docs"}
EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "3"))
few = budget(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))  # fmt: skip


@pytest.fixture
def site(konna, settings, tmp_path):
    """A record with a bit of everything, a tombstone and a release among it."""
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    settings.RELEASES_DIR = tmp_path / "releases"
    published([event("told-twice")])
    withdrawn("event", "told-twice")
    release_builder.build("2026.1", settings.RELEASES_DIR)
    return Client()


@pytest.fixture
def description(site):
    return schemathesis.openapi.from_dict(site.get("/api/v1/schema/").json())


def read(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def refuse_nothing_but_in_one_shape(case: Any, answer: Any, described: dict[str, Any]) -> None:
    where = f"{case.formatted_path}?{case.query}"
    assert answer.status_code < 500, where
    content = read(answer)
    if answer.status_code in (301, 304):
        return
    assert str(answer.status_code) in described, (where, answer.status_code, content[:300])
    types = described[str(answer.status_code)].get("content", {})
    assert answer.headers["Content-Type"].partition(";")[0] in types or "application/octet-stream" in types, where
    if answer.status_code >= 400:
        assert answer.json().keys() >= SHAPE, where


@pytest.mark.django_db
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_is_answered_or_refused_as_described(site, description, mode):
    operations = [found.ok() for found in description.get_all_operations() if found.ok().method.upper() == "GET"]
    reading = [operation for operation in operations if "proposals" not in operation.path]
    assert len(reading) > 40

    for operation in reading:
        ask(site, operation, mode, description.raw_schema["paths"][operation.path]["get"]["responses"])


def ask(site: Client, operation: Any, mode: GenerationMode, described: dict[str, Any]) -> None:
    @few
    @given(operation.as_strategy(generation_mode=mode))
    def ask_one(case: Any) -> None:
        asked = {name: value for name, value in (case.query or {}).items() if isinstance(name, str)}
        refuse_nothing_but_in_one_shape(case, site.get(case.formatted_path, asked), described)

    ask_one()
