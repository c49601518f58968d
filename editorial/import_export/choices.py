"""Editors' decisions about the names and rows of a previewed file; remembered for the next file of its source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from conflict.models import Actor, Event, Location
from conflict.vocabulary import kind_label
from editorial.import_export.exceptions import ImportRefused
from editorial.models import ChoiceKind, ImportChoice, ImportRun, User, Verdict

STANDS_FOR = {
    ChoiceKind.ACTOR: Actor,
    ChoiceKind.OUTLET: Actor,
    ChoiceKind.PLACE: Location,
    ChoiceKind.EVENT: Event,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """Decision about one name. Without a verdict, the earlier decision is forgotten."""

    kind: str
    name_key: str
    verdict: str
    target: str = ""
    name: str = ""


@transaction.atomic
def decide(*, run: ImportRun, by: User, at: datetime, decisions: Iterable[Decision]) -> int:
    """Store decisions for this file and later ones; the file must then be read again. Raises ImportRefused."""
    decisions = list(decisions)
    _refuse_unknown_targets(decisions)
    known = ImportChoice.objects.filter(source=run.source)
    for decision in decisions:
        known.filter(kind=decision.kind, name_key=decision.name_key).delete()
    made = [
        ImportChoice(
            source=run.source,
            kind=decision.kind,
            name_key=decision.name_key,
            name=decision.name[:300],
            verdict=decision.verdict,
            target=decision.target if decision.verdict == Verdict.MAP else "",
            decided_by=by,
            decided_at=at,
        )
        for decision in decisions
        if decision.verdict
    ]
    ImportChoice.objects.bulk_create(made)
    return len(decisions)


def _refuse_unknown_targets(decisions: Iterable[Decision]) -> None:
    wanted: dict[str, set[str]] = {}
    for decision in decisions:
        if decision.verdict and decision.verdict not in Verdict.values:
            raise ImportRefused(_("“%(verdict)s” is no decision.") % {"verdict": decision.verdict})
        if decision.verdict == Verdict.MAP:
            if decision.kind not in STANDS_FOR:
                raise ImportRefused(_("This can be accepted or left as it is, and stands for nothing else."))
            wanted.setdefault(decision.kind, set()).add(decision.target)
    for kind, keys in wanted.items():
        model = STANDS_FOR[ChoiceKind(kind)]
        there = set(model.objects.filter(key__in=keys).values_list("key", flat=True))
        if missing := sorted(keys - there):
            named = ", ".join(key or "(nothing)" for key in missing)
            raise ImportRefused(
                _("The desk has no %(entry_kind)s %(named)s: write the key of one that it has.")
                % {"entry_kind": kind_label(model.entry_kind), "named": named}
            )
