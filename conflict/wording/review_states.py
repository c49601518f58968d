"""Review state of an entry in words."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from conflict.wording import days
from conflict.wording.messages import gettext as _
from conflict.wording.terms import term


def words(review: Mapping[str, Any]) -> str:
    """Review state: “reviewed on 3 March 2026 by a second person”, “not yet reviewed”."""
    if review["on"]:
        return _("reviewed on %(date)s by a second person") % {"date": days.day(date.fromisoformat(review["on"]))}
    return term(review["state"], "ReviewState")
