"""Imports: files brought onto the desk, line by line, and the entry for each foreign id."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from conflict import message
from conflict import models as desk
from conflict.models.fields import MessageField
from editorial.models.sheet_mapping import SheetMapping
from editorial.models.submission import Submission


class Dataset(models.TextChoices):
    """Content of a file: events of a known data set, or rows of one desk table."""

    UCDP_GED = "ucdp-ged", gettext_lazy("UCDP Georeferenced Event Dataset")
    ACLED = "acled", gettext_lazy("ACLED")
    SHEET = "sheet", gettext_lazy("table of one's own")
    TABLE = "table", gettext_lazy("table of the desk")


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def in_progress(self) -> Self:
        """Runs neither carried out nor abandoned."""
        return self.filter(settled_at=None)

    def underway(self) -> Self:
        """Runs being processed by the worker, or waiting for it."""
        return self.filter(stage__in=[ImportRun.Stage.READING, ImportRun.Stage.IMPORTING])

    def waiting(self) -> Self:
        """Runs that the worker has something to do for: to read or write them, or to propose what they brought."""
        return self.underway() | self.exclude(proposing={})

    def newest_first(self) -> Self:
        return self.order_by("-previewed_at", "-pk")


class ImportRun(models.Model):
    """Import of one file: its preview and its outcome. Only what was previewed can be carried out."""

    class Stage(models.TextChoices):
        READING = "reading", gettext_lazy("being read")
        PREVIEWED = "previewed", gettext_lazy("waiting for confirmation")
        IMPORTING = "importing", gettext_lazy("being imported")
        IMPORTED = "imported", gettext_lazy("imported")
        ABANDONED = "abandoned", gettext_lazy("given up")
        FAILED = "failed", gettext_lazy("could not be read")
        UNDONE = "undone", gettext_lazy("undone")

    dataset = models.CharField(max_length=20, choices=Dataset)
    table = models.CharField(max_length=40, blank=True, help_text=gettext_lazy("For a table of the desk: its model."))
    mapping = models.ForeignKey(SheetMapping, models.PROTECT, null=True, blank=True, related_name="runs")
    release = models.CharField(max_length=60, blank=True)
    period = models.ForeignKey(desk.Period, models.SET_NULL, null=True, blank=True, related_name="+")
    options = models.JSONField(default=dict, blank=True)
    file_name = models.CharField(max_length=200)
    file_sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(
        max_length=100, blank=True, help_text=gettext_lazy("The uploaded copy, while it is waited for.")
    )
    preview_sha256 = models.CharField(max_length=64)
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.READING)
    previewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="import_runs"
    )
    previewed_at = models.DateTimeField()
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    submissions = models.ManyToManyField(
        Submission, related_name="imports", help_text=gettext_lazy("What was proposed of it.")
    )
    proposing = models.JSONField(
        default=dict, blank=True, help_text=gettext_lazy("What the worker is still to propose, by whom and why.")
    )
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    vanished = models.PositiveIntegerField(default=0)
    passed_over = models.PositiveIntegerField(default=0)
    without_refused = models.BooleanField(
        default=False, help_text=gettext_lazy("Its good rows are taken, the refused ones left.")
    )
    header = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("Columns of the file, where rows were refused.")
    )
    questions = models.JSONField(
        default=dict, blank=True, help_text=gettext_lazy("By code: what has to be said yes to.")
    )
    filed = models.JSONField(
        default=dict, blank=True, help_text=gettext_lazy("New events by key of the period that they fall in.")
    )
    columns_changed = models.JSONField(default=dict, blank=True)
    rows_done = models.PositiveIntegerField(default=0, help_text=gettext_lazy("How far the worker is."))
    tries = models.PositiveSmallIntegerField(default=0, help_text=gettext_lazy("How often the worker began it."))
    failure = MessageField(blank=True, help_text=gettext_lazy("Why it could not be read, or not be carried out."))

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "import"
        permissions = [
            ("import_dataset", "Can import data sets onto the desk"),
            ("export_restricted_source", "Can export restricted sources"),
            *((f"import_{table}", f"Can import rows of {table}") for table in desk.TABLES),
            *((f"export_{table}", f"Can export rows of {table}") for table in desk.TABLES),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["reading", "previewed", "importing"]) ^ Q(settled_at__isnull=False),
                name="import_is_settled_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(stage="imported") | Q(refused=0) | Q(without_refused=True),
                name="import_run_imported_refused_nothing",
                violation_error_message=gettext_lazy(
                    "A file of which a line was refused is not imported: correct the file, or take its good rows alone."
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "-previewed_at"], name="import_run_by_stage"),  # the list by stage
            models.Index(fields=["-previewed_at", "-id"], name="import_run_newest"),  # the list
        ]

    def __str__(self) -> str:
        return f"{self.holds}: {self.file_name}"

    @property
    def holds(self) -> str:
        return str(self.mapping or self.get_dataset_display())

    @property
    def asked(self) -> dict[str, str]:
        """The questions by code, in the language of whoever is asked."""
        return {code: message.read(question) for code, question in self.questions.items()}

    @property
    def source(self) -> str:
        """Origin of its rows: a data set, a mapping or a table of the desk."""
        return f"sheet-{self.mapping.key}" if self.mapping else self.table or self.dataset


class ImportLine(models.Model):
    """Effect of one line of an uploaded file, or the reason why it is refused."""

    class Outcome(models.TextChoices):
        NEW = "new", gettext_lazy("new")
        CHANGED = "changed", gettext_lazy("changed")
        UNCHANGED = "unchanged", gettext_lazy("unchanged")
        REFUSED = "refused", gettext_lazy("refused")
        VANISHED = "vanished", gettext_lazy("no longer in the file")
        PASSED_OVER = "passed_over", gettext_lazy("passed over")

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField(help_text=gettext_lazy("Line of the file; 0 for what the file no longer has."))
    outcome = models.CharField(max_length=20, choices=Outcome)
    external_id = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=300, blank=True)
    column = models.CharField(max_length=200, blank=True)
    reason = MessageField(blank=True, help_text=gettext_lazy("Why it is refused, or what is new in short."))
    changes = models.JSONField(default=list, blank=True)
    cells = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("The row as it came, where it was refused.")
    )

    class Meta:
        indexes = [models.Index(fields=["run", "outcome", "line", "id"], name="import_line_by_outcome")]  # the preview

    def __str__(self) -> str:
        return _("line %(line)s: %(outcome)s") % {"line": self.line, "outcome": self.outcome}


class ExternalId(models.Model):
    """Id of an event in a data set, with the row as last imported.

    Without an event, the draft was deleted on purpose, and the next release does not bring it back.
    """

    dataset = models.CharField(max_length=60)
    external_id = models.CharField(max_length=60)
    event = models.ForeignKey(desk.Event, models.SET_NULL, null=True, related_name="external_ids")
    is_attached = models.BooleanField(
        default=False, help_text=gettext_lazy("The desk had the event; the data set only adds its figures as claims.")
    )
    vanished_in = models.ForeignKey(
        ImportRun,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=gettext_lazy("The file that lacks it."),
    )
    country = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    row = models.JSONField(help_text=gettext_lazy("The columns of the file that are not empty, as written."))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dataset", "external_id"],
                name="external_id_is_one_event",
                violation_error_message=gettext_lazy("Another event stands for this id of the data set."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.dataset} {self.external_id}"
