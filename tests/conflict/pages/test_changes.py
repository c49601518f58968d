from datetime import timedelta

import pytest

from conflict.vocabulary import ChangeKind
from tests import documents as doc

pytestmark = pytest.mark.usefixtures("record")


@pytest.fixture
def corrected():
    entry = next(entry for entry in doc_cast() if entry[1]["key"] == "later")
    changed = ("event", {**entry[1], "title": "Ceasefire agreed", "summary": "In Algiers."})
    doc.published([changed], at=doc.NOON + timedelta(days=1), kind=ChangeKind.CORRECTION, reason="The title was wrong.")


def doc_cast():
    from tests.conflict.pages.conftest import CAST

    return CAST


class TestChanges:
    def test_are_told_since_a_day_in_one_sentence(self, client, read):
        doc.published([doc.event("newer", "A newer event")], at=doc.NOON.replace(month=4))

        page = read("/changes/?since=2026-04-01")

        assert "Since 1 April 2026: 1 new entry." in page
        assert "A newer event" in page
        assert "Ceasefire signed" not in page
        read("/changes/?since=yesterday", 400)

    def test_tell_every_step_with_kind_and_reason(self, corrected, read):
        page = read("/changes/")

        assert "2 March 2026" in page
        assert "correction: <span>The title was wrong.</span>" in page
        assert page.index("2 March 2026") < page.index("1 March 2026")

    def test_are_filtered_by_kind(self, corrected, read):
        page = read("/changes/?kind=correction")

        assert "Ceasefire agreed" in page
        assert "Islamists capture Konna" not in page


class TestVersions:
    def test_stand_for_good(self, corrected, read):
        assert "Ceasefire signed" in read("/events/later/versions/1/")
        assert "This is not what stands today." in read("/events/later/versions/1/")
        assert "Ceasefire agreed" in read("/events/later/versions/2/")

    def test_say_what_changed(self, corrected, read):
        page = read("/events/later/versions/2/changes/")

        assert "Ceasefire <del>signed</del> <ins>agreed</ins>" in page
        assert "<ins>In Algiers.</ins>" in page

    def test_keep_the_clocks_apart(self, corrected, read):
        page = read("/events/later/")

        assert "first published 1 March 2026" in page
        assert "version 2, last changed 2 March 2026" in page


class TestCiting:
    def test_names_version_and_permanent_address(self, read):
        assert "/events/later/versions/1/" in read("/events/later/")

    @pytest.mark.parametrize(
        ("style", "mark"), [("bibtex", "@misc{later,"), ("ris", "TY  - DATA"), ("plain", "“Ceasefire signed”")]
    )
    def test_is_offered_as(self, style, mark, read):
        assert mark in read(f"/events/later/cite/{style}/")

    def test_knows_no_other_style(self, read):
        read("/events/later/cite/papyrus/", 404)
