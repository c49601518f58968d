"""Restricted sources at the desk: hidden on every path from users without permission to see them.

No document names one (`conflict.documents.parts`, by `conflict.vocabulary.UNPUBLISHED_ACCESS`), so nothing public does.
"""

from typing import TypeVar

from django.db import models
from django.db.models import QuerySet

from conflict import models as desk
from conflict.vocabulary import UNPUBLISHED_ACCESS
from editorial.models import User

Row = TypeVar("Row", bound=models.Model)

NAMED_BY: dict[type[models.Model], tuple[str, ...]] = {
    desk.Source: ("access",),
    desk.Citation: ("source__access",),
    desk.Notice: ("source__access",),
    desk.NoticeMention: ("source__access", "notice__source__access"),
}


def may_see(user: object) -> bool:
    return isinstance(user, User) and user.has_perm("editorial.export_restricted_source")


def visible(rows: "QuerySet[Row]", user: object) -> "QuerySet[Row]":
    """Rows without any that reveal a restricted source, unless the user may see it."""
    if not may_see(user):
        for path in NAMED_BY.get(rows.model, ()):
            rows = rows.exclude(**{f"{path}__in": UNPUBLISHED_ACCESS})
    return rows


def hidden_from(user: object) -> frozenset[int]:
    """Ids of the sources that this account may not see."""
    if may_see(user):
        return frozenset()
    return frozenset(desk.Source.objects.filter(access__in=UNPUBLISHED_ACCESS).values_list("pk", flat=True))
