"""Editors' decisions about names in foreign files, kept for the next file of the same source."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from conflict.models.fields import MessageField
from conflict.vocabulary import LONGEST_KEY


class ChoiceKind(models.TextChoices):
    """Subject of a decision."""

    ACTOR = "actor", _("actors")
    OUTLET = "outlet", _("outlets")
    PLACE = "place", _("places")
    EVENT = "event", _("possible duplicates")
    MOVE = "move", _("places in another division")
    VANISHED = "vanished", _("no longer in the file")
    KEPT = "kept", _("edited on the desk and changed by the file")


class Verdict(models.TextChoices):
    ACCEPT = "accept", _("accept")
    MAP = "map", _("stands for")
    LEAVE_OUT = "leave_out", _("leave out")


class ImportChoice(models.Model):
    """One decision: a name of a source is accepted, stands for an entry of the desk, or is left out."""

    source = models.CharField(max_length=60, help_text=_("The data set, or the mapping of a table of one's own."))
    kind = models.CharField(max_length=20, choices=ChoiceKind)
    name_key = models.CharField(max_length=300, help_text=_("What tells the name from others of its source."))
    name = models.CharField(max_length=300, blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict)
    target = models.CharField(
        max_length=LONGEST_KEY, blank=True, help_text=_("Key of the entry that the name stands for.")
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "kind", "name_key"],
                name="import_choice_is_made_once",
                violation_error_message=_("This name is decided already."),
            ),
            models.CheckConstraint(
                condition=models.Q(verdict="map") ^ models.Q(target=""),
                name="import_choice_maps_to_an_entry",
                violation_error_message=_("Say which entry the name stands for."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.get_verdict_display()} {self.target}".strip()


class ImportMention(models.Model):
    """One name in a previewed file, its frequency, and its match on the desk or the entry to be created."""

    run = models.ForeignKey("editorial.ImportRun", models.CASCADE, related_name="mentions")
    kind = models.CharField(max_length=20, choices=ChoiceKind)
    name_key = models.CharField(max_length=300)
    name = models.CharField(max_length=300)
    detail = MessageField(blank=True, help_text=_("Its kind, the place it lies in, the day."))
    latitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(max_digits=8, decimal_places=5, null=True, blank=True)
    rows = models.PositiveIntegerField(default=0)
    match = models.CharField(max_length=LONGEST_KEY, blank=True, help_text=_("Key of the entry that it stands for."))
    found_by = models.CharField(max_length=20, blank=True)
    similar = models.JSONField(default=list, help_text=_("Keys and names of entries that may be meant."))
    is_decided = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["run", "kind", "-rows", "id"], name="import_mention_by_kind")]  # the preview

    def __str__(self) -> str:
        return gettext("%(what)s: %(which)s") % {"what": self.get_kind_display(), "which": self.name}
