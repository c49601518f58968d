"""Proof of the log by others: timestamps of its heads by authorities, and cosignatures of witnesses."""

from typing import Self

import pgtrigger
from django.db import models


class Anchor(models.Model):
    """Timestamp of one head of the log by an RFC 3161 authority: its hash existed at `stamped_at`.

    `number` is no foreign key: an anchor must outlive a log that was cut or rewritten, to show it.
    """

    number = models.BigIntegerField(help_text="Of the publication that was the head.")
    sha256 = models.CharField(max_length=64, help_text="Of that head, which is what the authority signed.")
    authority = models.CharField(max_length=200, help_text="Its host name.")
    stamped_at = models.DateTimeField()
    token = models.BinaryField(help_text="The authority's response, as it came (DER).")
    certificates = models.TextField(help_text="From the authority's own certificate to the root (PEM).")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["authority", "sha256"], name="anchor_is_one_per_head_and_authority")
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    TYPES = {"tsr": "application/timestamp-reply", "pem": "application/x-pem-file"}  # of its files

    def __str__(self) -> str:
        return f"{self.number} by {self.authority}"

    @property
    def name(self) -> str:
        """Name of its files, without the ending."""
        return f"anchor-{self.number}-{self.authority}-{self.sha256[:8]}"


class CosignatureQuerySet(models.QuerySet["Cosignature"]):
    def latest_of_each(self) -> Self:
        """The newest head signed by each witness."""
        return self.order_by("witness", "-number", "-signed_at").distinct("witness")


class Cosignature(models.Model):
    """Signature of one head of the log by a witness, who keeps a copy and has verified every step up to it."""

    witness = models.CharField(max_length=200, help_text="Its name, as in the configured key.")
    number = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    signed_at = models.DateTimeField()
    note = models.TextField(help_text="The signed note (C2SP), with everything needed to verify it but the key.")

    objects = CosignatureQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["witness", "sha256"], name="cosignature_is_one_per_head_and_witness")
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.number} by {self.witness}"
