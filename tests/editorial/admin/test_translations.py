"""Translations at the desk: written next to their text, queued when it changes, refused if invalid."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from conflict.models import Actor, Affiliation, Claim, Event
from conflict.translations import digest
from editorial.analysis import translations
from tests import documents as doc
from tests.editorial.admin.conftest import filled_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def save(desk):
    """Save the form of a row as it is shown, with these inputs changed."""

    def saved(row, **changes):
        address = reverse(f"admin:conflict_{row._meta.model_name}_change", args=[row.pk])
        answer = desk.post(address, filled_in(desk.get(address).content.decode(), **changes))
        assert answer.status_code == 302, answer.context["errors"]
        row.refresh_from_db()

    return saved


class TestATranslation:
    def test_is_tied_to_the_text_that_is_saved_with_it(self, draft, save):
        save(draft, title="Konna is taken", translation_fr_title="Prise de Konna")

        assert draft.translations == {"fr": {"title": {"text": "Prise de Konna", "of": digest("Konna is taken")}}}

    def test_is_older_once_the_text_is_saved_without_it(self, draft, save):
        save(draft, translation_fr_title="Prise de Konna")
        assert not translations.older(Event.objects.all(), "fr").exists()

        save(draft, title="Konna is taken")

        assert list(translations.older(Event.objects.all(), "fr")) == [draft]

    def test_is_current_again_when_somebody_says_so(self, draft, save):
        save(draft, translation_fr_title="Prise de Konna")
        save(draft, title="Konna is taken")

        save(draft, translation_fr_renewed="on")

        assert not translations.older(Event.objects.all(), "fr").exists()

    def test_is_taken_away_when_it_is_emptied(self, draft, save):
        save(draft, translation_fr_title="Prise de Konna")

        save(draft, translation_fr_title="")

        assert draft.translations == {}

    def test_of_a_claim_is_written_on_the_claims_own_page(self, draft, save):
        claim = Claim.objects.get()

        save(claim, translation_fr_statement="Des dizaines de morts.")

        assert claim.translations["fr"]["statement"]["text"] == "Des dizaines de morts."

    def test_of_a_role_stands_in_its_row_and_stays_where_another_page_saves_it(self, draft, save):
        tie = Affiliation.objects.create(
            actor=Actor.objects.create(key="sow", name="Sow", kind="person"),
            kind="member_of",
            other=Actor.objects.create(key="army", name="Army", kind="armed_force"),
            role="founder",
        )

        save(tie.actor, **{"affiliations-0-translation_fr_role": "fondateur"})
        save(tie, note="Since 2011.")

        tie.refresh_from_db()
        assert tie.translations == {"fr": {"role": {"text": "fondateur", "of": digest("founder")}}}

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({"de": {"title": {"text": "x", "of": "0" * 16}}}, "no language"),
            ({"fr": {"kind": {"text": "x", "of": "0" * 16}}}, "is not translated"),
            ({"fr": {"title": {"text": " ", "of": "0" * 16}}}, "needs its text"),
            ({"fr": {"title": {"text": "x", "of": ""}}}, "needs its text"),
            ({"fr": "Prise de Konna"}, "is not translated"),
            ([], "by language"),
        ],
    )
    def test_that_makes_no_sense_is_refused(self, draft, given, said):
        draft.translations = given

        with pytest.raises(ValidationError, match=said):
            draft.clean_fields()


class TestTheQueue:
    @pytest.mark.parametrize(("state", "found"), [("fr-older", False), ("fr-missing", True)])
    def test_lists_what_waits_for_a_translator(self, draft, desk, state, found):
        page = desk.get(reverse("admin:conflict_event_changelist"), {"translation": state}).content.decode()

        assert (draft.title in page) is found

    def test_leaves_out_what_was_withdrawn(self, published, draft, save, desk):
        save(draft, translation_fr_title="Prise de Konna")
        save(draft, title="Konna is taken")
        assert translations.missing(Claim.objects.all(), "fr").exists()

        doc.withdrawn("event", draft.key)

        for model in (Event, Claim):
            assert not translations.missing(model.objects.all(), "fr").exists()
            assert not translations.older(model.objects.all(), "fr").exists()
        page = desk.get(reverse("admin:conflict_event_change", args=[draft.pk])).content.decode()
        assert "Withdrawn on" in page
        assert 'name="_submit"' not in page

    def test_stands_on_the_front_page(self, draft, save, desk):
        save(draft, translation_fr_title="Prise de Konna")
        save(draft, title="Konna is taken")

        assert "events with a translation (fr) older than the text" in desk.get(reverse("admin:index")).content.decode()
