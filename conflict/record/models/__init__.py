"""The log and the tables projected from it."""

from conflict.record.models import lookups  # how columns are compared with many keys
from conflict.record.models.actor import PublishedActor, PublishedAffiliation
from conflict.record.models.anchor import Anchor, Cosignature
from conflict.record.models.claim import (
    PublishedClaim,
    PublishedClaimHome,
    PublishedClaimParty,
    PublishedClaimRelation,
    PublishedFinding,
)
from conflict.record.models.count import PublishedCount
from conflict.record.models.entry import PublishedEntry
from conflict.record.models.event import (
    PublishedEvent,
    PublishedEventActor,
    PublishedEventLocation,
    PublishedParticipation,
)
from conflict.record.models.incident import PublishedIncident
from conflict.record.models.location import PublishedLocation
from conflict.record.models.notice import PublishedNotice
from conflict.record.models.period import PublishedPeriod
from conflict.record.models.projection_state import ProjectionState
from conflict.record.models.publication import Action, Publication
from conflict.record.models.reference import PublishedReference, Tombstone
from conflict.record.models.source import PublishedSource

PUBLISHED: dict[str, type[PublishedEntry]] = {
    model.entry_kind: model
    for model in (PublishedActor, PublishedLocation, PublishedSource, PublishedPeriod, PublishedEvent, PublishedNotice)
}
