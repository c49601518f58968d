"""Many rows edited at once, from their list."""

from datetime import date

import pytest

from conflict.models import Claim, Event, Notice, Period, Source
from tests.editorial.admin.conftest import filled_in

pytestmark = pytest.mark.django_db

EVENTS, TOGETHER = "/admin/conflict/event/", "/admin/conflict/event/together/"


@pytest.fixture
def chosen(draft):
    other = Event.objects.create(key="2013-01-14-diabaly", title="Diabaly falls", kind="attack", when="2013-01-14")
    undated = Event.objects.create(key="undated", title="Some day", kind="attack", when="")
    return [draft, other, undated]


@pytest.fixture
def preview(desk, chosen):
    """`preview(kind="attack")` chooses the events in the list, fills in the form and shows what would change."""

    def show(**given):
        first = desk.post(EVENTS, {"action": "edit_together", "_selected_action": [event.pk for event in chosen]})
        form = filled_in(first.content.decode()) | {"chosen": [event.pk for event in chosen]} | given
        return desk.post(TOGETHER, form)

    return show


def confirm(desk, page, chosen):
    form = filled_in(page.content.decode()) | {"chosen": [row.pk for row in chosen], "apply": "yes"}
    return desk.post(page.wsgi_request.path, form)


class TestEditingTogether:
    def test_changes_nothing_before_it_is_confirmed(self, preview, chosen):
        page = preview(kind="air_strike").content.decode()

        assert "<ins>air strike</ins>" in page
        assert "3 of 3 would change." in page
        assert not Event.objects.filter(kind="air_strike").exists()

    def test_files_under_the_period_that_holds_the_dates_and_offers_one_submission(self, desk, preview, chosen):
        period = Period.objects.create(key="january", title="January 2013", position=901, when="2013-01")
        Period.objects.exclude(pk=period.pk).update(when="2012")
        source = Source.objects.exclude(access="restricted").first()

        page = preview(period="by-date", add_source=str(source.pk), add_locator="p. 9")
        assert "no period holds its dates" in page.content.decode()
        answer = confirm(desk, page, chosen)

        assert {event.period for event in Event.objects.filter(when__startswith="2013-01")} == {period}
        assert Event.objects.get(key="undated").period is None
        assert [event.citations.filter(source=source, locator="p. 9").count() for event in chosen] == [1, 1, 1]
        page = answer.content.decode()
        assert "Submit for review" in page
        assert all(f'value="event:{event.key}"' in page for event in chosen)

    def test_changes_none_if_one_was_edited_meanwhile(self, desk, preview, chosen):
        page = preview(kind="air_strike")
        Event.objects.filter(pk=chosen[1].pk).update(title="Diabaly is taken", modified_at="2030-01-01T00:00:00Z")

        answer = confirm(desk, page, chosen)

        assert "changed meanwhile" in answer.content.decode()
        assert not Event.objects.filter(kind="air_strike").exists()

    def test_leaves_a_row_that_the_model_refuses_and_says_why(self, desk, draft):
        refused = draft.claims.get()
        ready = Claim.objects.create(event=draft, key="ready", kind="denial", statement="No.", rank_reason="Retracted.")
        page = desk.post("/admin/conflict/claim/together/", {"chosen": [refused.pk, ready.pk], "previewed": "yes", "rank": "deprecated"})  # fmt: skip
        answer = confirm(desk, page, [refused, ready])

        assert "Stays as it is: Say why the claim is deprecated." in page.content.decode()
        assert [Claim.objects.get(pk=claim.pk).rank for claim in (refused, ready)] == ["normal", "deprecated"]
        assert f'value="event:{draft.key}"' in answer.content.decode()  # a claim is submitted with its event

    @pytest.mark.parametrize(
        ("kind", "given", "then"),
        [
            ("source", {"language": "fr", "emptied": ["container"]}, {"language": "fr", "container": ""}),
            ("actor", {"country": "Mali"}, {"country": "Mali"}),
            ("location", {"kind": "village"}, {"kind": "village"}),
            ("period", {"heading_origin": "editor"}, {"heading_origin": "editor"}),
            ("notice", {"review_by": "2031-01-31"}, {"review_by": date(2031, 1, 31)}),
            ("finding", {"grade": "fair"}, {"grade": "fair"}),
        ],
    )
    def test_sets_and_empties_fields_of_other_kinds(self, kind, given, then, desk, draft):
        row = {
            "source": lambda: draft.citations.first().source,
            "actor": lambda: draft.participations.get().actor,
            "location": lambda: draft.location,
            "period": lambda: draft.period,
            "notice": lambda: Notice.objects.create(key="old", kind="needs_update", period=draft.period, reason="Old."),
            "finding": lambda: draft.findings.create(key="dead", aspect="figure", measure="killed", best=46, rule="single_claim", reason="One count."),
        }[kind]()  # fmt: skip
        page = desk.post(f"/admin/conflict/{kind}/together/", {"chosen": row.pk, "previewed": "yes", **given})
        confirm(desk, page, [row])

        row.refresh_from_db()
        assert {name: getattr(row, name) for name in then} == then

    def test_is_refused_by_a_get(self, desk):
        assert desk.get(TOGETHER).status_code == 405
