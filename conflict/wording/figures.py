"""Figures in words. Zero, unknown and not stated are three different things; a number is never made up."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext_noop

from conflict.vocabulary import QUALIFIERS_IN_WORDS, Measure, Qualifier
from conflict.wording.localized_texts import alike
from conflict.wording.messages import gettext as _
from conflict.wording.messages import language, ngettext, pgettext
from conflict.wording.terms import term

Claim = Mapping[str, Any]
Estimate = Mapping[str, Any]


BEFORE_A_NUMBER: dict[str, str] = {
    Qualifier.ABOUT: gettext_noop("about %(number)s"),
    Qualifier.AT_LEAST: gettext_noop("at least %(number)s"),
    Qualifier.MORE_THAN: gettext_noop("more than %(number)s"),
}


def number(value: int) -> str:
    if 0 <= value < 1000:
        return str(value)  # nothing to group, in any language; most figures are small
    return _grouped(value, language())


@lru_cache(4096)
def _grouped(value: int, spoken: str | None) -> str:
    with translation.override(spoken):
        return number_format(value, use_l10n=True, force_grouping=True)


def claimed(claim: Claim) -> str:
    """Figure of one claim: “46”, “more than 100”, “dozens”, “said to be unknown”; empty if it gives none."""
    low, high, qualifier = claim["low"], claim["high"], claim["qualifier"]
    if low is None and high is None:
        return term(qualifier, "Qualifier") if qualifier in QUALIFIERS_IN_WORDS else ""
    if low == high == 0:
        return _("none (0)")
    best = claim.get("best")
    if best is not None and low != high:
        return f"{number(best)} ({number(low)}–{number(high)})"
    if low is not None and high is not None and low != high:
        phrase = f"{number(low)}–{number(high)}"
    elif qualifier == Qualifier.UP_TO or low is None:
        return _("up to %(number)s") % {"number": number(high if high is not None else low)}
    else:
        phrase = number(low)
    if qualifier in BEFORE_A_NUMBER:
        return _(BEFORE_A_NUMBER[qualifier]) % {"number": phrase}
    if qualifier in QUALIFIERS_IN_WORDS:
        return f"{phrase} ({term(qualifier, 'Qualifier')})"
    return phrase


def counted(claim: Claim) -> str:
    """Figure with its unit, unless the measure implies that: “about 30 vehicles”."""
    figure = claimed(claim)
    unit = claim.get("unit", "")
    if not figure or not unit or unit in ("persons", "person"):
        return figure
    return f"{figure} {singular(unit) if claim['low'] == claim['high'] == 1 else unit}"


def spanned(estimate: Estimate) -> str:
    """Range given by the claims: “46–148”, “at least 100”, “at least 46, also “dozens””, “no number given”."""
    high = estimate["high"]
    in_words = ", ".join(_("“%(word)s”") % {"word": term(word, "Qualifier")} for word in estimate["in_words"])
    if high is None:
        return ", ".join(term(word, "Qualifier") for word in estimate["in_words"]) or _("no number given")
    phrase = between(estimate["low"], high, is_open=estimate["is_open_above"])
    return _("%(range)s, also %(words)s") % {"range": phrase, "words": in_words} if in_words else phrase


def between(low: int | None, high: int, *, is_open: bool = False) -> str:
    """Range between two bounds: “46”, “46–148”, “up to 50”, “at least 46”, “46–148 or more”."""
    if low is None:
        return _("up to %(number)s") % {"number": number(high)}
    if low == high == 0 and not is_open:
        return _("none (0)")
    if low != high:
        phrase = f"{number(low)}–{number(high)}"
        return _("%(range)s or more") % {"range": phrase} if is_open else phrase
    return _(BEFORE_A_NUMBER[Qualifier.AT_LEAST]) % {"number": number(low)} if is_open else number(low)


def total(whole: Mapping[str, Any]) -> str:
    """Bounds of a total: “14–16”, “at least 81”; in words if no account gives a number."""
    if whole["high"] is None:
        return _("no number given")
    return between(whole["low"] or 0, whole["high"], is_open=whole["is_open_above"])


DEAD_IN_WORDS: dict[str, str] = {
    Qualifier.SEVERAL: gettext_noop("several killed"),
    Qualifier.DOZENS: gettext_noop("dozens killed"),
    Qualifier.HUNDREDS: gettext_noop("hundreds killed"),
    Qualifier.MANY: gettext_noop("many killed"),
    Qualifier.ALL: gettext_noop("all killed"),
    Qualifier.UNKNOWN: gettext_noop("number of killed unknown"),
}


def dead(figure: Mapping[str, Any], measure: str = Measure.KILLED, unit: str = "") -> str:
    """The dead, or bodies seen, by a claim or estimate: “81 killed”, “dozens killed”, “4 peacekeepers killed”."""
    low, high = figure["low"], figure["high"]
    if low is None and high is None:
        words = [*figure.get("in_words", ()), figure.get("qualifier", "")]
        if measure == Measure.BODIES:
            return _("bodies seen: %(figure)s") % {"figure": term(words[0], "Qualifier") or _("no number given")}
        return _(DEAD_IN_WORDS.get(words[0], gettext_noop("number of killed not given")))
    count = high if high is not None else low
    phrase = claimed(figure) if "qualifier" in figure else between(low, count, is_open=figure["is_open_above"])
    if low == high == 0:
        return _("nobody killed") if measure == Measure.KILLED else _("no bodies seen")
    if measure == Measure.BODIES:
        return ngettext("%(figure)s body seen", "%(figure)s bodies seen", count) % {"figure": phrase}
    if unit and unit not in ("persons", "person"):
        return ngettext("%(figure)s %(unit)s killed", "%(figure)s %(unit)s killed", count) % {
            "figure": phrase,
            "unit": singular(unit) if count == 1 else unit,
        }
    if low not in (None, count) and "qualifier" not in figure and figure["is_open_above"]:
        return _("%(range)s or more killed") % {"range": f"{number(low)}–{number(count)}"}
    return ngettext("%(figure)s killed", "%(figure)s killed", count) % {"figure": phrase}


def measured(measure: str, subject: Iterable[Mapping[str, str]], unit: str = "") -> str:
    """Measure and subject in words: “Killed: National Army”, “Aircraft lost (helicopters)”."""
    label = term(measure, "Measure") if measure else _("figure")
    label = label[:1].upper() + label[1:]
    if unit and unit not in ("persons", "person"):
        label = f"{label} ({unit})"
    names = joined([party["name"] for party in subject])
    return (
        pgettext("measure and subject", "%(measure)s: %(subject)s") % {"measure": label, "subject": names}
        if names
        else label
    )


def standing(estimate: Estimate) -> str:
    """Number of accounts behind the range, in words."""
    claims, claimants = len(estimate["claims"]), estimate["claimants"]
    if claims == 1:
        return _("one account")
    if claimants == 1:
        return _("%(accounts)s by the same party") % {"accounts": accounts(claims)}
    return accounts(claims)


def accounts(count: int) -> str:
    return ngettext("%(count)s account", "%(count)s accounts", count) % {"count": number(count)}


def singular(unit: str) -> str:
    """The unit of one: “peacekeeper”; in French, adjectives follow: “Casque bleu tchadien”."""
    if language() == "fr":
        return " ".join(word.removesuffix("s") for word in unit.split(" "))
    return unit.removesuffix("s")


def listed(parts: list[str]) -> str:
    """Join parts of a sentence as “a; b; c”, with the space that French sets before the sign."""
    return pgettext("between parts of a sentence", "; ").join(parts)


def joined(names: list[str]) -> str:
    """Join items as “a, b and c”; tagged with their language if they all share a translation's."""
    if len(names) < 2:
        return names[0] if names else ""
    return alike(_("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}, names)
