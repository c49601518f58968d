"""Disputes in the API: the public sentence and the settlement, never the desk's discussion."""

from datetime import UTC, datetime

import pytest

from conflict.documents.body_schemas import OUTCOMES
from editorial.models.stages import DisputeStage
from tests.documents import event, notice, published, ref, withdrawn


@pytest.fixture
def disputed(db):
    published([event("attack"), event("raid")])
    on = {"kind": "disputed", "origin": "desk", "raised_on": "2026-03-01"}
    settled = {"resolved_on": "2026-03-09"}
    published(
        [
            notice("dispute-1-attack", "This is disputed.", target=ref("event", "attack"), **on),
            notice("dispute-2-raid", "A figure may be wrong.", target=ref("event", "raid"), resolution="Upheld: Recounted.", **on, **settled),
            notice("marked", "Marked in the text.", target=ref("event", "raid"), kind="disputed", resolution="Cleared up.", **settled),
            notice("old", "Out of date."),
        ]
    )  # fmt: skip


class TestDisputes:
    def test_are_the_notices_of_that_kind(self, keys, disputed):
        assert keys("disputes") == ["dispute-1-attack", "dispute-2-raid", "marked"]

    def test_say_what_readers_are_told_and_how_they_were_settled(self, ask, disputed):
        rows = {row["key"]: row for row in ask("disputes").json()["results"]}

        told = {key: (row["is_open"], row["outcome"], row["reason"]) for key, row in rows.items()}
        assert told == {
            "dispute-1-attack": (True, None, ""),
            "dispute-2-raid": (False, "upheld", "Recounted."),
            "marked": (False, None, "Cleared up."),
        }
        assert rows["dispute-1-attack"]["target"] == {"kind": "event", "key": "attack", "name": "attack"}
        assert (rows["dispute-1-attack"]["said"], rows["dispute-1-attack"]["opened_on"]) == (
            "This is disputed.",
            "2026-03-01",
        )

    def test_are_found_by_what_they_are_about_and_whether_they_are_open(self, keys, disputed):
        assert keys("disputes", target="raid", open="false") == ["dispute-2-raid", "marked"]
        assert keys("disputes", open="true") == ["dispute-1-attack"]

    def test_have_a_tombstone_when_withdrawn_and_are_nothing_else(self, ask, disputed):
        withdrawn("notice", "marked", datetime(2026, 3, 10, tzinfo=UTC))

        assert ask("disputes/marked").status_code == 410
        assert ask("disputes/old").status_code == 404

    def test_of_then_were_open(self, ask, disputed):
        answer = ask("disputes", as_of="2026-03-02").json()

        assert answer == ask("disputes", ordering="key").json() | {"next": None, "previous": None}

    def test_end_as_the_desk_can_end_them(self):
        assert set(OUTCOMES) == set(DisputeStage) - {DisputeStage.OPEN}
