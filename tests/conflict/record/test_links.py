"""Links and bodies: reading along links gives the same rows, in the same order, as a full scan, and follows the log."""

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.http import QueryDict

from conflict.documents import canonical_text
from conflict.public import page_query
from conflict.public.keyset import page
from conflict.public.page_query import bodies
from conflict.public.pagination import BY_DATE, POSITION, page_of
from conflict.public.query_strings import Parameters
from conflict.public.total_order import Ordering
from conflict.record.consistency import rebuild
from conflict.record.log import Step
from conflict.record.models import (
    Action,
    PublishedClaim,
    PublishedClaimParty,
    PublishedEvent,
    PublishedEventActor,
    PublishedEventLocation,
)
from conflict.record.publisher import publish
from conflict.vocabulary import ChangeKind
from tests.documents import NOON, actor, claim, event, location, participant, period, published, ref, withdrawn

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)
CHRONOLOGY = Ordering(("sorts_on", "key"))
TREE = {"gao": "mali", "mopti": "mali", "konna": "mopti", "douentza": "mopti", "ansongo": "gao", "mali": ""}
ACTORS, PLACES, KINDS = ("army", "mojwa", "afp"), ("konna", "douentza", "ansongo", "mopti", ""), ("battle", "attack")


def told(number: int) -> Any:
    """An event of many: on few days, so that keys break ties; each third names no place."""
    one, other = ACTORS[number % 3], ACTORS[(number // 3) % 3]
    place = PLACES[number % 5]
    return event(
        f"event-{number:02}",
        when=str(date(2013, 1, 1) + timedelta(days=number * 7 % 11)) if number % 9 else "",
        place=place,
        period="war" if number % 2 else "",
        kind=KINDS[number % 2],
        other_locations=[ref("location", "konna")] if place == "ansongo" and number % 4 == 0 else [],
        participants=[participant(one, "attacker")],
        claims=[
            claim(
                f"claim-{number:02}",
                low=number,
                high=number,
                claimant=[ref("actor", other)],
                subject=[ref("actor", one), *([ref("location", place)] if place else [])],
            )
        ],
    )


@pytest.fixture
def many():
    places = [location(key, parent=TREE[key]) for key in ("mali", "gao", "mopti", "konna", "douentza", "ansongo")]
    published([*map(actor, ACTORS), *places, period("war"), *map(told, range(40))])


def naming(key: str) -> Q:
    return Q(key__in=PublishedEventActor.objects.filter(actor=key).values("event"))


def at(*places: str) -> Q:
    return Q(key__in=PublishedEventLocation.objects.filter(location__in=places, is_named=True).values("event"))


def of(role: str, key: str) -> Q:
    parties = PublishedClaimParty.objects.filter(Q(actor=key) | Q(location=key), role=role)
    return Q(key__in=parties.values("claim"))


WITHIN_MOPTI = ("mopti", "konna", "douentza")
EVENTS, CLAIMS = PublishedEvent.objects, PublishedClaim.objects
JANUARY = (date(2013, 1, 4), date(2013, 1, 8))
LISTS: dict[str, tuple[Any, Any]] = {
    # What is asked, and the same asked of every row.
    "an actor": (lambda: EVENTS.involving("army"), lambda: EVENTS.filter(naming("army"))),
    "a place": (lambda: EVENTS.within("mopti"), lambda: EVENTS.filter(at(*WITHIN_MOPTI))),
    "the whole country": (lambda: EVENTS.within("mali"), lambda: EVENTS.filter(location__isnull=False)),
    "a village": (lambda: EVENTS.within("konna"), lambda: EVENTS.filter(at("konna"))),
    "an actor at a place": (
        lambda: EVENTS.involving("army").within("mopti"),
        lambda: EVENTS.filter(naming("army"), at(*WITHIN_MOPTI)),
    ),
    "two actors": (
        lambda: EVENTS.involving("army").involving("afp"),
        lambda: EVENTS.filter(naming("army"), naming("afp")),
    ),
    "a kind": (
        lambda: EVENTS.involving("mojwa").of_kind("battle"),
        lambda: EVENTS.filter(naming("mojwa"), kind="battle"),
    ),
    "some days": (
        lambda: EVENTS.within("mali").between(*JANUARY),
        lambda: EVENTS.filter(sorts_on__range=(JANUARY[0], JANUARY[1] - timedelta(days=1)), location__isnull=False),
    ),
    "some days anywhere": (
        lambda: EVENTS.between(*JANUARY),
        lambda: EVENTS.filter(sorts_on__range=(JANUARY[0], JANUARY[1] - timedelta(days=1))),
    ),
    "some days, and an actor": (
        lambda: EVENTS.between(*JANUARY).involving("army"),
        lambda: EVENTS.filter(naming("army"), sorts_on__range=(JANUARY[0], JANUARY[1] - timedelta(days=1))),
    ),
    "a long time": (
        lambda: EVENTS.between(JANUARY[0], JANUARY[0].replace(year=2014)),
        lambda: EVENTS.filter(sorts_on__range=(JANUARY[0], JANUARY[0].replace(year=2014))),
    ),
    "a period": (
        lambda: EVENTS.involving("afp").during("war"),
        lambda: EVENTS.filter(naming("afp"), period="war"),
    ),
    "words": (lambda: EVENTS.matching("army konna"), lambda: EVENTS.filter(naming("army"), at("konna"))),
    "words, an actor and a kind": (
        lambda: EVENTS.matching("army konna").involving("afp").of_kind("attack"),
        lambda: EVENTS.filter(naming("army"), at("konna"), naming("afp"), kind="attack"),
    ),
    "a claimant": (lambda: CLAIMS.by("afp"), lambda: CLAIMS.filter(of("claimant", "afp"))),
    "a subject that is a place": (lambda: CLAIMS.about("konna"), lambda: CLAIMS.filter(of("subject", "konna"))),
    "a claimant and a subject": (
        lambda: CLAIMS.by("army").about("mojwa"),
        lambda: CLAIMS.filter(of("claimant", "army"), of("subject", "mojwa")),
    ),
    "claims about a region": (
        lambda: CLAIMS.within("mopti"),
        lambda: CLAIMS.filter(event__in=EVENTS.filter(at(*WITHIN_MOPTI))),
    ),
    "claims of a party about a region": (
        lambda: CLAIMS.by("afp").within("mali"),
        lambda: CLAIMS.filter(of("claimant", "afp"), event__location__isnull=False),
    ),
}


def walked(rows: Any, ordering: Ordering, cursor: Any = None) -> list[str]:
    """Keys of all pages of three, forwards, then each page's way back."""
    keys = []
    while True:
        found = page(rows, ordering, cursor, 3, bodies)
        keys.append(found.rows)
        if found.next is None:
            return [text.decode() for text in itertools.chain.from_iterable(keys)]
        cursor = found.next


@pytest.mark.usefixtures("many")
class TestAList:
    @pytest.mark.parametrize(("asked", "same"), LISTS.values(), ids=LISTS)
    def test_holds_what_asking_every_row_would_find(self, asked, same):
        expected = list(same().order_by("sorts_on", "key").values_list("key", flat=True))

        assert expected
        assert list(asked().chronological().values_list("key", flat=True)) == expected
        assert asked().count() == len(expected)

    @pytest.mark.parametrize("asked", [asked for asked, _ in LISTS.values()], ids=LISTS)
    @pytest.mark.parametrize("ordering", [CHRONOLOGY, CHRONOLOGY.reversed(), Ordering(("key",))], ids=str)
    def test_is_walked_page_by_page_without_a_gap_or_a_repetition(self, asked, ordering):
        whole = ordering.applied(asked().model.objects.filter(pk__in=asked().values("pk")))

        assert walked(asked(), ordering) == [row.body for row in whole]

    @pytest.mark.parametrize("ordering", [CHRONOLOGY, CHRONOLOGY.reversed(), Ordering(("key",))], ids=str)
    @pytest.mark.parametrize("most", [0, 1, 5])
    def test_of_several_words_is_the_same_whether_few_are_found_or_many(self, most, ordering, monkeypatch):
        def asked():
            return EVENTS.with_words("army konna").involving("army")

        expected = walked(asked(), ordering)
        monkeypatch.setattr(page_query, "FEW", most)

        assert len(expected) > 5
        assert walked(asked(), ordering) == expected

    @pytest.mark.parametrize("asked", [asked for asked, _ in list(LISTS.values())[:11]], ids=list(LISTS)[:11])
    def test_is_walked_on_the_website_in_both_directions(self, asked):
        expected = list(asked().chronological().values_list("key", flat=True))
        forwards, backwards, query = [], [], ""
        while True:
            shown = page_of(asked(), BY_DATE, given(query), 3)
            forwards += [row.key for row in shown.rows]
            if not shown.next:
                break
            query = shown.next
        while True:
            backwards = [row.key for row in shown.rows] + backwards
            if not shown.previous:
                break
            shown = page_of(asked(), BY_DATE, given(shown.previous), 3)

        assert forwards == expected
        assert backwards == expected


def given(query: str) -> Parameters:
    return Parameters(QueryDict(query.removeprefix("?")), POSITION)


def around(event: str) -> dict[str, bool]:
    return dict(PublishedEventLocation.objects.filter(event=event).values_list("location", "is_named"))


class TestALinkToAPlace:
    def test_is_there_for_the_places_around_it_and_says_which_are_named(self, many):
        assert around("event-00") == {"konna": True, "mopti": False, "mali": False}
        assert around("event-12") == {"ansongo": True, "gao": False, "konna": True, "mopti": False, "mali": False}
        assert around("event-03") == {"mopti": True, "mali": False}

    def test_follows_a_place_that_moves_into_another_region(self, many):
        published([location("konna", parent="gao")], at=LATER)

        assert around("event-00") == {"konna": True, "gao": False, "mali": False}
        assert around("event-12") == {"ansongo": True, "gao": False, "konna": True, "mali": False}
        assert list(rebuild.differences()) == []

    def test_follows_a_place_that_is_taken_out_of_its_region(self, many):
        published([location("konna")], at=LATER)

        assert around("event-00") == {"konna": True}
        assert list(rebuild.differences()) == []

    def test_follows_a_region_that_moves_with_all_that_lies_in_it(self, many):
        published([location("sahel"), location("mopti", parent="sahel")], at=LATER)

        assert around("event-00") == {"konna": True, "mopti": False, "sahel": False}
        assert around("event-03") == {"mopti": True, "sahel": False}
        assert around("event-12") == {
            "ansongo": True, "gao": False, "mali": False, "konna": True, "mopti": False, "sahel": False,
        }  # fmt: skip
        assert list(rebuild.differences()) == []

    def test_lets_a_region_go_whose_places_moved_out_of_it(self):
        published([location("mali"), location("sahel", parent="mali"), location("konna", parent="sahel")])
        published([event("told", place="konna")])
        _, moved = location("konna", parent="mali")
        publish(
            [
                Step("location", "konna", ChangeKind.CORRECTION, "Merged.", text=canonical_text(moved)),
                Step("location", "sahel", ChangeKind.WITHDRAWAL, "Merged.", Action.WITHDRAW, successor="mali"),
            ],
            LATER,
        )

        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert around("told") == {"konna": True, "mali": False}
        assert list(rebuild.differences()) == []

    def test_follows_the_day_and_the_kind_of_its_event(self, many):
        published([event("event-00", when="2014-05-01", place="konna", kind="protest")], at=LATER)

        links = PublishedEventLocation.objects.filter(event="event-00").values_list("sorts_on", "kind")
        assert set(links) == {(date(2014, 5, 1), "protest")}

    def test_goes_with_its_event(self, many):
        withdrawn("event", "event-00", at=LATER)

        assert around("event-00") == {}


class TestALinkToAParty:
    def test_counts_a_key_once_in_a_role_though_an_actor_and_a_place_share_it(self):
        both = [ref("actor", "gao"), ref("location", "gao")]
        published(
            [
                actor("gao"),
                location("gao"),
                event("told", claims=[claim("said", low=1, high=1, claimant=both, subject=both)]),
            ]
        )

        assert [row.key for row in CLAIMS.by("gao")] == ["said"]
        assert [row.key for row in CLAIMS.about("gao").by("gao")] == ["said"]
        assert sorted(PublishedClaimParty.objects.values_list("role", "party")) == [
            ("claimant", ""),
            ("claimant", "gao"),
            ("subject", ""),
            ("subject", "gao"),
        ]


class TestABody:
    def test_lies_unpacked_in_the_row_of_its_event(self):
        published([event("long", summary="They crossed the river before dawn. " * 120)])

        with connection.cursor() as cursor:
            cursor.execute("SELECT octet_length(body), pg_column_compression(body) FROM record_publishedevent")
            length, packed_by = cursor.fetchone()
            cursor.execute("SELECT reloptions FROM pg_class WHERE relname = 'record_publishedevent'")
            (options,) = cursor.fetchone()

        assert length > 4000
        assert (packed_by, options) == (None, ["toast_tuple_target=8160"])
