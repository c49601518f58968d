from collections.abc import Sequence
from typing import Any

from allauth.core.internal import ratelimit
from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin import apps as of_admin
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks
from django.core.cache import caches
from django.db.models.signals import post_migrate
from django.utils.connection import ConnectionProxy
from django.utils.translation import gettext_lazy as _


class EditorialConfig(AppConfig):
    name = "editorial"
    label = "editorial"
    verbose_name = _("Editorial")

    def ready(self) -> None:
        # allauth counts in the default cache, and has no setting for another: of one process, or of a Redis server
        # that may be away. A guesser must be able to wait for neither.
        ratelimit.cache = ConnectionProxy(caches, "desk")
        # These need the models, which are there only now.
        from conflict.record.consistency import verification
        from editorial import erasure_function, model_names
        from editorial.analysis import log_traces

        model_names.translate()
        post_migrate.connect(erasure_function.install, sender=self)
        verification.MORE.append(log_traces.faults)
        from editorial import metrics  # noqa: F401  # adds the desk's figures


class DeskAdminConfig(of_admin.SimpleAdminConfig):
    """Django's admin, with the desk's own site as the one at /admin/. Its forms are loaded with the addresses of the site
    (conflict/urls.py): the worker does without them.
    """

    default = False  # not what "editorial" in INSTALLED_APPS means
    default_site = "editorial.site.DeskSite"

    def ready(self) -> None:
        checks.register(desk_faults, checks.Tags.admin)


def desk_faults(app_configs: Sequence[AppConfig] | None, **options: Any) -> list[checks.CheckMessage]:
    """Django's own checks of the admin, once everything is registered."""
    admin.autodiscover()
    return [*check_dependencies(app_configs=app_configs, **options), *check_admin_app(app_configs, **options)]
