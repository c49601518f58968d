"""Texts in other languages: substituted with `lang`, and complete in every body and file."""

import csv
import io

import pytest

from conflict.vocabulary import ChangeKind
from tests import documents as doc

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published():
    _, event = doc.event("taken", "Konna is taken", summary="It fell.", participants=[doc.participant("army", "loser")])
    doc.published(
        [
            ("actor", doc.in_french(doc.actor("army", "Malian Army")[1], name="Armée malienne")),
            ("event", doc.in_french(event, title="Prise de Konna")),
        ]
    )


class TestLang:
    def test_puts_what_is_translated_in_its_place_and_leaves_the_rest(self, ask):
        event = ask("events/taken", lang="fr").json()

        assert (event["title"], event["summary"]) == ("Prise de Konna", "It fell.")
        assert event["participants"][0]["actor"]["name"] == "Armée malienne"

    def test_goes_with_lists_and_fields(self, ask):
        assert ask("events", lang="fr", fields="title").json()["results"] == [{"title": "Prise de Konna"}]

    def test_of_the_original_is_what_is_served_without_it(self, ask):
        assert ask("events/taken", lang="en").json() == ask("events/taken").json()

    @pytest.mark.parametrize("lang", ["de", "FR", "fr,en"])
    def test_that_nobody_configured_is_refused(self, ask, lang):
        answer = ask("events/taken", lang=lang)

        assert answer.status_code == 400
        assert answer.json()["field"] == "lang"
        assert "en, fr" in answer.json()["message"]

    def test_says_what_the_log_said_then(self, ask):
        then = ask("events/taken").json()["changed_at"]
        _, event = doc.event("taken", "Konna is lost")
        doc.published([("event", event)], at=doc.NOON.replace(day=2), kind=ChangeKind.CORRECTION)

        assert ask("events/taken", lang="fr").json()["title"] == "Konna is lost"
        assert ask("events/taken", lang="fr", as_of=then).json()["title"] == "Prise de Konna"


class TestAFile:
    def test_has_a_column_for_each_language(self, ask):
        [row] = csv.DictReader(io.StringIO(b"".join(ask("events", format="csv")).decode("utf-8-sig")))

        assert (row["title"], row["title_fr"], row["summary_fr"]) == ("Konna is taken", "Prise de Konna", "")
