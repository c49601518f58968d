"""Translations in the record: tied to their original, used in references, and found by search."""

import json

import pytest

from conflict.documents.schema_upgrades import lifted
from conflict.record.models import PublishedActor, PublishedClaim, PublishedEvent
from conflict.record.projection import projector
from conflict.vocabulary import ChangeKind
from tests import documents as doc

pytestmark = pytest.mark.django_db


def with_french(entry, **texts):
    kind, document = entry
    return kind, doc.in_french(document, **texts)


ARMY = with_french(doc.actor("army", "Malian Army"), name="Armée malienne")
KONNA = doc.location("konna", "Konna")


def taken(title="Konna is taken", **fields):
    said = doc.claim("dead", "Dozens died.", subject=[doc.ref("actor", "army")], qualifier="dozens")
    claims = [doc.in_french(said, statement="Des dizaines de soldats sont morts.")]
    return doc.event("konna-taken", title, place="konna", claims=claims, **fields)


@pytest.fixture
def published():
    doc.published([ARMY, KONNA, with_french(taken(), title="Prise de Konna")])


def body(model=PublishedEvent, key="konna-taken"):
    return json.loads(model.objects.get(key=key).body)


class TestATranslation:
    def test_is_served_with_whether_it_is_current(self, published):
        assert body()["translations"]["fr"]["title"] == {
            "text": "Prise de Konna",
            "of": body()["translations"]["fr"]["title"]["of"],
            "is_current": True,
        }

    def test_of_a_text_that_changed_is_older(self, published):
        _, before = with_french(taken(), title="Prise de Konna")

        doc.published([("event", before | {"title": "Konna falls"})], kind=ChangeKind.CORRECTION)

        assert body()["translations"]["fr"]["title"]["is_current"] is False
        assert PublishedEvent.objects.get(key="konna-taken").labels == "{}"

    def test_of_a_name_stands_in_whatever_names_the_entry(self, published):
        [claim] = body()["claims"]

        assert claim["subject"] == [
            {"kind": "actor", "key": "army", "name": "Malian Army", "name_in": {"fr": "Armée malienne"}}
        ]
        assert body(PublishedClaim, "dead")["event"]["name_in"] == {"fr": "Prise de Konna"}

    def test_of_a_new_name_reaches_what_was_published_before(self, published):
        doc.published([with_french(doc.actor("army", "Malian Army"), name="L’armée")], kind=ChangeKind.CORRECTION)

        assert body()["claims"][0]["subject"][0]["name_in"] == {"fr": "L’armée"}

    def test_of_what_no_other_entry_shows_leaves_the_others_alone(self, published, monkeypatch):
        refreshed = []
        monkeypatch.setattr(projector, "refresh", refreshed.append)

        described = doc.actor("army", "Malian Army", description="Its land forces.")
        doc.published([with_french(described, name="Armée malienne")], kind=ChangeKind.CORRECTION)
        doc.published([with_french(described, name="L’armée")], kind=ChangeKind.CORRECTION)

        assert refreshed == [set(), {("event", "konna-taken")}]

    @pytest.mark.parametrize("words", ["Konna taken", "prise", "dizaines soldats", "malienne", "armee"])
    def test_is_found_as_its_original_is(self, published, words):
        assert [row.key for row in PublishedEvent.objects.matching(words)] == ["konna-taken"]

    def test_of_a_role_is_served_beside_it_and_finds_nothing(self, published):
        tie = doc.affiliation("part_of", "army", role="spokesman in Paris")
        doc.published([doc.actor("sow", affiliations=[doc.in_french(tie, role="porte-parole à Paris"), tie])])

        told, plain = body(PublishedActor, "sow")["affiliations"]
        assert told["translations"]["fr"]["role"]["is_current"] is True
        assert "translations" not in plain
        assert not PublishedActor.objects.matching("porte-parole").exists()

    def test_is_among_the_names_of_the_entry(self, published):
        assert PublishedActor.objects.get().names == "Malian Army · Armée malienne"


class TestAnOldDocument:
    def test_has_no_translations(self):
        _, event = taken()
        old = event | {"schema": 1, "claims": [{**event["claims"][0]}]}
        del old["translations"], old["claims"][0]["translations"]

        now = lifted("event", json.dumps(old))

        assert now["translations"] == now["claims"][0]["translations"] == {}
