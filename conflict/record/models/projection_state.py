"""State of the projection: the code that made the record."""

from django.db import models


class ProjectionState(models.Model):
    """The one row that has the fingerprint of the code that made the record."""

    version = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.version
