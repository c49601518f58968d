"""Republication terms of sources, as far as the desk knows."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from conflict.models import Source


class Licence(models.TextChoices):
    PUBLIC_DOMAIN = "public_domain", _("public domain")
    CC_BY = "cc_by", _("CC BY 4.0")
    CC_BY_SA = "cc_by_sa", _("CC BY-SA 4.0")
    NO_REPUBLISHING = "no_republishing", _("may not be republished")
    BY_AGREEMENT = "by_agreement", _("republished by agreement")


class SourceTerms(models.Model):
    """Licence of one source. For a source without one, nothing is known, and it may be cited freely."""

    source = models.OneToOneField(Source, models.CASCADE, related_name="terms")
    licence = models.CharField(max_length=20, choices=Licence)
    note = models.CharField(
        max_length=300, blank=True, help_text=_("Where the terms stand, or who agreed to what, and when.")
    )

    class Meta:
        verbose_name_plural = "source terms"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(licence="by_agreement") | ~models.Q(note=""),
                name="source_terms_agreement_is_named",
                violation_error_message=_("Say who agreed to the republication, and when."),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_licence_display())
