"""Query plans: no query of a reader or an editor scans a big table in full."""

import json
from collections.abc import Iterator
from math import inf
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pgtrigger
import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from conflict.api import resources
from conflict.record.models import PUBLISHED, PublishedEvent
from editorial.models import User
from tests.desk import an_event, just_signed_in
from tests.documents import (
    actor,
    citation,
    claim,
    event,
    finding,
    location,
    participant,
    period,
    published,
    ref,
    source,
)

pytestmark = pytest.mark.django_db  # each test within the transaction of `at_size`
EVENTS = 8_000
BIG = 7_000  # rows
API, DESK = "/api/v1/", "/admin/conflict/"

# One event told through the real publication, then told EVENTS times more.
TOLD = [
    actor("army", "Malian Army"),
    actor("mojwa", "MOJWA"),
    location("mopti", "Mopti Region", kind="region"),
    location("konna", "Konna", parent="mopti", latitude="14.94200", longitude="-3.89300", coordinate_precision="exact"),
    source("cite-1", number=1),
    source("cite-2", title="Report of the mission", resolved=True, publisher=ref("actor", "army")),
    period("war", "The war", position=1),
    event(
        "told",
        "Konna falls",
        place="konna",
        period="war",
        summary="Fighters enter the town.",
        participants=[participant("mojwa", "attacker"), participant("army", "defender")],
        claims=[claim("told-46", low=46, high=46, claimant=[ref("actor", "army")], subject=[ref("actor", "mojwa")])],
        findings=[finding("finding")],
        citations=[citation("cite-2")],
    ),
]
# Every thousandth row is of the other kind, place, day or standing that is asked for.
RARE = "mod(n, 1000) = 0"
RECORD = f"""
INSERT INTO record_publishedactor (key, publication_id, version, first_published_at, changed_at, label, names, body, search_text, kind, family, country)
SELECT 'actor-' || n, publication_id, 1, first_published_at, changed_at, 'Group ' || n, 'Group ' || n, body, 'Group ' || n, kind, family, country
FROM record_publishedactor, generate_series(1, 300) n WHERE key = 'mojwa';
INSERT INTO record_publishedlocation (key, publication_id, version, first_published_at, changed_at, label, names, body, search_text, kind, parent_id, path, latitude, longitude, coordinate_precision)
SELECT 'place-' || n, publication_id, 1, first_published_at, changed_at, 'Town ' || n, 'Town ' || n, body, 'Town ' || n, kind, parent_id, ARRAY['mopti', 'place-' || n], 10 + mod(n, 100) / 10.0, -10 + n / 100.0, coordinate_precision
FROM record_publishedlocation, generate_series(1, 600) n WHERE key = 'konna';
INSERT INTO record_publishedsource (key, publication_id, version, first_published_at, changed_at, label, names, body, search_text, kind, resolved, number, publisher_id)
SELECT 'source-' || n, publication_id, 1, first_published_at + n * interval '1 minute', changed_at + n * interval '1 minute', 'Report ' || n, '', body, 'Report ' || n,
  CASE WHEN {RARE} THEN 'book' ELSE kind END, NOT {RARE}, n, CASE WHEN {RARE} THEN 'army' END
FROM record_publishedsource, generate_series(1, {EVENTS}) n WHERE key = 'cite-2';
INSERT INTO record_publication (number, entry_kind, key, version, action, change_kind, reason, successor, batch, published_at, document, document_sha256, prev_sha256, sha256)
SELECT number + n, 'event', 'event-' || n, 1, action, CASE WHEN {RARE} THEN 'correction' ELSE change_kind END, reason, '', number, published_at + n * interval '1 minute', document, document_sha256, md5(n::text), md5('own' || n)
FROM record_publication, generate_series(1, {EVENTS}) n WHERE key = 'told';
INSERT INTO record_publishedevent (key, publication_id, version, first_published_at, changed_at, label, names, body, search_text, kind, standing, "when", span, sorts_on, location_id, period_id, sources, unresolved_sources, is_disputed, card)
SELECT 'event-' || n, publication_id + n, 1, first_published_at + n * interval '1 minute', changed_at + n * interval '1 minute', 'Event ' || n, '', body,
  CASE WHEN {RARE} THEN 'Ménaka ambush' ELSE 'patrol of the army near village ' || n END,
  CASE WHEN {RARE} THEN 'protest' ELSE 'battle' END, CASE WHEN {RARE} THEN 'contested' ELSE standing END, "when",
  daterange(date '2012-01-01' + n / 5, date '2012-01-02' + n / 5), date '2012-01-01' + n / 5, 'place-' || 1 + mod(n, 600), period_id,
  CASE WHEN {RARE} THEN 1 ELSE 2 END, CASE WHEN {RARE} THEN 1 ELSE 0 END, {RARE}, card
FROM record_publishedevent, generate_series(1, {EVENTS}) n WHERE key = 'told';
INSERT INTO record_publishedclaim (key, event_id, kind, measure, low, high, qualifier, rank, made_on, label, sorts_on, body)
SELECT 'claim-' || n, 'event-' || n, CASE WHEN {RARE} THEN 'control' ELSE kind END, CASE WHEN {RARE} THEN 'wounded' ELSE measure END,
  CASE WHEN {RARE} THEN 900 ELSE mod(n, 40) END, CASE WHEN {RARE} THEN 900 ELSE mod(n, 40) END, qualifier, CASE WHEN {RARE} THEN 'deprecated' ELSE rank END, '', label, date '2012-01-01' + n / 5, body
FROM record_publishedclaim, generate_series(1, {EVENTS}) n WHERE key = 'told-46';
INSERT INTO record_publishedclaimparty (claim_id, role, actor_id, party, described_as, sorts_on)
SELECT 'claim-' || n, role, 'actor-' || 1 + mod(n, 300), 'actor-' || 1 + mod(n, 300), '', date '2012-01-01' + n / 5 FROM generate_series(1, {EVENTS}) n, unnest(ARRAY['claimant', 'subject']) role;
INSERT INTO record_publishedeventactor (event_id, actor_id, sorts_on, kind)
SELECT 'event-' || n, 'actor-' || 1 + mod(n + more, 300), date '2012-01-01' + n / 5, CASE WHEN {RARE} THEN 'protest' ELSE 'battle' END FROM generate_series(1, {EVENTS}) n, generate_series(0, 1) more;
INSERT INTO record_publishedparticipation (event_id, actor_id, role, side, standing)
SELECT 'event-' || n, 'actor-' || 1 + mod(n, 300), 'attacker', '', 'known' FROM generate_series(1, {EVENTS}) n;
INSERT INTO record_publishedeventlocation (event_id, location_id, is_named, sorts_on, kind)
SELECT 'event-' || n, place, place <> 'mopti', date '2012-01-01' + n / 5, CASE WHEN {RARE} THEN 'protest' ELSE 'battle' END
FROM generate_series(1, {EVENTS}) n, unnest(ARRAY['place-' || 1 + mod(n, 600), 'mopti']) place;
INSERT INTO record_publishedfinding (event_id, key, aspect, measure, grade)
SELECT 'event-' || n, 'finding', CASE WHEN {RARE} THEN 'occurrence' ELSE 'figure' END, CASE WHEN {RARE} THEN 'wounded' ELSE 'killed' END, CASE WHEN {RARE} THEN 'contested' ELSE '' END FROM generate_series(1, {EVENTS}) n;
INSERT INTO record_publishedreference (from_kind, from_key, source_id) SELECT 'event', 'event-' || n, 'source-' || n FROM generate_series(1, {EVENTS}) n;
INSERT INTO record_publishedreference (from_kind, from_key, actor_id) SELECT 'event', 'event-' || n, 'actor-' || 1 + mod(n, 300) FROM generate_series(1, {EVENTS}) n;
"""
ON_THE_DESK = f"""
INSERT INTO conflict_event (key, title, summary, kind, "when", span, as_written, date_basis, year_basis, standing, location_id, location_precision, period_id)
SELECT 'event-' || n, CASE WHEN {RARE} THEN 'Ménaka ambush' ELSE 'Patrol near village ' || n END, 'Told by residents of village ' || n, kind, (date '2012-01-01' + n / 5)::text,
  daterange(date '2012-01-01' + n / 5, date '2012-01-02' + n / 5), '', '', '', standing, location_id, '', period_id
FROM conflict_event, generate_series(1, {EVENTS}) n WHERE key = '2013-01-10-konna';
INSERT INTO conflict_actor (key, name, kind, family, country, "when", description)
SELECT 'outlet-' || n, 'Outlet ' || n, 'media', family, country, '', '' FROM conflict_actor, generate_series(1, 300) n WHERE key = 'malian-army';
INSERT INTO conflict_source (publisher_id, key, kind, resolved, number, title, authors, container, pages, published_on, url, archived_url, doi, isbn, language, access, note)
SELECT (SELECT min(id) FROM conflict_actor WHERE key ^@ 'outlet-') + mod(n, 300), 'source-' || n, 'article', NOT {RARE}, NULL, CASE WHEN {RARE} THEN 'Rapport de la mission à Ménaka' ELSE 'Report ' || n END, '', '', '', '', '', '', '', '', '', 'public', repeat('As the archive has it. ', 40)
FROM generate_series(1, {EVENTS}) n;
INSERT INTO conflict_claim (key, event_id, kind, statement, as_worded, stance, negated, made_on, measure, qualifier, unit, rank, rank_reason)
SELECT 'claim-' || n, e.id, 'occurrence', CASE WHEN {RARE} THEN 'An ambush near Ménaka' ELSE 'A patrol was seen' END, '', 'asserts', false, '', '', '', '', 'normal', ''
FROM generate_series(1, {EVENTS}) n JOIN conflict_event e ON e.key = 'event-' || n;
INSERT INTO conflict_finding (key, event_id, aspect, measure, grade, rule, reason)
SELECT 'occurrence', e.id, 'occurrence', '', 'fair', 'editor_judgement', CASE WHEN {RARE} THEN 'Two accounts from Ménaka' ELSE 'One account' END
FROM generate_series(1, {EVENTS}) n JOIN conflict_event e ON e.key = 'event-' || n;
INSERT INTO conflict_citation (source_id, event_id, locator, quotation, basis, note)
SELECT s.id, e.id, '', '', '', '' FROM conflict_event e JOIN conflict_source s ON s.key = replace(e.key, 'event-', 'source-');
"""

TO_READERS = [
    API + address
    for address in (
        "events/",
        "events/?ordering=-chronology",
        "events/?ordering=changed",
        "events/?ordering=-published",
        "events/?ordering=key",
        "events/?search=Menaka",
        "events/?search=nothing-has-this-word",
        "events/?search=Menaka+ambush",
        "events/?search=patrol",
        "events/?search=patrol+army",
        "events/?search=patrol+ambush",
        "events/?after=2013-01-10&before=2013-01-20",
        "events/?after=2013-01-10&before=2013-01-20&date_match=contained",
        "events/?after=2013-01-10&date_match=possible",
        "events/?after=2015-06",
        "events/?before=2012-01",
        "events/?kind=protest",
        "events/?kind=battle",
        "events/?kind=battle,protest",
        "events/?actor=actor-7",
        "events/?actor=actor-7&with_units=true",
        "events/?actor=actor-7&role=attacker",
        "events/?actor=actor-7&side=attacking&standing=known",
        "events/?place=place-7",
        "events/?place=mopti",
        "events/?actor=actor-7&place=mopti&kind=battle",
        "events/?period=war",
        "events/?bbox=-5,10,-4,11",
        "events/?near=15,-4&radius_km=50",
        "events/?measure=wounded",
        "events/?measure=killed&at_least=900",
        "events/?measure=wounded&at_most=20",
        "events/?grade=contested",
        "events/?disputed=true",
        "events/?single_source=true",
        "events/?unsourced=true",
        "events/?encyclopaedia_only=true",
        "events/?dead_of=actor-7",
        "events/?episode=event-7",
        "events/?identifier=wikidata:Q7",
        "events/?unresolved=true",
        "events/?changed_since=2026-03-06",
        "events/?published_since=2026-03-06",
        "events/?ordering=changed&changed_since=2026-03-06",
        "events/?ordering=published&published_since=2026-03-06",
        "claims/",
        "claims/?kind=control",
        "claims/?measure=wounded",
        "claims/?claimant=actor-7",
        "claims/?subject=actor-7",
        "claims/?place=place-7",
        "claims/?after=2013-01-10&before=2013-01-20",
        "claims/?event=event-7",
        "claims/?at_most=3",
        "claims/?at_least=900",
        "claims/?rank=deprecated",
        "claims/?ordering=changed",
        "findings/",
        "findings/?event=event-7",
        "findings/?grade=contested",
        "findings/?aspect=occurrence",
        "findings/?measure=wounded",
        "findings/?ordering=-event",
        "sources/",
        "sources/?search=7900",
        "sources/?search=report+7900",
        "sources/?search=report",
        "sources/?changed_since=2026-03-06",
        "sources/?published_since=2026-03-06",
        "sources/?kind=book",
        "sources/?resolved=false",
        "sources/?publisher=army",
        "sources/?identifier=wikidata:Q7",
        "changes/?after=7900",
        "changes/?kind=actor",
        "changes/?key=event-7",
        "changes/?change_kind=correction",
        "changes/?action=withdraw",
        "changes/?published_since=2026-03-06",
        "events/event-7/",
        "events/event-7/versions/",
    )
] + [
    "/events/event-7/",
    "/actors/actor-7/",
    "/places/place-7/",
    "/chronology/?q=Menaka",
    "/chronology/?from=2013-01-10&to=2013-01-20",
    "/chronology/?kind=protest",
    "/chronology/?actor=actor-7",
    "/chronology/?place=place-7",
    "/chronology/?standing=disputed",
    "/search/?q=Menaka",
    "/search/?q=Menaca",
    "/search/suggestions/?q=men",
    "/changes/",
    "/feeds/events.atom",
    "/feeds/corrections.atom",
    "/map/?from=2013-01-10&to=2013-01-20",
]
# What is asked since a moment is followed in the order of change; in another one, all that changed since is met.
PAGES_OF_THE_API = [
    address
    for address in TO_READERS
    if address.startswith(API) and ("_since=" not in address or "ordering=" in address)
]
TO_EDITORS = [
    DESK + address
    for address in (
        "event/",
        "event/?q=Menaka",
        "event/?q=event-7900",
        "event/?year=2016",
        "event/?o=-2",
        "event/?q=village",
        "event/?q=Menaka+ambush",
        "event/?p=3",
        "source/",
        "source/?q=Menaka",
        "source/?q=report",
        "source/?resolved__exact=0",
        "claim/",
        "claim/?q=Menaka",
        "finding/?q=Menaka",
    )
] + [
    f"/admin/autocomplete/?app_label=conflict&model_name={model}&field_name={field}&term={term}"
    for model, field, term in (
        ("claim", "event", "Menaka"),
        ("claim", "event", "village"),
        ("citation", "source", "report"),
    )
]

# Events by period, for the table of contents, and by month, for the map's bar of time: an index alone answers it, once
# vacuumed; kept until the log moves on.
COUNTED_FAR = "LIMIT 10001"  # lists of the desk are counted so far, whatever they hold
COUNTED_WHOLE = (
    'SELECT "record_publishedevent"."period_id" AS "period", COUNT(',
    'SELECT ((((EXTRACT(YEAR FROM "record_publishedevent"."sorts_on")',
    *(f'SELECT "{table._meta.db_table}"."review_state" AS "review_state", COUNT(' for table in PUBLISHED.values()),
)


@pytest.fixture(scope="module")
def at_size(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A record and a desk of EVENTS events, for this module only: all of it is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        an_event()
        published(TOLD)
        with connection.cursor() as cursor, pgtrigger.ignore():
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(RECORD)
            cursor.execute(ON_THE_DESK)
            cursor.execute("ANALYZE")
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def big_tables(at_size: None) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname, reltuples::int FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [BIG])
        return dict(cursor.fetchall())


# Words that many rows hold are met soon: such a list is read until there are enough, which the second test counts.
UNTIL_ENOUGH = "strpos("


def tables_read_whole(client: Client, address: str, big: dict[str, int]) -> list[str]:
    """Of what the answer asked the database: what it would read from end to end, as the planner sees it."""
    return [
        f"{table}: {query}"
        for query, plan in plans(client, address)
        for table in scanned(plan)
        if table in big and UNTIL_ENOUGH not in query
    ]


def tables_passed_over(client: Client, address: str, big: dict[str, int]) -> list[str]:
    """The same as it happened: tables of which half the rows were met, by whatever index, to answer with one page."""
    return [
        f"{table}: {query}"
        for query, plan in plans(client, address, analyzed=True)
        for table, met in rows_met(plan)
        if COUNTED_FAR not in query and met > big.get(table, inf) / 2
    ]


def plans(client: Client, address: str, *, analyzed: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(address)
        b"".join(response) if response.streaming else response.content
    assert response.status_code == 200, response.content[:500]
    how = "ANALYZE, TIMING OFF, FORMAT JSON" if analyzed else "FORMAT JSON"
    with connection.cursor() as cursor:
        for query in {query["sql"] for query in asked if query["sql"].startswith(("SELECT", "WITH"))}:
            if query.startswith(COUNTED_WHOLE):
                continue
            cursor.execute(f"EXPLAIN ({how}) " + query.replace("%", "%%"), [])
            (plan,) = cursor.fetchone()
            yield query, (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]


def scanned(plan: dict[str, Any], *, is_limited: bool = False) -> Iterator[str]:
    """Tables read from end to end; a scan straight below a limit is none, where it takes what it meets, or words that most rows have."""
    stops = is_limited and "@@" in plan.get("Filter", "@@")
    if plan["Node Type"] == "Seq Scan" and not stops:
        yield plan["Relation Name"]
    is_limited = plan["Node Type"] == "Limit" or (is_limited and plan["Node Type"] == "Subquery Scan")
    for below in plan.get("Plans", ()):
        yield from scanned(below, is_limited=is_limited)


def rows_met(plan: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """How many rows each scan took or left. Of a scan by bitmap the heap is counted, not the index below."""
    if "Relation Name" in plan:
        met = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        yield plan["Relation Name"], met * plan["Actual Loops"]
    for below in plan.get("Plans", ()):
        yield from rows_met(below)


def signed_in(client: Client) -> None:
    editor = User.objects.create_superuser("editor", password="secret-of-the-test")
    client.force_login(editor)
    just_signed_in(client, editor)


class TestAtSize:
    def test_the_tables_are_big(self, big_tables):
        assert {"record_publishedevent", "record_publishedclaim", "record_publication", "conflict_event"} <= set(
            big_tables
        )

    @pytest.mark.parametrize("address", TO_READERS)
    def test_no_big_table_is_read_whole_for_a_reader(self, address, big_tables, client):
        assert tables_read_whole(client, address, big_tables) == []

    @pytest.mark.parametrize("address", TO_EDITORS)
    def test_no_big_table_is_read_whole_for_an_editor(self, address, big_tables, client):
        signed_in(client)

        assert tables_read_whole(client, address, big_tables) == []

    @pytest.mark.parametrize("address", PAGES_OF_THE_API)
    def test_no_page_of_the_api_passes_over_a_big_table(self, address, big_tables, client):
        assert tables_passed_over(client, address, big_tables) == []

    # The year of a list in the order of keys is where its rows happen to be.
    @pytest.mark.parametrize("address", [address for address in TO_EDITORS if "year=" not in address])
    def test_no_page_of_the_desk_passes_over_a_big_table(self, address, big_tables, client):
        signed_in(client)

        assert tables_passed_over(client, address, big_tables) == []

    def test_every_filter_of_what_is_big_is_among_these(self):
        asked = {
            (address.removeprefix(API).partition("/")[0], name)
            for address in TO_READERS
            for name in parse_qs(urlsplit(address).query)
        }
        offered = {
            (resource.name, name)
            for resource in (
                resources.EVENTS,
                resources.CLAIMS,
                resources.FINDINGS,
                resources.SOURCES,
                resources.CHANGES,
            )
            for name in resource.filters.base_filters
        }

        assert offered - asked == set()

    def test_one_kind_is_read_in_the_order_of_its_index(self, big_tables):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DROP INDEX publishedevent_chronology")  # or the planner may take that for a frequent kind
            plan = PublishedEvent.objects.of_kind("battle").chronological().values("key")[:50].explain()
            transaction.set_rollback(True)

        assert "publishedevent_kind" in plan
        assert "Sort" not in plan

    def test_a_missing_index_is_noticed(self, big_tables, client):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DROP INDEX publishedclaim_rank")
            noticed = tables_passed_over(client, f"{API}claims/?rank=deprecated", big_tables)
            transaction.set_rollback(True)

        assert [found.partition(":")[0] for found in noticed] == ["record_publishedclaim"]
