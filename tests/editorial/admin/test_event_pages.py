"""Pages linked from an event's form: preview, rival accounts with suggestions, and possible duplicates."""

import pytest
from django.urls import reverse

from conflict.models import (
    ENTRIES,
    Actor,
    Citation,
    Claim,
    ClaimParty,
    ClaimRelation,
    Event,
    EventRelation,
    Finding,
    Location,
    Notice,
    Participation,
    Source,
)
from conflict.public.cache import fragments
from conflict.record.models import PublishedEvent
from editorial.analysis.similar_entries import similar_events
from tests.desk import an_event, at_the_desk_of
from tests.editorial.admin.conftest import filled_in

pytestmark = pytest.mark.django_db
TOLD = {
    "actor": "description",
    "location": "description",
    "source": "note",
    "period": "introduction",
    "event": "summary",
    "notice": "reason",
}
PUBLIC_PAGES = {f"pages/{name}.html" for name in ("actor", "place", "source", "period", "event", "notices")}


def page(event, name):
    return reverse(f"admin:conflict_event_{name}", args=[event.pk])


@pytest.fixture
def rivals(draft):
    """A second account of the same losses, which contradicts the first."""
    army = Actor.objects.get()
    first = Claim.objects.get()
    ClaimParty.objects.create(claim=first, role="subject", actor=army)
    second = Claim.objects.create(
        event=draft,
        key="konna-148",
        kind="figure",
        measure="killed",
        statement="148 dead.",
        low=148,
        high=148,
        qualifier="exact",
    )
    ClaimParty.objects.create(claim=second, role="claimant", actor=army)
    ClaimParty.objects.create(claim=second, role="subject", actor=army)
    ClaimRelation.objects.create(claim=second, kind="contradicts", other=first)
    Citation.objects.create(claim=second, source=Source.objects.create(key="cite-2", kind="news", title="Second"))
    return draft


class TestThePreview:
    def test_is_the_public_page_of_the_draft(self, rivals, desk):
        shown = desk.get(page(rivals, "preview")).content.decode()

        assert "Preview of a draft" in shown
        assert "<h1" in shown
        assert "Konna falls" in shown
        assert "148" in shown
        assert "Malian Army" in shown

    def test_leaves_nothing_that_readers_could_be_given(self, rivals, desk):
        event = Event.objects.get(pk=rivals.pk)
        event.summary = "ONLY-ON-THE-DESK"
        event.save()

        assert event.summary in desk.get(page(rivals, "preview")).content.decode()

        assert not [kept for kept in fragments.store.items.values() if event.summary in kept.text]

    def test_lists_sources_that_are_not_public_yet(self, rivals, desk):
        assert "Second" in desk.get(page(rivals, "preview")).content.decode()

    def test_draws_the_map_of_a_place_that_is_a_draft(self, draft, desk):
        Location.objects.filter(key="konna").update(
            latitude="14.94", longitude="-3.89", coordinate_origin="GeoNames", coordinate_precision="settlement"
        )

        shown = desk.get(page(draft, "preview"))

        assert shown.context["locator"] is not None

    @pytest.mark.parametrize("kind", sorted(ENTRIES))
    def test_of_every_kind_is_its_public_page_from_the_same_function(self, published, draft, author, desk, kind):
        if kind == "notice":
            Notice.objects.create(key="n", kind="disputed", reason="Konna falls, or so it is said.", event=draft)
        entry = ENTRIES[kind].objects.first()
        with at_the_desk_of(author):
            ENTRIES[kind].objects.filter(pk=entry.pk).update(**{TOLD[kind]: "Said by the draft"})

        shown = desk.get(reverse(f"admin:conflict_{kind}_preview", args=[entry.pk]))

        assert "Preview of a draft" in shown.content.decode()
        assert "Said by the draft" in shown.content.decode()
        assert "Nothing has been published here yet" not in shown.content.decode()
        assert shown.context["page_template"] in PUBLIC_PAGES

    def test_follows_the_paging_of_the_public_page_and_refuses_what_that_refuses(self, published, desk):
        address = reverse("admin:conflict_actor_preview", args=[Actor.objects.get().pk])

        assert desk.get(address, {"after": "not a place in the list"}).status_code == 404

    def test_of_what_is_kept_from_the_public_leads_back_with_a_sentence(self, at_desk, chief):
        hidden = Source.objects.create(key="cite-9", kind="news", title="Hidden", access="restricted")

        answer = at_desk(chief).get(reverse("admin:conflict_source_preview", args=[hidden.pk]), follow=True)

        assert "there is no page of it to preview" in answer.content.decode()

    def test_publishes_nothing(self, draft, desk):
        desk.get(page(draft, "preview"))

        assert not PublishedEvent.objects.exists()

    def test_shows_an_event_about_which_little_is_known(self, desk):
        bare = Event.objects.create(key="bare", title="Bare", kind="battle")

        assert desk.get(page(bare, "preview")).status_code == 200

    def test_is_refused_to_an_account_without_a_role(self, draft, at_desk, django_user_model):
        nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)

        answers = [
            at_desk(nobody).get(page(draft, name)).status_code
            for name in ("preview", "accounts", "compare", "journal", "dispute", "retract", "history")
        ]

        assert answers == [403] * 7

    def test_of_an_event_that_is_not_there_is_not_found(self, desk):
        assert desk.get(reverse("admin:conflict_event_preview", args=[987654])).status_code == 404


class TestRivalAccounts:
    def test_stand_side_by_side_with_a_suggestion(self, rivals, desk):
        shown = desk.get(page(rivals, "accounts")).content.decode()

        assert "a witness" in shown
        assert ">46</td>" in shown
        assert ">148</td>" in shown
        assert "2 accounts contradict each other." in shown

    def test_a_suggestion_fills_in_a_new_finding(self, rivals, desk):
        [suggested] = desk.get(page(rivals, "accounts")).context["suggested"]
        form = filled_in(desk.get(suggested.address).content.decode())

        answer = desk.post(suggested.address, form)

        assert answer.status_code == 302, answer.context["errors"]
        made = Finding.objects.get()
        assert (made.low, made.best, made.high, made.grade, made.rule) == (
            46,
            None,
            148,
            "contested",
            "range_of_claims",
        )
        assert sorted(made.claims.values_list("key", flat=True)) == ["2013-01-10-konna-46", "konna-148"]
        assert [party.actor.key for party in made.parties.all()] == ["malian-army"]

    def test_a_suggestion_is_gone_once_it_was_concluded(self, rivals, desk):
        [suggested] = desk.get(page(rivals, "accounts")).context["suggested"]
        desk.post(suggested.address, filled_in(desk.get(suggested.address).content.decode()))

        assert desk.get(page(rivals, "accounts")).context["suggested"] == []

    def test_are_read_but_not_concluded_by_an_administrator(self, rivals, administrator, at_desk):
        shown = at_desk(administrator).get(page(rivals, "accounts"))

        assert shown.status_code == 200
        assert shown.context["suggested"] == []

    def test_a_forged_suggestion_fills_in_nothing_that_is_not_there(self, draft, desk):
        shown = desk.get(
            reverse("admin:conflict_finding_add"), {"on": "no-such,\0", "about": "actor:nobody,location:,x"}
        )

        assert shown.status_code == 200


class TestPossibleDuplicates:
    def near(self, draft, **changes):
        other = an_event("2013-01-11-konna-again")
        for name, value in {"when": "2013-01-11", **changes}.items():
            setattr(other, name, value)
        other.save()
        return [event.key for event in similar_events(Event.objects.get(pk=draft.pk))]

    def test_are_events_of_the_next_day_at_the_same_place(self, draft):
        assert self.near(draft) == ["2013-01-11-konna-again"]

    @pytest.mark.parametrize(("in_common", "found"), [(1, []), (2, ["2013-01-11-konna-again"])])
    def test_are_events_elsewhere_with_several_actors_in_common(self, draft, in_common, found):
        gao = Location.objects.create(key="gao", name="Gao", kind="town")
        self.near(draft, location=gao)
        for number in range(1, in_common):
            actor = Actor.objects.create(key=f"group-{number}", name=f"Group {number}", kind="armed_group")
            for event in Event.objects.all():
                Participation.objects.create(event=event, actor=actor, role="attacker")

        assert [event.key for event in similar_events(Event.objects.get(pk=draft.pk))] == found

    @pytest.mark.parametrize(
        "when", ["2013-01-12", "", "2012/2014", "2013-01-11/.."], ids=["two days later", "undated", "years", "open"]
    )
    def test_are_no_events_with_a_date_that_says_too_little_or_something_else(self, draft, when):
        assert self.near(draft, when=when) == []

    def test_are_no_events_that_are_already_related(self, draft):
        other = an_event("2013-01-11-konna-again")
        EventRelation.objects.create(event=other, kind="possibly_same_as", other=draft)

        assert list(similar_events(Event.objects.get(pk=draft.pk))) == []

    def test_are_named_on_the_page_of_the_event(self, draft, desk):
        an_event("2013-01-10-konna-again")

        assert "May be told twice" in desk.get(reverse("admin:conflict_event_change", args=[draft.pk])).content.decode()

    def test_are_named_when_a_new_one_is_saved(self, draft, desk):
        form = filled_in(desk.get(reverse("admin:conflict_event_add")).content.decode())
        form |= {
            "title": "Konna",
            "key": "konna-2",
            "kind": "battle",
            "when": "2013-01-10",
            "location": str(draft.location_id),
        }

        shown = desk.post(reverse("admin:conflict_event_add"), form, follow=True).content.decode()

        assert "May be told twice: Konna falls" in shown


class TestTheMapBesideCoordinates:
    def test_marks_the_place_and_those_known_already(self, desk):
        known = {"kind": "town", "coordinate_origin": "GeoNames", "coordinate_precision": "settlement"}
        gao = Location.objects.create(key="gao", name="Gao", latitude="16.27", longitude="-0.04", **known)
        Location.objects.create(key="kidal", name="Kidal", latitude="18.44", longitude="1.41", **known)

        shown = desk.get(reverse("admin:conflict_location_change", args=[gao.pk])).context["map"]

        assert shown["here"].name == "Gao"
        assert [spot.name for spot in shown["spots"]] == ["Kidal"]

    def test_is_not_shown_to_those_who_may_only_read(self, administrator, at_desk):
        gao = Location.objects.create(key="gao", name="Gao", kind="town")

        assert "map" not in at_desk(administrator).get(reverse("admin:conflict_location_change", args=[gao.pk])).context
