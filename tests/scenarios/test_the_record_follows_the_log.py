"""From documents to the log to the record: publication, display, withdrawal, verification and rebuild."""

import json
from collections import Counter
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, connection
from django.db.models import Value
from django.db.models.functions import Replace

from conflict.public import claim_groups
from conflict.record.bulk_copy import stored_columns
from conflict.record.closure import ClosureRefused
from conflict.record.consistency import comparison, rebuild, verification
from conflict.record.models import (
    Publication,
    PublishedActor,
    PublishedClaim,
    PublishedClaimHome,
    PublishedClaimParty,
    PublishedClaimRelation,
    PublishedEvent,
    PublishedEventActor,
    PublishedEventLocation,
    PublishedIncident,
    PublishedLocation,
    PublishedNotice,
    PublishedReference,
    Tombstone,
)
from conflict.record.projection import projector
from conflict.record.publisher import PublishingRefused
from tests.documents import (
    NOON,
    actor,
    citation,
    claim,
    event,
    location,
    notice,
    participant,
    period,
    published,
    ref,
    relation,
    source,
    withdrawn,
)

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def konna():
    """An event with two rival counts, and all that it names."""
    return published(
        [
            actor(
                "malian-army", "Malian Army", names=[{"name": "FAMa", "kind": "acronym", "language": "", "note": ""}]
            ),
            actor("mojwa", "MOJWA", names=[{"name": "MUJAO", "kind": "acronym", "language": "", "note": ""}]),
            location("mopti", "Mopti Region", kind="region"),
            location(
                "konna",
                "Konna",
                parent="mopti",
                latitude="14.94200",
                longitude="-3.89300",
                coordinate_precision="settlement",
            ),
            source("cite-1", number=1),
            period("war", "War"),
            event(
                "2013-01-10-konna",
                "Konna falls",
                place="konna",
                period="war",
                participants=[participant("mojwa", "attacker"), participant("malian-army", "defender")],
                citations=[citation("cite-1")],
                claims=[
                    claim(
                        "konna-46",
                        subject=[ref("actor", "mojwa")],
                        low=46,
                        high=46,
                        qualifier="exact",
                        citations=[citation("cite-1")],
                        relations=[relation("contradicts", "konna-148")],
                    ),
                    claim("konna-148", subject=[ref("actor", "mojwa")], low=148, high=148, qualifier="exact"),
                ],
            ),
            notice("konna-warning", "Counts differ.", target=ref("event", "2013-01-10-konna")),
        ]
    )


def body(row) -> dict:
    return json.loads(row.body)


class TestPublishing:
    def test_numbers_the_log_without_gaps_and_chains_it(self, konna):
        assert [publication.number for publication in konna] == list(range(1, 9))
        assert list(verification.faults_in_the_log()) == []

    def test_gives_references_their_labels_of_the_day(self, konna):
        shown = body(PublishedEvent.objects.get())

        assert shown["location"] == {"kind": "location", "key": "konna", "name": "Konna"}
        assert shown["coordinates"] == {"latitude": "14.94200", "longitude": "-3.89300", "precision": "settlement"}
        assert [notice["key"] for notice in shown["notices"]] == ["konna-warning"]

    def test_shows_the_range_of_rival_claims_and_no_best_figure(self, konna):
        (estimate,) = body(PublishedEvent.objects.get())["estimates"]

        assert (estimate["low"], estimate["high"], estimate["claimants"]) == (46, 148, 1)
        assert estimate["best"] is None

    def test_shows_a_relation_from_both_ends(self, konna):
        claims = {one["key"]: one for one in body(PublishedEvent.objects.get())["claims"]}

        assert claims["konna-46"]["relations"][0]["claim"]["key"] == "konna-148"
        assert claims["konna-148"]["related_from"][0]["claim"]["key"] == "konna-46"

    def test_lets_an_alias_find_the_events_of_an_actor(self, konna):
        assert PublishedEvent.objects.matching("MUJAO").count() == 1
        assert PublishedEvent.objects.matching("mopti").count() == 0  # the region is not named by the event itself

    def test_puts_a_place_within_its_region(self, konna):
        assert PublishedLocation.objects.get(key="konna").path == ["mopti", "konna"]
        assert PublishedEvent.objects.within("mopti").count() == 1

    def test_is_refused_for_a_document_that_names_an_unpublished_actor(self, konna):
        with pytest.raises(ClosureRefused, match=r"actor aqim \(named by event 2013-01-11-raid\)"):
            published([event("2013-01-11-raid", participants=[participant("aqim", "attacker")])], LATER)

        assert Publication.objects.count() == 8

    def test_is_refused_as_of_a_moment_before_the_head(self, konna):
        with pytest.raises(PublishingRefused, match="nothing can be published as of"):
            published([actor("aqim")], NOON - timedelta(days=1))

    def test_by_somebody_who_waited_for_the_log_is_dated_like_the_one_before(self, konna):
        (late,) = published([actor("aqim")], NOON - timedelta(seconds=5))

        assert late.published_at == NOON

    def test_leaves_nothing_behind_where_the_database_refuses_rows_while_the_next_are_made(self, konna, monkeypatch):
        monkeypatch.setattr(projector, "CHUNK", 1)
        too_long = [actor("first", "x" * 501), *(actor(f"actor-{number}") for number in range(3))]

        with pytest.raises(DataError, match="too long"):
            published(too_long, LATER)

        assert (Publication.objects.count(), PublishedActor.objects.count()) == (8, 2)
        assert len(published(too_long[1:], LATER)) == 3

    def test_of_a_new_name_reaches_all_that_name_the_actor_and_leaves_the_log_alone(self, konna):
        texts = list(Publication.objects.in_order().values_list("document", flat=True))

        published([actor("mojwa", "Movement for Oneness and Jihad")], LATER)

        names = [part["actor"]["name"] for part in body(PublishedEvent.objects.get())["participants"]]
        assert "Movement for Oneness and Jihad" in names
        assert list(Publication.objects.in_order().values_list("document", flat=True))[:8] == texts
        assert PublishedEvent.objects.matching("oneness").count() == 1

    def test_of_a_claim_that_goes_over_to_another_event_leaves_it_there_alone(self, konna, monkeypatch):
        monkeypatch.setattr(projector, "CHUNK", 1)
        kept = claim("konna-46", relations=[relation("contradicts", "konna-148")])
        published(
            [
                event("2013-01-09-before-konna", place="konna", period="war", claims=[claim("konna-148")]),
                event("2013-01-10-konna", place="konna", period="war", claims=[kept]),
            ],
            LATER,
        )

        assert PublishedClaim.objects.get(key="konna-148").event_id == "2013-01-09-before-konna"
        assert list(rebuild.differences()) == []

    def test_of_geocoding_does_not_move_the_clock_of_substance(self, konna):
        published([location("mopti", "Mopti Region", kind="region", pcode="ML05")], LATER, kind="geocoding")

        row = PublishedLocation.objects.get(key="mopti")
        assert (row.version, row.changed_at) == (2, NOON)

    def test_of_a_revision_takes_the_revised_figure_out_of_the_range(self, konna):
        claims = [
            claim("konna-46", subject=[ref("actor", "mojwa")], low=46, high=46, qualifier="exact"),
            claim(
                "konna-148",
                subject=[ref("actor", "mojwa")],
                low=148,
                high=148,
                qualifier="exact",
                relations=[relation("revises", "konna-46")],
            ),
        ]
        published([event("2013-01-10-konna", place="konna", period="war", claims=claims)], LATER, kind="new_evidence")

        (estimate,) = body(PublishedEvent.objects.get())["estimates"]
        assert (estimate["low"], estimate["high"], estimate["claims"]) == (148, 148, ["konna-148"])


class TestWithdrawing:
    def test_leaves_a_tombstone_with_reason_and_successor(self, konna):
        published([event("2013-01-10-battle-of-konna", place="konna", period="war")], LATER)
        withdrawn("notice", "konna-warning", LATER)
        withdrawn("event", "2013-01-10-konna", LATER, successor="2013-01-10-battle-of-konna")

        grave = Tombstone.objects.get(entry_kind="event")
        assert (grave.reason, grave.successor) == ("Told twice.", "2013-01-10-battle-of-konna")
        assert not PublishedClaim.objects.exists()

    def test_is_refused_while_others_cite_the_entry(self, konna):
        with pytest.raises(ClosureRefused, match="actor mojwa is cited by event 2013-01-10-konna"):
            withdrawn("actor", "mojwa", LATER)

        assert PublishedActor.objects.filter(key="mojwa").exists()

    def test_is_refused_for_what_is_not_public(self, konna):
        with pytest.raises(PublishingRefused, match="not public"):
            withdrawn("actor", "nobody", LATER)

    def test_of_a_notice_takes_it_off_its_target(self, konna):
        withdrawn("notice", "konna-warning", LATER)

        assert not PublishedNotice.objects.exists()
        assert body(PublishedEvent.objects.get())["notices"] == []


class TestVerifying:
    def test_names_the_number_at_which_one_byte_was_changed(self, konna):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE record_publication DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE record_publication SET document = replace(document, '148,', '149,') WHERE number = 7"
            )

        assert [fault[:14] for fault in verification.faults_in_the_log()] == ["Publication 7 "]
        with pytest.raises(CommandError, match="Publication 7"):
            call_command("verify_record")

    def test_names_a_number_that_is_missing(self, konna):
        published([actor("mojwa", "Movement for Oneness and Jihad")], LATER)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE record_publication DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM record_publication WHERE number = 2")

        assert "Publication 2 is missing: after 1 comes 3." in list(verification.faults_in_the_log())

    def test_finds_a_record_that_says_something_else(self, konna):
        PublishedEvent.objects.update(kind="attack")

        assert any("published event" in difference for difference in rebuild.differences())


class TestADispute:
    def test_by_a_claim_of_another_event_ends_when_either_claim_is_no_longer_in_force(self, konna):
        def denial(rank="normal"):
            denied = claim("elsewhere", rank=rank, relations=[relation("denies", "konna-46")])
            return event("2013-02-01-denial", place="konna", period="war", claims=[denied])

        def disputed():
            row = PublishedEvent.objects.get(claims__key="konna-46")
            groups = claim_groups.matters(body(row))
            return row.is_disputed, any("elsewhere" in pair for group in groups for pair in group.disputes)

        before = disputed()
        published([denial()], LATER)
        assert (before[1], disputed()) == (False, (True, True))

        published([denial(rank="deprecated")], LATER + timedelta(hours=1))
        assert disputed() == before

        revising = claim("later", relations=[relation("revises", "konna-46")])
        published([denial()], LATER + timedelta(hours=2))
        published(
            [event("2013-02-02-revision", place="konna", period="war", claims=[revising])], LATER + timedelta(hours=3)
        )
        assert disputed() == (False, False)  # nor does konna-148 contradict what nobody says any more
        assert list(rebuild.differences()) == []


class TestRebuilding:
    def test_gives_the_record_that_publishing_step_by_step_gave(self, konna):
        published([actor("mojwa", "Movement for Oneness and Jihad")], LATER)
        withdrawn("notice", "konna-warning", LATER)

        assert list(rebuild.differences()) == []

    @pytest.mark.parametrize("at_a_time", [1, 2, 1000])
    def test_gives_the_same_record_however_many_entries_are_made_at_a_time(self, konna, at_a_time, monkeypatch):
        pairs = [("a", "b"), ("b", "a"), ("c", "konna-46")]  # each says something of a claim of another event
        monkeypatch.setattr(projector, "CHUNK", at_a_time)
        published(
            [
                event(
                    f"2013-02-01-{one}",
                    place="konna",
                    period="war",
                    claims=[claim(one, relations=[relation("contradicts", other)])],
                )
                for one, other in pairs
            ],
            LATER,
        )

        shown = {claim["key"]: claim for row in PublishedEvent.objects.all() for claim in body(row)["claims"]}
        for one, other in pairs:
            assert one in [bearing["claim"]["key"] for bearing in shown[other]["related_from"]]
        monkeypatch.setattr(projector, "CHUNK", 3)
        assert list(rebuild.differences()) == []

    @pytest.mark.parametrize("table", [PublishedIncident, PublishedClaimHome])
    def test_puts_back_incidents_and_homes_of_claims_that_were_lost(self, konna, table):
        before = sorted(table.objects.values_list())
        table.objects.all()._raw_delete("default")
        assert list(rebuild.differences())

        rebuild.rebuild()

        assert sorted(row[1:] for row in table.objects.values_list()) == sorted(row[1:] for row in before)

    def test_puts_back_what_was_changed(self, konna):
        before = PublishedEvent.objects.get().body
        PublishedEvent.objects.update(body="{}")

        rebuild.rebuild()

        assert PublishedEvent.objects.get().body == before
        assert list(rebuild.differences()) == []


def everything():
    """All rows of the record, without their numbers."""
    return {
        table: Counter(map(repr, table._default_manager.values_list(*stored_columns(table))))
        for table in rebuild.TABLES
    }


def an_actor_gets_another_label_and_all_show_it():
    PublishedActor.objects.filter(key="mojwa").update(label="Somebody", names="Somebody")
    for table in (PublishedEvent, PublishedClaim):
        table.objects.update(body=Replace("body", Value('"name":"mojwa"'), Value('"name":"Somebody"')))


def a_place_lies_elsewhere():
    PublishedLocation.objects.filter(key="konna").update(path=["konna"])
    PublishedEventLocation.objects.filter(location="mopti").delete()


def a_claim_stands_as_that_of_another_event():
    PublishedClaim.objects.filter(key="konna-148").update(event="2013-01-18-konna-again")


def an_event_is_gone_and_what_was_below_it_is_there():
    PublishedEvent.objects.filter(key="2013-01-10-konna")._raw_delete("default")


def a_claim_is_gone():
    PublishedClaimParty.objects.filter(claim="konna-46").delete()
    PublishedClaimRelation.objects.all().delete()
    PublishedClaim.objects.filter(key="konna-46")._raw_delete("default")


def somebody_stands_whom_nobody_published():
    somebody = PublishedActor.objects.get(key="mojwa")
    somebody.key = "somebody"
    somebody.save(force_insert=True)
    PublishedEventActor.objects.filter(actor="mojwa").update(actor="somebody")


def a_relation_is_invented():
    PublishedClaimRelation.objects.create(claim_id="konna-148", kind="revises", other_id="konna-46")


def references_are_doubled():
    for row in PublishedReference.objects.all():
        row.pk = None
        row.save(force_insert=True)


def references_of_nobody_are_there():
    PublishedReference.objects.create(from_kind="event", from_key="nobody", actor_id="mojwa")
    PublishedReference.objects.create(from_kind="nothing", from_key="mojwa", actor_id="mojwa")


def a_place_at_the_top_lies_in_another_with_all_that_happened_there():
    PublishedLocation.objects.filter(key="mopti").update(path=["elsewhere", "mopti"])
    for link in PublishedEventLocation.objects.filter(location="mopti"):
        link.pk, link.location_id = None, "elsewhere"
        link.save(force_insert=True)


def a_path_makes_no_sense():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE record_publishedlocation SET path = ARRAY['mopti', NULL]")


def a_notice_rests_on_what_is_none():
    PublishedNotice.objects.update(publication=1)


def a_tombstone_has_a_label():
    Tombstone.objects.update(label="Somebody lies here.")


def an_actor_is_gone_and_nobody_shows_that():
    PublishedActor.objects.filter(key="malian-army")._raw_delete("default")
    events = list(Publication.objects.filter(entry_kind="event").values_list("number", flat=True))
    for table, columns, values in projector.rows_of(comparison.publications(events)).tables:
        if table in (PublishedEvent, PublishedClaim, PublishedIncident):
            for row in values:
                table.objects.filter(pk=row[0]).update(**dict(zip(columns[1:], row[1:], strict=True)))


def a_claim_of_nobody_revises_one():
    PublishedClaimRelation.objects.create(claim_id="ghost", kind="revises", other_id="konna-148")
    PublishedEvent.objects.filter(key="2013-01-10-konna").update(
        body=Replace("body", Value('"related_from":[]'), Value('"related_from":[1]'))
    )


def tombstones_are_wrong():
    Tombstone.objects.update(reason="Another reason.")
    Tombstone.objects.create(
        entry_kind="actor", key="mojwa", publication_id=1, withdrawn_at=NOON, reason="Never happened."
    )


def the_tombstone_is_gone():
    Tombstone.objects.all().delete()


def homes_are_wrong():
    PublishedClaimHome.objects.filter(claim="konna-46").update(event="elsewhere")


def everything_is_gone():
    for table in rebuild.TABLES:
        table._default_manager.all()._raw_delete("default")


def nothing_is_right():
    for kind in (PublishedActor, PublishedLocation, PublishedEvent, PublishedNotice):
        kind.objects.update(body="{}", search_text="", label="?")


@pytest.fixture
def twice(konna):
    published([event("2013-01-18-konna-again", place="konna", period="war", claims=[claim("other")])], LATER)
    published(
        [
            actor("aqim"),
            location("elsewhere", "Elsewhere"),
            notice("gone", "Gone.", target=ref("event", "2013-01-18-konna-again")),
        ],
        LATER,
    )
    withdrawn("notice", "gone", LATER)


class TestARecordThatWasTamperedWith:
    @pytest.mark.parametrize(
        "tamper",
        [
            an_actor_gets_another_label_and_all_show_it,
            a_place_lies_elsewhere,
            a_claim_stands_as_that_of_another_event,
            an_event_is_gone_and_what_was_below_it_is_there,
            a_claim_is_gone,
            somebody_stands_whom_nobody_published,
            a_relation_is_invented,
            references_are_doubled,
            references_of_nobody_are_there,
            a_place_at_the_top_lies_in_another_with_all_that_happened_there,
            a_path_makes_no_sense,
            a_notice_rests_on_what_is_none,
            a_tombstone_has_a_label,
            an_actor_is_gone_and_nobody_shows_that,
            a_claim_of_nobody_revises_one,
            tombstones_are_wrong,
            the_tombstone_is_gone,
            homes_are_wrong,
            everything_is_gone,
            nothing_is_right,
        ],
    )
    @pytest.mark.parametrize("at_a_time", [1, 1000])
    def test_is_told_and_made_what_the_log_says(self, twice, tamper, at_a_time, monkeypatch):
        monkeypatch.setattr(projector, "CHUNK", at_a_time)
        before = everything()
        tamper()
        tampered = everything()
        assert tampered != before

        assert list(rebuild.differences())
        assert everything() == tampered

        rebuild.rebuild()

        assert everything() == before
        assert list(rebuild.differences()) == []
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    def test_is_made_right_where_it_cannot_be_read(self, twice):
        before = everything()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE record_publishedevent SET sorts_on = 'infinity' WHERE key = '2013-01-10-konna'")

        assert any("cannot be read" in sentence for sentence in rebuild.differences())
        rebuild.rebuild()

        assert everything() == before

    def test_is_compared_column_by_column(self):
        for tables in comparison.OF_KIND.values():
            for table in tables:
                assert sorted(projector.columns_of(table)) == sorted(stored_columns(table))

    def test_is_told_in_few_sentences(self, twice):
        PublishedReference.objects.update(from_kind="nothing")

        assert 0 < len(list(rebuild.differences())) <= 2 * comparison.MOST_SENTENCES

    def test_is_not_written_where_it_is_sound(self, twice):
        def places():
            with connection.cursor() as cursor:
                for table in rebuild.TABLES:
                    cursor.execute(f"SELECT ctid::text, xmin::text FROM {table._meta.db_table} ORDER BY ctid")
                    yield cursor.fetchall()

        before = list(places())

        rebuild.rebuild()

        assert list(places()) == before


class TestPlacesThatLieWithinThemselves:
    def test_are_refused(self, konna):
        with pytest.raises(ClosureRefused, match="mopti lies in konna lies in mopti"):
            published([location("mopti", "Mopti Region", kind="region", parent="konna")], LATER)

    def test_are_not_those_that_change_places(self, konna):
        published([location("konna", "Konna"), location("mopti", "Mopti", parent="konna")], LATER)

        assert PublishedLocation.objects.get(key="mopti").path == ["konna", "mopti"]
        assert list(rebuild.differences()) == []


@pytest.mark.django_db(transaction=True)
class TestSeveralProcesses:
    def test_find_what_one_finds(self, twice):
        an_actor_gets_another_label_and_all_show_it()
        a_claim_stands_as_that_of_another_event()
        found = list(rebuild.differences(at_once=1))

        assert list(rebuild.differences(at_once=2)) == found
        assert len(found) > 3

        rebuild.rebuild(at_once=2)

        assert list(rebuild.differences(at_once=2)) == []
