"""Claims typed as cards on the form of their event, and what the form does for whoever types them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from conflict.models import Actor, Citation, Claim, Event, Location, Source
from tests.editorial.admin.conftest import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(draft):
    return reverse("admin:conflict_event_change", args=[draft.pk])


@pytest.fixture
def form(desk, address):
    """`form(**typed)` is what a browser posts of the event's form with all cards open and these inputs changed."""

    def fill(**typed):
        return filled_in(desk.get(address, {"open": "all"}).content.decode(), **typed)

    return fill


@pytest.fixture
def save(desk, address, form):
    """`save(**card)` adds one claim typed into a new card; the answer."""

    def add(**card):
        values = form()
        number = int(values["claims-TOTAL_FORMS"])
        values["claims-TOTAL_FORMS"] = str(number + 1)
        blank = {"rank": "normal", "kind": "", "key": "", "statement": "", "qualifier": "", "low": "", "high": ""}
        return desk.post(address, values | {f"claims-{number}-{name}": value for name, value in (blank | card).items()})

    return add


@pytest.fixture
def army(db):
    return Actor.objects.create(key="national-army", name="National Army", kind="armed_forces")


@pytest.fixture
def agency(db):
    return Actor.objects.create(key="agency", name="Agency", kind="media")


class TestAClaimOnTheEventsForm:
    def test_may_bear_on_one_that_is_as_new(self, desk, address, form, army, draft):
        values = form()
        first = int(values["claims-TOTAL_FORMS"])
        for at, card in enumerate(
            ({"low": "98"}, {"low": "81", "relation": "revises", "related_to": "new-0"}, {"low": "", "related_to": "new-3", "relation": "revises"}),
            first,
        ):  # fmt: skip
            card |= {
                "claimant": [str(army.pk)],
                "measure": "killed",
                "rank": "normal",
                "statement": f"They say so, {at}.",
            }
            values |= {f"claims-{at}-{name}": value for name, value in card.items()}

        empty = {f"claims-{first + 3}-rank": "normal", "claims-TOTAL_FORMS": str(first + 4)}

        page = desk.post(address, values | empty).content.decode()
        answer = desk.post(address, values | {"claims-TOTAL_FORMS": str(first + 2)})

        assert "That claim is empty" in page
        assert answer.status_code == 302, answer.context["errors"]
        relation = draft.claims.get(low=81).relations.get()
        assert (relation.kind, relation.other.low) == ("revises", 98)

    def test_is_whole_in_one_save(self, save, draft, army, agency):
        source = Source.objects.exclude(access="restricted").first()
        other = draft.claims.get()

        answer = save(
            claimant=[str(army.pk)], relay=[str(agency.pk)], subject=[str(army.pk)], made_on="11 January 2013",
            measure="killed", qualifier="exact", low="12", statement="The army says that it lost 12.",
            source=str(source.pk), locator="p. 4", relation="contradicts", related_to=str(other.pk),
        )  # fmt: skip

        assert answer.status_code == 302
        claim = draft.claims.exclude(pk=other.pk).get()
        assert (claim.low, claim.high, claim.kind, claim.made_on) == (12, 12, "figure", "2013-01-11")
        assert claim.key == f"{draft.key}-killed-national-army"
        assert [str(party) for party in (*claim.claimants, *claim.relays, *claim.subjects)] == [
            "National Army", "Agency", "National Army"
        ]  # fmt: skip
        assert [(each.source, each.locator) for each in claim.citations.all()] == [(source, "p. 4")]
        assert [(each.kind, each.other) for each in claim.relations.all()] == [("contradicts", other)]

    def test_keeps_who_says_it_and_who_carried_it_through_a_refusal(
        self, desk, address, form, save, draft, army, agency
    ):
        refused = save(claimant=[str(army.pk)], made_on="soon", statement="Seven died.").content.decode()
        desk.post(address, filled_in(refused) | {"claims-1-made_on": ""})
        refused = desk.post(address, form() | {"claims-0-relay": [str(agency.pk)], "when": "soon"}).content.decode()
        desk.post(address, filled_in(refused) | {"when": "2013-01-10"})

        assert [party.actor for party in draft.claims.get(statement="Seven died.").claimants] == [army]
        assert [party.actor for party in draft.claims.exclude(statement="Seven died.").get().relays] == [agency]

    def test_may_give_another_date_or_another_place(self, save, draft):
        place = Location.objects.create(key="elsewhere", name="Elsewhere", kind="town")

        save(when="9 June 2019", statement="It was on the ninth.", claimant_words="a resident")
        save(place=str(place.pk), statement="It was elsewhere.", claimant_words="another resident")

        on_date, at_place = (draft.claims.get(statement__startswith=words) for words in ("It was on", "It was else"))
        assert (on_date.kind, on_date.when) == ("date", "2019-06-09")
        assert (at_place.kind, [party.location for party in at_place.subjects]) == ("place", [place])

    def test_with_a_bare_number_counts_exactly_that_and_it_is_said(self, save, draft):
        answer = save(measure="killed", low="7", statement="Seven died.", claimant_words="a resident")

        claim = draft.claims.get(statement="Seven died.")
        assert (claim.qualifier, claim.low, claim.high) == ("exact", 7, 7)
        assert "7 was read as exactly that" in " ".join(str(each) for each in answer.wsgi_request._messages)

    def test_gets_a_key_of_its_own_where_another_has_it(self, save, draft):
        for _ in range(2):
            save(measure="killed", qualifier="exact", low="7", statement="Seven died.", claimant_words="a resident")

        keys = draft.claims.filter(statement="Seven died.").values_list("key", flat=True)
        assert sorted(keys) == [f"{draft.key}-killed-a-resident", f"{draft.key}-killed-a-resident-2"]

    def test_is_refused_with_a_page_and_no_source(self, save, draft):
        answer = save(measure="killed", qualifier="exact", low="7", statement="Seven died.", locator="p. 4")

        assert "Say in which source" in answer.content.decode()
        assert not draft.claims.filter(statement="Seven died.").exists()

    def test_keeps_parties_in_words_and_what_was_added_meanwhile(self, desk, draft, address, form, army, agency):
        claim = draft.claims.get()
        claim.parties.create(role="claimant", described_as="a resident")
        before = sorted(str(party) for party in claim.parties.all())
        values = form()
        values["claims-0-subject"] = [*values["claims-0-subject"], str(army.pk)]
        claim.parties.create(role="subject", actor=agency)

        assert desk.post(address, values).status_code == 302

        assert sorted(str(party) for party in claim.parties.all()) == sorted([*before, "Agency", "National Army"])

    def test_loses_the_party_that_the_editor_takes_out(self, desk, draft, address, form, army):
        claim = draft.claims.get()
        claim.parties.create(role="relay", actor=army)
        values = form(**{"claims-0-relay": []})

        assert desk.post(address, values).status_code == 302
        assert not claim.parties.filter(role="relay").exists()

    def test_shows_its_relations_and_takes_and_loses_them(self, desk, draft, address, form):
        one = draft.claims.get()
        other = Claim.objects.create(event=draft, key="other", kind="denial", statement="It was not so.")
        desk.post(address, form(**{"claims-0-relation": "contradicts", "claims-0-related_to": str(other.pk)}))
        related = [(relation.kind, relation.other) for relation in one.relations.all()]
        closed = desk.get(address).content.decode()
        desk.post(address, form(**{"claims-0-relations": []}))

        assert related == [("contradicts", other)]
        assert "Contradicts <a" in closed
        assert not one.relations.exists()

    def test_offers_no_restricted_source(self, save, draft, desk):
        secret = Source.objects.create(key="secret", title="Secret memo", access="restricted")

        answer = save(measure="killed", qualifier="exact", low="7", statement="Seven died.", source=str(secret.pk))

        assert answer.status_code == 200
        assert not Citation.objects.filter(source=secret).exists()


class TestAClosedCard:
    def test_says_what_is_claimed_and_has_no_inputs(self, desk, draft, address):
        page = desk.get(address).content.decode()

        assert "46 dead." in page
        assert f'value="{draft.claims.get().pk}" data-measure="killed"' in page  # the button for a rival of it
        assert 'name="claims-0-statement"' not in page
        assert 'name="claims-__prefix__-statement"' in page

    def test_is_left_as_it_is_by_saving(self, desk, draft, address):
        before = draft.claims.values().get()
        typed = filled_in(desk.get(address).content.decode(), title="Konna is taken")

        assert desk.post(address, typed).status_code == 302

        draft.refresh_from_db()
        assert draft.title == "Konna is taken"
        assert draft.claims.values().get() == before

    def test_can_be_deleted(self, desk, draft, address):
        typed = filled_in(desk.get(address).content.decode()) | {"claims-0-DELETE": "on"}

        assert desk.post(address, typed).status_code == 302
        assert not draft.claims.exists()

    def test_opens_once_the_page_is_saved_where_there_is_no_script(self, desk, draft, address):
        claim = draft.claims.get()
        typed = filled_in(desk.get(address).content.decode(), title="Konna is taken", _open=str(claim.pk))

        page = desk.post(address, typed, follow=True).content.decode()

        assert 'value="Konna is taken"' in page
        assert 'name="claims-0-statement"' in page

    def test_asks_the_database_nothing_of_its_own(self, desk, draft, address, django_assert_num_queries):
        desk.get(address)
        with CaptureQueriesContext(connection) as with_one:
            desk.get(address)
        Claim.objects.bulk_create(
            Claim(event=draft, key=f"more-{number}", kind="occurrence", statement="It was so.") for number in range(42)
        )

        with django_assert_num_queries(len(with_one)):
            desk.get(address)


class TestAFindingOnTheEventsForm:
    def test_gets_a_key_of_what_it_is_about_unlike_the_others(self, desk, draft, address, form):
        graded = {"grade": "fair", "rule": "editors_judgement", "reason": "Two say so.", "measure": "", "low": ""}
        cards = [{"aspect": "date"}, {"aspect": "date"}, {"aspect": "figure", "measure": "killed", "low": "46"}]
        typed = {f"findings-{at}-{name}": value for at, card in enumerate(cards) for name, value in (graded | card).items()}  # fmt: skip

        answer = desk.post(address, form() | typed | {"findings-TOTAL_FORMS": "3"})

        assert answer.status_code == 302, answer.context["errors"]
        assert sorted(draft.findings.values_list("key", flat=True)) == ["date", "date-2", "killed"]


class TestANewEvent:
    def test_begins_with_a_row_for_who_took_part_for_a_source_and_for_a_claim(self, desk, draft):
        page = desk.get(reverse("admin:conflict_event_add")).content.decode()

        for row in ("participations-0-actor", "citations-0-source", "claims-0-statement"):
            assert f'name="{row}"' in page

    def test_gets_a_key_of_date_and_title(self, desk, draft):
        address = reverse("admin:conflict_event_add")
        form = filled_in(
            desk.get(address).content.decode(), title="Léré is attacked", when="9 June 2019", kind="attack"
        )

        assert desk.post(address, form).status_code == 302
        assert Event.objects.get(title="Léré is attacked").key == "2019-06-09-lere-is-attacked"

    def test_named_in_letters_without_a_key_asks_for_one(self, desk, draft):
        address = reverse("admin:conflict_actor_add")
        form = filled_in(desk.get(address).content.decode(), name="حركة", kind="armed_group")

        assert "No key can be made of this name" in desk.post(address, form).content.decode()


class TestARefusedForm:
    def test_links_each_error_to_its_field(self, desk, address, form):
        page = desk.post(address, form(title="", when="soon")).content.decode()

        for anchor in ("id_title", "id_when"):
            assert f'<a href="#{anchor}">' in page
            assert f'id="{anchor}"' in page

    @pytest.mark.parametrize("nonsense", ["\0", "x", "9" * 30, "-1"])
    def test_answers_nonsense_in_a_field_that_finds_entries(self, nonsense, desk, address, form):
        typed = {"location": nonsense, "claims-0-claimant": [nonsense], "claims-0-source": nonsense}
        answer = desk.post(address, form(**typed))

        assert answer.status_code == 200
        assert '<a href="#id_location">' in answer.content.decode()

    def test_refuses_what_is_too_long_and_keeps_it(self, desk, address, form):
        page = desk.post(address, form(title="x" * 201)).content.decode()

        assert "x" * 201 in page
        assert 'maxlength="200"' not in page


class TestSavingToSubmit:
    def test_saves_first_and_leads_to_the_submission_titled_as_the_entry(self, desk, address, form, draft):
        answer = desk.post(address, form(title="Konna is taken", _submit="yes"), follow=True)

        draft.refresh_from_db()
        assert draft.title == "Konna is taken"
        assert answer.status_code == 200
        assert 'name="title" size="80" value="Konna is taken"' in answer.content.decode()


class TestTheStateOfAnEntry:
    def test_names_what_is_missing(self, desk, address, draft):
        draft.citations.all().delete()

        assert "The event cites no source." in desk.get(address).content.decode()

    def test_tells_who_edits_it_now(self, at_desk, reviewer, desk, address, form):
        desk.post(address, form(title="Konna is taken"))

        assert "author changed this" in at_desk(reviewer).get(address).content.decode()
        assert "changed this" not in desk.get(address).content.decode()

    def test_tells_those_who_have_it_open_who_opened_it_after_them(self, at_desk, reviewer, desk, address, draft):
        desk.get(address)
        at_desk(reviewer).get(address)

        told = desk.get(reverse("admin:hints"), {"kind": "event", "present": draft.pk}).json()["presence"]

        assert [sentence.partition(" ")[0] for sentence in told if "opened this form" in sentence] == ["reviewer"]
