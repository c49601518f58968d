"""The desk: relational tables that editors work on and the public never reads."""

from django.db.models import Model

from conflict.models.actor import Actor, ActorName, Affiliation
from conflict.models.citation import Citation
from conflict.models.claim import Claim, ClaimParty, ClaimRelation
from conflict.models.entry import Entry
from conflict.models.event import Event, EventLocation, EventRelation, Participation
from conflict.models.finding import Finding, FindingBasis, FindingParty
from conflict.models.location import Location, LocationName
from conflict.models.notice import Notice, NoticeMention
from conflict.models.period import Period
from conflict.models.source import Source

ENTRIES: dict[str, type[Entry]] = {
    model.entry_kind: model for model in (Actor, Location, Source, Period, Event, Notice)
}
# The tables of the desk by name, without their histories; each is exported, imported and permitted apart.
TABLES: dict[str, type[Model]] = {
    name.lower(): model
    for name, model in sorted(vars().items())
    if isinstance(model, type)
    and issubclass(model, Model)
    and not (model is Model or model._meta.abstract or hasattr(model, "pgh_tracked_model"))
}
