"""The desk in Django's admin: one module per noun. Importing it registers them."""

from editorial.admin import (
    account,
    actor,
    audit,
    claim,
    dispute,
    event,
    finding,
    import_run,
    location,
    notice,
    partner,
    period,
    proposal,
    report,
    sheet_mapping,
    source,
    submission,
    webhook,
)
