"""The desk in Django's admin: one module per noun. Importing it registers them."""

from editorial.admin import (
    account,
    actor,
    audit,
    claim,
    dispute,
    event,
    finding,
    import_export,
    location,
    notice,
    partner,
    period,
    proposal,
    source,
    submission,
    webhook,
)

__all__ = [
    "account",
    "actor",
    "audit",
    "claim",
    "dispute",
    "event",
    "finding",
    "import_export",
    "location",
    "notice",
    "partner",
    "period",
    "proposal",
    "source",
    "submission",
    "webhook",
]
