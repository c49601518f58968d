"""Fonts of pictures: Latin letters, and Arabic ones, joined and from right to left, wherever a text has them.

Signs of scripts that neither has are left out: a row of empty boxes would say nothing either.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files

import arabic_reshaper
from PIL import ImageDraw, ImageFont

ARABIC = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
RUNS = re.compile(rf"[{ARABIC}]+(?:\s+[{ARABIC}]+)*|[^{ARABIC}]+")
NO_SIGN = "\uffff"  # in no font
WEIGHTS = {"Regular": 400, "It": 400, "Semibold": 600, "Bold": 700}  # of the Latin font's files, for the other


@dataclass(frozen=True)
class Font:
    """Letters of one weight and size."""

    weight: str
    size: int

    @cached_property
    def latin(self) -> ImageFont.FreeTypeFont:
        path = files("font_source_serif_pro") / "files" / f"SourceSerifPro-{self.weight}.ttf"
        return ImageFont.truetype(str(path), self.size)

    @cached_property
    def arabic(self) -> ImageFont.FreeTypeFont:
        path = files("fontpkg_noto_sans_arabic") / "files" / "NotoSansArabic[wdth,wght].ttf"
        # Joined below rather than by the library that Pillow finds on some machines and not on others.
        font = ImageFont.truetype(str(path), self.size, layout_engine=ImageFont.Layout.BASIC)
        font.set_variation_by_axes([WEIGHTS[self.weight], 100])
        return font

    def runs(self, text: str) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
        """The text from left to right, each part with its font."""
        for run in RUNS.findall("".join(sign for sign in text if is_drawn(sign))):
            is_arabic = re.match(f"[{ARABIC}]", run)
            yield (self.arabic, arabic_reshaper.reshape(run)[::-1]) if is_arabic else (self.latin, run)

    def getlength(self, text: str) -> float:
        return sum(font.getlength(run) for font, run in self.runs(text))

    def draw(
        self, pen: ImageDraw.ImageDraw, place: tuple[float, float], text: str, colour: str, anchor: str = "la"
    ) -> None:
        """Draw the text with its left or right end, and its top or middle, at this place: `la`, `lm` or `rm`."""
        x, y = place
        ascent, descent = self.latin.getmetrics()
        x -= self.getlength(text) if anchor[0] == "r" else 0
        y += ascent if anchor[1] == "a" else (ascent - descent) / 2
        for font, run in self.runs(text):
            pen.text((x, y), run, colour, font, anchor="ls")
            x += font.getlength(run)


@cache
def font(weight: str, size: int) -> Font:
    return Font(weight, size)


@lru_cache(maxsize=10_000)
def is_drawn(sign: str) -> bool:
    """True if a font has the sign, rather than the box that stands for any other."""
    letters = font("Regular", 20)
    of_sign = letters.arabic if re.match(f"[{ARABIC}]", sign) else letters.latin
    drawn, box = of_sign.getmask(sign), of_sign.getmask(NO_SIGN)
    return (drawn.size, bytes(drawn)) != (box.size, bytes(box))
