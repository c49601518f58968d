"""Changes of the record since a day, counted by kind and worded in one sentence."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime

from django.db.models import Count

from conflict.public import queries
from conflict.record.models import Action
from conflict.vocabulary import ChangeKind
from conflict.wording import days, figures
from conflict.wording.messages import gettext as _
from conflict.wording.messages import ngettext

NEW, CORRECTED, WITHDRAWN, DISPUTED, OTHER = "new", "corrected", "withdrawn", "disputed", "other"
GROUPS = {
    ChangeKind.CORRECTION: CORRECTED,
    ChangeKind.NEW_EVIDENCE: CORRECTED,
    ChangeKind.REDACTION: CORRECTED,
    ChangeKind.DISPUTE: DISPUTED,
}


def changes_since(day: date) -> dict[str, int]:
    """Publications since midnight (UTC), counted by group: new, corrected, withdrawn, disputed, other."""
    steps = queries.log().filter(published_at__gte=datetime(day.year, day.month, day.day, tzinfo=UTC)).order_by()
    counts: Counter[str] = Counter()
    for action, kind, version, number in steps.values_list("action", "change_kind", "version").annotate(
        number=Count("*")
    ):
        counts[_group(action, kind, version)] += number
    return dict(counts)


def _group(action: str, kind: str, version: int) -> str:
    if action == Action.WITHDRAW:
        return WITHDRAWN
    if kind in GROUPS:
        return GROUPS[ChangeKind(kind)]
    return NEW if version == 1 else OTHER


def sentence(day: date, counts: dict[str, int]) -> str:
    """“Since 1 November 2026: 3 corrections, 12 new entries”."""
    forms: dict[str, Callable[[int], str]] = {
        CORRECTED: lambda n: ngettext("%(number)s correction", "%(number)s corrections", n),
        NEW: lambda n: ngettext("%(number)s new entry", "%(number)s new entries", n),
        WITHDRAWN: lambda n: ngettext("%(number)s withdrawal", "%(number)s withdrawals", n),
        DISPUTED: lambda n: ngettext("%(number)s objection opened", "%(number)s objections opened", n),
        OTHER: lambda n: ngettext("%(number)s other change", "%(number)s other changes", n),
    }
    parts = [
        form(counts[group]) % {"number": figures.number(counts[group])}
        for group, form in forms.items()
        if counts.get(group)
    ]
    since = {"date": days.day(day), "changes": ", ".join(parts) or _("nothing has changed")}
    return _("Since %(date)s: %(changes)s") % since
