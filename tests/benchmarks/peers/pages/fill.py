"""Put the invented events into Wagtail's tables: `python -m tests.benchmarks.peers.pages.fill EVENTS SEED`."""

import sys

import django

django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from wagtail.models import Page, Site  # noqa: E402

from tests.benchmarks.peers.pages.models import Claim, EventPage, Participant  # noqa: E402
from tests.benchmarks.world import World  # noqa: E402

AT_ONCE = 1000


def fill(events: int, seed: int) -> None:
    call_command("migrate", verbosity=0)
    world, home = World(events, seed), Page.objects.get(depth=2)
    kind = ContentType.objects.get_for_model(EventPage)
    for first in range(0, events, AT_ONCE):
        with transaction.atomic():
            _put(world, home, kind, first, min(first + AT_ONCE, events))
    home.numchild = events
    home.save()
    Site.objects.update(root_page=home)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _put(world: World, home: Page, kind: ContentType, first: int, after_last: int) -> None:
    """Rows of a page and of what is its own, as many at once as Wagtail itself would never write."""
    pages, claims, participants = [], [], []
    for number, event in enumerate(world.events_from(first, after_last), first + 1):
        page = EventPage(
            path=Page._get_path(home.path, home.depth + 1, number), depth=home.depth + 1, numchild=0, content_type=kind,
            locale_id=home.locale_id, title=event["title"], draft_title=event["title"], slug=event["key"], live=True,
            url_path=f"/home/{event['key']}/", key=event["key"], summary=event["summary"], kind=event["kind"],
            when=event["when"], sorts_on=event["starts_on"], location=event["location"]["key"],
            period=event["period"]["key"], standing=event["standing"],
        )  # fmt: skip
        pages.append(page)
    shared = [column.attname for column in Page._meta.concrete_fields if not column.primary_key]
    bases = Page.objects.bulk_create([Page(**{name: getattr(page, name) for name in shared}) for page in pages])
    own = [column for column in EventPage._meta.local_concrete_fields if not column.primary_key]
    with connection.cursor() as cursor:
        names = ", ".join(f'"{column.column}"' for column in own)
        with cursor.copy(f"COPY {EventPage._meta.db_table} (page_ptr_id, {names}) FROM STDIN") as copy:
            for base, page in zip(bases, pages, strict=True):
                copy.write_row((base.pk, *(getattr(page, column.attname) for column in own)))
    for base, event in zip(bases, world.events_from(first, after_last), strict=True):
        for order, claim in enumerate(event["claims"]):
            who = claim["claimant"][0]
            plain = {name: claim[name] for name in ("key", "kind", "measure", "statement", "as_worded", "low", "high", "qualifier", "made_on")}  # fmt: skip
            claimant = who.get("key") or who["name"]
            cited = claim["citations"][0]["source"]["key"]
            claims.append(Claim(page_id=base.pk, sort_order=order, claimant=claimant, source=cited, **plain))
        for order, part in enumerate(event["participants"]):
            taken = {"actor": part["actor"]["key"], "role": part["role"], "side": part["side"]}
            participants.append(Participant(page_id=base.pk, sort_order=order, **taken))
    Claim.objects.bulk_create(claims)
    Participant.objects.bulk_create(participants)


if __name__ == "__main__":
    fill(int(sys.argv[1]), int(sys.argv[2]))
