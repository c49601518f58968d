"""Imports in one call, as a managing editor does them."""

import pytest

from conflict import models as desk
from conflict.models import Actor, ActorName, Citation, Location, Source
from conflict.translations import digest
from editorial.import_export import imports
from tests.desk import MORNING, an_event
from tests.editorial.import_export.rows import written

NASTY = '=1+1 \'=x "quoted", two\nlines and  spaces'


@pytest.fixture
def previewed(tmp_path, chief):
    """`previewed("ucdp-ged", row, row)` gives the run that waits for confirmation, and its file."""

    def preview(name, *rows, tags=False, file="file.csv", **options):
        path = written(tmp_path / file, *rows, tags=tags) if rows else tmp_path / file
        run = imports.new_run(holds=name, path=path, by=chief, at=MORNING, **options)
        return imports.preview(run, path), path

    return preview


@pytest.fixture
def imported(previewed, chief):
    def bring(name, *rows, accepted=(), **options):
        run, path = previewed(name, *rows, **options)
        imports.confirm(run=run, path=path, by=chief, at=MORNING, accepted=accepted)
        return run

    return bring


@pytest.fixture
def everything(chief):
    """At least one row in every table, with texts that are hard on files."""
    event = an_event()
    other = an_event("2013-01-11-konna")
    army = Actor.objects.get(key="malian-army")
    army.description, army.name = NASTY, "'=already escaped"
    army.translations = {"fr": {"name": {"of": digest(army.name), "text": 'L’armée, dite « l’"Armée" »'}}}
    army.save()
    group = Actor.objects.create(key="ansar-dine", name="-Ansar Dine", kind="armed_group", when="2012~/..")
    ActorName.objects.create(actor=group, name="@Ansar ud-Din")
    affiliation = desk.Affiliation.objects.create(
        actor=group, kind="allied_with", other=army, role="a | b", when="2012"
    )
    konna = Location.objects.get(key="konna")
    a_region = Location.objects.create(key="zz-mopti", name="Mopti", kind="region")
    konna.parent, konna.latitude, konna.longitude = a_region, "14.94200", "-3.89300"
    konna.coordinate_origin, konna.coordinate_precision = "a map", "settlement"
    konna.save()
    desk.LocationName.objects.create(location=konna, name="Kona")
    desk.EventLocation.objects.create(event=event, location=a_region)
    desk.EventRelation.objects.create(event=event, kind="part_of", other=other)
    claim, rival = desk.Claim.objects.order_by("key")
    desk.ClaimRelation.objects.create(claim=claim, kind="contradicts", other=rival)
    finding = desk.Finding.objects.create(
        event=event, key="killed", aspect="figure", measure="killed", best=46, rule="single_claim", reason="One count."
    )
    desk.FindingParty.objects.create(finding=finding, actor=army)
    desk.FindingBasis.objects.create(finding=finding, claim=claim)
    source = Source.objects.get(key="cite-1")
    for fields in ({"affiliation": affiliation}, {"finding": finding}, {"event": event}, {"event": event}):
        Citation.objects.create(source=source, **fields)
    Citation.objects.create(source=source, participation=event.participations.get(), note="@first")
    notice = desk.Notice.objects.create(key="gap", kind="coverage_gap", whole_chronology=True, reason="+Few.")
    desk.NoticeMention.objects.create(notice=notice, claim=claim)
    desk.Period.objects.create(key="aaa-first", title="First", position=2, parent=desk.Period.objects.get(key="war"))
    return event
