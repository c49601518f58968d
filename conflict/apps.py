from django.apps import AppConfig
from django.conf import settings

from conflict.ops import sentry


class ConflictConfig(AppConfig):
    name = "conflict"
    label = "conflict"
    verbose_name = "Chronology (desk)"

    def ready(self) -> None:
        from conflict import checks  # noqa: F401  # registers the system checks

        if settings.SENTRY_DSN:
            sentry.begin(settings.SENTRY_DSN)
