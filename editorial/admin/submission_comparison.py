"""Comparison of a submission with what is public, what the desk says now, and what was proposed before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse
from django.utils.text import Truncator

from conflict.documents.comparison import Part, compare
from conflict.documents.references import Reference, references
from conflict.documents.schema_upgrades import lifted
from conflict.models import ENTRIES, Source
from conflict.record.models import PUBLISHED, Action
from conflict.vocabulary import EntryKind
from editorial.admin import versions
from editorial.models import Comment, Submission, SubmittedEntry, SupersededEntry, User
from editorial.models.stages import LIVE
from editorial.workflow import dependencies, restricted_sources

Row = SubmittedEntry | SupersededEntry
CHANGES_SHOWN = 50


@dataclass(frozen=True)
class Shown:
    """One proposed entry as shown on the page: its difference from what is public."""

    entry: Row
    name: str
    address: str | None
    preview: str | None
    is_public: bool
    parts: list[Part]
    drift: list[Part] = field(default_factory=list)  # difference of the desk since then
    remarks: dict[str, list[Comment]] = field(default_factory=dict)  # by place
    ticked_by: list[User] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)  # that the proposed text cites

    @property
    def value(self) -> str:
        return f"{self.entry.entry_kind}:{self.entry.key}"


def side_by_side(submission: Submission, entries: Sequence[SubmittedEntry], user: object) -> list[Shown]:
    """Proposed entries with their differences from what was public before; a fixed number of queries."""
    is_live = submission.stage in LIVE
    keys = [_key(entry) for entry in entries]
    proposed = _texts(entries)
    public = versions.published(keys) if submission.batch is None else versions.before(submission.batch, keys)
    now = versions.drafted(keys) if is_live else {}
    names = versions.names([*public.values(), *proposed.values(), *now.values()])
    pks, ticks, remarks = _pks(keys), _ticks(submission), _remarks(submission)
    sources = _sources(proposed, user)
    return [
        Shown(
            entry=entry,
            name=called(proposed.get(key) or public.get(key), key[1]),
            address=reverse(f"admin:conflict_{key[0]}_change", args=[pks[key]]) if key in pks else None,
            preview=f"{reverse(f'admin:conflict_{key[0]}_preview', args=[pks[key]])}?{urlencode({'submission': submission.pk})}"
            if key in pks
            else None,
            is_public=key in public,
            parts=compare(key[0], public.get(key), proposed.get(key), names),
            drift=compare(key[0], proposed.get(key), now.get(key), names)
            if is_live and entry.action == Action.PUBLISH
            else [],
            remarks=remarks.get(key, {}),
            ticked_by=ticks.get((*key, entry.sha256), []),
            sources=sources.get(key, []),
        )
        for entry, key in zip(entries, keys, strict=True)
    ]


def _ticks(submission: Submission) -> dict[tuple[str, str, str], list[User]]:
    found: dict[tuple[str, str, str], list[User]] = defaultdict(list)
    for tick in submission.ticks.select_related("by").order_by("pk"):
        found[tick.entry_kind, tick.key, tick.sha256].append(tick.by)
    return found


def _remarks(submission: Submission) -> dict[versions.Key, dict[str, list[Comment]]]:
    """Comments at a place, with their answers, by entry and place."""
    found: dict[versions.Key, dict[str, list[Comment]]] = defaultdict(lambda: defaultdict(list))
    placed = submission.comments.exclude(key="").select_related("by", "answer__by").order_by("pk")
    for comment in placed:
        found[comment.entry_kind, comment.key][comment.place].append(comment)
    return found


def _sources(documents: Mapping[versions.Key, dict[str, Any]], user: object) -> dict[versions.Key, list[Source]]:
    cited = {
        key: {reference.key for reference in references(document) if reference.kind == EntryKind.SOURCE}
        for key, document in documents.items()
        if key[0] != EntryKind.SOURCE
    }
    rows = restricted_sources.visible(Source.objects.filter(key__in=set().union(*cited.values())), user)
    by_key = {source.key: source for source in rows.order_by("key")}
    return {key: [by_key[of] for of in sorted(keys) if of in by_key] for key, keys in cited.items()}


@dataclass(frozen=True)
class Since:
    """Changes to a submission since it had an earlier digest."""

    digest: str
    number: int
    entries: list[Shown]


def since(submission: Submission, digest: str) -> Since | None:
    """Changes since the texts with this digest were proposed; None if they never were, or are the current ones."""
    changed = submission.changed_since(digest) if digest and digest != submission.digest else None
    if changed is None:
        return None
    shown = changed[:CHANGES_SHOWN]
    before = {_key(row): row for row in submission.superseded.filter(digest=digest, key__in=shown).order_by("pk")}
    after = {_key(row): row for row in submission.entries.filter(key__in=shown).order_by("pk")}
    old, new = _texts(before.values()), _texts(after.values())
    names = versions.names([*old.values(), *new.values()])
    return Since(
        digest,
        len(changed),
        [
            Shown(
                entry=after.get(key) or before[key],
                name=called(new.get(key) or old.get(key), key[1]),
                address=None,
                preview=None,
                is_public=True,
                parts=compare(key[0], old.get(key), new.get(key), names),
            )
            for key in {**before, **after}
            if not (key in before and key in after and before[key].sha256 == after[key].sha256)
        ],
    )


@dataclass(frozen=True)
class Contents:
    """Number of entries of one kind, and how many of them are already public."""

    kind: EntryKind
    number: int
    public: int
    withdrawn: int

    @property
    def new(self) -> int:
        return self.number - self.public


def contents(submission: Submission) -> list[Contents]:
    """Entries of the submission counted by kind; the number of queries does not grow with its size."""
    counted = {
        (kind, action): number
        for kind, action, number in submission.entries.order_by()
        .values_list("entry_kind", "action")
        .annotate(number=Count("pk"))
    }
    found = []
    for kind in ENTRIES:
        number = sum(counts for (of, _), counts in counted.items() if of == kind)
        if number:
            keys = submission.entries.filter(entry_kind=kind).order_by().values("key")
            public = PUBLISHED[kind]._default_manager.filter(key__in=keys).count() if submission.stage in LIVE else 0
            found.append(Contents(EntryKind(kind), number, public, counted.get((kind, Action.WITHDRAW), 0)))
    return found


@dataclass(frozen=True)
class Companion:
    """An entry referenced by the chosen ones that is not public yet."""

    kind: str
    key: str
    name: str
    submission: int | None = None  # the one it is proposed in already
    withdrawn_at: datetime | None = None
    successor: str = ""


class Companions(NamedTuple):
    """Entries that the chosen ones reference, directly or not, and that are not public."""

    to_add: list[Companion]
    submitted: list[Companion]
    withdrawn: list[Companion]


def named_and_not_public(drafts: Mapping[versions.Key, dict[str, Any]]) -> Companions:
    together = dependencies.with_what_they_name(drafts, versions.drafted)
    documents = {key: document for key, document in together.items() if document is not None}
    others = dependencies.named_by(documents.values()) - together.keys()
    submitted, withdrawn = dependencies.submitted(others), dependencies.withdrawn(others)
    names = versions.names(documents.values())
    return Companions(
        [Companion(*key, _name(names, key)) for key in sorted(together.keys() - drafts.keys())],
        [Companion(*key, _name(names, key), number) for key, number in sorted(submitted.items())],
        [
            Companion(*key, _name(names, key), withdrawn_at=stone.withdrawn_at, successor=stone.successor)
            for key, stone in sorted(withdrawn.items(), key=itemgetter(0))
        ],
    )


def called(document: Mapping[str, Any] | None, key: str) -> str:
    """An entry by its title, its name or its first words."""
    shown = document or {}
    return Truncator(shown.get("title") or shown.get("name") or shown.get("reason") or key).chars(120)


def _name(names: Mapping[Reference, str], key: versions.Key) -> str:
    return names.get(Reference(*key), key[1])


def _key(row: Row) -> versions.Key:
    return row.entry_kind, row.key


def _texts(rows: Iterable[Row]) -> dict[versions.Key, dict[str, Any]]:
    return {_key(row): lifted(row.entry_kind, row.text) for row in rows if row.text}


def _pks(keys: Iterable[versions.Key]) -> dict[versions.Key, int]:
    return {
        (kind, key): pk
        for kind, of_kind in dependencies.by_kind(keys)
        for pk, key in ENTRIES[kind].objects.filter(key__in=of_kind).values_list("pk", "key")
    }
