"""Load documents onto the desk by COPY: the rows that an editor would have created, with their history."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

from django.db import models
from django.db.models.fields import NOT_PROVIDED

from conflict import dates
from conflict.models import (
    ENTRIES,
    ActorName,
    Affiliation,
    Citation,
    Claim,
    ClaimParty,
    ClaimRelation,
    EventLocation,
    EventRelation,
    Finding,
    FindingBasis,
    LocationName,
    Participation,
)
from conflict.models.fields import SpanField
from conflict.vocabulary import PartyRole
from editorial.import_export import bulk_copy
from editorial.workflow.edit_history import TRACKED

Document = dict[str, Any]
Model = type[models.Model]

AT_ONCE = 10_000  # primary keys taken from a sequence in one question
PARENTS_FIRST: tuple[Model, ...] = (*ENTRIES.values(), Claim, Finding, Participation, Affiliation)
ROLES = {
    "claimant": PartyRole.CLAIMANT,
    "relayed_by": PartyRole.RELAY,
    "subject": PartyRole.SUBJECT,
    "holder": PartyRole.HOLDER,
}


class Desk:
    """Puts new entries onto the desk, many at a time; knows the ids of all it has put there."""

    def __init__(self) -> None:
        self.ids: dict[tuple[str, str], int] = {}
        self.free: dict[Model, Iterator[int]] = {}
        self.rows: dict[Model, list[tuple[Any, ...]]] = {}

    def put(self, entries: Iterable[tuple[str, Document]]) -> None:
        """In one transaction of the caller's. Entries come after those that they name."""
        self.rows = {
            model: [] for model in (*PARENTS_FIRST, *(table for table in TRACKED if table not in PARENTS_FIRST))
        }
        for kind, document in entries:
            getattr(self, f"_{kind}")(document)
        with bulk_copy.many_chunks(), bulk_copy.of_new_entries(*TRACKED):
            for model, rows in self.rows.items():
                bulk_copy.insert(model, [column.column for column in _columns(model)], rows)

    def _add(self, model: Model, values: Document, **relations: Any) -> int:
        pk = next(self.free.setdefault(model, iter(())), None)
        if pk is None:
            self.free[model] = iter(bulk_copy.ids(model, AT_ONCE))
            pk = next(self.free[model])
        given = {**values, **relations, "id": pk}
        self.rows[model].append(tuple(_value(column, given) for column in _columns(model)))
        return pk

    def _named(self, reference: Document | None) -> int | None:
        return self.ids[reference["kind"], reference["key"]] if reference else None

    def _actor(self, document: Document) -> None:
        pk = self.ids["actor", document["key"]] = self._add(ENTRIES["actor"], document)
        for name in document["names"]:
            self._add(ActorName, name, actor_id=pk)
        for tie in document["affiliations"]:
            self._add(Affiliation, tie, actor_id=pk, other_id=self._named(tie["actor"]))

    def _location(self, document: Document) -> None:
        pk = self._add(ENTRIES["location"], document, parent_id=self._named(document["parent"]))
        self.ids["location", document["key"]] = pk
        for name in document["names"]:
            self._add(LocationName, name, location_id=pk)

    def _source(self, document: Document) -> None:
        pk = self._add(ENTRIES["source"], document, publisher_id=self._named(document["publisher"]))
        self.ids["source", document["key"]] = pk

    def _period(self, document: Document) -> None:
        pk = self._add(ENTRIES["period"], document, parent_id=self._named(document["parent"]))
        self.ids["period", document["key"]] = pk

    def _notice(self, document: Document) -> None:
        target = document["target"]
        about = {f"{target['kind']}_id": self._named(target)} if target else {"whole_chronology": True}
        self._add(ENTRIES["notice"], document, **about)

    def _event(self, document: Document) -> None:
        where, when = self._named(document["location"]), self._named(document["period"])
        pk = self._add(ENTRIES["event"], document, location_id=where, period_id=when)
        self.ids["event", document["key"]] = pk
        for place in document["other_locations"]:
            self._add(EventLocation, {}, event_id=pk, location_id=self._named(place))
        for relation in document["relations"]:
            self._add(EventRelation, relation, event_id=pk, other_id=self._named(relation["event"]))
        for part in document["participants"]:
            taken = self._add(Participation, part, event_id=pk, actor_id=self._named(part["actor"]))
            self._cite(part["citations"], participation_id=taken)
        claims = {claim["key"]: self._claim(claim, pk) for claim in document["claims"]}
        for claim in document["claims"]:
            for relation in claim["relations"]:
                other = claims[relation["claim"]["key"]]
                self._add(ClaimRelation, relation, claim_id=claims[claim["key"]], other_id=other)
        for finding in document["findings"]:
            found = self._add(Finding, finding, event_id=pk)
            for basis in finding["claims"]:
                self._add(FindingBasis, {}, finding_id=found, claim_id=claims[basis["key"]])
        self._cite(document["citations"], event_id=pk)

    def _claim(self, claim: Document, event: int) -> int:
        pk = self._add(Claim, claim, event_id=event)
        for name, role in ROLES.items():
            for position, party in enumerate(claim[name]):
                is_actor = party["kind"] == "actor"
                who = {"actor_id": self._named(party)} if is_actor else {"described_as": party["name"]}
                self._add(ClaimParty, {"role": role.value, "position": position}, claim_id=pk, **who)
        self._cite(claim["citations"], claim_id=pk)
        return pk

    def _cite(self, citations: Sequence[Document], **owner: int) -> None:
        for citation in citations:
            self._add(Citation, citation, source_id=self._named(citation["source"]), **owner)


@cache
def _columns(model: Model) -> list["models.Field[Any, Any]"]:
    """The primary key and every column that the database does not fill by itself."""
    rest = [c for c in model._meta.concrete_fields if not c.primary_key and c.db_default is NOT_PROVIDED]
    return [model._meta.pk, *rest]


def _value(column: "models.Field[Any, Any]", given: Document) -> Any:
    if isinstance(column, SpanField):
        when = dates.parse(given[column.derived_from]) if given.get(column.derived_from) else None
        return f"[{when.starts_on or ''},{when.ends_before or ''})" if when else None
    if column.attname in given:
        return given[column.attname]
    return column.get_default()
