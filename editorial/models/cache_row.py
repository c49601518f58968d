"""Cache table shared by the desk's processes: failed sign-ins and slow counts."""

from django.db import models


class CacheRow(models.Model):
    """One value of the cache "desk", in the columns that Django's database cache reads and writes."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "cache row"
