"""Under which period of the chronology an imported event is filed: the one that was chosen, or by its date."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from conflict.models import Period
from editorial.import_export.drafts import Days


class Phase(NamedTuple):
    pk: int
    key: str
    starts_on: date
    ends_before: date

    def holds(self, days: Days) -> bool:
        return self.starts_on <= days.starts_on and days.ends_before <= self.ends_before

    @property
    def length(self) -> int:
        return (self.ends_before - self.starts_on).days


@dataclass
class Filing:
    """The desk's periods with dates, and the period that all new events of a file go to, if one was chosen."""

    chosen: Period | None = None
    phases: list[Phase] = field(default_factory=list)
    outside: int = 0  # of those filed so far

    @classmethod
    def with_desk(cls, chosen: Period | None) -> "Filing":
        dated = Period.objects.exclude(span=None).values_list("pk", "key", "span")
        phases = [Phase(pk, key, span.lower or date.min, span.upper or date.max) for pk, key, span in dated]
        return cls(chosen, sorted(phases, key=lambda phase: (phase.length, phase.key)))

    def period_of(self, days: Days) -> tuple[int | None, str]:
        """Primary key and key of the period: the chosen one, or the shortest that holds all of the days."""
        if self.chosen is not None:
            span = self.chosen.span
            if span and not (
                (span.lower or date.min) <= days.starts_on and days.ends_before <= (span.upper or date.max)
            ):
                self.outside += 1
            return self.chosen.pk, self.chosen.key
        phase = next((phase for phase in self.phases if phase.holds(days)), None)
        return (phase.pk, phase.key) if phase else (None, "")
