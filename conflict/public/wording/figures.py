"""Figures in words. Zero, unknown and not said are three things; a number that nobody gave is never made up."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext_noop

from conflict.public.wording.terms import term
from conflict.public.wording.translation import gettext as _
from conflict.public.wording.translation import ngettext, pgettext
from conflict.vocabulary import QUALIFIERS_IN_WORDS, Qualifier

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
    return number_format(value, use_l10n=True, force_grouping=True)


def claimed(claim: Claim) -> str:
    """The figure of one claim: “46”, “more than 100”, “dozens”, “said to be unknown”; empty when it gives none."""
    low, high, qualifier = claim["low"], claim["high"], claim["qualifier"]
    if low is None and high is None:
        return term(qualifier, "Qualifier") if qualifier in QUALIFIERS_IN_WORDS else ""
    if low == high == 0:
        return _("none (0)")
    if low is not None and high is not None and low != high:
        said = f"{number(low)}–{number(high)}"
    elif qualifier == Qualifier.UP_TO or low is None:
        return _("up to %(number)s") % {"number": number(high if high is not None else low)}
    else:
        said = number(low)
    if qualifier in BEFORE_A_NUMBER:
        return _(BEFORE_A_NUMBER[qualifier]) % {"number": said}
    if qualifier in QUALIFIERS_IN_WORDS:
        return f"{said} ({term(qualifier, 'Qualifier')})"
    return said


def counted(claim: Claim) -> str:
    """The figure with what it counts, where the measure does not say it: “about 30 vehicles”."""
    figure = claimed(claim)
    unit = claim.get("unit", "")
    return f"{figure} {unit}" if figure and unit and unit not in ("persons", "person") else figure


def spanned(estimate: Estimate) -> str:
    """The range that the claims span: “46–148”, “100 or more”, “46 or more, also “dozens””, “no number given”."""
    low, high, is_open = estimate["low"], estimate["high"], estimate["is_open_above"]
    in_words = ", ".join(_("“%(word)s”") % {"word": term(word, "Qualifier")} for word in estimate["in_words"])
    if high is None:
        return ", ".join(term(word, "Qualifier") for word in estimate["in_words"]) or _("no number given")
    if low is None:
        said = _("up to %(number)s") % {"number": number(high)}
    elif low == high == 0 and not is_open:
        said = _("none (0)")
    else:
        said = number(low) if low == high else f"{number(low)}–{number(high)}"
        if is_open:
            said = _("%(range)s or more") % {"range": said}
    return _("%(range)s, also %(words)s") % {"range": said, "words": in_words} if in_words else said


def measured(measure: str, subject: Iterable[Mapping[str, str]]) -> str:
    """What is counted, and of whom: “Killed: Malian Army”."""
    label = term(measure, "Measure") if measure else _("figure")
    label = label[:1].upper() + label[1:]
    names = joined([party["name"] for party in subject])
    return (
        pgettext("measure and subject", "%(measure)s: %(subject)s") % {"measure": label, "subject": names}
        if names
        else label
    )


def standing(estimate: Estimate) -> str:
    """How many stand behind the range, in words."""
    claims, claimants = len(estimate["claims"]), estimate["claimants"]
    if claims == 1:
        return _("one account")
    if claimants == 1:
        return _("%(accounts)s by the same party") % {"accounts": accounts(claims)}
    return accounts(claims)


def accounts(count: int) -> str:
    return ngettext("%(count)s account", "%(count)s accounts", count) % {"count": number(count)}


def joined(names: list[str]) -> str:
    """“a, b and c”."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
