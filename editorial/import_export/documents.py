"""Import of documents: from the public form of an entry back to rows of the desk.

Fixtures are documents in which a field with its default value may be left out. Nothing is
written unless everything is valid; every error gives its place and the remedy.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from conflict.documents import SHAPES
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
    FindingParty,
    LocationName,
    NoticeMention,
    Participation,
)
from conflict.vocabulary import PartyRole

Document = dict[str, Any]

DERIVED = frozenset({"schema", "starts_on", "ends_before"})
DESK_ONLY = {"notice": frozenset({"audience"})}
CITING = {Affiliation: "affiliation", Participation: "participation", Claim: "claim", Finding: "finding"}
ORDER = ("actor", "location", "source", "period", "event", "notice")


class DocumentsRefused(ValueError):
    """Documents that cannot be loaded; `problems` has one sentence per error."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        more = f"\n… and {len(problems) - 20} more" if len(problems) > 20 else ""
        super().__init__("\n".join(self.problems[:20]) + more)


def read_json(path: Path, name: Path) -> Any:
    """Content of a JSON file. Raises DocumentsRefused, with `name` in its message."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise DocumentsRefused(
            [f"{name}: not readable as JSON: {error}. Correct the file; nothing was loaded."]
        ) from error


class Placed(NamedTuple):
    """A document and its location, for messages: `events/2013.json, entry 12`."""

    where: str
    kind: str
    document: Document


class Row(NamedTuple):
    where: str
    instance: models.Model


@dataclass
class Loader:
    """Builds the rows of many new entries, which may reference each other, and writes all or none."""

    problems: list[str] = field(default_factory=list)
    known: dict[tuple[str, str], Any] = field(default_factory=dict)
    rows: dict[type[models.Model], list[Row]] = field(default_factory=dict)

    def load(self, entries: Iterable[Placed]) -> dict[str, int]:
        """Write new entries; returns how many of each kind. Raises DocumentsRefused."""
        placed = sorted(entries, key=lambda entry: ORDER.index(entry.kind))
        for entry in placed:
            self._introduce(entry)
        for entry in placed:
            if (entry.kind, str(entry.document.get("key"))) in self.known:
                getattr(self, f"_{entry.kind}")(entry)
        self._check_fields()
        self._refuse()
        with transaction.atomic():
            for rows in self._in_order():
                self._insert(rows)
        return {kind: sum(entry.kind == kind for entry in placed) for kind in ORDER}

    # Building

    def _introduce(self, placed: Placed) -> None:
        """Register the entry by its key, so that others can reference it."""
        kind, document = placed.kind, placed.document
        model, shape = ENTRIES[kind], SHAPES[kind]().fields
        allowed = shape.keys() | DERIVED | DESK_ONLY.get(kind, frozenset())
        for name in document.keys() - allowed:
            self.problems.append(
                f"{placed.where}: there is no field “{name}” in a {kind}; it has {', '.join(sorted(allowed - DERIVED))}."
            )
        if not document.get("key"):
            self.problems.append(f"{placed.where}: the key is missing.")
            return
        if (kind, document["key"]) in self.known:
            self.problems.append(f"{placed.where}: the {kind} {document['key']} is given twice.")
            return
        self.known[kind, document["key"]] = self._row(f"{placed.where} ({document['key']})", model, document)
        for claim in document.get("claims", ()) if kind == "event" else ():
            if ("claim", claim.get("key", "")) in self.known:
                self.problems.append(f"{placed.where}: the claim {claim.get('key')} is given twice.")
            self.known["claim", claim.get("key", "")] = self._row(
                f"{placed.where}, claim {claim.get('key')}", Claim, claim
            )

    def _row(self, where: str, model: type[models.Model], values: Document, **related: Any) -> Any:
        """A row with the plain columns that the document gives, and these relations."""
        plain = {
            column.name: values[column.name]
            for column in model._meta.concrete_fields
            if not column.is_relation
            and not column.primary_key
            and column.name in values
            and values[column.name] is not None
        }
        instance = model(**plain, **related)
        self.rows.setdefault(model, []).append(Row(where, instance))
        return instance

    def _named(self, where: str, reference: Document | None) -> Any:
        """The entry or claim that a reference names, new or already on the desk."""
        if reference is None:
            return None
        kind, key = reference.get("kind", ""), reference.get("key", "")
        if (kind, key) not in self.known:
            models_by_kind: dict[str, type[models.Model]] = {**ENTRIES, "claim": Claim}
            model = models_by_kind.get(kind)
            found = model._default_manager.filter(key=key).first() if model else None
            if found is None:
                self.problems.append(
                    f"{where}: the {kind or 'entry'} “{key}” does not exist; correct the key or add the {kind or 'entry'}."
                )
                return None
            self.known[kind, key] = found
        return self.known[kind, key]

    def _actor(self, placed: Placed) -> None:
        actor = self.known["actor", placed.document["key"]]
        for name in placed.document.get("names", ()):
            self._row(f"{placed.where}, name {name.get('name')}", ActorName, name, actor=actor)
        for affiliation in placed.document.get("affiliations", ()):
            where = f"{placed.where}, affiliation with {affiliation.get('actor', {}).get('key')}"
            other = self._named(where, affiliation.get("actor", {}))
            row = self._row(where, Affiliation, affiliation, actor=actor, other=other)
            self._citations(where, row, affiliation)

    def _location(self, placed: Placed) -> None:
        location = self.known["location", placed.document["key"]]
        location.parent = self._named(placed.where, placed.document.get("parent"))
        for name in placed.document.get("names", ()):
            self._row(f"{placed.where}, name {name.get('name')}", LocationName, name, location=location)

    def _source(self, placed: Placed) -> None:
        self.known["source", placed.document["key"]].publisher = self._named(
            placed.where, placed.document.get("publisher")
        )

    def _period(self, placed: Placed) -> None:
        self.known["period", placed.document["key"]].parent = self._named(placed.where, placed.document.get("parent"))

    def _event(self, placed: Placed) -> None:
        where, document = f"{placed.where} ({placed.document['key']})", placed.document
        event = self.known["event", document["key"]]
        event.location = self._named(where, document.get("location"))
        event.period = self._named(where, document.get("period"))
        for place in document.get("other_locations", ()):
            self._row(where, EventLocation, {}, event=event, location=self._named(where, place))
        for relation in document.get("relations", ()):
            self._row(where, EventRelation, relation, event=event, other=self._named(where, relation.get("event", {})))
        for part in document.get("participants", ()):
            at = f"{where}, participant {part.get('actor', {}).get('key')}"
            row = self._row(at, Participation, part, event=event, actor=self._named(at, part.get("actor", {})))
            self._citations(at, row, part)
        for claim in document.get("claims", ()):
            self._claim(f"{where}, claim {claim.get('key')}", event, claim)
        for finding in document.get("findings", ()):
            self._finding(f"{where}, finding {finding.get('key')}", event, finding)
        self._citations(where, event, document)

    def _claim(self, where: str, event: Any, claim: Document) -> None:
        row = self.known["claim", claim.get("key", "")]
        row.event = event
        roles = {
            "claimant": PartyRole.CLAIMANT,
            "relayed_by": PartyRole.RELAY,
            "subject": PartyRole.SUBJECT,
            "holder": PartyRole.HOLDER,
        }
        for name, role in roles.items():
            for position, party in enumerate(claim.get(name, ())):
                self._row(
                    where, ClaimParty, {"role": role, "position": position}, claim=row, **self._party(where, party)
                )
        for relation in claim.get("relations", ()):
            self._row(where, ClaimRelation, relation, claim=row, other=self._named(where, relation.get("claim", {})))
        self._citations(where, row, claim)

    def _finding(self, where: str, event: Any, finding: Document) -> None:
        row = self._row(where, Finding, finding, event=event)
        for position, party in enumerate(finding.get("subject", ())):
            self._row(where, FindingParty, {"position": position}, finding=row, **self._party(where, party))
        for claim in finding.get("claims", ()):
            self._row(where, FindingBasis, {}, finding=row, claim=self._named(where, claim))
        self._citations(where, row, finding)

    def _party(self, where: str, party: Document) -> Document:
        match party:
            case {"kind": "described", "name": str(words)}:
                translations = {"translations": party["translations"]} if "translations" in party else {}
                return {"described_as": words, **translations}
            case {"kind": "actor" | "location" as kind, "key": str()}:
                return {kind: self._named(where, party)}
        self.problems.append(
            f"{where}: {party} is no party; name an actor or location by kind and key, or describe it by kind “described” and name."
        )
        return {}

    def _citations(self, where: str, owner: Any, document: Document) -> None:
        for citation in document.get("citations", ()):
            source = self._named(where, citation.get("source", {}))
            self._row(
                f"{where}, citation of {citation.get('source', {}).get('key')}",
                Citation,
                citation,
                source=source,
                **{CITING.get(type(owner), "event"): owner},
            )

    def _notice(self, placed: Placed) -> None:
        where, document = f"{placed.where} ({placed.document['key']})", placed.document
        notice = self.known["notice", document["key"]]
        target = document.get("target")
        notice.whole_chronology = target is None
        if target is not None:
            setattr(notice, target.get("kind", "period"), self._named(where, target))
        for concern in document.get("concerns", ()):
            self._row(
                where, NoticeMention, {}, notice=notice, **{concern.get("kind", "event"): self._named(where, concern)}
            )

    # Checking and writing

    def _check_fields(self) -> None:
        """Types, terms and dates, without the database."""
        for rows in self.rows.values():
            for where, instance in rows:
                relations = [column.name for column in instance._meta.concrete_fields if column.is_relation]
                try:
                    instance.clean_fields(exclude=relations)
                except ValidationError as error:
                    self.problems += [f"{where}: {sentence}" for sentence in sentences(error)]

    def _refuse(self) -> None:
        if self.problems:
            raise DocumentsRefused(self.problems)

    def _in_order(self) -> Iterator[list[Row]]:
        """Rows sorted so that each follows those it references."""
        entries = [ENTRIES[kind] for kind in ORDER if kind != "notice"]
        first: list[type[models.Model]] = [*entries, Claim, ENTRIES["notice"], Finding, Participation, Affiliation]
        for model in [*first, *(model for model in self.rows if model not in first)]:
            waiting = self.rows.get(model, [])
            while waiting:
                ready = [
                    row for row in waiting if (parent := getattr(row.instance, "parent", None)) is None or parent.pk
                ]
                if not ready:
                    raise DocumentsRefused(
                        [
                            f"{row.where}: it would lie within itself; choose a parent that is not below it."
                            for row in waiting
                        ]
                    )
                yield ready
                waiting = [row for row in waiting if not row.instance.pk]

    def _insert(self, rows: list[Row]) -> None:
        model = type(rows[0].instance)
        try:
            with transaction.atomic():
                model._default_manager.bulk_create([row.instance for row in rows], batch_size=1000)
        except IntegrityError as error:
            raise DocumentsRefused(_broken_rules(rows) or [f"{rows[0].where} and following: {error}"]) from error


def _broken_rules(rows: list[Row]) -> list[str]:
    """Messages of the constraints that the rows violate, with the place of each row."""
    problems: list[str] = []
    seen: dict[tuple[Any, ...], str] = {}
    for where, instance in rows:
        instance.pk = None
        try:
            instance.validate_constraints()
        except ValidationError as error:
            problems += [f"{where}: {sentence}" for sentence in sentences(error)]
        for constraint in (c for c in instance._meta.constraints if isinstance(c, models.UniqueConstraint)):
            value = (
                constraint.name,
                *(getattr(instance, f"{name}_id", getattr(instance, name, None)) for name in constraint.fields),
            )
            if value in seen:
                problems.append(f"{where}: {constraint.get_violation_error_message()} (first at {seen[value]})")
            seen.setdefault(value, where)
    return problems


def sentences(error: ValidationError) -> Iterator[str]:
    if not hasattr(error, "error_dict"):
        yield from error.messages
        return
    for name, messages in error.message_dict.items():
        for message in messages:
            yield message if name == "__all__" else f"{name}: {message}"
