"""The desk: relational tables that editors work on and the public never reads."""

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

__all__ = [
    "ENTRIES",
    "Actor",
    "ActorName",
    "Affiliation",
    "Citation",
    "Claim",
    "ClaimParty",
    "ClaimRelation",
    "Entry",
    "Event",
    "EventLocation",
    "EventRelation",
    "Finding",
    "FindingBasis",
    "FindingParty",
    "Location",
    "LocationName",
    "Notice",
    "NoticeMention",
    "Participation",
    "Period",
    "Source",
]
