"""Saving at the desk: database refusals become messages, and no change is overwritten unseen."""

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conflict.models import Actor, Affiliation, Claim, Event, Finding, Location, Notice, Participation, Period, Source
from conflict.pages import errors as pages
from editorial.admin import deletion
from editorial.admin.event import EventAdmin
from editorial.models import User
from tests.desk import an_event, at_the_desk_of
from tests.editorial.admin.conftest import Form, filled_in

pytestmark = pytest.mark.django_db
moments_pass = pytest.mark.django_db(transaction=True)  # within one transaction the clock of PostgreSQL stands still


def address(page, row):
    return reverse(f"admin:conflict_{row._meta.model_name}_{page}", args=[row.pk])


def one_of_each(event):
    """A row of every model that has a page of its own."""
    army = Actor.objects.get()
    source = Source.objects.get()
    other = Actor.objects.create(key="mali", name="Mali", kind="state")
    return {
        "actor": army,
        "affiliation": Affiliation.objects.create(actor=army, kind="part_of", other=other),
        "location": Location.objects.get(),
        "source": source,
        "period": Period.objects.get(),
        "event": event,
        "participation": Participation.objects.get(),
        "claim": Claim.objects.get(),
        "finding": Finding.objects.create(
            event=event, key="f", aspect="occurrence", grade="fair", rule="single_claim", reason="Said."
        ),
        "notice": Notice.objects.create(key="n", kind="needs_update", whole_chronology=True, reason="Old."),
    }


class TestSaving:
    def test_every_kind_of_row_as_it_was_shown_changes_nothing(self, draft, desk):
        for row in one_of_each(draft).values():
            form = filled_in(desk.get(address("change", row)).content.decode())

            answer = desk.post(address("change", row), form)

            assert answer.status_code == 302, (row, answer.context["errors"])

    def test_locks_the_entry_before_it_writes_anything(self, draft, desk):
        claim = Claim.objects.get()
        form = filled_in(desk.get(address("change", claim)).content.decode(), statement="Forty-six dead.")

        with CaptureQueriesContext(connection) as asked:
            desk.post(address("change", claim), form)

        said = [query["sql"] for query in asked]
        locked = next(place for place, sql in enumerate(said) if "FOR UPDATE" in sql and "conflict_event" in sql)
        written = next(place for place, sql in enumerate(said) if 'UPDATE "conflict_claim"' in sql)
        assert locked < written

    def test_an_event_as_it_was_shown_changes_nothing(self, draft, desk):
        before = Event.objects.get(pk=draft.pk).modified_at
        form = filled_in(desk.get(address("change", draft)).content.decode())

        answer = desk.post(address("change", draft), form)

        assert answer.status_code == 302, answer.context["errors"]
        assert Event.objects.get(pk=draft.pk).modified_at == before

    def test_an_event_keeps_what_was_typed(self, draft, desk):
        form = filled_in(desk.get(address("change", draft)).content.decode(), title="Konna is taken")

        desk.post(address("change", draft), form)

        assert Event.objects.get(pk=draft.pk).title == "Konna is taken"

    def test_says_the_sentence_of_a_constraint(self, draft, desk):
        claim = Claim.objects.get()
        form = filled_in(desk.get(address("change", claim)).content.decode(), low="50")

        page = desk.post(address("change", claim), form).content.decode()

        assert "The lower figure is above the upper one." in page

    def test_says_the_sentence_of_an_impossible_date(self, draft, desk):
        form = filled_in(desk.get(address("change", draft)).content.decode(), when="2015-02-29")

        page = desk.post(address("change", draft), form).content.decode()

        assert "2015-02-29" in page
        assert Event.objects.get(pk=draft.pk).when == "2013-01-10"

    def test_says_the_sentence_of_a_trigger_and_keeps_the_input(self, published, desk):
        event = Event.objects.get()
        form = filled_in(desk.get(address("change", event)).content.decode(), key="another-key", title="Kept title")

        page = desk.post(address("change", event), form)

        assert page.status_code == 200
        assert "a published key is never changed" in page.content.decode()
        assert "Kept title" in page.content.decode()
        assert Event.objects.get().key == event.key

    def test_a_place_within_itself_is_refused_in_words(self, desk):
        mali = Location.objects.create(key="mali", name="Mali", kind="country")
        gao = Location.objects.create(key="gao", name="Gao", kind="region", parent=mali)
        form = filled_in(desk.get(address("change", mali)).content.decode(), parent=str(gao.pk))

        page = desk.post(address("change", mali), form)

        assert "would lie within itself" in page.content.decode()


@moments_pass
class TestSavingWhatSomebodyElseChangedMeanwhile:
    def test_is_refused_with_the_difference_and_keeps_the_input(self, draft, reviewer, desk):
        form = filled_in(desk.get(address("change", draft)).content.decode(), summary="My summary")
        with at_the_desk_of(reviewer):
            Event.objects.filter(pk=draft.pk).update(title="Theirs")

        page = desk.post(address("change", draft), form).content.decode()

        assert "Changed meanwhile by reviewer" in page
        assert "<ins>Theirs</ins>" in page
        assert "My summary" in page
        assert Event.objects.get(pk=draft.pk).title == "Theirs"

    def test_is_refused_too_where_only_a_child_changed(self, draft, reviewer, desk):
        form = filled_in(desk.get(address("change", draft)).content.decode(), summary="My summary")
        with at_the_desk_of(reviewer):
            Participation.objects.update(role="attacker")

        page = desk.post(address("change", draft), form).content.decode()

        assert "Changed meanwhile by reviewer" in page
        assert Event.objects.get(pk=draft.pk).summary == ""

    def test_is_refused_for_a_claim_whose_event_changed(self, draft, reviewer, desk):
        claim = Claim.objects.get()
        form = filled_in(desk.get(address("change", claim)).content.decode(), statement="Mine")
        with at_the_desk_of(reviewer):
            Claim.objects.update(low=45, high=45)

        page = desk.post(address("change", claim), form).content.decode()

        assert "Changed meanwhile by reviewer" in page
        assert Claim.objects.get().statement == "46 dead."

    def test_goes_through_once_the_difference_was_seen(self, draft, reviewer, desk):
        form = filled_in(desk.get(address("change", draft)).content.decode(), summary="My summary")
        with at_the_desk_of(reviewer):
            Event.objects.filter(pk=draft.pk).update(title="Theirs")
        shown = desk.post(address("change", draft), form).content.decode()

        desk.post(address("change", draft), filled_in(shown))

        assert Event.objects.get(pk=draft.pk).summary == "My summary"

    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_then_keeps_both_their_changes_and_mine(self, language, draft, reviewer, author, desk):
        User.objects.filter(pk=author.pk).update(language=language)
        form = filled_in(desk.get(address("change", draft)).content.decode(), summary="My summary")
        with at_the_desk_of(reviewer):
            Event.objects.filter(pk=draft.pk).update(title="Theirs", kind="attack", summary="Their summary")
            Claim.objects.update(low=45, high=45)
            Participation.objects.update(role="attacker")
        shown = desk.post(address("change", draft), form).content.decode()

        answer = desk.post(address("change", draft), filled_in(shown))

        assert answer.status_code == 302, answer.context["errors"]
        event = Event.objects.get(pk=draft.pk)
        assert (event.title, event.kind, event.summary) == ("Theirs", "attack", "My summary")
        assert (Claim.objects.get().low, Participation.objects.get().role) == (45, "attacker")

    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_does_not_bring_back_what_they_removed(self, language, draft, reviewer, author, desk):
        User.objects.filter(pk=author.pk).update(language=language)
        first = Participation.objects.get()
        second = Participation.objects.create(event=draft, actor=first.actor, role="victim")
        form = filled_in(desk.get(address("change", draft)).content.decode(), summary="My summary")
        with at_the_desk_of(reviewer):
            first.delete()
        shown = desk.post(address("change", draft), form).content.decode()

        answer = desk.post(address("change", draft), filled_in(shown))

        assert answer.status_code == 302, answer.context["errors"]
        assert Participation.objects.get() == second
        assert Event.objects.get(pk=draft.pk).summary == "My summary"

    def test_keeps_what_i_had_typed_into_what_they_removed(self, draft, reviewer, desk):
        opened = f"{address('change', draft)}?open=all"
        claim, army = Claim.objects.get(), Actor.objects.get()
        other = Claim.objects.create(event=draft, key="z", kind="denial", statement="Nobody died.")
        form = filled_in(
            desk.get(opened).content.decode(),
            **{"claims-0-statement": "46 soldiers died.", "claims-0-claimant": [str(army.pk)], "participations-0-note": "At the bridge."},
        )  # fmt: skip
        with at_the_desk_of(reviewer):
            claim.delete()
            Participation.objects.all().delete()

        shown = filled_in(desk.post(opened, form).content.decode())
        answer = desk.post(opened, shown)

        assert answer.status_code == 302, answer.context["errors"]
        assert set(draft.claims.values_list("statement", "key")) == {("46 soldiers died.", claim.key), ("Nobody died.", other.key)}  # fmt: skip
        assert [party.actor for party in draft.claims.get(key=claim.key).claimants] == [army]
        assert Participation.objects.get().note == "At the bridge."

    @pytest.mark.parametrize("edition", ["", "event 1 2026-01-01T00:00:00+00:00:forged"], ids=["missing", "forged"])
    def test_cannot_be_had_without_saying_what_it_started_from(self, draft, desk, edition):
        form = filled_in(desk.get(address("change", draft)).content.decode(), title="Mine", edition=edition)

        page = desk.post(address("change", draft), form).content.decode()

        assert "open the entry again" in page
        assert Event.objects.get(pk=draft.pk).title == "Konna falls"


class TestAFormThatComesTwice:
    @pytest.fixture
    def form(self, desk):
        page = desk.get(reverse("admin:conflict_actor_add")).content.decode()
        return filled_in(page, name="Coordination of Movements", kind="armed_group", _draft="abc123def456")

    def test_is_saved_once_and_the_browser_is_told_which(self, form, desk):
        first, again = (desk.post(reverse("admin:conflict_actor_add"), form, follow=True) for _ in range(2))

        assert Actor.objects.filter(name="Coordination of Movements").count() == 1
        assert "not a second time" in again.content.decode()
        assert [page.redirect_chain for page in (first, again)] == [[(reverse("admin:conflict_actor_changelist"), 302)]] * 2  # fmt: skip
        assert desk.cookies["desk_taken"].value == "abc123def456"

    def test_is_taken_where_it_says_something_else(self, form, desk):
        for name in ("Coordination of Movements", "Permanent Framework"):
            desk.post(reverse("admin:conflict_actor_add"), form | {"name": name})

        assert Actor.objects.filter(name="Permanent Framework").exists()

    def test_is_taken_after_a_refusal(self, form, desk):
        desk.post(reverse("admin:conflict_actor_add"), form | {"kind": ""})
        was_told = "desk_taken" in desk.cookies
        desk.post(reverse("admin:conflict_actor_add"), form)

        assert not was_told
        assert Actor.objects.filter(name="Coordination of Movements").exists()


class TestAFormThatTheServerCouldNotTake:
    @pytest.mark.parametrize("fault", [OperationalError("server closed the connection"), RuntimeError("ours")])
    def test_is_kept_in_the_page_that_says_so_and_can_be_sent_again(self, draft, author, at_desk, monkeypatch, fault):
        def fail(*_):
            raise fault

        desk = at_desk(author)
        desk.raise_request_exception = False
        form = filled_in(desk.get(address("change", draft)).content.decode(), title="Konna <is> taken")
        with monkeypatch.context() as broken:
            broken.setattr(EventAdmin, "save_model", fail)
            answer = desk.post(address("change", draft), form)
        again = Form(answer.content.decode().partition("<main")[2]).values

        assert answer.status_code in (500, 503)
        assert again == {name: value for name, value in form.items() if value != []}
        assert desk.post(address("change", draft), again).status_code == 302
        assert Event.objects.get().title == "Konna <is> taken"

    def test_is_forgotten_with_a_password_in_it(self, rf):
        page = pages.unavailable(rf.post("/account/sign-in/", {"login": "author", "password": "secret"}))

        assert "<form method" not in page.content.decode()


class TestDeleting:
    def test_a_draft_is_possible(self, desk):
        place = Location.objects.create(key="bamba", name="Bamba", kind="town")

        form = filled_in(desk.get(address("delete", place)).content.decode())
        desk.post(address("delete", place), form)

        assert not Location.objects.filter(key="bamba").exists()

    def test_a_published_entry_is_refused_in_words(self, published, desk):
        event = Event.objects.get()

        shown = desk.get(address("delete", event)).content.decode()
        page = desk.post(address("delete", event), {"post": "yes"}).content.decode()

        assert all("withdraw it with a reason instead of deleting it" in each for each in (shown, page))
        assert 'name="post"' not in shown
        assert Event.objects.exists()

    def test_what_much_names_says_by_how_much_and_shows_the_first(self, draft, desk, monkeypatch):
        monkeypatch.setattr(deletion, "SHOWN", 2)
        for key in ("2013-01-11-konna", "2013-01-12-konna"):
            an_event(key)

        page = desk.get(address("delete", Actor.objects.get())).content.decode()

        assert "Participations that name it: 3" in page
        assert page.count("Participation: <a") == 2
        assert 'name="post"' not in page

    @moments_pass
    def test_what_was_changed_meanwhile_is_refused(self, reviewer, desk):
        place = Location.objects.create(key="bamba", name="Bamba", kind="town")
        form = filled_in(desk.get(address("delete", place)).content.decode())
        with at_the_desk_of(reviewer):
            Location.objects.update(name="Bamba, Gao")

        page = desk.post(address("delete", place), form, follow=True).content.decode()

        assert "Changed meanwhile by reviewer. Nothing was deleted" in page
        assert Location.objects.exists()

    def test_several_published_entries_is_refused_in_words(self, published, desk):
        event = Event.objects.get()
        chosen = {"action": "delete_selected", "_selected_action": [event.pk]}
        form = filled_in(desk.post(reverse("admin:conflict_event_changelist"), chosen).content.decode())

        page = desk.post(reverse("admin:conflict_event_changelist"), form | chosen, follow=True).content.decode()

        assert "has been published" in page
        assert Event.objects.exists()

    @moments_pass
    def test_several_of_which_one_was_changed_meanwhile_is_refused(self, reviewer, desk):
        places = [Location.objects.create(key=key, name=key, kind="town") for key in ("one", "two")]
        chosen = {"action": "delete_selected", "_selected_action": [place.pk for place in places]}
        form = filled_in(desk.post(reverse("admin:conflict_location_changelist"), chosen).content.decode())
        with at_the_desk_of(reviewer):
            Location.objects.filter(key="two").update(name="Two")

        page = desk.post(reverse("admin:conflict_location_changelist"), form | chosen, follow=True).content.decode()

        assert "choose again" in page
        assert Location.objects.count() == 2

    def test_several_drafts_is_possible(self, desk):
        places = [Location.objects.create(key=key, name=key, kind="town") for key in ("one", "two")]
        chosen = {"action": "delete_selected", "_selected_action": [place.pk for place in places]}
        form = filled_in(desk.post(reverse("admin:conflict_location_changelist"), chosen).content.decode())

        desk.post(reverse("admin:conflict_location_changelist"), form | chosen)

        assert not Location.objects.exists()


class TestHistory:
    def test_says_who_changed_what_from_what_to_what(self, draft, reviewer, desk):
        with at_the_desk_of(reviewer):
            Event.objects.filter(pk=draft.pk).update(title="Konna is taken")
            Claim.objects.update(low=45, high=45)

        page = desk.get(address("history", draft)).content.decode()

        assert "reviewer" in page
        assert "<del>Konna falls</del>" in page
        assert "<ins>Konna is taken</ins>" in page
        assert "<del>46</del>" in page

    def test_names_what_a_number_refers_to(self, draft, reviewer, desk):
        gao = Location.objects.create(key="gao", name="Gao", kind="town")
        with at_the_desk_of(reviewer):
            Event.objects.filter(pk=draft.pk).update(location=gao)

        page = desk.get(address("history", draft)).content.decode()

        assert "<del>Konna</del>" in page
        assert "<ins>Gao</ins>" in page

    def test_is_refused_to_an_account_without_a_role(self, draft, at_desk, django_user_model):
        nobody = django_user_model.objects.create_user("nobody", password="x", is_staff=True)

        answer = at_desk(nobody).get(address("history", draft))

        assert answer.status_code == 403
