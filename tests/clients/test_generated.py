"""A client that openapi-python-client makes from our description: imported, and used by its types."""

import json

import pytest

from tests.documents import event, published, withdrawn

USED = """
import json, sys
from conflict_chronology_client import Client
from conflict_chronology_client.api.changes import changes_list
from conflict_chronology_client.api.events import events_detail, events_list
from conflict_chronology_client.models import Event, EventPage, EventsListKindItem, Tombstone
client = Client(base_url=sys.argv[1])
page = events_list.sync(client=client, page_size=2, kind=[EventsListKindItem("battle"), EventsListKindItem("attack")])
assert isinstance(page, EventPage), page
event = events_detail.sync("konna-taken", client=client)
assert isinstance(event, Event), event
refused = events_list.sync_detailed(client=client, page_size=1000)
gone = events_detail.sync("told-twice", client=client)
assert isinstance(gone, Tombstone), gone
steps = changes_list.sync(client=client, after=3)
print(json.dumps([
    [row.key for row in page.results],
    sorted(claim.key for claim in event.claims),
    event.first_published_at.isoformat(),
    refused.status_code,
    refused.parsed.field,
    gone.reason,
    steps.results[0].number,
]))
"""


@pytest.mark.django_db(transaction=True)
class TestAGeneratedClient:
    def test_reads_lists_entries_refusals_and_tombstones_by_their_types(self, run, site, client, konna, tmp_path):
        published([event("told-twice")])
        withdrawn("event", "told-twice", reason="Told twice.")
        (tmp_path / "openapi.json").write_bytes(client.get("/api/v1/schema/").content)

        made = run(
            "openapi-python-client", "generate", "--path", "openapi.json", "--meta", "none",
            "--output-path", "conflict_chronology_client", "--fail-on-warning",
        )  # fmt: skip
        used = run("python", "-c", USED, site.removesuffix("/api/v1"))

        assert made.returncode == 0, made.stdout + made.stderr
        assert used.returncode == 0, used.stderr
        assert json.loads(used.stdout) == [
            ["konna-taken", "menaka-attack"],
            ["konna-dead", "konna-lost-army", "konna-taken-spokesman"],
            "2026-03-01T12:00:00+00:00",
            400,
            "page_size",
            "Told twice.",
            4,
        ]
