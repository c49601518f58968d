from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from conflict.ops import sentry


class ConflictConfig(AppConfig):
    name = "conflict"
    label = "conflict"
    verbose_name = _("Entries")

    def ready(self) -> None:
        from conflict import checks  # noqa: F401  # registers the system checks

        if settings.SENTRY_DSN:
            sentry.begin(settings.SENTRY_DSN)
