"""Counts over the whole record are computed once per head of the log, and never outlive it."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from tests import documents as doc


def grouped(client, *addresses):
    """The queries that count all rows of a table by group while these addresses are read."""
    with CaptureQueriesContext(connections["public"]) as asked:
        for address in addresses:
            assert client.get(address).status_code == 200
    return [query["sql"] for query in asked if "GROUP BY" in query["sql"] and " IN (" not in query["sql"]]


@pytest.mark.parametrize("address", ["/", "/chronology/", "/map/", "/places/", "/sources/", "/method/"])
def test_are_made_once_for_all_addresses(client, record, address):
    first, second = grouped(client, address), grouped(client, f"/fr{address}")

    assert first
    assert not second


def test_are_made_anew_after_a_publication(client, record):
    before = client.get("/chronology/").content
    doc.published([doc.event("another")])

    assert grouped(client, "/chronology/")
    assert client.get("/chronology/").content != before
