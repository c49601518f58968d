"""Four eyes: what one person wrote, proposed or asked for takes another to approve or confirm.

No permission is an exception, and superusers are none either.
"""

from collections.abc import Collection

from editorial.models import User


def is_second(user: User, first: Collection[int | None]) -> bool:
    """True if the user is none of these people: nobody approves what they wrote, or confirms what they asked for."""
    return user.pk not in first
