"""Proposals from an import: drafts become submissions, with everything they reference."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from conflict.documents import canonical_text, gc_pause
from conflict.message import gettext as _
from conflict.message import joined, ngettext
from conflict.models import ENTRIES, Actor, Event, Location
from conflict.record.models import Tombstone
from conflict.vocabulary import ChangeKind
from editorial.import_export import imports
from editorial.import_export.exceptions import ImportRefused
from editorial.import_export.importer import Outcome
from editorial.models import Dataset, ImportRun, Submission, User
from editorial.workflow import dependencies, publisher, submissions
from editorial.workflow.edit_history import history_of
from editorial.workflow.readiness import shortcomings
from editorial.workflow.submissions import EntryChange

EVENTS_AT_ONCE = 100  # in one submission; more than a person reads in one sitting
WHAT: dict[str, tuple[Outcome, ...]] = {
    "all": (Outcome.NEW, Outcome.CHANGED),
    "changed": (Outcome.CHANGED,),
    "new": (Outcome.NEW,),
}

Key = tuple[str, str]
Document = dict[str, Any]


@dataclass(slots=True)
class Proposed:
    """Submissions created, the first with the entries that later ones share; and reasons why events stay drafts."""

    submissions: list[Submission] = field(default_factory=list)
    events: int = 0
    waiting: int = 0  # events not examined, since there were enough
    not_ready: dict[str, list[str]] = field(default_factory=dict)


@transaction.atomic
@gc_pause.gc_paused()
def propose(
    *, run: ImportRun, by: User, at: datetime, reason: str, what: str = "all", most: int | None = None
) -> Proposed:
    """Submit the events that the import created or changed, if they are ready and not submitted yet.

    `most` limits the number of events handled in a request; the rest can be proposed later.
    Raises ImportRefused before the import is carried out; WorkflowRefused as `workflow.submit` does.
    """
    if run.stage != ImportRun.Stage.IMPORTED or run.dataset == Dataset.TABLE:
        raise ImportRefused(_("Only the events of a data set that was imported can be proposed like this."))
    done = Proposed()
    for kind, changed, counted, change_kind in _shared_changed(run):
        made = submissions.submit(
            entries=[EntryChange(kind, key) for key in sorted(changed)],
            by=by,
            at=at,
            title=_of(run, counted % {"count": len(changed)}),
            reason=reason,
            change_kind=change_kind,
        )
        run.submissions.add(made)
        done.submissions.append(made)
    keys = _in_time(imports.entries_of(run, WHAT[what]))
    waiting = iter(keys)
    seen = 0
    while (most is None or done.events < most) and (batch := list(islice(waiting, EVENTS_AT_ONCE))):
        seen += len(batch)
        ready = dict(_ready(batch, done))
        public = dependencies.public({*ready})
        for change_kind, chosen in (
            (ChangeKind.NEW, ready.keys() - public),
            (ChangeKind.NEW_EVIDENCE, ready.keys() & public),
        ):
            if chosen:
                named = dependencies.with_what_they_name({key: ready[key] for key in chosen}, _documents)
                title = _title(run, [ready[key] for key in chosen])
                entries = [
                    EntryChange(*key) for key in sorted(named, key=lambda key: (list(ENTRIES).index(key[0]), key))
                ]
                made = submissions.submit(
                    entries=entries,
                    by=by,
                    at=at,
                    title=title,
                    reason=reason,
                    change_kind=change_kind,
                    documents={key: document for key, document in named.items() if document is not None},
                )
                run.submissions.add(made)
                done.submissions.append(made)
                done.events += len(chosen)
    done.waiting = len(keys) - seen
    return done


def _shared_changed(run: ImportRun) -> Iterator[tuple[str, set[str], Any, ChangeKind]]:
    """Public places that the import moved in the tree of divisions or gave a point, and public actors of which it told more.

    By kind: keys, the words to count them, and the kind of change. Without those that are submitted.
    """
    if places := _changed(run, Location):
        counted = ngettext("%(count)s place", "%(count)s places", len(places))
        yield "location", places, counted, ChangeKind.GEOCODING
    if actors := _changed(run, Actor):
        counted = ngettext("%(count)s actor", "%(count)s actors", len(actors))
        yield "actor", actors, counted, ChangeKind.NEW_EVIDENCE


def _changed(run: ImportRun, model: type[Actor | Location]) -> set[str]:
    kind = model.entry_kind
    changed = history_of(model).filter(pgh_label="update", pgh_context__metadata__import_run=run.pk)
    keys = model.objects.filter(pk__in=changed.order_by().values("id")).values_list("key", flat=True)
    public = dependencies.public({(kind, key) for key in keys})
    documents = _documents(public - dependencies.submitted(public).keys())
    texts = {key: canonical_text(document) for (_, key), document in documents.items()}
    return texts.keys() - publisher.public_already(kind, texts)


def _in_time(keys: Collection[str]) -> list[str]:
    """Events in order of time, so that a batch covers one period; without those withdrawn or merged since."""
    gone = Tombstone.objects.filter(entry_kind="event", key__in=keys).values("key")
    events = Event.objects.filter(key__in=keys).exclude(key__in=gone)
    return list(events.order_by("span", "key").values_list("key", flat=True))


def _title(run: ImportRun, events: Collection[Document]) -> str:
    """Title of a submission, beginning with the number and dates of its events."""
    counted = ngettext("%(count)s event", "%(count)s events", len(events)) % {"count": len(events)}
    days = sorted(event["starts_on"] or "" for event in events)
    if days[0] == days[-1]:
        return _of(run, _("%(events)s, %(day)s") % {"events": counted, "day": days[0]})
    return _of(run, _("%(events)s, %(first)s to %(last)s") % {"events": counted, "first": days[0], "last": days[-1]})


def _of(run: ImportRun, counted: str) -> str:
    holds = run.mapping or Dataset(run.dataset).label
    return _("%(what)s: %(which)s") % {
        "what": counted,
        "which": joined([holds, *([run.release] if run.release else [])]),
    }


def _ready(batch: Collection[str], done: Proposed) -> Iterator[tuple[Key, Document]]:
    """Events that are ready to be published and differ from what is public."""
    submitted = dependencies.submitted({("event", key) for key in batch})
    documents = _documents({("event", key) for key in batch} - submitted.keys())
    same = publisher.public_already("event", {key[1]: canonical_text(document) for key, document in documents.items()})
    missing = shortcomings(documents)
    done.not_ready |= {key: sentences for (_kind, key), sentences in missing.items()}
    for key, document in documents.items():
        if key not in missing and key[1] not in same:
            yield key, document


def _documents(keys: Collection[Key]) -> dict[Key, Document]:
    return {
        (kind, key): document
        for kind, of_kind in dependencies.by_kind(keys)
        for key, document in publisher.documents_of(ENTRIES[kind].objects.filter(key__in=of_kind))
    }
