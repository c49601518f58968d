"""Import a data set onto the desk, as drafts to be reviewed."""

import json
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from conflict import message
from conflict.models import Period
from editorial.import_export import imports, permissions, proposals
from editorial.import_export.datasets import DATASETS
from editorial.import_export.exceptions import FileRefused, ImportRefused
from editorial.import_export.importer import Mention, Outcome, Planned, Tally
from editorial.models import ChoiceKind, ImportRun, SheetMapping, User
from editorial.workflow.exceptions import WorkflowRefused

MOST_LISTED = 1000
MOST_TOLD = 20


class Command(BaseCommand):
    help = (
        "Import a file of a data set onto the desk: new events as drafts, later releases as edits to be reviewed. "
        "Nothing becomes public, nothing is deleted, and a file with a refused line is not imported at all."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dataset", help=f"{', '.join(DATASETS)}, or the key of a saved mapping.")
        parser.add_argument("file", type=Path, help="CSV in UTF-8, XLSX or ODS.")
        parser.add_argument("--preview", action="store_true", help="Say what would change; write nothing.")
        parser.add_argument("--json", action="store_true", help="Answer in JSON.")
        parser.add_argument("--as", dest="username", help="The account that the history names as author.")
        parser.add_argument("--release", default="", help="The release, where the file's name does not tell it.")
        parser.add_argument("--period", default="", help="Key of the period under which new events are filed.")
        parser.add_argument(
            "--propose", default="", metavar="REASON", help="With --as: submit what was imported for review."
        )
        parser.add_argument(
            "--accept",
            action="append",
            default=[],
            metavar="QUESTION",
            help="Say yes to what the preview asks: older_release, older_rows, outside_period, duplicates, no_header.",
        )
        parser.add_argument(
            "--without-refused", action="store_true", help="Take the good rows of a file of which some are refused."
        )
        parser.add_argument(
            "--leave-out", action="append", default=[], metavar="COLUMN", help="An unknown column to pass over."
        )

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"There is no file {file}.")
        holds = _holds(options["dataset"])
        by = _account(options["username"])
        run = imports.new_run(
            holds=holds,
            path=file,
            release=options["release"],
            period=_period(options["period"]),
            left_out=frozenset(name.lower() for name in options["leave_out"]),
            by=by,
            at=timezone.now(),
        )
        run.without_refused = options["without_refused"]
        if options["propose"] and by is None:
            raise CommandError("--propose needs --as: a submission has an author.")
        proposed = None
        listed: dict[str, list[Planned]] = {outcome.value: [] for outcome in Outcome}

        def note(chunk: Sequence[Planned]) -> None:
            for planned in chunk:
                if planned.outcome != Outcome.NEW and len(listed[planned.outcome.value]) < MOST_LISTED:
                    listed[planned.outcome.value].append(planned)

        try:
            with Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                console=Console(file=sys.stderr),
                disable=options["json"],
            ) as progress:
                tally, mentions = imports.look(run, file, note, _advance(progress, "Reading", None))
                is_refused = bool(tally[Outcome.REFUSED]) and not (options["without_refused"] and not tally.is_broken)
                if not options["preview"] and not is_refused:
                    advance = _advance(progress, "Writing", tally.rows)
                    proposed = _carried_out(run, file, tally, by, options["propose"], options["accept"], advance)
        except FileRefused as refusal:
            if options["json"]:
                self.stdout.write(json.dumps({"imported": False, "problems": [refusal.problem.as_dict()]}))
            raise CommandError(f"{file.name} is refused: {refusal}\nNothing was written.") from refusal
        except (ImportRefused, WorkflowRefused) as refusal:
            raise CommandError(str(refusal)) from refusal
        except KeyboardInterrupt:
            raise CommandError("Stopped. Nothing was written.", returncode=130) from None
        imported = not options["preview"] and not is_refused
        if options["json"]:
            answer = _answer(run, file, tally, listed, imported) | _names(mentions) | _proposed(proposed)
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._tell(tally, listed, imported)
            self._tell_names(mentions)
            if not run.release and holds in DATASETS:
                self.stdout.write("No release is named: figures cite the data set alone. Name it with --release.")
            for name, value in _proposed(proposed).items():
                self.stdout.write(f"{name.replace('_', ' ').capitalize()}: {value}.")
        if is_refused:
            way_out = "." if tally.is_broken else ", or take the good rows alone with --without-refused."
            raise CommandError(
                f"{tally[Outcome.REFUSED]} lines are refused, so nothing was written. Correct the file{way_out}"
            )

    def _tell(self, tally: Tally, listed: dict[str, list[Planned]], imported: bool) -> None:
        for planned in listed[Outcome.REFUSED][:MOST_TOLD]:
            self.stderr.write(str(planned.problem))
        for planned in listed[Outcome.VANISHED][:MOST_TOLD]:
            self.stdout.write(f"No longer in the file: {planned.external_id}, {planned.title}")
        counts = ", ".join(f"{tally[outcome]} {outcome.value}" for outcome in Outcome)
        self.stdout.write(f"{'Imported' if imported else 'Preview'}: {tally.rows} rows: {counts}.")
        if tally.columns:
            columns = ", ".join(f"{column} in {count}" for column, count in tally.columns.most_common())
            self.stdout.write(f"Changed: {columns}.")
        for code, question in tally.questions.items():
            self.stdout.write(f"{question} (--accept {code})")
        if tally.added_columns:
            self.stdout.write(f"Passed over, for {', '.join(tally.added_columns)} are no columns of this data set.")
        if tally.other_sheets:
            self.stdout.write(f"Sheets passed over, for lack of its columns: {', '.join(tally.other_sheets)}.")
        if tally.outside:
            self.stdout.write(f"{tally.outside} events of this data set lie outside the file's countries or time.")

    def _tell_names(self, mentions: list[Mention]) -> None:
        for kind, label in ChoiceKind.choices:
            named = [one for one in mentions if one.kind == kind]
            if named:
                matched = sum(1 for one in named if one.match)
                self.stdout.write(f"Names, {label}: {len(named)}, of which the desk has {matched}.")
        open_ones = [one for one in mentions if one.kind == ChoiceKind.EVENT and not one.is_decided]
        for one in open_ones[:MOST_TOLD]:
            told = "; ".join(f"{alike['name']} ({alike['key']}), {alike['why']}" for alike in _similar(one))
            self.stdout.write(f"Perhaps told twice: {one.name_key}, {one.name}: {told}.")


def _similar(mention: Mention) -> list[dict[str, str]]:
    return [{"key": key, "name": name, "why": "".join(map(message.read, why))} for key, name, *why in mention.similar]


def _names(mentions: list[Mention]) -> dict[str, Any]:
    return {
        "names": [
            {
                "kind": str(one.kind),
                "name": one.name,
                "is": one.detail,
                "rows": one.rows,
                "matches": one.match,
                "similar": _similar(one),
            }
            for one in mentions
        ]
    }


def _answer(
    run: ImportRun, path: Path, tally: Tally, listed: dict[str, list[Planned]], imported: bool
) -> dict[str, Any]:
    return {
        "dataset": run.source,
        "file": path.name,
        "file_sha256": run.file_sha256,
        "preview_sha256": tally.preview_sha256,
        "release": run.release,
        "imported": imported,
        "rows": tally.rows,
        **{outcome.value: tally[outcome] for outcome in Outcome},
        "outside_scope": tally.outside,
        "questions": tally.questions,
        "filed": dict(tally.filed),
        "columns_passed_over": tally.added_columns,
        "sheets_passed_over": tally.other_sheets,
        "columns_changed": dict(tally.columns.most_common()),
        "problems": [planned.problem.as_dict() for planned in listed[Outcome.REFUSED] if planned.problem],
        "changes": [
            {"line": planned.line, "external_id": planned.external_id, "changes": planned.changes}
            for planned in listed[Outcome.CHANGED]
        ],
        "vanished_ids": [planned.external_id for planned in listed[Outcome.VANISHED]],
    }


@transaction.atomic
def _carried_out(
    run: ImportRun,
    path: Path,
    tally: Tally,
    by: User | None,
    reason: str,
    accepted: Collection[str],
    progress: imports.Progress,
) -> proposals.Proposed | None:
    """Import and, with a reason, propose; both or neither."""
    done = imports.import_now(
        run=run, path=path, tally=tally, by=by, at=timezone.now(), accepted=accepted, progress=progress
    )
    if not reason or by is None:
        return None
    return proposals.propose(run=done.run, by=by, at=timezone.now(), reason=reason)


def _proposed(proposed: proposals.Proposed | None) -> dict[str, Any]:
    if proposed is None:
        return {}
    numbers = [submission.pk for submission in proposed.submissions]
    return {"events_proposed": proposed.events, "submissions": numbers, "events_not_ready": len(proposed.not_ready)}


def _holds(name: str) -> str | SheetMapping:
    if name in DATASETS:
        return name
    mapping = SheetMapping.objects.filter(key=name).first()
    if mapping is None:
        raise CommandError(
            f"There is no data set and no mapping {name}: expected {', '.join(DATASETS)} or a mapping's key."
        )
    return mapping


def _account(username: str | None) -> User | None:
    if not username:
        return None
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no account {username}.")
    if not permissions.may_import_dataset(user):
        raise CommandError(f"The account {username} may not import data sets.")
    return user


def _period(key: str) -> Period | None:
    if not key:
        return None
    period: Period | None = Period.objects.filter(key=key).first()
    if period is None:
        raise CommandError(f"There is no period {key}.")
    return period


def _advance(progress: Progress, name: str, total: int | None) -> imports.Progress:
    task = progress.add_task(name, total=total)
    return lambda rows: progress.advance(task, rows)
