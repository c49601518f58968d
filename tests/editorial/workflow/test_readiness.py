"""What keeps an entry from being published is told alike wherever it is told."""

import pytest

from conflict.models import Source
from editorial.workflow.readiness import shortcomings
from tests import documents as doc

pytestmark = pytest.mark.django_db
CITED = [doc.citation("article")]


def missing(**fields):
    shape = {"period": "war", "citations": CITED, **fields}
    return shortcomings({("event", "raid"): doc.event("raid", **shape)[1]}).get(("event", "raid"), [])


class TestAFinding:
    @pytest.fixture(autouse=True)
    def on_the_desk(self):
        Source.objects.create(key="article", kind="reference", title="Mali War", resolved=True)
        Source.objects.create(key="report", kind="report", title="On Mali", resolved=True)

    @pytest.mark.parametrize(
        ("grade", "sources", "is_refused"),
        [
            ("confirmed", ["article"], True),
            ("confirmed", ["article", "report"], False),
            ("confirmed", ["report"], False),
            ("fair", ["article"], False),
            ("contested", ["article"], False),
        ],
    )
    def test_is_graded_fair_at_most_on_an_encyclopaedia_alone(self, grade, sources, is_refused):
        claimed = doc.claim("c", low=7, high=7, claimant=[doc.described("a witness")])
        claimed["citations"] = [doc.citation(key) for key in sources]
        finding = doc.finding("f", grade=grade, claims=[doc.ref("claim", "c")])

        refused = missing(claims=[claimed], findings=[finding])

        assert [("rests on an encyclopaedia alone" in sentence) for sentence in refused] == [True] * is_refused

    def test_by_its_own_citations_too(self):
        finding = doc.finding("f", grade="confirmed", citations=CITED)

        assert len(missing(findings=[finding])) == 1
        assert missing(findings=[{**finding, "citations": [doc.citation("report")]}]) == []
