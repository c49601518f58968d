"""Preview image of an event for links on other sites: when, where, what, and rival accounts on one scale."""

import dataclasses
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from conflict.pages import errors
from conflict.pages.fonts import Font, font
from conflict.pages.page_view import page
from conflict.public import claim_groups, queries
from conflict.public.charts import figure_scale
from conflict.public.charts.figure_scale import Scale
from conflict.public.query_strings import Parameters
from conflict.wording import days, figures, headlines

WIDTH, HEIGHT, EDGE = 1200, 630, 70  # pixels: the size recommended by most sites
ROOM = WIDTH - 2 * EDGE
PAPER, INK, MUTED, RULE, LINK = "#fbfaf7", "#1d1b18", "#4d483f", "#d8d2c6", "#0b5563"
ROWS, ROW = 4, 46  # number of accounts drawn, and the height of each
SCALE = 480, 860  # horizontal extent of the scale; claimants to its left, figures in words to its right


@page()
def picture(request: HttpRequest, asked: Parameters, key: str) -> HttpResponse:
    """PNG image of 1200 by 630 pixels."""
    return HttpResponse(drawn(queries.body(errors.get_entry("event", key))), content_type="image/png")


@page()
def card(request: HttpRequest, asked: Parameters) -> HttpResponse:
    """PNG image for links to pages that are not about one event: title and description of the chronology."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(wrapped(str(settings.CHRONOLOGY.title), font("Bold", 84), ROOM, lines=2)):
        font("Bold", 84).draw(pen, (EDGE, 110 + number * 96), line, INK)
    pen.line((EDGE, 330, WIDTH - EDGE, 330), RULE, 3)
    for number, line in enumerate(wrapped(str(settings.CHRONOLOGY.description), font("Regular", 36), ROOM, lines=4)):
        font("Regular", 36).draw(pen, (EDGE, 370 + number * 52), line, MUTED)
    return HttpResponse(_packed(image), content_type="image/png")


def drawn(event: dict[str, Any]) -> bytes:
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    font("It", 30).draw(pen, (EDGE, 40), settings.CHRONOLOGY.name, MUTED)
    pen.line((EDGE, 92, WIDTH - EDGE, 92), RULE, 3)
    when = days.words(event["when"]) if event["when"] else _("undated")
    where = event["location"]["name"] if event["location"] else ""
    caption = " · ".join(part for part in (when, where) if part)
    letters = fitting(caption, ROOM, "Semibold", 34, smallest=20)
    letters.draw(pen, (EDGE, 108), shortened(caption, letters, ROOM), LINK)
    letters, lines = fitted([event["title"]], "Bold", 58, 202)
    for number, line in enumerate(lines):
        letters.draw(pen, (EDGE, 158 + number * leading(letters)), line, INK)
    _draw_rivals(pen, event, 178 + len(lines) * leading(letters))
    return _packed(image)


def _packed(image: Image.Image) -> bytes:
    packed = BytesIO()
    image.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _draw_rivals(pen: ImageDraw.ImageDraw, event: dict[str, Any], top: int) -> None:
    """Draw the first matter with differing valid figures; otherwise the figures of the dead, in words with their
    claimants, below `top`.
    """
    for matter in claim_groups.matters(event):
        standing = [claim for claim in matter.claims if claim["key"] in (matter.estimate or {}).get("claims", ())]
        scale = figure_scale.scale(dataclasses.replace(matter, claims=standing)) if matter.competes else None
        if scale is None:
            continue
        shown = [claim for claim in standing if not scale.marks[claim["key"]].is_in_words][:ROWS]
        first = HEIGHT - 40 - ROW * len(shown)
        about = f"{matter.title} · {_('accounts differ')}"
        letters = fitting(about, ROOM, "Semibold", 30, smallest=18)
        letters.draw(pen, (EDGE, first - 50), shortened(about, letters, ROOM), INK)
        for row, claim in enumerate(shown):
            _draw_account(pen, claim, scale, first + row * ROW)
        return
    said = [headline.sentence for headline in headlines.headlines(event)[:2]]
    letters, lines = fitted(said, "Semibold", 34, HEIGHT - 40 - top)
    for row, line in enumerate(lines):
        letters.draw(pen, (EDGE, HEIGHT - 40 - leading(letters) * (len(lines) - row)), line, INK)


def _draw_account(pen: ImageDraw.ImageDraw, claim: dict[str, Any], scale: Scale, top: int) -> None:
    """Draw one account: claimant, a dot or a bar, and the figure in words; open ranges end in an arrowhead."""
    mark, middle, room = scale.marks[claim["key"]], top + ROW // 2, SCALE[0] - EDGE - 30
    who = headlines.speaker(claim)
    letters = fitting(who, room, smallest=18)
    letters.draw(pen, (EDGE, middle), shortened(who, letters, room), INK, "lm")
    pen.line((SCALE[0], middle, SCALE[1], middle), RULE, 2)
    start = across(mark.start)
    if mark.is_point:
        pen.ellipse((start - 9, middle - 9, start + 9, middle + 9), PAPER if mark.is_vague else LINK, LINK, 3)
    else:
        end = across(mark.end)
        pen.line((start, middle, end, middle), LINK, 8)
        if mark.is_open_above:
            pen.polygon(((end, middle - 12), (end + 16, middle), (end, middle + 12)), LINK)
        if mark.is_open_below:
            pen.polygon(((start, middle - 12), (start - 16, middle), (start, middle + 12)), LINK)
    figure = figures.claimed(claim)
    fitting(figure, WIDTH - EDGE - SCALE[1] - 30).draw(pen, (WIDTH - EDGE, middle), figure, INK, "rm")


def across(share: str) -> float:
    """Convert a percentage of the scale to an x position in the image."""
    return SCALE[0] + (SCALE[1] - SCALE[0]) * float(share.rstrip("%")) / 100


def wrapped(text: str, letters: Font, room: int, *, lines: int) -> Iterator[str]:
    """Break the text into the available lines; the rest is replaced by an ellipsis."""
    words = text.split()
    while words and lines:
        lines -= 1
        many = len(words)
        while lines and many > 1 and letters.getlength(" ".join(words[:many])) > room:
            many -= 1
        yield shortened(" ".join(words[:many]), letters, room)
        words = words[many:]


def fitted(texts: list[str], weight: str, largest: int, height: int) -> tuple[Font, list[str]]:
    """The texts in lines, in the largest letters in which all of them fit; a long one is cut in the smallest only."""
    for size in range(largest, largest // 2, -2):
        letters = font(weight, size)
        room = height // leading(letters)
        lines = [line for text in texts for line in wrapped(text, letters, ROOM, lines=room + 1)]
        if len(lines) <= room:
            break
    else:
        lines = [line for text in texts for line in wrapped(text, letters, ROOM, lines=room // len(texts))]
    return letters, lines


def leading(letters: Font) -> int:
    """Pixels from one line to the next."""
    return round(letters.size * 1.15)


def fitting(text: str, room: float, weight: str = "Regular", largest: int = 28, smallest: int = 10) -> Font:
    """Largest font in which the text fits: a truncated figure would be a different figure."""
    sizes = (font(weight, size) for size in range(largest, smallest, -2))
    return next((letters for letters in sizes if letters.getlength(text) <= room), font(weight, smallest))


def shortened(text: str, letters: Font, room: float) -> str:
    if letters.getlength(text) <= room:
        return text
    while text and letters.getlength(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
