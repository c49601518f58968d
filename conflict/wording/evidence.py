"""Standings and grades, each defined by the evidence that it stands for."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from conflict.independence import Independence
from conflict.vocabulary import EventStanding, Grade, Standing
from conflict.wording.messages import ngettext


class Definition(NamedTuple):
    """A term and its evidence; `anchor` is its address on the page of definitions."""

    anchor: str
    label: str
    evidence: Promise


EVENTS: dict[EventStanding, Promise] = {
    EventStanding.STATED: _("A source tells it as a fact, in its own voice."),
    EventStanding.REPORTED: _("A source passes on a report and leaves it to whoever reported it."),
    EventStanding.ANNOUNCED: _("Somebody announced it; whether it then happened is not said."),
    EventStanding.CLAIMED: _("Only one side of the fighting says so."),
    EventStanding.ALLEGED: _("Somebody is accused of it, and no source confirms it."),
    EventStanding.CONTESTED: _("Its own sources contradict one another on whether, or how, it happened."),
}
PARTS: dict[Standing, Promise] = {
    Standing.KNOWN: _("A source names the party as a fact."),
    Standing.REPORTED: _("A report names the party."),
    Standing.CLAIMED: _("The party itself says so, or its opponent does."),
    Standing.SUSPECTED: _("A source suspects the party and does not go further."),
    Standing.DENIED: _("A source names the party, and the party denies it."),
}
GRADES: dict[Grade, Promise] = {
    Grade.CONFIRMED: _("The side against which it speaks admits it, or both sides tell it, or a picture shows it."),
    Grade.FAIR: _(
        "A source in its own voice, or a body of neither side, says so, and nobody disputes it. Who did it: they claim it themselves, and nobody denies it."
    ),
    Grade.WEAK: _("Only one side with an interest says so, or only reports without a name, or no source is cited."),
    Grade.CONTESTED: _("Somebody denies it, or tells it otherwise."),
    Grade.DISCOUNTED: _("What was claimed did not hold."),
}


BY_NAME: dict[str, dict[Any, Promise]] = {"EventStanding": EVENTS, "Standing": PARTS, "Grade": GRADES}


def evidence_for(value: str, terms: str) -> str:
    """The evidence that a standing or grade stands for, by the name of its vocabulary."""
    return str(BY_NAME[terms].get(value, ""))


def origins(found: Independence) -> str:
    """“3 articles, 1 origin”; empty for a single article."""
    if found.articles < 2:
        return ""
    articles = ngettext("%(number)d article", "%(number)d articles", found.articles) % {"number": found.articles}
    roots = ngettext("%(number)d origin", "%(number)d origins", found.origins) % {"number": found.origins}
    return f"{articles}, {roots}"


def definitions() -> dict[str, list[Definition]]:
    """Definitions of the standings of events and of parties, and of the grades of findings, by name of the vocabulary."""
    return {
        name: [Definition(f"{name.lower()}-{term.value}", str(term.label), text) for term, text in definitions.items()]
        for name, definitions in BY_NAME.items()
    }
