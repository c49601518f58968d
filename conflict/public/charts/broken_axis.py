"""Linear axis of days on which long gaps are cut short: all days have the same width, but for those of a marked cut."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from conflict.wording.messages import ngettext

ROOM = 97  # per cent of the width; the rest is for the last day
SILENCE = 21  # longest gap in days drawn to scale; longer ones are cut
CUT, MOST_CUTS = 6.0, 55.0  # per cent of the width: for one cut, and for all together
ROOM_OF_A_LENGTH = 15.0  # per cent of the width, for the length of a cut in words
LENGTHS = 2  # lines beneath the chart for the lengths of cuts
SHORTEST = 1.4


@dataclass(frozen=True, slots=True)
class Gap:
    """Days covered by no claim; for a shortened gap, `words` gives its length, on the first `line` with room for it."""

    x: str
    width: str
    words: str = ""
    line: int | None = None


class BrokenAxis:
    """Maps days to positions at constant scale; gaps of more than SILENCE days are shortened to a fixed width."""

    def __init__(self, spans: list[tuple[date, date]]) -> None:
        self.silences = list(_unsaid(spans))
        ends = sorted({day for span in spans for day in span})
        cuts = {silence for silence in self.silences if (silence[1] - silence[0]).days > SILENCE}
        cut = min(CUT, MOST_CUTS / len(cuts)) if cuts else 0
        pieces = list(pairwise(ends))
        lasting = sum((end - start).days for start, end in pieces if (start, end) not in cuts) or 1
        self.cuts = cuts
        self.places = {ends[0]: 0.0}
        for start, end in pieces:
            length = cut if (start, end) in cuts else (ROOM - cut * len(cuts)) * (end - start).days / lasting
            self.places[end] = self.places[start] + length

    def __call__(self, start: date, end: date) -> tuple[str, str]:
        """Position and width of the half-open range of days, as percentages.

        Both days have to be ends of covered ranges.
        """
        return f"{self.at(start):.2f}%", f"{max(self.at(end) - self.at(start), SHORTEST):.2f}%"

    def at(self, day: date) -> float:
        return self.places[day]

    def gaps(self) -> Iterator[Gap]:
        written = [-ROOM_OF_A_LENGTH] * LENGTHS
        for start, end in self.silences:
            words = _length(start, end) if (start, end) in self.cuts else ""
            lines = (line for line, at in enumerate(written) if words and self.at(start) - at >= ROOM_OF_A_LENGTH)
            if (line := next(lines, None)) is not None:
                written[line] = self.at(start)
            yield Gap(*self(start, end), words, line)


def _length(start: date, end: date) -> str:
    """Duration of a shortened gap in words: “10 years”, “7 months”."""
    months = max((end.year - start.year) * 12 + end.month - start.month, 1)
    if months >= 24:
        return ngettext("%(number)s year", "%(number)s years", months // 12) % {"number": months // 12}
    return ngettext("%(number)s month", "%(number)s months", months) % {"number": months}


def _unsaid(spans: list[tuple[date, date]]) -> Iterator[tuple[date, date]]:
    """Ranges between claims that no claim covers."""
    reached = min(start for start, _ in spans)
    for start, end in sorted(spans):
        if start > reached:
            yield reached, start
        reached = max(reached, end)
