"""The desk's own tables: who works here, and how entries become published."""

from editorial.models.user import User

__all__ = ["User"]
