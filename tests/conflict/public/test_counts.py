"""Counts over the whole record are computed once per head of the log, and never outlive it."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from conflict.public import queries
from conflict.public.cache import counts
from conflict.record.projection import counts as projected
from tests import documents as doc

PAGES = ["/", "/chronology/", "/map/", "/places/", "/sources/", "/method/"]


def asked_of_the_record(client, *addresses):
    """Queries while these addresses are read."""
    with CaptureQueriesContext(connections["public"]) as asked:
        for address in addresses:
            assert client.get(address).status_code == 200
    return [query["sql"] for query in asked]


def counted(client, *addresses):
    """Queries for kept counts of the whole record while these addresses are read."""
    return [
        sql for sql in asked_of_the_record(client, *addresses) if "record_publishedcount" in sql and "ANY(" not in sql
    ]


@pytest.mark.parametrize("address", PAGES)
def test_are_read_once_for_all_addresses(client, record, address):
    first, second = counted(client, address), counted(client, f"/fr{address}")

    assert first
    assert not second


@pytest.mark.parametrize("address", PAGES)
def test_are_never_made_of_all_rows_for_a_reader(client, record, address):
    """A page that groups the whole record takes the longer the more it holds. Open notices and the month's log are few."""
    grouped = [sql for sql in asked_of_the_record(client, address) if "GROUP BY" in sql]

    assert not [sql for sql in grouped if "record_publication" not in sql and "record_publishednotice" not in sql]


def test_follow_a_source_that_was_resolved_though_no_event_was_published(client, record):
    doc.published([doc.source("bare", resolved=False), doc.event("citing", citations=[doc.citation("bare")])])
    before = counts.by_key("unresolved").total()

    doc.published([doc.source("bare", resolved=True)])

    assert counts.by_key("unresolved").total() == before - 1
    assert projected.wrong(10) == ([], [])


def test_are_made_anew_after_a_publication(client, record):
    before = client.get("/chronology/").content
    doc.published([doc.event("another")])

    assert counted(client, "/chronology/")
    assert client.get("/chronology/").content != before


def test_of_claims_of_control_are_as_many_as_a_place_shows(client, record):
    bamba, gossi = doc.ref("location", "bamba"), doc.ref("location", "gossi")
    held = {"kind": "control", "measure": "", "holder": [doc.ref("actor", "mujao")]}
    claims = [
        doc.claim("both", subject=[bamba, gossi], **held),
        doc.claim("twice", subject=[gossi, gossi], **held),
        doc.claim("lost", subject=[gossi], kind="occurrence", measure=""),
    ]
    doc.published([doc.location("bamba"), doc.location("gossi"), doc.actor("mujao"), doc.event("held", claims=claims)])

    numbers = counts.control_claims_by_place()

    assert (numbers["bamba"], numbers["gossi"]) == (1, 2)
    assert [len(queries.control_claims(place)) for place in ("bamba", "gossi")] == [1, 2]
