"""Names in a file, collected while it is read, to be decided on before it is confirmed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from conflict.message import gettext as _
from conflict.message import joined, of_lazy, read, stored
from conflict.vocabulary import ActorKind
from editorial.import_export.drafts import ActorDraft, EventDraft, PlaceDraft
from editorial.import_export.duplicates import Alike
from editorial.import_export.importer import Mention
from editorial.import_export.matcher import Matcher
from editorial.models import ChoiceKind

SIMILAR = 0.35  # share of common trigrams: enough to be shown, never to be matched
LONGEST_ASKED = 120  # characters
MOST_COMPARED = 300  # names without a match, the most frequent first
# As similarity() counts, with the trigrams of each name made once: most pairs of names share none.
FIND = """
    WITH every AS MATERIALIZED (
        SELECT row_number() OVER () AS id, key, name, show_trgm(lower(unaccent(name))) AS signs FROM ({names}) named
         WHERE key NOT IN (SELECT stone.key FROM record_tombstone stone WHERE stone.entry_kind = %s)
    ), asked AS (
        SELECT number, cardinality(signs) AS size, unnest(signs) AS sign
          FROM (SELECT number, show_trgm(name) AS signs FROM unnest(%s::int[], %s::text[]) AS one(number, name)) wanted
    ), known AS (
        SELECT id, cardinality(signs) AS size, unnest(signs) AS sign FROM every
    ), near AS MATERIALIZED (
        SELECT number, id, count(*)::float / (asked.size + known.size - count(*)) AS nearness
          FROM asked JOIN known USING (sign) GROUP BY number, asked.size, id, known.size
        HAVING count(*)::float / (asked.size + known.size - count(*)) >= %s
    ), ranked AS (
        SELECT number, key, name, nearness, row_number() OVER (PARTITION BY number ORDER BY nearness DESC, key) AS rank
          FROM near JOIN every USING (id)
    )
    SELECT number, key, name FROM ranked WHERE rank <= 3 ORDER BY number, rank
"""
NAMES = {
    ChoiceKind.ACTOR: "SELECT key, name FROM conflict_actor UNION SELECT actor.key, other.name FROM conflict_actorname other JOIN conflict_actor actor ON actor.id = other.actor_id",
    ChoiceKind.PLACE: "SELECT key, name FROM conflict_location UNION SELECT place.key, other.name FROM conflict_locationname other JOIN conflict_location place ON place.id = other.location_id",
}


def shortened(text: str) -> str:
    return text if len(text) <= LONGEST_ASKED else f"{text[:LONGEST_ASKED]}…"


@dataclass
class Mentions:
    found: dict[tuple[str, str], Mention] = field(default_factory=dict)
    unspecified: set[str] = field(default_factory=set)  # actors whose kind no row has told yet

    def note(self, draft: EventDraft, matcher: Matcher) -> None:
        """Record the actors, the place and the outlets that a draft names."""
        for part in draft.parts:
            self._actor(ChoiceKind.ACTOR, part.actor, matcher)
        self._place(draft.place, matcher)
        for source in draft.sources:
            if source.publisher:
                self._actor(ChoiceKind.OUTLET, source.publisher, matcher)

    def _actor(self, kind: ChoiceKind, actor: ActorDraft, matcher: Matcher) -> None:
        if (mention := self.found.get((kind, actor.key))) is None:
            match = matcher.actor_key(actor)
            mention = self._new(kind, actor.key, actor.name, of_lazy(ActorKind(actor.kind).label), matcher)
            mention.match = match if match in matcher.actors else ""
            mention.similar = [] if mention.match else matcher.with_acronym_in(actor.name)
        elif actor.key in self.unspecified and actor.kind != ActorKind.UNSPECIFIED:
            mention.detail = of_lazy(actor.kind.label)
        if actor.kind != ActorKind.UNSPECIFIED:
            self.unspecified.discard(actor.key)
        elif not mention.rows:
            self.unspecified.add(actor.key)
        mention.rows += 1

    def _place(self, place: PlaceDraft, matcher: Matcher) -> None:
        if (mention := self.found.get((ChoiceKind.PLACE, place.key))) is None:
            match = matcher.place_key(place)
            above = place.parent
            names: list[str] = [of_lazy(place.kind.label)]
            while above is not None:
                names.append(above.name)
                above = above.parent
            if place.point:
                names.append(f"{place.point[0].normalize()} {place.point[1].normalize()}")
            mention = self._new(ChoiceKind.PLACE, place.key, place.name, joined(names, ", "), matcher)
            mention.point = place.point
            mention.match = match if match != place.key or match in matcher.places else ""
        mention.rows += 1

    def _new(self, kind: ChoiceKind, key: str, name: str, detail: str, matcher: Matcher) -> Mention:
        mention = Mention(kind, key, name, detail, found_by=matcher.found_by.get(key, ""))
        mention.is_decided = matcher.is_decided(kind, key)
        self.found[kind, key] = mention
        return mention

    def note_duplicate(self, draft: EventDraft, alike: Sequence[Alike], target: str, *, is_decided: bool) -> None:
        detail = f"{draft.days.text} · {draft.place.name}"
        similar: list[tuple[str, ...]] = [(one.key, one.title, stored(one.why)) for one in alike]
        self.found[ChoiceKind.EVENT, draft.external_id] = Mention(
            ChoiceKind.EVENT, draft.external_id, draft.title, detail, 1, target, "", similar, is_decided
        )

    def note_asked(self, asked: Iterable[dict[str, Any]], external_id: str) -> None:
        for question in asked:
            kind, name_key = question["kind"], question["choice"]
            mention = self.found.setdefault(
                (kind, name_key),
                Mention(
                    kind,
                    name_key,
                    f"{external_id}: {question['kept']}" if kind == ChoiceKind.KEPT else question["kept"],
                    _("The desk has “%(old)s”, the file “%(new)s”.")
                    % {"old": shortened(read(question["old"])), "new": shortened(read(question["new"]))},
                ),
            )
            mention.rows += 1

    def note_new_names(self, matcher: Matcher) -> None:
        """Record the actors that the file calls otherwise than before."""
        for key, new in matcher.new_names.items():
            if new.is_taken:
                mention = self.found.setdefault(
                    (ChoiceKind.ACTOR, key), Mention(ChoiceKind.ACTOR, key, new.name, match=key)
                )
                mention.name, mention.detail = new.name, _("so far “%(name)s”") % {"name": new.present}
            elif (ChoiceKind.KEPT, new.choice) not in self.found:
                self.note_asked([new.asked], key)

    def finished(self) -> list[Mention]:
        """All mentions, most frequent first; those without a match come with similar entries of the desk."""
        mentions = sorted(self.found.values(), key=lambda one: (one.kind, -one.rows, one.name_key))
        for kind, names in NAMES.items():
            unmatched = [one for one in mentions if one.kind == kind and not one.match and not one.is_decided]
            _find_similar(unmatched[:MOST_COMPARED], names, "actor" if kind == ChoiceKind.ACTOR else "location")
        return mentions


def _find_similar(mentions: list[Mention], names: str, entry_kind: str) -> None:
    if not mentions:
        return
    wanted = [one.name.casefold() for one in mentions]
    with connection.cursor() as cursor:
        cursor.execute(FIND.format(names=names), [entry_kind, [*range(len(wanted))], wanted, SIMILAR])
        for number, key, name in cursor.fetchall():
            if all(key != known for known, *_ in mentions[number].similar):
                mentions[number].similar.append((key, name))
