"""The publication log: append-only, numbered without gaps, hash-chained."""

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from conflict import vocabulary
from conflict.vocabulary import LONGEST_KEY


class Action(models.TextChoices):
    PUBLISH = "publish", "publish"
    WITHDRAW = "withdraw", "withdraw"
    REDACT = "redact", "redact"


class PublicationQuerySet(models.QuerySet["Publication"]):
    def after(self, number: int) -> Self:
        """Publications after the one with this number; used by consumers to continue."""
        return self.filter(number__gt=number)

    def of(self, kind: str, key: str) -> Self:
        return self.filter(entry_kind=kind, key=key)

    def with_text_before(self) -> Self:
        """Add `text_before`: the last text of the same entry before this publication, None for its first."""
        earlier = Publication.objects.filter(
            entry_kind=OuterRef("entry_kind"),
            key=OuterRef("key"),
            version__lt=OuterRef("version"),
            document__isnull=False,
        )
        return self.annotate(text_before=Subquery(earlier.order_by("-version").values("document")[:1]))

    def in_order(self) -> Self:
        return self.order_by("number")

    def newest_first(self) -> Self:
        return self.order_by("-number")


class Publication(models.Model):
    """One step of the public record: a version of an entry published, or an entry withdrawn.

    `sha256` covers the canonical header, which contains the hashes of the document and of the previous publication. So
    the chain can be verified even if a document's text had to be removed for legal reasons (`redact`).
    """

    number = models.BigIntegerField(primary_key=True)
    entry_kind = models.CharField(max_length=20, choices=vocabulary.EntryKind)
    key = models.CharField(max_length=LONGEST_KEY)
    version = models.PositiveIntegerField()
    action = models.CharField(max_length=20, choices=Action)
    change_kind = models.CharField(max_length=20, choices=vocabulary.ChangeKind)
    reason = models.TextField()
    successor = models.CharField(max_length=LONGEST_KEY, blank=True)
    batch = models.BigIntegerField()
    published_at = models.DateTimeField()
    document = models.TextField(null=True)  # noqa: DJ001  # no document is not an empty one
    salt = models.CharField(max_length=64, blank=True, default="", db_default="", help_text="Goes with the document.")
    document_sha256 = models.CharField(max_length=64, blank=True, help_text="Of salt and document.")
    prev_sha256 = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64, unique=True)
    schema = models.PositiveSmallIntegerField(default=1, db_default=1, help_text="Of the header.")
    writers = models.PositiveSmallIntegerField(null=True, help_text="How many people wrote what is new; from schema 2.")
    readers = models.PositiveSmallIntegerField(null=True, help_text="How many others read it and stand by it.")
    publishers = models.PositiveSmallIntegerField(null=True, help_text="How many people had it published.")

    objects = PublicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry_kind", "key", "version"], name="publication_versions_differ"),
            models.CheckConstraint(condition=Q(number__gte=1), name="publication_numbers_start_at_one"),
            models.CheckConstraint(condition=Q(batch__lte=F("number")), name="publication_batch_is_its_first_number"),
            models.CheckConstraint(condition=~Q(reason=""), name="publication_has_a_reason"),
            models.CheckConstraint(
                condition=Q(action=Action.PUBLISH) | Q(document__isnull=True, document_sha256=""),
                name="publication_of_a_withdrawal_has_no_document",
            ),
            models.CheckConstraint(
                condition=~Q(action=Action.PUBLISH) | ~Q(document_sha256=""),
                name="publication_document_is_hashed",
            ),
            models.CheckConstraint(
                condition=Q(salt__regex="^[0-9a-f]{64}$") | Q(salt="") & (Q(schema__lt=3) | Q(document=None)),
                name="publication_document_is_salted",
            ),
            models.CheckConstraint(
                condition=Q(schema=1, writers=None, readers=None, publishers=None)
                | Q(schema__gte=2, writers__isnull=False, readers__isnull=False, publishers__isnull=False),
                name="publication_says_how_many_people",
            ),
        ]
        indexes = [
            models.Index(
                fields=["published_at", "number"], name="publication_by_time"
            ),  # as of a moment; changes by day
            models.Index(fields=["change_kind", "number"], name="publication_by_change"),  # feed of corrections
            models.Index(
                fields=["number"],
                name="publication_withdrawing",
                condition=Q(action__in=[Action.WITHDRAW, Action.REDACT]),
            ),  # withdrawals
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Delete),  # the desk's role may not truncate
            pgtrigger.Trigger(
                name="only_redaction_changes_it",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func="""
                    IF NEW.document IS NULL AND OLD.document IS NOT NULL AND NEW.salt = ''
                        AND to_jsonb(NEW) - '{document,salt}'::text[] = to_jsonb(OLD) - '{document,salt}'::text[]
                        AND EXISTS (
                            SELECT 1 FROM record_publication
                            WHERE action = 'redact' AND entry_kind = OLD.entry_kind AND key = OLD.key AND number > OLD.number
                        )
                    THEN RETURN NEW; END IF;
                    RAISE EXCEPTION 'Publication % stands: the log is append-only. Publish a correction instead.', OLD.number
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_log_is_append_only';
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.action} {self.entry_kind} {self.key} v{self.version}"
