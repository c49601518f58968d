"""Sentences about an actor: of a person by “he” or “she” where that is known, of all others by name."""

from collections.abc import Mapping
from typing import Any

from conflict.vocabulary import Pronoun
from conflict.wording import figures
from conflict.wording.articles import with_article
from conflict.wording.messages import gettext as _
from conflict.wording.messages import ngettext

Actor = Mapping[str, Any]


def claimed_by(actor: Actor) -> str:
    """Heading above the figures that it gave."""
    match actor["pronoun"]:
        case Pronoun.HE:
            return _("Claimed by him")
        case Pronoun.SHE:
            return _("Claimed by her")
    return _("Claimed by %(name)s") % {"name": with_article(actor["name"])}


def said_about(actor: Actor) -> str:
    """Heading above the figures that were given about it."""
    match actor["pronoun"]:
        case Pronoun.HE:
            return _("Said about him, by whom")
        case Pronoun.SHE:
            return _("Said about her, by whom")
    return _("Said about %(name)s, by whom") % {"name": with_article(actor["name"])}


def named_in(actor: Actor, number: int) -> str:
    """Number of events that name the person."""
    if actor["pronoun"] == Pronoun.SHE:
        sentence = ngettext("She is named in %(number)s event.", "She is named in %(number)s events.", number)
    else:
        sentence = ngettext("He is named in %(number)s event.", "He is named in %(number)s events.", number)
    return sentence % {"number": figures.number(number)}
