"""Importer for events of a data set or a custom table."""

from collections.abc import Iterator
from pathlib import Path

from conflict.message import gettext as _
from editorial.import_export import bulk_copy
from editorial.import_export.dataset import Dataset
from editorial.import_export.importer import Mention, Outcome, Tally
from editorial.import_export.matcher import Matcher
from editorial.import_export.periods import Filing
from editorial.import_export.plan import Plan, PlannedRow
from editorial.import_export.writer import Writer
from editorial.models import ImportRun


class DatasetImporter:
    """Import of one file of a data set; it writes exactly what its plan shows."""

    def __init__(self, dataset: Dataset, run: ImportRun, path: Path) -> None:
        self.dataset, self.run, self.path = dataset, run, path
        self.plan = self._plan(locking=False)

    @property
    def tally(self) -> Tally:
        return self.plan.tally

    def mentions(self) -> list[Mention]:
        return self.plan.mentions.finished()

    def preview(self) -> Iterator[list[PlannedRow]]:
        yield from self.plan.chunks()
        self._ask_about_the_release()

    def write(self) -> Iterator[list[PlannedRow]]:
        self.plan = self._plan(locking=True)
        release = self.dataset.source_of_release(self.run.release)
        writer = Writer(self.dataset, self.plan.matcher, release, self.run)
        with bulk_copy.many_chunks():
            for chunk in self.plan.chunks():
                writer.write(chunk)
                yield chunk

    def _plan(self, *, locking: bool) -> Plan:
        matcher, filing = Matcher.with_desk(self.dataset.name), Filing.with_desk(self.run.period)
        left_out = self.run.options.get("left_out", ())
        return Plan(self.dataset, self.path, matcher, filing, left_out, locking=locking)

    def _ask_about_the_release(self) -> None:
        """Ask for confirmation if an older release would revert corrections of a newer one."""
        imported = ImportRun.objects.filter(
            dataset=self.run.dataset, mapping=self.run.mapping, stage=ImportRun.Stage.IMPORTED
        )
        newer = [
            release
            for release in imported.exclude(release="").order_by("release").values_list("release", flat=True).distinct()
            if self.dataset.is_older(self.run.release, release)
        ]
        if newer and self.tally[Outcome.CHANGED]:
            self.tally.questions["older_release"] = _(
                "Release %(release)s is older than %(newer)s, which was imported before: it would take corrections back."
            ) % {"release": self.run.release, "newer": newer[-1]}
