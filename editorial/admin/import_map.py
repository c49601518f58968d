"""Map of the places that a previewed file names, drawn on the server: what is new, and what the desk has already."""

from dataclasses import dataclass
from typing import Any

from conflict.public.charts import base_map
from editorial.models import ChoiceKind, ImportRun

MARGIN = 0.06  # of the longer side, around the outermost places
SMALLEST = 1.5 * base_map.UNIT  # of the frame, for a file with one place


@dataclass(frozen=True, slots=True)
class Dot:
    name: str
    x: float
    y: float
    is_new: bool


def import_map(run: ImportRun) -> dict[str, Any]:
    """Template context: dots, and a frame around all of them, wherever they lie. Empty if no place has a point."""
    rows = run.mentions.filter(kind=ChoiceKind.PLACE).order_by("-rows", "pk")
    dots = [
        Dot(name, *base_map.position(float(north), float(east)), not match)
        for name, north, east, match in rows.values_list("name", "latitude", "longitude", "match")
        if north is not None and east is not None
    ]
    if not dots:
        return {}
    left, right = min(dot.x for dot in dots), max(dot.x for dot in dots)
    top, bottom = min(dot.y for dot in dots), max(dot.y for dot in dots)
    side = max(right - left, bottom - top, SMALLEST)
    width, height = max(right - left, side / 2) + 2 * MARGIN * side, max(bottom - top, side / 2) + 2 * MARGIN * side
    frame = ((left + right - width) / 2, (top + bottom - height) / 2, width, height)
    return {
        "frame": " ".join(f"{length:.1f}" for length in frame),
        "radius": f"{side / 120:.1f}",
        "countries": base_map.countries(),
        "dots": dots,
        "new": sum(dot.is_new for dot in dots),
    }
