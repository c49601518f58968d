"""Proposals generated from the API description: received, or refused in the standard form; never a server error."""

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from schemathesis import GenerationMode

from editorial.models import Proposal
from editorial.models.partner import ProposalKind
from editorial.partners.serializers import OF
from tests.editorial.partners.conftest import an_affiliation

pytestmark = pytest.mark.django_db
SHAPE = {"code", "message", "field", "docs"}
EXAMPLES = 20
TARGETS = {
    "event": {"kind": "event", "key": "2013-01-10-konna"},
    "actor": an_affiliation()["entry"],
}
few = budget(max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))  # fmt: skip


@pytest.fixture
def description(db, client):
    return schemathesis.openapi.from_dict(client.get("/api/v1/schema/").json())


@pytest.fixture
def answered(konna, propose, settings):
    """Send a body; the answer, if it is as described."""
    settings.API_PROPOSALS_PER_HOUR = 100_000
    sent = 0

    def send(body: Any) -> int:
        nonlocal sent
        sent += 1
        answer = propose(json.dumps(body), str(sent))
        assert answer.status_code in {201, 400, 413}, (body, answer.content)
        if answer.status_code != 201:
            assert answer.json().keys() >= SHAPE
        return int(answer.status_code)

    return send


def alone(description: Any, kind: str) -> Any:
    """The operation, as if a body were this part and nothing else."""
    said = json.loads(json.dumps(description.raw_schema))
    proposal = said["components"]["schemas"]["ProposalSaid"]
    proposal["properties"], proposal["required"] = {kind: proposal["properties"][kind]}, [kind]
    proposal["additionalProperties"] = False
    return schemathesis.openapi.from_dict(said)["/api/v1/proposals/"]["POST"]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_any_body_is_received_or_refused(description, answered, mode):
    operation = description["/api/v1/proposals/"]["POST"]
    answers = []

    @few
    @given(operation.as_strategy(generation_mode=mode))
    def send(case: Any) -> None:
        if isinstance(case.body, dict | list | str | int | float | bool | None):
            answers.append(answered(case.body))

    send()
    assert 400 in answers


@pytest.mark.parametrize("kind", ProposalKind.values)
def test_any_part_of_a_public_entry_is_received_or_refused(description, answered, kind):
    """The part as described, of an entry that is there: so that the rules of the desk are reached."""
    target = TARGETS[OF.get(ProposalKind(kind), "event")]
    answers = []

    @few
    @given(alone(description, kind).as_strategy())
    def send(case: Any) -> None:
        said = case.body[kind]
        answers.append(answered({"kind": kind, "entry": target, "reason": "Why.", kind: said}))

    send()
    assert answers
    assert answers.count(201) == Proposal.objects.count()


@pytest.mark.parametrize("field", ["Idempotency-Key", "If-Match", "Authorization", "Content-Type", "Accept"])
@pytest.mark.parametrize("value", ["", " ", "*", "\xe9", "x" * 9000, '"0"', '"99999999999999999999"', "W/\"1\"", ",", "application/json;q=x", "\"'<>"])  # fmt: skip
def test_any_header_is_taken_or_refused(konna, propose, field, value):
    content_type = value if field == "Content-Type" else "application/json"
    headers = {} if field == "Content-Type" else {field: value}

    answer = propose(json.dumps({"kind": "claim"}), content_type=content_type, **headers)

    assert 400 <= answer.status_code < 500
    assert answer.json().keys() >= SHAPE
