"""The fixtures of the Mali War, through desk, baseline and record; and the refusal of a broken file."""

import gzip
import json
import re
from copy import deepcopy
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Q

from conflict.documents import document
from conflict.models import ENTRIES, Claim, Event, Notice, document_rows
from conflict.record.consistency import rebuild, verification
from conflict.record.models import Publication, PublishedEvent, PublishedNotice
from editorial.analysis import integrity
from editorial.import_export.documents import DocumentsRefused, Loader, Placed
from tests.conflict import chronology
from tests.french_pages import english_left

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="class")
def loaded(django_db_setup, django_db_blocker):
    """The whole chronology on the desk and in the record, taken away again after the class that uses it."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_chronology", verbosity=0)
        call_command("publish_baseline", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("loaded")
class TestTheWholeChronology:
    def test_is_sound_row_by_row(self):
        assert list(integrity.broken_rules()) == []

    def test_has_no_dangling_key_and_nothing_unready(self):
        assert [*integrity.dangling_keys(), *integrity.unready()] == []

    def test_comes_back_from_the_desk_as_the_fixtures_have_it(self):
        for kind, model in ENTRIES.items():
            on_the_desk = {entry.key: document(kind, entry) for entry in model.objects.with_children()}
            for given in chronology.documents(kind):
                shown = on_the_desk[given["key"]]
                assert {name: shown[name] for name in given if name in shown and not isinstance(given[name], list)} == {
                    name: value for name, value in given.items() if name in shown and not isinstance(value, list)
                }
                for name in ("claims", "participants", "citations", "names", "affiliations", "concerns"):
                    assert len(shown.get(name, ())) == len(given.get(name, ()))

    @pytest.mark.parametrize("kind", list(ENTRIES))
    def test_gives_the_documents_that_its_models_give_when_it_is_read_as_plain_rows(self, kind):
        entries = ENTRIES[kind].objects.exclude(Q(access="restricted") if kind == "source" else Q(pk__in=[]))

        by_rows = [document(kind, row) for row in document_rows.with_children(entries)]

        assert by_rows == [document(kind, entry) for entry in entries.with_children().in_key_order()]
        assert len(by_rows) > 10

    def test_is_public_but_for_the_notices_that_only_editors_need(self):
        internal = Notice.objects.filter(audience="desk")

        assert internal.count() == 30
        assert Publication.objects.count() == 177 + 99 + 272 + 43 + 293 + 61
        assert not PublishedNotice.objects.filter(key__in=internal.values("key")).exists()

    def test_verifies_from_the_first_number_to_the_last(self):
        assert list(verification.faults_in_the_log()) == []
        assert list(rebuild.differences()) == []

    @pytest.mark.parametrize("words", ["Menaka", "Ménaka", "menaka"])
    def test_finds_menaka_with_and_without_its_accent(self, words):
        assert PublishedEvent.objects.matching(words).filter(location="menaka").count() >= 4

    def test_finds_the_events_of_mojwa_under_its_other_name(self):
        assert PublishedEvent.objects.matching("MUJAO").filter(named_actors__actor="mojwa").distinct().count() >= 10

    def test_shows_bourem_with_four_figures_by_two_claimants(self):
        body = json.loads(PublishedEvent.objects.get(key="2023-09-12-bourem-seized").body)
        figures = [claim for claim in body["claims"] if claim["measure"] == "killed"]

        assert len(figures) == 4
        assert {claim["claimant"][0]["key"] for claim in figures} == {"cma", "malian-junta"}

    @pytest.mark.parametrize(
        ("key", "captured"), [("2013-01-in-amenas-crisis", (800, 800)), ("2013-01-16-in-amenas-seized", (41, 41))]
    )
    def test_keeps_part_and_whole_of_in_amenas_apart(self, key, captured):
        estimates = json.loads(PublishedEvent.objects.get(key=key).body)["estimates"]

        assert [(one["low"], one["high"]) for one in estimates if one["measure"] == "captured"] == [captured]

    @pytest.mark.parametrize(
        "path",
        [
            "/",
            "/chronology/",
            "/chronology/?chart=killed",
            "/events/2013-01-konna-casualties/",
            "/actors/",
            "/places/",
            "/notices/",
            "/disputes/",
            "/sources/",
        ],
    )
    def test_is_read_with_60_kilobytes_a_page_on_the_way(self, path, client):
        page = client.get(f"/fr{path}", headers={"accept-encoding": "gzip"})
        html = gzip.decompress(page.content).decode()
        files = set(re.findall(r' (?:src|href)="/static/([^"]+\.(?:css|js|svg))"', html))

        weight = len(page.content) + sum(
            len(gzip.compress(Path(str(finders.find(file))).read_bytes())) for file in files
        )

        assert len(files) >= 2
        assert len(html) < 60_000
        assert weight < 60_000

    def test_has_nothing_in_english_left_unmarked_for_a_french_reader(self, client):
        pages = [
            "/",
            "/chronology/?order=newest",
            "/actors/",
            "/places/",
            "/disputes/",
            "/sources/",
            "/method/",
            "/data/",
        ]

        assert {path: left for path in pages if (left := english_left(client.get(f"/fr{path}").content.decode()))} == {}


def placed(kind: str, key: str, **changes: object) -> Placed:
    """One fixture of the chronology, changed."""
    given = deepcopy(chronology.by_key(kind)[key])
    given.update(changes)
    return Placed("test.json, entry 1", kind, given)


def actor(key: str, **fields: object) -> Placed:
    return Placed("actors.json, entry 1", "actor", {"key": key, "name": key, "kind": "armed_group", **fields})


def location(key: str, **fields: object) -> Placed:
    return Placed("locations.json, entry 1", "location", {"key": key, "name": key, "kind": "town", **fields})


def event(**fields: object) -> Placed:
    return Placed("events/2013.json, entry 7", "event", {"key": "raid", "title": "Raid", "kind": "attack", **fields})


CLAIM = {"key": "raid-dead", "kind": "figure", "measure": "killed", "statement": "Dead.", "qualifier": "about"}
NO_SUCH_DAY = "names 2015-02-29, a day that the calendar does not have"
BROKEN = {
    "an impossible date": ([event(when="2015-02-29")], NO_SUCH_DAY),
    "low above high": (
        [event(claims=[{**CLAIM, "low": 9, "high": 3}])],
        "claim raid-dead: The lower figure is above the upper one",
    ),
    "a negative figure": ([event(claims=[{**CLAIM, "low": -1}])], "A figure cannot be below zero"),
    "a participation of an unknown actor": (
        [event(participants=[{"actor": {"kind": "actor", "key": "nobody"}, "role": "attacker"}])],
        "participant nobody: the actor “nobody” does not exist",
    ),
    "a cyclic place": (
        [
            location("a", parent={"kind": "location", "key": "b"}),
            location("b", parent={"kind": "location", "key": "a"}),
        ],
        "would lie within itself",
    ),
    "an unknown field": ([actor("mnla", colour="blue")], "there is no field “colour” in a actor"),
    "an unknown term": ([actor("mnla", kind="army of ants")], "army of ants"),
    "a key given twice": ([actor("mnla"), actor("mnla")], "the actor mnla is given twice"),
    "a name given twice": (
        [actor("mnla", names=[{"name": "MNLA"}, {"name": "MNLA"}])],
        "name MNLA: This actor already has this name",
    ),
    "a missing key": (
        [Placed("actors.json, entry 3", "actor", {"name": "X", "kind": "state"})],
        "actors.json, entry 3: the key is missing",
    ),
    "a key with a space": ([actor("the mnla")], "lower-case letters"),
    "a party that is nothing": ([event(claims=[{**CLAIM, "claimant": [{"kind": "ghost"}]}])], "is no party"),
    "a notice on two things": (
        [
            Placed(
                "notices.json, entry 1",
                "notice",
                {"key": "n", "kind": "disputed", "reason": "?", "target": {"kind": "period", "key": "no"}},
            )
        ],
        "the period “no” does not exist",
    ),
}


class TestABrokenRow:
    @pytest.mark.parametrize(("entries", "sentence"), BROKEN.values(), ids=BROKEN)
    def test_is_refused_with_its_place_and_remedy_and_nothing_is_written(self, entries, sentence):
        with pytest.raises(DocumentsRefused, match="entry") as refusal:
            Loader().load([actor("bystander"), *entries])

        assert sentence in str(refusal.value)
        assert not any(model.objects.exists() for model in [*ENTRIES.values(), Claim])


class TestLoading:
    def test_does_nothing_on_a_desk_that_holds_entries(self, capsys):
        Loader().load([actor("mnla")])

        call_command("load_chronology")

        assert "already holds entries" in capsys.readouterr().out
        assert not Event.objects.exists()

    def test_names_the_file_that_is_not_json(self, tmp_path):
        (tmp_path / "actors.json").write_text("[{]")

        with pytest.raises(CommandError, match=r"actors\.json: not readable as JSON"):
            call_command("load_chronology", str(tmp_path))

    def test_names_a_folder_that_is_not_there(self, tmp_path):
        with pytest.raises(CommandError, match="There is no folder"):
            call_command("load_chronology", str(tmp_path / "nowhere"))
