"""Search across everything on the desk."""

import pytest
from django.urls import reverse
from django.utils import timezone

from conflict.models import Period, Source
from editorial.workflow import remarks

pytestmark = pytest.mark.django_db

FIND, EVENTS = "/admin/find/", "/admin/conflict/event/"


class TestFinding:
    def test_lists_matches_of_every_kind(self, desk, draft):
        page = desk.get(FIND, {"q": "Konna"}).content.decode()

        assert f'<a href="{reverse("admin:conflict_event_change", args=[draft.pk])}">' in page
        assert f'<a href="{reverse("admin:conflict_location_change", args=[draft.location.pk])}">' in page

    def test_lists_a_submission_once_however_many_of_its_entries_match(self, desk, submission):
        page = desk.get(FIND, {"q": "konna"}).content.decode()

        assert page.count(reverse("admin:editorial_submission_change", args=[submission.pk])) == 1

    def test_shows_no_restricted_source_to_who_may_not_see_it(self, desk, db):
        Source.objects.create(key="secret-memo", title="Memo of Konna", kind="report", access="restricted")

        assert "secret-memo" not in desk.get(FIND, {"q": "memo"}).content.decode()

    def test_names_a_submission_once_by_what_was_said_about_it(self, submission, reviewer, at_desk):
        for text in ("Who counted at the bridge?", "Nobody counted at the bridge."):
            remarks.comment(submission=submission, by=reviewer, at=timezone.now(), text=text)

        page = at_desk(reviewer).get(FIND, {"q": "counted bridge"}).content.decode()

        assert page.count(reverse("admin:editorial_submission_change", args=[submission.pk])) == 1

    @pytest.mark.parametrize(
        "path", ["find/?q", "conflict/event/?participant", "conflict/event/?q", "editorial/submission/unread/?period"]
    )
    def test_takes_a_character_that_no_text_can_have(self, path, at_desk, reviewer):
        assert at_desk(reviewer).get(f"/admin/{path}=%00").status_code == 200

    def test_of_nothing_says_what_can_be_typed(self, desk):
        assert "Type words of a title" in desk.get(FIND, {"q": " \u200b "}).content.decode()

    def test_is_offered_on_every_page_of_the_desk(self, desk):
        assert 'id="find"' in desk.get(reverse("admin:index")).content.decode()

    def test_is_closed_to_the_public(self, client, db):
        assert client.get(FIND, {"q": "Konna"}).status_code == 302


class TestTheListOfEvents:
    @pytest.mark.parametrize(
        ("narrowed", "found"),
        [({"participant": "{actor}"}, True), ({"participant": "{actor}", "reading": "never"}, False), ({"source": "{source}"}, True), ({"changed": "me"}, True)],
    )  # fmt: skip
    def test_is_narrowed_by_what_is_typed(self, narrowed, found, desk, draft):
        names = {"actor": draft.participations.get().actor.name.upper(), "source": draft.citations.first().source.key}
        page = desk.get(EVENTS, {name: value.format(**names) for name, value in narrowed.items()})

        assert (draft in page.context["cl"].result_list) is found

    def test_says_that_nobody_has_the_name_typed(self, desk, draft):
        page = desk.get(EVENTS, {"claimant": "Nobody"}).content.decode()

        assert "No actor has the name or key “Nobody”." in page

    def test_of_a_period_has_the_events_of_those_within(self, desk, draft):
        above = Period.objects.create(key="whole-war", title="The whole war", position=900)
        Period.objects.filter(pk=draft.period.pk).update(parent=above)

        page = desk.get(EVENTS, {"period": above.pk})
        assert list(page.context["cl"].result_list) == [draft]
        assert f"– {draft.period.title}" in page.content.decode()

    def test_by_a_restricted_source_finds_nothing_for_who_may_not_see_it(self, desk, draft):
        source = draft.citations.first().source
        Source.objects.filter(pk=source.pk).update(access="restricted")

        assert list(desk.get(EVENTS, {"source": source.key}).context["cl"].result_list) == []


def test_claims_are_narrowed_by_who_says_them(desk, draft):
    claim = draft.claims.get()
    actor = draft.participations.get().actor
    claim.parties.create(role="claimant", actor=actor)

    page = desk.get("/admin/conflict/claim/", {"claimant": actor.key})
    assert list(page.context["cl"].result_list) == [claim]
    assert list(desk.get("/admin/conflict/claim/", {"relay": actor.key}).context["cl"].result_list) == []
