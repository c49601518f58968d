"""State of the projection: the version of the code that made the record."""

from django.db import models


class ProjectionState(models.Model):
    """The one row that names the version of the documents and of the projection by which the record was made."""

    version = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.version
