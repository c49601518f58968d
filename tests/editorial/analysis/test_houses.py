"""Houses of outlets: desk and website name the same."""

import json

import pytest

from conflict.models import Actor, Affiliation, Source
from conflict.public import event_context
from conflict.record.models import PublishedEvent
from editorial.analysis.houses import houses_of
from tests.documents import actor, affiliation, citation, event, published, ref, source

PARENTS = (("outlet", "group"), ("outlet", "agency"), ("group", "holding"))


@pytest.mark.django_db
def test_of_an_outlet_with_two_parents_are_the_same_to_desk_and_website():
    rows = {
        key: Actor.objects.create(key=key, name=key, kind="media") for key in ("outlet", "group", "agency", "holding")
    }
    for part, whole in PARENTS:
        Affiliation.objects.create(actor=rows[part], kind="part_of", other=rows[whole])
    Source.objects.create(key="article", kind="news", title="Article", publisher=rows["outlet"])
    parts = {key: [affiliation("part_of", whole) for part, whole in PARENTS if part == key] for key in rows}
    published(
        [
            *(actor(key, kind="media", affiliations=ties) for key, ties in parts.items()),
            source("article", publisher=ref("actor", "outlet")),
            event("raid", citations=[citation("article")]),
        ]
    )
    row = PublishedEvent.objects.get(pk="raid")
    body = json.loads(row.body)

    shown = event_context.page_context(event_context.around(row, body), body)["houses"]

    assert shown == houses_of(["article"]) == {"article": "agency"}
