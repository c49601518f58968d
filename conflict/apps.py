from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from conflict.ops import sentry
from conflict.ops.counters import count_slow_query
from conflict.postgres import slow_queries


class ConflictConfig(AppConfig):
    name = "conflict"
    label = "conflict"
    verbose_name = _("Entries")

    def ready(self) -> None:
        from conflict import checks  # noqa: F401  # registers the system checks

        slow_queries.observers.append(count_slow_query)
        if settings.SENTRY_DSN:
            sentry.begin(settings.SENTRY_DSN)
