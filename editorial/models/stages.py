"""The stages of a submission and which may follow which; read by the verbs and by the trigger behind them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(TextChoices):
    OPEN = "open", _("open for review")
    RETURNED = "returned", _("returned for revision")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", pgettext_lazy("submission", "published")
    WITHDRAWN = "withdrawn", pgettext_lazy("submission", "withdrawn")


TRANSITIONS: dict[Stage, frozenset[Stage]] = {
    Stage.OPEN: frozenset({Stage.RETURNED, Stage.APPROVED, Stage.WITHDRAWN}),
    Stage.RETURNED: frozenset({Stage.OPEN, Stage.WITHDRAWN}),
    Stage.APPROVED: frozenset({Stage.OPEN, Stage.RETURNED, Stage.PUBLISHED, Stage.WITHDRAWN}),
    Stage.PUBLISHED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}
EMERGENCY_TRANSITIONS: dict[Stage, frozenset[Stage]] = {Stage.OPEN: frozenset({Stage.PUBLISHED})}
LIVE = frozenset({Stage.OPEN, Stage.RETURNED, Stage.APPROVED})


class DisputeStage(TextChoices):
    OPEN = "open", _("open")
    UPHELD = "upheld", _("upheld")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("dispute", "withdrawn")


DISPUTE_TRANSITIONS: dict[DisputeStage, frozenset[DisputeStage]] = {
    DisputeStage.OPEN: frozenset({DisputeStage.UPHELD, DisputeStage.REJECTED, DisputeStage.WITHDRAWN}),
    DisputeStage.UPHELD: frozenset(),
    DisputeStage.REJECTED: frozenset(),
    DisputeStage.WITHDRAWN: frozenset(),
}


def pairs(table: dict[Stage, frozenset[Stage]] | dict[DisputeStage, frozenset[DisputeStage]]) -> list[tuple[str, str]]:
    """The table as (from, to), in a fixed order, for the trigger."""
    return sorted((str(start), str(end)) for start, ends in table.items() for end in ends)
