"""Filing of imported events under periods of the chronology: the chosen one, or by date."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from conflict.models import Period
from conflict.record.successors import successors
from editorial.import_export.drafts import Days


class Phase(NamedTuple):
    pk: int
    key: str
    parent: int | None
    starts_on: date
    ends_before: date

    def holds(self, days: Days) -> bool:
        return self.starts_on <= days.starts_on and days.ends_before <= self.ends_before

    def meets(self, other: "Phase") -> bool:
        return self.starts_on < other.ends_before and other.starts_on < self.ends_before

    @property
    def is_open(self) -> bool:
        return self.starts_on == date.min or self.ends_before == date.max


@dataclass
class Filing:
    """The desk's periods with dates, and the period that all new events of a file go to, if one was chosen.

    Without a choice, events are filed by date: into the first chapter that contains all of their days, not counting one
    that spans more than half of the others, such as an introduction. A section below it is used only if no other
    contains them: sections of the same time differ by subject, which a date does not give.
    """

    chosen: Period | None = None
    chapters: list[Phase] = field(default_factory=list)
    sections: dict[int, list[Phase]] = field(default_factory=dict)
    outside: int = 0  # of those filed so far

    @classmethod
    def with_desk(cls, chosen: Period | None) -> "Filing":
        dated = Period.objects.exclude(span=None).exclude(key__in=successors("period")).order_by("position")
        phases = [
            Phase(pk, key, parent, span.lower or date.min, span.upper or date.max)
            for pk, key, parent, span in dated.values_list("pk", "key", "parent_id", "span")
        ]
        sections: dict[int, list[Phase]] = defaultdict(list)
        for phase in phases:
            if phase.parent is not None:
                sections[phase.parent].append(phase)
        roots = [phase for phase in phases if phase.parent is None]
        return cls(chosen, [phase for phase in roots if not _lasts_throughout(phase, roots)], sections)

    def period_of(self, days: Days) -> tuple[int | None, str]:
        """Primary key and key of the period: the chosen one, or the one that holds the days."""
        if self.chosen is not None:
            span = self.chosen.span
            if span and not (
                (span.lower or date.min) <= days.starts_on and days.ends_before <= (span.upper or date.max)
            ):
                self.outside += 1
            return self.chosen.pk, self.chosen.key
        phase = next((phase for phase in self.chapters if phase.holds(days)), None)
        while phase is not None:
            within = [section for section in self.sections.get(phase.pk, ()) if section.holds(days)]
            if len(within) != 1:
                return phase.pk, phase.key
            phase = within[0]
        return None, ""


def _lasts_throughout(phase: Phase, chapters: list[Phase]) -> bool:
    met = sum(1 for other in chapters if other.pk != phase.pk and phase.meets(other))
    return phase.is_open and len(chapters) > 2 and met > (len(chapters) - 1) / 2
