"""Geographic degrees in words: 4.5° W, in French 4,5° O."""

from django.utils.formats import number_format
from django.utils.translation import pgettext


def longitude(value: float) -> str:
    west, east = pgettext("degrees", "%(degrees)s° W"), pgettext("degrees", "%(degrees)s° E")
    return (west if value < 0 else east) % {"degrees": _rounded(value)}


def latitude(value: float) -> str:
    south, north = pgettext("degrees", "%(degrees)s° S"), pgettext("degrees", "%(degrees)s° N")
    return (south if value < 0 else north) % {"degrees": _rounded(value)}


def _rounded(value: float) -> str:
    degrees = round(abs(value), 2)
    return number_format(int(degrees) if degrees.is_integer() else degrees, use_l10n=True)
